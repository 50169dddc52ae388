"""The days on which a member was there: by visits, and by bookings before visits were noted."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.attendance import days_there
from booking.services import book, cancel
from booking.services.visits import check_in, check_out
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_space, at, slot

pytestmark = pytest.mark.django_db

WEDNESDAY = TUESDAY + timedelta(days=1)
LONG_AGO = NOW - timedelta(days=365)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def space():
    return a_space()


@pytest.fixture
def member():
    return a_member()


def booked(space, member, day):
    return book(space=space, member=member, by=member.user, slots=[slot(9, 12, day)], now=NOW)[0]


def came(space, member, day, start=9, end=12, **rest):
    visit = check_in(space=space, member=member, by=member.user, now=at(start, day=day), **rest)
    return check_out(visit=visit, by=member.user, now=at(end, day=day))


def days(member, now=LATER):
    return [there.day for there in days_there(member, LONG_AGO, now)]


def test_bookings_tell_where_nobody_notes_visits(space, member):
    booked(space, member, MONDAY)
    cancel(booking=booked(space, member, TUESDAY), by=member.user, now=NOW)
    assert days(member) == [MONDAY]
    assert days(member, at(11)) == []


def test_from_the_first_visit_on_only_visits_tell(space, member):
    booked(space, member, MONDAY)
    came(space, a_member(), TUESDAY)
    booked(space, member, TUESDAY)
    booked(space, member, WEDNESDAY)
    came(space, member, WEDNESDAY)
    assert days(member) == [MONDAY, WEDNESDAY]


def test_two_visits_of_a_day_are_one_day(space, member):
    came(space, member, MONDAY)
    came(space, member, MONDAY, 14, 16)
    assert days(member) == [MONDAY]


def test_a_guest_is_not_the_member(space, member):
    came(space, member, MONDAY, guest_name="Une cliente")
    assert days(member) == []


def test_another_space_has_its_own_beginning(space, member):
    came(space, a_member(), MONDAY)
    booked(a_space(), member, TUESDAY)
    assert days(member) == [TUESDAY]


def test_queries_do_not_grow(space, member):
    def queries():
        with CaptureQueriesContext(connection) as found:
            days(member)
        return len(found)

    booked(space, member, MONDAY)
    few = queries()
    for offset in (1, 2, 3):
        booked(a_space(), member, MONDAY + timedelta(days=offset))
        came(space, member, MONDAY + timedelta(days=offset), 14, 16)
    assert queries() == few
