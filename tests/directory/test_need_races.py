"""Two clicks, or two people, at the same instant about one need. Real connections, real threads."""

import threading
from copy import copy
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from directory.models import Need, NeedState, Organisation
from directory.services import needs, outcome
from members.models import Act, AuditEntry
from tests.directory.rows import a_commune, a_need, a_provider, a_solicitation, in_two_weeks
from tests.factories import NOW
from tests.members.refusals import codes_of
from tests.members.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(days=1)
AFTER = NOW + timedelta(days=20)


def answer(act) -> str:
    """`done`, the code of the refusal, or the error that a person would meet."""
    try:
        act()
    except ValidationError as refusal:
        return " ".join(sorted(codes_of(refusal)))
    except IntegrityError as error:
        return type(error).__name__
    return "done"


def both(*acts) -> list[str]:
    return at_once(*(partial(answer, act) for act in acts))


def seen(need: Need) -> Need:
    """As the page of each of them showed it."""
    return Need.objects.get(pk=need.pk)


def moves_of(need: Need) -> int:
    return AuditEntry.objects.about(need).filter(act=Act.STATE).count()


def test_confirmed_twice_at_once_is_confirmed_once() -> None:
    need = a_need(state=NeedState.DRAFT)
    clicks = [partial(needs.confirm, need=seen(need), by=None, now=LATER) for _ in range(2)]
    assert both(*clicks) == ["done", "done"]
    need.refresh_from_db()
    assert (need.state, moves_of(need)) == (NeedState.SUBMITTED, 1)


def test_withdrawn_and_awarded_at_once_is_one_of_both() -> None:
    need, provider = a_need(), a_provider()
    a_solicitation(need, provider)
    answers = both(
        partial(needs.withdraw, need=seen(need), by=None, now=LATER),
        partial(
            outcome.tell_outcome,
            need=seen(need), to=NeedState.AWARDED_LOCAL, by=None, now=LATER, provider=provider,
        ),
    )  # fmt: skip
    assert sorted(answers) == ["done", "move_not_allowed"]
    need.refresh_from_db()
    withdrawn = answers[0] == "done"
    assert need.state == (NeedState.WITHDRAWN if withdrawn else NeedState.AWARDED_LOCAL)
    assert (need.awarded_to is None) == withdrawn
    assert moves_of(need) == 1


def test_negative_control_without_looking_behind_the_lock_the_database_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each acts on what the page showed, and checked it before the other wrote."""
    need = a_need()
    row, gate = seen(need), threading.Barrier(2, timeout=10)
    monkeypatch.setattr(Need, "full_clean", lambda need: None)
    for service in (needs, outcome):
        monkeypatch.setattr(service, "lock_need", lambda need: copy(row))

    def withdraw() -> None:
        gate.wait()
        needs.withdraw(need=need, by=None, now=LATER)

    def tell() -> None:
        gate.wait()
        outcome.tell_outcome(need=need, to=NeedState.UNFILLED, by=None, now=LATER)

    assert sorted(both(withdraw, tell)) == ["IntegrityError", "done"]


def test_posted_twice_at_once_is_one_need() -> None:
    morez = a_commune("Morez")

    def post() -> None:
        needs.post(
            need=Need(
                title="Une vitrine", commune=morez, deadline=in_two_weeks(),
                contact_name="Jeanne", contact_email="jeanne@boulangerie.example",
            ),
            organisation=Organisation(name="Vuez", kind="business", commune=morez),
            by=None,
            now=NOW,
        )  # fmt: skip

    assert sorted(both(post, post)) == ["done", "duplicate"]
    assert (Need.objects.count(), Organisation.objects.count()) == (1, 1)


def test_the_job_in_two_places_expires_once_and_asks_once() -> None:
    for _number in range(3):
        a_need()
    done = at_once(*[partial(needs.expire_due, now=AFTER) for _ in range(2)])
    assert sum(done) == 3
    asked = at_once(*[partial(outcome.ask, now=AFTER) for _ in range(2)])
    assert sum(asked) == 3
    assert len(mail.outbox) == 3
    assert AuditEntry.objects.filter(act=Act.STATE).count() == 3


def test_negative_control_a_job_that_reads_then_writes_asks_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the mark that only one of both can write."""
    a_need(state=NeedState.EXPIRED)
    gate = threading.Barrier(2, timeout=10)

    def read_then_write(due, column, letter, now) -> int:
        found = list(due.filter(**{column: None}))
        gate.wait()
        return sum(letter(need) for need in found)

    monkeypatch.setattr(outcome, "_write", read_then_write)
    assert sum(at_once(*[partial(outcome.ask, now=AFTER) for _ in range(2)])) == 2
