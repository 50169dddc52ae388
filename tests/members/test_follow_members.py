"""What the calendar decides: `manage.py follow_members`, once, twice, and in two places at once."""

import re
import threading
from collections.abc import Callable
from copy import copy
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from members.models import Act, AuditEntry, Member, Role, State
from members.models.joining import ApplicationQuerySet
from members.services import applications, membership
from tests.factories import MONDAY, NOW, a_member, a_plan, a_user
from tests.members.test_races import at_once

LATER = NOW + timedelta(days=10)


def follow() -> str:
    said = StringIO()
    call_command("follow_members", stdout=said)
    return said.getvalue().strip()


def a_busy_week() -> list[Member]:
    """One whose pause begins, one who leaves, one who stays, one whose application waits."""
    resting, leaving, staying = (a_member() for _ in range(3))
    start = MONDAY + timedelta(days=3)
    membership.pause(member=resting, start=start, end=None, by=resting.user, now=NOW)
    membership.leave(member=leaving, by=leaving.user, now=NOW, on=start)
    applicant = a_member("Aline Morel", state=State.APPLICANT)
    a_user("Hugo", role=Role.HOST, email="hugo@example.org")
    applications.apply(member=applicant, plan=a_plan(), starts_on=MONDAY, now=NOW, accepted={})
    mail.outbox.clear()
    return [resting, leaving, staying, applicant]


def states(people: list[Member]) -> list[str]:
    return [Member.objects.get(pk=member.pk).state for member in people]


def letters_to_the_host() -> int:
    return sum(message.to == ["hugo@example.org"] for message in mail.outbox)


def moves_by_the_calendar() -> int:
    return AuditEntry.objects.filter(act=Act.STATE, by=None).count()


@pytest.mark.django_db
def test_it_moves_who_is_due_and_recalls_who_waits_then_has_nothing_left_to_do() -> None:
    people = a_busy_week()
    with time_machine.travel(LATER, tick=False):
        first, second = follow(), follow()
    assert first == "members moved: 2, applications recalled to hosts: 1"
    assert second == "members moved: 0, applications recalled to hosts: 0"
    assert states(people) == [State.PAUSED, State.FORMER, State.ACTIVE, State.APPLICANT]
    assert (moves_by_the_calendar(), letters_to_the_host()) == (2, 1)


@pytest.mark.django_db
def test_before_the_day_nobody_moves() -> None:
    people = a_busy_week()
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert follow() == "members moved: 0, applications recalled to hosts: 0"
    assert states(people) == [State.ACTIVE, State.ACTIVE, State.ACTIVE, State.APPLICANT]


@pytest.mark.django_db
def test_a_pause_that_ends_brings_the_member_back() -> None:
    member = a_member()
    end = MONDAY + timedelta(days=3)
    membership.pause(member=member, start=MONDAY, end=end, by=member.user, now=NOW)
    with time_machine.travel(LATER, tick=False):
        follow()
    assert states([member]) == [State.ACTIVE]


@pytest.fixture
def both_have_looked(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on, neither of two commands writes before the other has read what is due."""
    gate = threading.Barrier(2, timeout=20)

    def waiting(write: Callable[..., Any]) -> Callable[..., Any]:
        def after_the_other(*args: Any, **kwargs: Any) -> Any:
            gate.wait()
            return write(*args, **kwargs)

        return after_the_other

    def watch() -> None:
        monkeypatch.setattr(membership, "_follow", waiting(membership._follow))
        monkeypatch.setattr(ApplicationQuerySet, "update", waiting(ApplicationQuerySet.update))

    return watch


def in_two_places() -> list[str]:
    with time_machine.travel(LATER, tick=False):
        return at_once(follow, follow)


@pytest.mark.django_db(transaction=True)
def test_in_two_places_at_once_nobody_moves_twice_and_no_letter_goes_twice(
    both_have_looked: Callable[[], None],
) -> None:
    people = a_busy_week()
    both_have_looked()
    said = [[int(number) for number in re.findall(r"\d+", line)] for line in in_two_places()]
    assert states(people) == [State.PAUSED, State.FORMER, State.ACTIVE, State.APPLICANT]
    assert (moves_by_the_calendar(), letters_to_the_host()) == (2, 1)
    assert [sum(numbers) for numbers in zip(*said, strict=True)] == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_negative_control_who_looks_once_only_moves_and_writes_twice(
    both_have_looked: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without looking again behind the lock, and without asking whose mark it was."""
    a_busy_week()
    found = {member.pk: member for member in Member.objects.select_related("user")}
    monkeypatch.setattr(membership, "lock", lambda member: copy(found[member.pk]))
    mark = ApplicationQuerySet.update
    monkeypatch.setattr(
        ApplicationQuerySet, "update", lambda rows, **values: mark(rows, **values) or 1
    )
    both_have_looked()
    in_two_places()
    assert moves_by_the_calendar() == 4
    assert letters_to_the_host() == 2
