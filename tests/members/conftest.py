"""The cast: coworkers, and one person for each role. Made through the services."""

import re
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from members import services
from members.models import Role, State, User
from members.roles import STAFF_ROLES
from tests.factories import protect

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "sapins-et-horloges-39"


class MakeUser(Protocol):
    def __call__(
        self, email: str, name: str = ..., *, roles: Collection[Role] = ..., member: bool = ...
    ) -> User: ...


@pytest.fixture
def make_user(superuser: User) -> MakeUser:
    def make(
        email: str, name: str = "Aline Morel", *, roles: Collection[Role] = (), member: bool = True
    ) -> User:
        user = User(email=email, name=name)
        user.set_password(PASSWORD)
        services.open_account(
            user=user, now=NOW, as_member=member, state=State.ACTIVE, address_verified=True
        )
        if roles:
            services.set_roles(user=user, roles=roles, by=superuser, now=NOW)
        if not STAFF_ROLES.isdisjoint(roles):
            protect(user)
        return User.objects.get(pk=user.pk)

    return make


@pytest.fixture
def superuser(db: None) -> User:
    return protect(User.objects.create_superuser("root@morez.example", PASSWORD, name="Racine"))


@pytest.fixture
def coworker(make_user: MakeUser) -> User:
    return make_user("aline@morez.example", "Aline Morel")


@pytest.fixture
def colleague(make_user: MakeUser) -> User:
    return make_user("bruno@morez.example", "Bruno Lacroix")


@pytest.fixture
def operator(make_user: MakeUser) -> User:
    return make_user("odile@morez.example", "Odile Paget", roles=[Role.OPERATOR], member=False)


@pytest.fixture
def host(make_user: MakeUser) -> User:
    return make_user("hugo@morez.example", "Hugo Vuillet", roles=[Role.HOST], member=False)


@pytest.fixture
def accountant(make_user: MakeUser) -> User:
    return make_user("claude@morez.example", "Claude Roy", roles=[Role.ACCOUNTANT], member=False)


@pytest.fixture
def partner(make_user: MakeUser) -> User:
    return make_user("paule@cc.example", "Paule Gros", roles=[Role.PARTNER], member=False)


@pytest.fixture
def person(request: pytest.FixtureRequest) -> User:
    """The person of the cast that the test asks for by name (indirect parameter)."""
    user: User = request.getfixturevalue(request.param)
    return user


class Visitor:
    """A browser whose posts are committed: the mails that wait for the commit leave."""

    def __init__(
        self, client: Client, committed: Callable[..., AbstractContextManager[Any]]
    ) -> None:
        self.client = client
        self.committed = committed

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.client.get(path, **kwargs)

    def post(self, path: str, data: dict[str, Any], **kwargs: Any) -> Any:
        with self.committed(execute=True):
            return self.client.post(path, data, **kwargs)


@pytest.fixture
def visitor(
    db: None, client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> Visitor:
    return Visitor(client, django_capture_on_commit_callbacks)


@pytest.fixture
def another_visitor(db: None, django_capture_on_commit_callbacks: Callable[..., Any]) -> Visitor:
    return Visitor(Client(), django_capture_on_commit_callbacks)


def code_in(message: EmailMessage) -> str:
    """The code that a mail carries, alone on its line."""
    found = re.search(r"^ {4}(\S+)$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[1]
