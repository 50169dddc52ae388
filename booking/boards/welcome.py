"""What the home of a space says: what is free on the next open day, its hours, its days off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking import availability
from booking.availability import Opening, Place
from booking.models import Booking, Kind, Resource, Space
from booking.moments import Moment, period_moment
from booking.places import Viewer
from booking.slots import Period, Slot, week_of

DAYS_OFF_SHOWN = 4
DAYS_OFF_WITHIN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Choice:
    """A half-day or a day that one books in two taps: free desks, and my own booking then."""

    moment: Moment
    free: int
    total: int
    mine: Booking | None
    my_place: Resource | None

    @property
    def is_bookable(self) -> bool:
        return self.mine is None and self.free > 0

    @property
    def is_past(self) -> bool:
        return any(problem.code == "past" for problem in self.moment.problems)

    @property
    def is_closed(self) -> bool:
        return bool(self.moment.problems)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who works here that day: the names one may read, and how many other people."""

    names: tuple[str, ...]
    others: int

    @property
    def total(self) -> int:
        return len(self.names) + self.others


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Consecutive days on which the space is closed for one reason, the last one included."""

    first: date
    last: date
    reason: str


def choices(
    space: Space, day: date, places: Sequence[Place], viewer: Viewer, now: datetime
) -> list[Choice]:
    """Morning, afternoon and day, from the places of the whole day. No query."""
    desks = [place for place in places if place.resource.kind == Kind.DESK]
    return [_choice(period_moment(space, day, period, now), desks, viewer) for period in Period]


def _choice(moment: Moment, desks: Sequence[Place], viewer: Viewer) -> Choice:
    bookable = [place for place in desks if place.is_bookable]
    slots = moment.bookable_slots
    free = sum(1 for place in bookable if not any(_meets(b, slots) for b in place.bookings))
    mine = (
        (booking, place.resource)
        for place in desks
        for booking in place.bookings
        if viewer.holds(booking) and _meets(booking, slots)
    )
    booking, my_place = next(mine, (None, None))
    return Choice(moment, free if slots else 0, len(bookable), booking, my_place)


def crowd(places: Sequence[Place], viewer: Viewer) -> Crowd:
    """People with a booking among these places; oneself is not counted."""
    people = {
        booking.member_id: viewer.name_of(booking)
        for place in places
        for booking in place.bookings
        if not viewer.holds(booking)
    }
    names = sorted(name for name in people.values() if name)
    return Crowd(tuple(names), len(people) - len(names))


def week_hours(space: Space, today: date) -> list[Opening]:
    """The opening of each day of this week, closures and holidays included."""
    return [availability.opening(space, day) for day in week_of(today)]


def days_off(space: Space, today: date) -> list[DaysOff]:
    """The next closures and public holidays, the first ones first."""
    found = sorted(_days_off(space, today), key=lambda off: (off.first, off.last))
    return found[:DAYS_OFF_SHOWN]


def _days_off(space: Space, today: date) -> Iterator[DaysOff]:
    until = today + DAYS_OFF_WITHIN
    for closure in space.closures.all():
        is_near = today <= closure.ends_on and closure.starts_on <= until
        if closure.resource_id is None and is_near:
            yield DaysOff(closure.starts_on, closure.ends_on, closure.reason_shown)
    for offset in range(DAYS_OFF_WITHIN.days + 1):
        day = today + timedelta(days=offset)
        if holiday := space.holiday_on(day):
            yield DaysOff(day, day, holiday)


def _meets(booking: Booking, slots: Sequence[Slot]) -> bool:
    return any(booking.slot.overlaps(slot) for slot in slots)
