"""The days on which a member was really there. Reads only.

Visits tell, since a space notes them; what was booked and over before that first visit does too, as
nobody signed in at the door.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from booking.models import Booking, Space, Visit
from members.models import Member


@dataclass(frozen=True, slots=True, order=True)
class Attendance:
    """A local day at a space, from its first instant there."""

    start: datetime
    day: date
    space: Space


def before_visits() -> Q:
    """Of bookings: over before their space noted its first visit. No query of its own."""
    noted = Visit.objects.filter(space=OuterRef("space"), arrived_at__lt=OuterRef("end"))
    return ~Q(Exists(noted))


def days_there(member: Member, since: datetime, now: datetime) -> list[Attendance]:
    """Each day and space once, in order; guests' visits are not the member's. Two queries.

    A booking counts once it is over, a visit from its arrival.
    """
    visits = Visit.objects.own().filter(member=member, arrived_at__gt=since, arrived_at__lte=now)
    found: dict[tuple[int, date], Attendance] = {}
    for visit in visits.select_related("space").order_by("arrived_at", "id"):
        day = visit.arrived_at.astimezone(visit.space.zone).date()
        there = Attendance(visit.arrived_at, day, visit.space)
        found.setdefault((visit.space_id, day), there)
    bookings = Booking.objects.confirmed().filter(
        before_visits(), member=member, guest_name="", end__gt=since, end__lte=now
    )
    for booking in bookings.with_place().order_by("start", "id"):
        space = booking.resource.space
        day = booking.slot.local_day(space.zone)
        found.setdefault((space.pk, day), Attendance(booking.start, day, space))
    return sorted(found.values(), key=lambda there: (there.start, there.space.pk))
