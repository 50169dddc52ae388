"""Reads of what is open and what is free. Nothing here writes; each says how many queries it costs.

Given a space read `with_calendar()`, opening hours cost none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import get_language

from booking.models import MOST_BUFFER, Booking, Kind, Resource, Space
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
    held: tuple[Slot, ...] = ()  # bookings, and the buffers without which no other one starts
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
    """Every resource of the space during the slots, in order. Two queries.

    The whole space is none of them: booked, it takes each of them.
    """
    resources = list(space.resources.exclude(kind=Kind.SPACE).order_by("position", "id"))
    if not slots:
        return [Place(resource, PlaceState.CLOSED) for resource in resources]
    taken = _bookings_of(space, resources, slots)
    closed = closed_places(space, slots)
    return [
        _place(resource, slots, taken[resource.pk], member, closed.get(resource.pk, ""))
        for resource in resources
    ]


def free_resources(
    space: Space, slots: Sequence[Slot], kind: str, *, but: Booking | None = None
) -> list[Resource]:
    """Bookable resources of a kind, free throughout the slots, in order. One query; two for a kind
    that may have buffers.

    `but` is a booking that is being moved, and so is in nobody's way.
    """
    others = Booking.objects.confirmed()
    if but is not None:
        others = others.exclude(pk=but.pk)
    taken = others.filter(resource=OuterRef("pk")).overlapping_any(slots)
    whole = others.whole(space).overlapping_any(slots)
    places = space.resources.bookable().of_kind(kind).filter(~Exists(taken), ~Exists(whole))
    places = places.exclude(pk__in=closed_places(space, slots))
    found = list(places.order_by("position", "id"))
    if kind == Kind.DESK or not found:
        return found
    near = others.filter(resource__in=found).overlapping_any(_with_buffers(slots))
    rows = list(near.select_related(None))
    return [
        place
        for place in found
        if not any(row.resource_id == place.pk and _keeps(row, place, slots) for row in rows)
    ]


def in_the_way(
    resource: Resource, slots: Sequence[Slot], *, but: Booking | None = None
) -> list[Booking]:
    """The bookings that keep a place from being booked during the slots, in order. One query.

    Of the whole space: every one there; of a place: its own, and one of the whole space.
    """
    others = Booking.objects.confirmed().filter(space=resource.space_id)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if resource.kind != Kind.SPACE:
        others = others.filter(Q(resource=resource) | Q(is_whole=1))
    near = others.overlapping_any(_with_buffers(slots)).with_place().with_people()
    return [
        booking
        for booking in near.order_by("start", "id")
        if (
            _keeps(booking, resource, slots)
            if booking.resource_id == resource.pk
            else any(booking.slot.overlaps(slot) for slot in slots)
        )
    ]


def _with_buffers(slots: Iterable[Slot]) -> list[Slot]:
    """The slots, and as much around them as a buffer may matter."""
    around = timedelta(minutes=MOST_BUFFER)
    return [Slot(slot.start - around, slot.end + around) for slot in slots]


def _keeps(booking: Booking, resource: Resource, slots: Iterable[Slot]) -> bool:
    """Whether a booking of a place keeps another one from the slots, buffers included."""
    held = _held(booking, resource)
    return any(held.overlaps(slot) for slot in slots)


def _held(booking: Booking, resource: Resource) -> Slot:
    """When no other booking of the place may be: its own buffer has to fit before this one."""
    return Slot(booking.start - resource.buffer, booking.free_from)


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
    found = Booking.objects.confirmed().of_desks(space).overlapping_any(_span(every_slot))
    stays = list(found.order_by().values_list("resource_id", "is_whole", "start", "end"))

    def half(day: date, period: Period) -> HalfDay:
        slots = asked[day, period]
        met = {
            (desk, is_whole)
            for desk, is_whole, start, end in stays
            if any(start < slot.end and slot.start < end for slot in slots)
        }
        is_taken = any(is_whole for _desk, is_whole in met)
        busy = desks if is_taken else {desk for desk, _whole in met}
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
    space: Space, resources: Sequence[Resource], slots: Sequence[Slot]
) -> dict[int, list[Booking]]:
    """Confirmed bookings that keep each resource from the slots, those of the whole space included,
    in order. One query."""
    near = Booking.objects.confirmed().filter(space=space).overlapping_any(_with_buffers(slots))
    found: dict[int, list[Booking]] = {resource.pk: [] for resource in resources}
    known = {resource.pk: resource for resource in resources}
    for booking in near.with_people().order_by("start", "id"):
        if booking.is_whole:
            if any(booking.slot.overlaps(slot) for slot in slots):
                for bookings in found.values():
                    bookings.append(booking)
        elif _keeps(booking, known[booking.resource_id], slots):
            found[booking.resource_id].append(booking)
    return found


def _place(
    resource: Resource,
    slots: Sequence[Slot],
    found: Sequence[Booking],
    member: Member | None,
    closed_because: str,
) -> Place:
    held = tuple(
        booking.slot if booking.is_whole else _held(booking, resource) for booking in found
    )
    shown = tuple(b for b in found if any(b.slot.overlaps(slot) for slot in slots))
    if any(_is_mine(booking, member) for booking in shown):
        state = PlaceState.MINE
    elif found:
        state = PlaceState.TAKEN
    elif resource.is_bookable and not closed_because:
        state = PlaceState.FREE
    else:
        state = PlaceState.CLOSED
    return Place(resource, state, shown, tuple(subtract(slots, held)), held, closed_because)


def _is_mine(booking: Booking, member: Member | None) -> bool:
    return member is not None and booking.member_id == member.pk
