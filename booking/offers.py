"""What a closure meets, and what can be had instead. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from booking import availability
from booking.models import MOST_BUFFER, Booking, Closure, Resource, Space
from booking.slots import Slot

DAYS_OFFERED: Final = 3
DAYS_LOOKED_AT: Final = 60  # a longer holiday has no next days worth a letter


@dataclass(frozen=True, slots=True)
class Hit:
    """A booking that falls on closed days, and what its member is offered.

    Args:
        place: of the same kind, free at that time, and offered to nobody else; when one place
            closes.
        days: the next open ones; when the whole space closes.
        has_begun: somebody may be sitting there: the team speaks with them, nothing is cancelled.
    """

    booking: Booking
    place: Resource | None
    days: tuple[date, ...]
    has_begun: bool


def hits(space: Space, closure: Closure, now: datetime) -> list[Hit]:
    """The coming bookings that a closure meets, saved or not, in order.

    One query for a whole space, three for one place, given a space read `with_calendar()`.
    """
    coming = Booking.objects.coming(now).filter(resource__space=space).overlapping(closure.slot)
    if closure.resource is None:
        days = tuple(islice(_open_days(space, closure.ends_on), DAYS_OFFERED))
        met = coming.with_place().with_people()
        return [Hit(booking, None, days, booking.start <= now) for booking in met]
    mine = list(coming.filter(resource=closure.resource).with_place().with_people())
    found = _elsewhere(space, closure.resource, mine)
    return [
        Hit(booking, place, (), booking.start <= now)
        for booking, place in zip(mine, found, strict=True)
    ]


def _open_days(space: Space, after: date) -> Iterator[date]:
    for offset in range(1, DAYS_LOOKED_AT + 1):
        day = after + timedelta(days=offset)
        if availability.opening(space, day).is_open:
            yield day


def _elsewhere(
    space: Space, closed: Resource, bookings: Sequence[Booking]
) -> list[Resource | None]:
    """For each booking a place of the same kind, big enough ones first. Two queries."""
    if not bookings:
        return []
    others = list(space.resources.bookable().of_kind(closed.kind).exclude(pk=closed.pk))
    others.sort(key=lambda place: (place.capacity < closed.capacity, place.position, place.pk))
    span = Slot(min(b.start for b in bookings), max(b.end for b in bookings))
    around = timedelta(minutes=MOST_BUFFER)
    span = Slot(span.start - around, span.end + around)
    rows = Booking.objects.confirmed().filter(resource__in=others).overlapping(span)
    known = {place.pk: place for place in others}
    busy: dict[tuple[int, date], list[Slot]] = {}

    def take(place_id: int, slot: Slot) -> None:
        for day in _days_of(space, slot):
            busy.setdefault((place_id, day), []).append(slot)

    for row in rows.order_by():
        buffer = known[row.resource_id].buffer
        take(row.resource_id, Slot(row.start - buffer, row.free_from))
    found: list[Resource | None] = []
    for booking in bookings:
        slot = booking.slot
        shut = availability.closed_places(space, [slot])
        days = _days_of(space, slot)
        free = (
            place
            for place in others
            if place.pk not in shut
            and not any(
                slot.overlaps(taken) for day in days for taken in busy.get((place.pk, day), ())
            )
        )
        place = next(free, None)
        if place is not None:
            # Not offered twice.
            take(place.pk, Slot(slot.start - place.buffer, slot.end + place.buffer))
        found.append(place)
    return found


def _days_of(space: Space, slot: Slot) -> set[date]:
    """The local days that a stay touches: one, or two over midnight."""
    return {at.astimezone(space.zone).date() for at in (slot.start, slot.end)}
