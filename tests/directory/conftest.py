"""The cast of the directory: a host, an author with an account, a stranger; and a place."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from directory.models import Commune, Need, Organisation
from directory.services import needs
from members.models import Role, User
from tests.directory.rows import a_commune, in_two_weeks
from tests.factories import NOW, a_user


@pytest.fixture
def host() -> User:
    return a_user("Hugo", role=Role.HOST)


@pytest.fixture
def morez() -> Commune:
    return a_commune("Morez")


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """`with committed():` the letters that wait for the commit leave."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def post(morez: Commune, committed: Any) -> Callable[..., Need]:
    """Post a need, by the bakery unless told otherwise, and let the letter leave."""

    def post(*, by: User | None = None, now: Any = NOW, **fields: Any) -> Need:
        rest = {
            name: fields.pop(name)
            for name in ("skills_must", "skills_nice", "files")
            if name in fields
        }
        organisation = fields.pop("organisation", None) or Organisation(
            name=fields.pop("name", "Boulangerie Vuez"), kind="business", commune=morez
        )
        values: dict[str, Any] = {
            "title": "Une vitrine à réparer",
            "description": "Le joint du bas est mort.",
            "contact_name": "Jeanne Vuez",
            "contact_email": by.email if by else "jeanne@boulangerie.example",
            "commune": morez,
            "deadline": in_two_weeks(),
        }
        with committed():
            return needs.post(
                need=Need(**(values | fields)), organisation=organisation, by=by, now=now, **rest
            )

    return post


@pytest.fixture
def stranger() -> Client:
    return Client()
