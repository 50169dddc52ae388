"""Moving and cancelling: until when, by whom, and what happens to the place."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from booking.models import Booking, Kind, Status
from booking.services import book, cancel, move
from members.models import Role
from tests.factories import NOW, TUESDAY, a_member, a_space, a_user, at, slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return a_space()


@pytest.fixture
def member():
    return a_member()


@pytest.fixture
def booking(space, member):
    return book(space=space, member=member, by=member.user, slots=[slot(14, 16)], now=NOW)[0]


def codes(refused: pytest.ExceptionInfo[ValidationError]) -> list[str]:
    return [error.code for error in refused.value.error_list]


def test_a_booking_moves_to_another_time(booking, member):
    moved = move(booking=booking, slot=slot(15, 17), by=member.user, now=NOW)
    assert Booking.objects.get() == moved
    assert (moved.start, moved.end, moved.sequence) == (at(15), at(17), 1)


def test_a_booking_moves_to_another_place(booking, member, space):
    desk = space.resources.get(code="P3")
    moved = move(booking=booking, slot=booking.slot, by=member.user, now=NOW, resource=desk)
    assert (moved.resource, moved.slot) == (desk, booking.slot)


def test_a_desk_becomes_a_room(booking, member, space):
    room = space.resources.get(code="R1")
    moved = move(booking=booking, slot=booking.slot, by=member.user, now=NOW, resource=room)
    assert moved.kind == Kind.ROOM


def test_a_booking_moves_to_another_space(booking, member):
    desk = a_space().resources.get(code="P1")
    moved = move(booking=booking, slot=booking.slot, by=member.user, now=NOW, resource=desk)
    assert moved.resource == desk


def test_moving_to_where_it_is_changes_nothing(booking, member):
    assert move(booking=booking, slot=booking.slot, by=member.user, now=NOW).sequence == 0


def test_a_booking_does_not_move_onto_another(booking, member, space):
    other = a_member()
    book(space=space, member=other, by=other.user, slots=[slot(16, 18)], now=NOW)
    with pytest.raises(ValidationError) as refused:
        move(booking=booking, slot=slot(15, 17), by=member.user, now=NOW)
    assert codes(refused) == ["taken"]
    booking.refresh_from_db()
    assert (booking.start, booking.sequence) == (at(14), 0)


def test_a_booking_does_not_move_onto_my_other_desk(booking, member, space):
    book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
    with pytest.raises(ValidationError) as refused:
        move(booking=booking, slot=slot(11, 13), by=member.user, now=NOW)
    assert codes(refused) == ["own_overlap"]


def test_a_full_quota_can_still_be_moved(member):
    space = a_space(open_bookings_limit=1)
    [booking] = book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
    assert move(booking=booking, slot=slot(9, 12, TUESDAY), by=member.user, now=NOW).sequence == 1


def test_a_booking_moves_within_the_rules(booking, member):
    with pytest.raises(ValidationError) as refused:
        move(booking=booking, slot=slot(18, 20), by=member.user, now=NOW)
    assert codes(refused) == ["closed"]


def test_cancelling_frees_the_place(booking, member, space):
    cancelled = cancel(booking=booking, by=member.user, now=NOW)
    assert cancelled.status == Status.CANCELLED
    assert (cancelled.cancelled_at, cancelled.cancelled_by) == (NOW, member.user)
    other = a_member()
    [again] = book(space=space, member=other, by=other.user, slots=[slot(14, 16)], now=NOW)
    assert again.resource == booking.resource


def test_cancelling_twice_changes_nothing(booking, member):
    cancel(booking=booking, by=member.user, now=NOW)
    again = cancel(booking=booking, by=member.user, now=NOW + timedelta(minutes=1))
    assert (again.cancelled_at, again.sequence) == (NOW, 1)


def test_a_cancelled_booking_does_not_move(booking, member):
    cancel(booking=booking, by=member.user, now=NOW)
    with pytest.raises(ValidationError) as refused:
        move(booking=booking, slot=slot(15, 17), by=member.user, now=NOW)
    assert codes(refused) == ["cancelled"]


def test_until_the_delay_and_not_after(booking, member):
    with pytest.raises(ValidationError) as refused:
        cancel(booking=booking, by=member.user, now=at(13, 1))
    assert codes(refused) == ["too_late"]
    assert cancel(booking=booking, by=member.user, now=at(13)).is_cancelled


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_what_has_begun_is_left_to_the_team(booking, member, change):
    host, late = a_user(role=Role.HOST), at(14)
    action = {
        "move": lambda **who: move(booking=booking, slot=slot(16, 18), now=late, **who),
        "cancel": lambda **who: cancel(booking=booking, now=late, **who),
    }[change]
    with pytest.raises(ValidationError) as refused:
        action(by=member.user)
    assert codes(refused) == ["started"]
    assert action(by=host, override_reason="Malade").override_reason == "Malade"


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_a_stranger_changes_nothing(booking, change):
    who = {"by": a_member().user, "now": NOW}
    action = {
        "move": lambda: move(booking=booking, slot=slot(16, 18), **who),
        "cancel": lambda: cancel(booking=booking, **who),
    }[change]
    with pytest.raises(ValidationError) as refused:
        action()
    assert codes(refused) == ["not_yours"]
