"""Desks that are taken, by half-day, for some days: the load of a week at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from booking import availability
from booking.models import Booking, Kind, Space
from booking.slots import Period, Slot, period_slots

HALVES = (Period.MORNING, Period.AFTERNOON)


@dataclass(frozen=True, slots=True)
class HalfLoad:
    """Desks of a half-day that somebody has booked; closed when it has no slots."""

    period: Period
    is_open: bool
    taken: int
    total: int

    @property
    def free(self) -> int:
        return self.total - self.taken

    @property
    def percent(self) -> int:
        return round(100 * self.taken / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class DayLoad:
    day: date
    closed_because: str
    halves: tuple[HalfLoad, ...]

    @property
    def is_open(self) -> bool:
        return any(half.is_open for half in self.halves)


def loads(space: Space, days: Sequence[date]) -> list[DayLoad]:
    """Two queries, however many days. Given a space `with_calendar()`, opening hours cost none."""
    desks = set(
        space.resources.bookable().of_kind(Kind.DESK).order_by().values_list("pk", flat=True)
    )
    halves = {(day, period): _slots(space, day, period) for day in days for period in HALVES}
    every = [slot for slots in halves.values() for slot in slots]
    stays: list[tuple[int, Slot]] = []
    if every:
        span = Slot(min(slot.start for slot in every), max(slot.end for slot in every))
        found = Booking.objects.confirmed().of_desks(space).overlapping(span)
        rows = found.order_by().values_list("resource_id", "is_whole", "start", "end")
        stays = [
            (desk, Slot(start, end))
            for place, is_whole, start, end in rows
            for desk in (desks if is_whole else desks & {place})
        ]

    def load(day: date, period: Period) -> HalfLoad:
        slots = halves[day, period]
        taken = {desk for desk, stay in stays if any(stay.overlaps(slot) for slot in slots)}
        return HalfLoad(period, bool(slots), len(taken), len(desks))

    return [
        DayLoad(
            day,
            availability.opening(space, day).closed_because,
            tuple(load(day, period) for period in HALVES),
        )
        for day in days
    ]


def _slots(space: Space, day: date, period: Period) -> list[Slot]:
    opened = availability.opening(space, day).slots
    return period_slots(period, day, opened, space.midday, space.zone)
