"""Buffers after the bookings of a room; the whole space, which meets each of its places."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from booking import availability, ical, walk_in
from booking.availability import PlaceState
from booking.models import Booking, Kind, Resource, Space
from booking.services import book, cancel, move
from booking.slots import Slot
from coworking.desk.occupancy import loads
from members.models import Role
from tests.booking.pages import address, signed_in, words
from tests.booking.test_no_overlap import a_row
from tests.booking.test_races import together, without
from tests.factories import NOW, TUESDAY, a_member, a_resource, a_space, a_user, at, slot
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

RULES = {rule.name: rule for rule in Booking._meta.constraints}
NO_OVERLAP, WHOLE = RULES["booking_no_overlap"], RULES["booking_whole_space"]
MORNING = slot(9, 12, TUESDAY)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def space():
    return a_space(name="La Cordée de Morez")


@pytest.fixture
def room(space):
    room = space.resources.get(code="R1")
    room.buffer_minutes = 30
    room.full_clean()
    room.save()
    return room


@pytest.fixture
def whole(space):
    return a_resource(space, code="TOUT", name="Tout", kind=Kind.SPACE, is_bookable=False)


@pytest.fixture
def host():
    return a_user(role=Role.HOST)


def reserve(place, hours=MORNING, member=None):
    member = member or a_member()
    more = {"slots": [hours], "resource": place, "now": NOW}
    return book(space=place.space, member=member, by=member.user, **more)[0]


def reserve_whole(whole, host, hours=MORNING):
    member = a_member("Association")
    more = {"slots": [hours], "resource": whole, "now": NOW, "override_reason": "Fête"}
    return book(space=whole.space, member=member, by=host, **more)[0]


def minutes(first, last):
    return Slot(at(9, 0, TUESDAY) + first * QUARTER, at(9, 0, TUESDAY) + last * QUARTER)


# Buffers


def test_the_next_booking_starts_after_the_buffer(room):
    reserve(room, minutes(0, 4))  # 9:00 to 10:00, held until 10:30
    with refused("taken"):
        reserve(room, minutes(5, 8))
    assert reserve(room, minutes(6, 8))


def test_a_booking_before_another_leaves_room_for_its_own_buffer(room):
    reserve(room, minutes(8, 12))
    with refused("taken"):
        reserve(room, minutes(4, 7))
    assert reserve(room, minutes(4, 6))


def test_the_end_that_people_read_is_the_real_one(room):
    booking = reserve(room, minutes(0, 4))
    assert booking.end == at(10, 0, TUESDAY)
    assert b"T100000" in ical.message([booking])
    assert b"T103000" not in ical.message([booking])


def test_a_room_without_a_buffer_and_a_desk_are_booked_back_to_back(space):
    for code in ("R1", "P1"):
        place = space.resources.get(code=code)
        reserve(place, minutes(0, 4))
        assert reserve(place, minutes(4, 8))


def test_a_buffer_that_changes_leaves_what_is_booked(room):
    booking = reserve(room, minutes(0, 4))
    Resource.objects.filter(pk=room.pk).update(buffer_minutes=60)
    room.refresh_from_db()
    booking.refresh_from_db()
    assert booking.free_from == at(10, 30, TUESDAY)
    assert reserve(room, minutes(6, 8)).free_from == at(12, 0, TUESDAY)


def test_moving_takes_the_buffer_along(room):
    booking, other = reserve(room, minutes(0, 4)), reserve(room, minutes(8, 12))
    with refused("taken"):
        move(booking=booking, slot=minutes(3, 7), by=booking.member.user, now=NOW)
    moved = move(booking=booking, slot=minutes(2, 6), by=booking.member.user, now=NOW)
    assert moved.free_from == other.start


def test_the_database_holds_the_buffer(room):
    reserve(room, minutes(0, 4))
    row = a_row(room, a_member(), at(10, 15, TUESDAY), at(11, 0, TUESDAY))
    with pytest.raises(IntegrityError, match="booking_no_overlap"), transaction.atomic():
        row.save()


def test_the_database_holds_that_it_follows_the_end(room):
    booking = reserve(room, minutes(0, 4))
    with pytest.raises(IntegrityError, match="booking_free_from"), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(free_from=booking.end)


@pytest.mark.parametrize("fields", [{"code": "P1"}, {"code": "R1", "buffer_minutes": 241}])
def test_a_desk_has_no_buffer_and_no_buffer_is_endless(space, fields):
    values = {"buffer_minutes": 15, **fields}
    found = space.resources.filter(code=values.pop("code"))
    with pytest.raises(IntegrityError, match="resource_buffer"), transaction.atomic():
        found.update(**values)


def test_the_board_says_what_is_free_between_buffers(space, room):
    reserve(room, minutes(4, 8))  # 10:00 to 11:00
    places = {place.resource.code: place for place in availability.board(space, [MORNING], None)}
    assert places["R1"].state is PlaceState.TAKEN
    assert places["R1"].free == (minutes(0, 2), minutes(10, 12))
    later = {p.resource.code: p for p in availability.board(space, [minutes(8, 12)], None)}
    assert (later["R1"].state, later["R1"].bookings) == (PlaceState.TAKEN, ())


def test_the_page_of_the_day_offers_no_hour_of_a_buffer(space, room, time_machine):
    time_machine.move_to(NOW, tick=False)
    reserve(room, minutes(4, 8))
    page = signed_in(a_member()).get(address(space, "jour"), {"date": TUESDAY.isoformat()})
    asked = f"resource={room.pk}"
    hours = [part for part in page.content.decode().split('href="') if asked in part[:200]]
    assert hours
    assert not any("from=11%3A00" in part[:200] or "to=10%3A00" in part[:200] for part in hours)


# The whole space


def test_the_whole_space_meets_each_place(space, whole, host):
    reserve_whole(whole, host)
    assert availability.free_resources(space, [MORNING], Kind.DESK) == []
    assert availability.free_resources(space, [MORNING], Kind.ROOM) == []
    with refused("whole_space"):
        reserve(space.resources.get(code="P1"))
    with refused("whole_space"):
        reserve(space.resources.get(code="R1"))
    assert reserve(space.resources.get(code="P1"), slot(12, 14, TUESDAY))


def test_each_place_meets_the_whole_space_and_the_team_reads_which(space, whole, host):
    reserve(space.resources.get(code="P1"), member=a_member("Camille Roux"))
    with pytest.raises(Exception, match="Poste 1, 09:00–12:00, Camille Roux"):
        reserve_whole(whole, host)
    with refused("whole_space"):
        reserve_whole(whole, host)
    cancel(booking=Booking.objects.get(), by=Booking.objects.get().member.user, now=NOW)
    assert reserve_whole(whole, host).is_whole == 1


def test_only_the_team_books_it(whole):
    with refused("whole_space"):
        reserve(whole)


def test_another_space_is_not_concerned(whole, host):
    reserve_whole(whole, host)
    assert reserve(a_space().resources.get(code="P1"))


def test_moving_onto_the_whole_space_is_refused(space, whole, host):
    reserve_whole(whole, host)
    booking = reserve(space.resources.get(code="P1"), slot(14, 16, TUESDAY))
    with refused("whole_space"):
        move(booking=booking, slot=MORNING, by=booking.member.user, now=NOW)


def test_what_the_pages_count_knows_of_it(space, whole, host):
    reserve_whole(whole, host)
    space = Space.objects.with_calendar().get(pk=space.pk)
    board = availability.board(space, [MORNING], None)
    assert {place.state for place in board} == {PlaceState.TAKEN}
    assert "TOUT" not in {place.resource.code for place in board}
    [tuesday] = availability.days_board(space, [TUESDAY], NOW)
    assert [half.free for half in tuesday.halves] == [0, 3]
    assert [half.taken for half in loads(space, [TUESDAY])[0].halves] == [3, 0]
    assert walk_in.free_desk(space, MORNING, MORNING.start) is None


@pytest.mark.parametrize("first_is_whole", [True, False])
def test_the_database_holds_it_on_both_sides(space, whole, first_is_whole):
    rows = [a_row(whole, a_member(), 9, 12), a_row(space.resources.get(code="P2"), a_member(), 11)]
    first, second = rows if first_is_whole else rows[::-1]
    first.save()
    with pytest.raises(IntegrityError, match="booking_whole_space"), transaction.atomic():
        second.save()
    second.space_id = a_space().pk  # whatever a writer says: the place knows its space
    with pytest.raises(IntegrityError, match="booking_whole_space"), transaction.atomic():
        second.save()


def test_a_space_has_one_whole_that_members_do_not_book(space, whole):
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.create(space=space, kind=Kind.SPACE, code="T2", is_bookable=False)
    with pytest.raises(IntegrityError, match="resource_whole_by_team"), transaction.atomic():
        Resource.objects.filter(pk=whole.pk).update(is_bookable=True)


def test_the_pages_of_the_day_and_the_plan_show_it(space, whole, host, time_machine):
    time_machine.move_to(NOW, tick=False)
    booking = reserve_whole(whole, host)
    visitor = signed_in(a_member())
    for page in ("jour", "plan", "semaine", "reserver"):
        response = visitor.get(address(space, page), {"date": TUESDAY.isoformat()})
        assert response.status_code == 200
    mine = signed_in(booking.member).get(booking.get_absolute_url())
    assert "Tout" in words(mine)


# Races


def look_then_write(rows, everyone_has_looked):
    """Writers without a lock: each sees a free moment, then writes."""

    def writer(row):
        def write():
            everyone_has_looked.wait(timeout=20)
            row.save(force_insert=True)

        return write

    return [writer(row) for row in rows]


def whole_and_desks() -> list[Booking]:
    space = a_space()
    whole = a_resource(space, code="TOUT", kind=Kind.SPACE, is_bookable=False)
    desks = space.resources.of_kind(Kind.DESK)
    return [a_row(place, a_member()) for place in (whole, *desks)]


def around_a_buffer() -> list[Booking]:
    room = a_resource(a_space(), kind=Kind.ROOM, buffer_minutes=30)
    hours = [(at(9), at(10)), (at(10), at(11))]
    return [a_row(room, a_member(), *pair, buffer_minutes=30) for pair in hours]


def both_kinds_at_once() -> bool:
    return set(Booking.objects.confirmed().values_list("is_whole", flat=True)) == {0, 1}


@pytest.mark.django_db(transaction=True)
def test_whole_and_desks_written_at_once_without_a_lock_never_stand_together():
    rows = whole_and_desks()
    together(*look_then_write(rows, threading.Barrier(len(rows))))
    assert not both_kinds_at_once()
    assert Booking.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_negative_control_without_the_constraint_they_do():
    rows = whole_and_desks()
    with without(WHOLE):
        assert together(*look_then_write(rows, threading.Barrier(len(rows)))) == ["done"] * 4
        assert both_kinds_at_once()


@pytest.mark.django_db(transaction=True)
def test_two_meetings_inside_one_buffer_written_at_once_leave_one():
    rows = around_a_buffer()
    results = Counter(together(*look_then_write(rows, threading.Barrier(2))))
    assert results["done"] == 1
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_negative_control_without_the_constraint_both_stand():
    rows = around_a_buffer()
    with without(NO_OVERLAP):
        assert together(*look_then_write(rows, threading.Barrier(2))) == ["done"] * 2


@pytest.mark.django_db(transaction=True)
def test_the_team_and_a_member_at_once_one_of_them_is_refused_cleanly():
    space, host = a_space(), a_user(role=Role.HOST)
    whole = a_resource(space, code="TOUT", kind=Kind.SPACE, is_bookable=False)
    desk, member = space.resources.get(code="P1"), a_member()
    results = together(lambda: reserve_whole(whole, host), lambda: reserve(desk, member=member))
    assert sorted(results) == ["done", "whole_space"]
