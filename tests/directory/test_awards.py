"""The author chooses an answer: who learns what, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from directory.models import Need, NeedState, Solicitation
from directory.services.awards import award
from members.models import AuditEntry
from tests.directory.rows import a_need, a_provider, a_solicitation
from tests.factories import NOW, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
ANSWERED = {"opened_at": NOW, "answered_at": NOW, "answer": "Oui."}


@pytest.fixture
def need() -> Need:
    return a_need(
        is_anonymous=True,
        contact_name="Odile Perrin",
        contact_email="odile@morez.example",
        contact_phone="03 84 00 00 00",
    )


def an_answer(need: Need, name: str = "", **fields: Any) -> Solicitation:
    owner = a_user(email=f"{name.lower()}@example.org") if name else a_user()
    provider = a_provider(name, owner=owner, email=f"atelier-{owner.pk}@example.org")
    return a_solicitation(need, provider, **(ANSWERED | fields))


def test_the_order_stays_here(need: Need, django_capture_on_commit_callbacks: Any) -> None:
    best, other = an_answer(need, "Alix"), an_answer(need, "Basile")
    a_solicitation(need, a_provider(owner=a_user()))  # has said nothing
    with django_capture_on_commit_callbacks(execute=True):
        award(solicitation=best, by=None, now=LATER)
    best.refresh_from_db()
    need.refresh_from_db()
    assert best.awarded_at == LATER
    assert (need.state, need.awarded_to) == (NeedState.AWARDED_LOCAL, best.provider)
    assert (need.next_batch_at, need.outcome_at) == (None, None)
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert set(letters) == {"alix@example.org", "basile@example.org", "odile@morez.example"}
    for contact in ("Odile Perrin", "odile@morez.example", "03 84 00 00 00"):
        assert contact in letters["alix@example.org"]
        assert contact not in letters["basile@example.org"]
    assert need.organisation.name not in letters["basile@example.org"]
    assert best.provider.email in letters["odile@morez.example"]
    assert other.provider.email not in letters["odile@morez.example"]
    assert AuditEntry.objects.about(best).first().changes["awarded_at"][1]
    assert AuditEntry.objects.about(need).first().changes["state"] == ["open", "awarded_local"]


def test_choosing_twice_changes_nothing(need: Need) -> None:
    best, other = an_answer(need), an_answer(need)
    award(solicitation=best, by=None, now=LATER)
    award(solicitation=best, by=None, now=LATER + timedelta(days=1))
    best.refresh_from_db()
    assert best.awarded_at == LATER
    with refused("already_awarded"):
        award(solicitation=other, by=None, now=LATER)


def test_one_chooses_an_answer(need: Need) -> None:
    for fields in (
        {"opened_at": None, "answered_at": None},
        {"answered_at": None},
        {"answered_at": None, "declined_at": NOW, "decline_reason": "no_time"},
    ):
        with refused("not_answered"):
            award(solicitation=an_answer(need, **fields), by=None, now=LATER)


@pytest.mark.parametrize("state", NeedState, ids=lambda state: state.value)
def test_a_need_is_awarded_by_the_table_of_moves(state: NeedState) -> None:
    row = an_answer(a_need(state=state))
    if state in (NeedState.OPEN, NeedState.EXPIRED):
        award(solicitation=row, by=None, now=LATER)
        return
    code = "already_awarded" if state == NeedState.AWARDED_LOCAL else "move_not_allowed"
    with refused(code):
        award(solicitation=row, by=None, now=LATER)
    row.refresh_from_db()
    assert row.awarded_at is None
