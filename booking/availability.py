"""Reads of what is open and what is free. Nothing here writes; each says how many queries it costs.

Given a space read `with_calendar()`, opening hours cost none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import get_language

from booking.models import Booking, Kind, Resource, Space
from booking.slots import Period, Slot, grid_step, open_slots, period_slots, remaining, subtract
from members.models import Member

USUAL_DAYS = 90  # a desk is "usual" by the bookings of the last three months


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening of a space on a day: no slots and a reason when it is closed."""

    day: date
    slots: tuple[Slot, ...]
    closed_because: str = ""

    @property
    def is_open(self) -> bool:
        return bool(self.slots)

    def covers(self, slot: Slot) -> bool:
        return any(interval.covers(slot) for interval in self.slots)


class PlaceState(StrEnum):
    FREE = "free"
    MINE = "mine"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Place:
    """A resource during the asked slots: its state, who is there, what is left of the slots."""

    resource: Resource
    state: PlaceState
    bookings: tuple[Booking, ...] = ()
    free: tuple[Slot, ...] = ()
    closed_because: str = ""  # this place alone, some of that time

    @property
    def is_bookable(self) -> bool:
        return self.resource.is_bookable and not self.closed_because


@dataclass(frozen=True, slots=True)
class HalfDay:
    """Desks during a half-day: how many are free throughout, of how many."""

    period: Period
    slots: tuple[Slot, ...]
    free: int
    total: int

    @property
    def is_open(self) -> bool:
        return bool(self.slots)


@dataclass(frozen=True, slots=True)
class DayBoard:
    opening: Opening
    halves: tuple[HalfDay, ...]


def opening(space: Space, day: date) -> Opening:
    """Opening hours of a day, after closures and public holidays.

    A space read `with_calendar()` is a picture of one moment: what was worked out from it stays
    with it, as a page asks for the same days again and again.
    """
    if "opening_hours" not in getattr(space, "_prefetched_objects_cache", {}):
        return _opening(space, day)
    known: dict[tuple[date, str], Opening] = space.__dict__.setdefault("_openings", {})
    key = (day, get_language() or "")
    if key not in known:
        known[key] = _opening(space, day)
    return known[key]


def _opening(space: Space, day: date) -> Opening:
    for closure in space.closures.all():
        if closure.resource_id is None and closure.covers(day):
            return Opening(day, (), closure.reason_shown)
    holiday = space.holiday_on(day)
    if holiday:
        return Opening(day, (), holiday)
    hours = (interval.as_hours() for interval in space.opening_hours.all())
    return Opening(day, tuple(open_slots(day, hours, space.zone)))


def closed_places(space: Space, slots: Iterable[Slot]) -> dict[int, str]:
    """The places that are closed by themselves during some of the slots, and why.

    Like `opening`, it costs no query given a space read `with_calendar()`.
    """
    asked = list(slots)
    return {
        closure.resource_id: closure.reason_shown
        for closure in space.closures.all()
        if closure.resource_id is not None and any(closure.slot.overlaps(slot) for slot in asked)
    }


def slots_for(space: Space, day: date, period: Period, now: datetime) -> list[Slot]:
    """What one may still book of a half-day or a day: today, from the current step of the grid."""
    whole = period_slots(period, day, opening(space, day).slots, space.midday, space.zone)
    since = grid_step(now, space.grid_minutes, space.zone)
    return remaining(whole, since, space.shortest_stay)


def next_open_day(space: Space, now: datetime) -> Opening | None:
    """The first day, from today, with something left to book; None within the horizon."""
    today = now.astimezone(space.zone).date()
    for offset in range(space.horizon_days + 1):
        day = today + timedelta(days=offset)
        if slots_for(space, day, Period.DAY, now):
            return opening(space, day)
    return None


def board(space: Space, slots: Sequence[Slot], member: Member | None) -> list[Place]:
    """Every resource of the space during the slots, in order. Two queries."""
    resources = list(space.resources.order_by("position", "id"))
    if not slots:
        return [Place(resource, PlaceState.CLOSED) for resource in resources]
    taken = _bookings_of(resources, slots)
    closed = closed_places(space, slots)
    return [
        _place(resource, slots, taken.get(resource.pk, ()), member, closed.get(resource.pk, ""))
        for resource in resources
    ]


