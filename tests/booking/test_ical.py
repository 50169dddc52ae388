"""Bookings as iCalendar, read back the way a calendar program reads them."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from icalendar import Calendar

from booking import ical
from booking.models import Booking, Kind
from booking.services import book, cancel, move
from booking.slots import Slot
from members.models import Role
from tests.factories import MONDAY, NOW, PARIS, TUESDAY, a_member, a_space, a_user, at, slot

pytestmark = pytest.mark.django_db

SPRING = date(2026, 3, 29)  # a Sunday: 2:00 becomes 3:00
AUTUMN = date(2026, 10, 25)  # a Sunday: 3:00 becomes 2:00


@pytest.fixture
def space():
    return a_space(
        name="La Cordée de Morez",
        address="1, quai Jobez",
        postcode="39400",
        latitude=Decimal("46.52290"),
        longitude=Decimal("6.02330"),
    )


@pytest.fixture
def member():
    return a_member("Camille Roux")


def booked(space, member, *slots: Slot, now: datetime = NOW, **more: Any) -> list[Booking]:
    return book(space=space, member=member, by=member.user, slots=slots, now=now, **more)


def booked_on_a_closed_day(space, member, *slots: Slot) -> list[Booking]:
    host = a_user(role=Role.HOST)
    more = {"resource": space.resources.get(code="P1"), "override_reason": "nuit du code"}
    return book(space=space, member=member, by=host, slots=slots, now=NOW, **more)


def events(file: bytes) -> list[Any]:
    return Calendar.from_ical(file).events


def test_an_event_says_when_where_and_how_to_change_it(space, member, settings):
    settings.SITE_URL = "https://morez.example"
    [booking] = booked(space, member, slot(9, 12, TUESDAY))
    [event] = events(ical.message([booking]))
    assert event["SUMMARY"] == "Poste 1 · La Cordée de Morez"
    assert event["LOCATION"] == "La Cordée de Morez, 1, quai Jobez, 39400 Morez"
    assert (event["GEO"].latitude, event["GEO"].longitude) == (46.5229, 6.0233)
    assert event["URL"] == f"https://morez.example/reservations/{booking.pk}/"
    assert event["DESCRIPTION"].endswith(event["URL"])
    assert "mardi 3 mars, 08:00" in event["DESCRIPTION"]
    assert event.start == datetime(2026, 3, 3, 9, tzinfo=PARIS)
    assert event.end == datetime(2026, 3, 3, 12, tzinfo=PARIS)
    assert event.stamp == event.last_modified == NOW
    assert event["STATUS"] == "CONFIRMED"


def test_words_are_in_the_language_of_the_reader(space, member):
    space.resources.filter(code="P1").update(name_en="Desk 1")
    [booking] = booked(space, member, slot(9, 12, TUESDAY))
    with translation.override("en"):
        [event] = events(ical.message([booking]))
    assert event["SUMMARY"] == "Desk 1 · La Cordée de Morez"
    assert "Tuesday 3 March, 08:00" in event["DESCRIPTION"]


def test_an_event_keeps_its_identity_when_it_moves_and_grows_its_sequence(space, member, settings):
    settings.SITE_URL = "https://morez.example:8443"
    [booking] = booked(space, member, slot(14, 16))
    [first] = events(ical.message([booking]))
    moved = move(booking=booking, slot=slot(15, 17), by=member.user, now=NOW)
    [second] = events(ical.message([moved]))
    assert first["UID"] == second["UID"] == f"{booking.pk}@morez.example"
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert second.start == at(15)


def test_a_cancellation_takes_the_event_away(space, member):
    [booking] = booked(space, member, slot(14, 16))
    later = NOW + timedelta(hours=2)
    cancelled = cancel(booking=booking, by=member.user, now=later)
    file = ical.message([cancelled])
    [event] = events(file)
    assert Calendar.from_ical(file)["METHOD"] == "CANCEL"
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert event.last_modified == later


def test_a_message_names_the_space_as_organizer_and_nobody_else(space, member):
    space.email = "bonjour@morez.example"
    space.save()
    [booking] = booked(space, member, slot(9, 12))
    file = ical.message([booking])
    [event] = events(file)
    assert Calendar.from_ical(file)["METHOD"] == "PUBLISH"
    assert event["ORGANIZER"] == "mailto:bonjour@morez.example"
    assert event["ORGANIZER"].params["CN"] == "La Cordée de Morez"
    assert "ATTENDEE" not in event
    assert b"Camille" not in file


def test_without_its_own_address_the_space_answers_at_that_of_the_site(space, member, settings):
    settings.DEFAULT_FROM_EMAIL = "Le coworking <bonjour@site.example>"
    [booking] = booked(space, member, slot(9, 12))
    [event] = events(ical.message([booking]))
    assert event["ORGANIZER"] == "mailto:bonjour@site.example"


def test_a_desk_leaves_its_holder_free_for_colleagues_and_a_room_does_not(space, member):
    [desk] = booked(space, member, slot(9, 12))
    [room] = booked(space, member, slot(9, 10), kind=Kind.ROOM)
    assert events(ical.message([desk]))[0]["TRANSP"] == "TRANSPARENT"
    assert events(ical.message([room]))[0]["TRANSP"] == "OPAQUE"


def test_names_with_commas_semicolons_and_line_breaks_stay_whole(space, member):
    space.resources.filter(code="P1").update(name="Haut; bas, \\ près\nde l’eau")
    [booking] = booked(space, member, slot(9, 12))
    [event] = events(ical.message([booking]))
    assert event["SUMMARY"] == "Haut; bas, \\ près\nde l’eau · La Cordée de Morez"


def test_lines_are_folded_at_75_bytes_and_end_as_the_standard_says(space, member):
    [booking] = booked(space, member, slot(9, 12))
    lines = ical.message([booking]).split(b"\r\n")
    assert len(lines) > 20
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)


@pytest.mark.parametrize("day", [SPRING, AUTUMN, MONDAY])
def test_the_file_carries_the_zone_with_the_offset_of_that_day(space, member, day):
    [booking] = booked_on_a_closed_day(space, member, slot(9, 12, day))
    file = ical.message([booking])
    [event] = events(file)
    [zone] = Calendar.from_ical(file).timezones
    assert event["DTSTART"].params["TZID"] == zone.tz_name == "Europe/Paris"
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime.combine(day, at(9).time()).replace(
        hour=9
    )
    from_the_file = event["DTSTART"].dt.replace(tzinfo=zone.to_tz(lookup_tzid=False))
    assert from_the_file.astimezone(UTC) == booking.start


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 24)])
def test_a_stay_over_the_night_of_a_clock_change_keeps_its_true_length(space, member, day, hours):
    start = at(0, day=day)
    stay = Slot(start, start + timedelta(hours=hours))
    [booking] = booked_on_a_closed_day(space, member, stay)
    [event] = events(ical.message([booking]))
    assert Slot(event.start, event.end) == stay


def test_the_hour_that_comes_twice_is_written_in_utc_the_second_time(space, member):
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 2:30 in summer time
    second = first + timedelta(hours=1)  # 2:30 again
    [booking] = booked_on_a_closed_day(space, member, Slot(first, second))
    [event] = events(ical.message([booking]))
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event["DTEND"].to_ical() == b"20261025T013000Z"
    assert Slot(event.start, event.end) == booking.slot


def test_a_space_elsewhere_has_its_own_clock(member):
    space = a_space(time_zone="Europe/London", country="GB")
    london = ZoneInfo("Europe/London")
    [booking] = booked(space, member, Slot(at(9, zone=london), at(12, zone=london)))
    [event] = events(ical.message([booking]))
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event.start.hour == 9


def test_several_days_make_one_file(space, member):
    bookings = booked(space, member, slot(9, 12), slot(9, 12, TUESDAY))
    file = ical.message(bookings)
    assert [event.start for event in events(file)] == [at(9), at(9, day=TUESDAY)]
    assert len(Calendar.from_ical(file).timezones) == 1


def test_a_feed_says_its_name_and_when_to_come_back():
    file = ical.feed([])
    calendar = Calendar.from_ical(file)
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "Coworking"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in file
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in file
    assert "METHOD" not in calendar
    assert calendar.events == []


def test_a_feed_remembers_thirty_days_and_says_what_was_cancelled(space, member):
    wednesday = date(2026, 3, 4)
    [old] = booked(space, member, slot(9, 12))
    [gone] = booked(space, member, slot(9, 12, TUESDAY))
    cancel(booking=gone, by=member.user, now=NOW)
    [coming] = booked(space, member, slot(9, 12, wednesday))
    booked(space, a_member(), slot(9, 12, wednesday))
    shown = {}
    for days in (0, 31, 33):
        bookings = ical.feed_bookings(member, NOW + timedelta(days=days))
        shown[days] = [booking.pk for booking in bookings]
    assert shown == {0: [old.pk, gone.pk, coming.pk], 31: [gone.pk, coming.pk], 33: []}
    statuses = [event["STATUS"] for event in events(ical.feed(ical.feed_bookings(member, NOW)))]
    assert statuses == ["CONFIRMED", "CANCELLED", "CONFIRMED"]


def test_two_bookings_have_two_identities(space, member):
    bookings = booked(space, member, slot(9, 12), slot(13, 15))
    uids = {uuid.UUID(event["UID"].split("@")[0]) for event in events(ical.feed(bookings))}
    assert uids == {booking.pk for booking in bookings}
