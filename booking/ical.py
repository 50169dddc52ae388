"""Bookings as iCalendar: what is attached to an e-mail, downloaded, or read by a calendar.

Sources: RFC 5545 (format), RFC 5546 (METHOD), RFC 7986 (NAME, REFRESH-INTERVAL). Words are in the
active language; times are those of the space, with its daylight-saving rules in the file.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vDuration

from booking.models import Booking, Kind, Space
from booking.places import place_name
from members.models import Member

CONTENT_TYPE = "text/calendar; charset=utf-8"
FEED_KEEPS = timedelta(days=30)  # how long a feed remembers what is over
FEED_REFRESH = timedelta(hours=1)


def message(bookings: Sequence[Booking]) -> bytes:
    """A file to open in a calendar: it adds these bookings, or updates them, by their UID.

    PUBLISH, not REQUEST: there is nothing to accept or decline. All the bookings are of one
    status; cancelled ones make a CANCEL, which takes the events away.
    """
    calendar = _calendar()
    calendar.add("method", method(bookings))
    for booking in bookings:
        event = _event(booking)
        event.add("organizer", _organizer(booking.resource.space))
        calendar.add_component(event)
    return _written(calendar, bookings)


def method(bookings: Sequence[Booking]) -> str:
    return "CANCEL" if bookings[0].is_cancelled else "PUBLISH"


def feed(bookings: Sequence[Booking]) -> bytes:
    """What a calendar that subscribes reads: it takes events away when they are CANCELLED."""
    calendar = _calendar()
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _("Coworking"))
    calendar.add("refresh-interval", vDuration(FEED_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(FEED_REFRESH))
    for booking in bookings:
        calendar.add_component(_event(booking))
    return _written(calendar, bookings)


def feed_bookings(member: Member, now: datetime) -> list[Booking]:
    """What a feed shows: the coming, the last 30 days, the cancelled among them. One query."""
    recent = member.bookings.filter(Q(end__gt=now - FEED_KEEPS))
    return list(recent.with_place().order_by("start", "id"))


def where(space: Space) -> str:
    """Name and postal address of a space, on one line."""
    town = f"{space.postcode} {space.commune}".strip()
    return ", ".join(part for part in (space.name, space.address, town) if part)


def absolute_url(booking: Booking) -> str:
    return f"{settings.SITE_URL}{booking.get_absolute_url()}"


def deadline(booking: Booking) -> str:
    """Until when its member can move or cancel it; empty when that was too late at once."""
    space = booking.resource.space
    last = booking.start - space.cancel_delay
    return date_format(last.astimezone(space.zone), "l j F, H:i") if last > booking.made_at else ""


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{_host()}//booking//{(get_language() or 'fr').upper()}")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(booking: Booking) -> Event:
    resource, space = booking.resource, booking.resource.space
    event = Event()
    event.add("uid", f"{booking.pk}@{_host()}")
    event.add("sequence", booking.sequence)
    event.add("dtstamp", booking.revised_at)
    event.add("created", booking.made_at)
    event.add("last-modified", booking.revised_at)
    event.add("dtstart", _local(booking.start, space.zone))
    event.add("dtend", _local(booking.end, space.zone))
    event.add("status", "CANCELLED" if booking.is_cancelled else "CONFIRMED")
    # A desk for the day does not make its holder busy for colleagues; a meeting room does.
    event.add("transp", "TRANSPARENT" if booking.kind == Kind.DESK else "OPAQUE")
    event.add("summary", f"{place_name(resource)} · {space.name}")
    event.add("location", where(space))
    event.add("description", _description(booking))
    event.add("url", absolute_url(booking))
    if space.latitude is not None and space.longitude is not None:
        event.add("geo", (float(space.latitude), float(space.longitude)))
    return event


def _description(booking: Booking) -> str:
    words = {"url": absolute_url(booking), "deadline": deadline(booking)}
    if booking.is_cancelled:
        return _("Réservation annulée. %(url)s") % words
    if not words["deadline"]:
        return _("Pour tout changement, adressez-vous à l’équipe. %(url)s") % words
    return _("À déplacer ou annuler en ligne jusqu’au %(deadline)s : %(url)s") % words


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    """The instant in the zone of the space; in UTC when the clock shows that time twice.

    A time of day with a TZID stands for its first occurrence (RFC 5545, 3.3.5).
    """
    local = instant.astimezone(zone)
    return instant.astimezone(UTC) if local.fold else local


def _organizer(space: Space) -> vCalAddress:
    address = space.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = space.name
    return organizer


def _written(calendar: Calendar, bookings: Sequence[Booking]) -> bytes:
    if bookings:
        years = [booking.start.year for booking in bookings]
        # The rules of the years around the events: all those since 1970 would make 2 kB a zone.
        first, last = date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1)
        calendar.add_missing_timezones(first_date=first, last_date=last)
    written: bytes = calendar.to_ical()
    return written


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