def free_resources(
    space: Space, slots: Sequence[Slot], kind: str, *, but: Booking | None = None
) -> list[Resource]:
    """Bookable resources of a kind, free throughout the slots, in order. One query.

    `but` is a booking that is being moved, and so is in nobody's way.
    """
    taken = Booking.objects.confirmed().filter(resource=OuterRef("pk")).overlapping_any(slots)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    places = space.resources.bookable().of_kind(kind).filter(~Exists(taken))
    places = places.exclude(pk__in=closed_places(space, slots))
    return list(places.order_by("position", "id"))


def usual_resource_id(member: Member, space: Space, now: datetime) -> int | None:
    """The desk this member booked most often lately; None without history. One query."""
    lately = Booking.objects.confirmed().filter(
        member=member, kind=Kind.DESK, end__gt=now - timedelta(days=USUAL_DAYS)
    )
    counts = (
        lately.filter(resource__space=space)
        .values("resource_id")
        .annotate(times=Count("pk"))
        .order_by("-times", "resource_id")
    )
    row = counts.first()
    return None if row is None else int(row["resource_id"])


def days_board(space: Space, days: Sequence[date], now: datetime) -> list[DayBoard]:
    """Free desks by half-day for some days. Two queries, however many days."""
    bookable = space.resources.bookable().of_kind(Kind.DESK)
    desks = set(bookable.order_by().values_list("pk", flat=True))
    asked = {
        (day, period): tuple(slots_for(space, day, period, now))
        for day in days
        for period in (Period.MORNING, Period.AFTERNOON)
    }
    every_slot = [slot for slots in asked.values() for slot in slots]
    # Three columns, not rows: a busy week has hundreds, and only their times matter here.
    found = Booking.objects.confirmed().filter(resource__in=desks)
    stays = list(
        found.overlapping_any(_span(every_slot)).values_list("resource_id", "start", "end")
    )

    def half(day: date, period: Period) -> HalfDay:
        slots = asked[day, period]
        busy = {
            desk
            for desk, start, end in stays
            if any(start < slot.end and slot.start < end for slot in slots)
        }
        free = desks - busy - closed_places(space, slots).keys()
        return HalfDay(period, slots, len(free) if slots else 0, len(desks))

    return [
        DayBoard(opening(space, day), (half(day, Period.MORNING), half(day, Period.AFTERNOON)))
        for day in days
    ]


def _span(slots: Sequence[Slot]) -> list[Slot]:
    """One slot around all: cheaper to ask for than each of fourteen half-days."""
    if not slots:
        return []
    return [Slot(min(slot.start for slot in slots), max(slot.end for slot in slots))]


def _bookings_of(
    resources: Iterable[Resource], slots: Sequence[Slot]
) -> dict[int, tuple[Booking, ...]]:
    """Confirmed bookings that meet the slots, by resource. One query."""
    found = (
        Booking.objects.confirmed()
        .filter(resource__in=[resource.pk for resource in resources])
        .overlapping_any(slots)
        .with_people()
        .order_by("start", "id")
    )
    by_resource: dict[int, tuple[Booking, ...]] = {}
    for booking in found:
        by_resource[booking.resource_id] = (*by_resource.get(booking.resource_id, ()), booking)
    return by_resource


def _place(
    resource: Resource,
    slots: Sequence[Slot],
    found: Sequence[Booking],
    member: Member | None,
    closed_because: str,
) -> Place:
    free = tuple(subtract(slots, (booking.slot for booking in found)))
    if any(_is_mine(booking, member) for booking in found):
        state = PlaceState.MINE
    elif found:
        state = PlaceState.TAKEN
    elif resource.is_bookable and not closed_because:
        state = PlaceState.FREE
    else:
        state = PlaceState.CLOSED
    return Place(resource, state, tuple(found), free, closed_because)


def _is_mine(booking: Booking, member: Member | None) -> bool:
    return member is not None and booking.member_id == member.pk
