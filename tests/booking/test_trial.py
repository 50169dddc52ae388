"""Before joining: one free day at a desk, one only, and the membership rules at booking."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from booking.models import TrialDay
from booking.services import book, cancel, move
from members.models import Act, AuditEntry, Role, State
from members.services import membership
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_space, a_user, slot
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def applicant():
    return a_member(state=State.APPLICANT)


def booked(space, member, *slots, **more):
    return book(space=space, member=member, by=member.user, slots=slots, now=NOW, **more)


def test_an_applicant_tries_one_day_in_two_halves(applicant) -> None:
    space = a_space()
    booked(space, applicant, slot(9, 12))
    booked(space, applicant, slot(14, 17))
    trial = TrialDay.objects.get()
    assert (trial.member, trial.space, trial.day) == (applicant, space, MONDAY)
    with refused("trial_used"):
        booked(space, applicant, slot(9, 12, TUESDAY))
    with refused("trial_used"):
        booked(a_space(), applicant, slot(17, 18))


def test_a_trial_is_one_day_at_a_desk(applicant) -> None:
    space = a_space()
    with refused("trial_only"):
        booked(space, applicant, slot(9, 12), slot(9, 12, TUESDAY))
    with refused("trial_only"):
        booked(space, applicant, slot(9, 12), resource=space.resources.get(code="R1"))
    with refused("applicant"):
        booked(a_space(offers_trial_day=False), applicant, slot(9, 12))
    assert not TrialDay.objects.exists()


def test_who_cancels_in_time_has_the_day_again(applicant) -> None:
    space = a_space()
    [first], [second] = (
        booked(space, applicant, slot(14, 16)),
        booked(space, applicant, slot(16, 18)),
    )
    cancel(booking=first, by=applicant.user, now=NOW)
    assert TrialDay.objects.exists()
    cancel(booking=second, by=applicant.user, now=NOW)
    assert not TrialDay.objects.exists()
    booked(space, applicant, slot(9, 12, TUESDAY))


def test_a_trial_day_moves_with_its_only_booking(applicant) -> None:
    space = a_space()
    [booking] = booked(space, applicant, slot(14, 16))
    move(booking=booking, slot=slot(9, 12, TUESDAY), by=applicant.user, now=NOW)
    assert TrialDay.objects.get().day == TUESDAY
    booked(space, applicant, slot(14, 16, TUESDAY))
    with refused("trial_used"):
        move(booking=booking, slot=slot(16, 18), by=applicant.user, now=NOW)


def test_the_database_knows_one_trial_for_each_person(applicant) -> None:
    space = a_space()
    booked(space, applicant, slot(9, 12))
    with pytest.raises(IntegrityError), transaction.atomic():
        TrialDay.objects.create(member=applicant, space=space, day=TUESDAY)


def test_a_member_in_pause_books_after_it_and_not_within() -> None:
    space, member = a_space(), a_member()
    end = MONDAY + timedelta(days=7)
    membership.pause(member=member, start=MONDAY, end=end, by=member.user, now=NOW)
    with refused("paused"):
        booked(space, member, slot(9, 12, TUESDAY))
    booked(space, member, slot(9, 12, end))


def test_a_member_who_leaves_does_not_book_beyond_the_day() -> None:
    space, member, host = a_space(), a_member(), a_user(role=Role.HOST)
    [kept] = booked(space, member, slot(9, 12, MONDAY + timedelta(days=8)))
    membership.leave(member=member, by=host, now=NOW, on=TUESDAY)
    booked(space, member, slot(9, 12))
    with refused("leaving"):
        booked(space, member, slot(9, 12, TUESDAY))
    kept.refresh_from_db()
    assert not kept.is_cancelled  # shown to the host, never deleted by itself


def test_a_former_member_books_only_through_staff_who_say_why() -> None:
    space, member, host = a_space(), a_member(), a_user(role=Role.HOST)
    membership.leave(member=member, by=host, now=NOW, on=MONDAY)
    with refused("former"):
        booked(space, member, slot(9, 12))
    with refused("former"):
        book(space=space, member=member, by=host, slots=[slot(9, 12)], now=NOW)
    book(
        space=space,
        member=member,
        by=host,
        slots=[slot(9, 12)],
        now=NOW,
        override_reason="Vient chercher ses affaires",
    )


def test_each_step_of_a_booking_is_in_the_audit() -> None:
    space, member, host = a_space(), a_member(), a_user(role=Role.HOST)
    [booking] = booked(space, member, slot(14, 16))
    move(booking=booking, slot=slot(16, 18), by=member.user, now=NOW)
    cancel(booking=booking, by=host, now=NOW, override_reason="Dégât des eaux")
    entries = list(AuditEntry.objects.about(booking))
    assert [(entry.act, entry.by, entry.reason) for entry in entries] == [
        (Act.CANCELLED, host, "Dégât des eaux"),
        (Act.CHANGED, member.user, ""),
        (Act.CREATED, member.user, ""),
    ]
    assert entries[1].changes["start"] == ["2026-03-02T13:00:00Z", "2026-03-02T15:00:00Z"]
    assert {entry.member for entry in entries} == {member}
