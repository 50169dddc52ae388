"""The days on which a member was really there. Reads only.

Visits tell, since the day a space notes them; before that first visit its bookings do, as nobody
signed in at the door.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min

from booking.models import Booking, Space, Visit
from members.models import Member


@dataclass(frozen=True, slots=True, order=True)
class Attendance:
    """A local day at a space, from its first instant there."""

    start: datetime
    day: date
    space: Space


def days_there(member: Member, since: datetime, now: datetime) -> list[Attendance]:
    """Each day and space once, in order; guests' visits are not the member's. Three queries.

    A booking counts once it is over, a visit from its arrival.
    """
    visits = Visit.objects.own().filter(member=member, arrived_at__gt=since, arrived_at__lte=now)
    found: dict[tuple[int, date], Attendance] = {}
    for visit in visits.select_related("space").order_by("arrived_at", "id"):
        day = visit.arrived_at.astimezone(visit.space.zone).date()
        there = Attendance(visit.arrived_at, day, visit.space)
        found.setdefault((visit.space_id, day), there)
    bookings = list(
        Booking.objects.confirmed()
        .filter(member=member, guest_name="", end__gt=since, end__lte=now)
        .with_place()
        .order_by("start", "id")
    )
    spaces = {booking.resource.space_id for booking in bookings}
    first_visit = dict(
        Visit.objects.filter(space__in=spaces)
        .order_by()
        .values_list("space")
        .annotate(Min("arrived_at"))
    )
    for booking in bookings:
        space = booking.resource.space
        day = booking.slot.local_day(space.zone)
        begun = first_visit.get(space.pk)
        if begun is None or day < begun.astimezone(space.zone).date():
            found.setdefault((space.pk, day), Attendance(booking.start, day, space))
    return sorted(found.values(), key=lambda there: (there.start, there.space.pk))
