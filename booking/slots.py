"""Date arithmetic of bookings: half-open UTC intervals, opening hours, half-days, the grid.

Standard library only, values in, values out. Nothing here reads the clock. Local times are turned
into instants in one function, `to_instant`, which knows both daylight-saving nights.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class NonexistentTime(ValueError):
    """The clock jumps over this local time (spring night of daylight saving)."""


class AmbiguousTime(ValueError):
    """This local time occurs twice (autumn night of daylight saving)."""


class Period(StrEnum):
    """How people speak of a stay: half-days, the whole day, or exact times."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAY = "day"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A half-open interval `[start, end)` of instants. Raises ValueError unless start < end."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a slot needs instants with a time zone")
        # Compared and subtracted in UTC: in one local zone Python would ignore the clock change.
        if not (self.start.tzinfo is UTC and self.end.tzinfo is UTC):
            object.__setattr__(self, "start", self.start.astimezone(UTC))
            object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start >= self.end:
            raise ValueError("a slot ends after it starts")

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def overlaps(self, other: "Slot") -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Slot") -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Slot") -> "Slot | None":
        """The part that both share, or None."""
        if not self.overlaps(other):
            return None
        return Slot(max(self.start, other.start), min(self.end, other.end))

    def local_day(self, zone: ZoneInfo) -> date:
        """The date, in the space's zone, on which the slot starts."""
        return self.start.astimezone(zone).date()


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One opening interval of a weekday (0 = Monday), in local times.

    `opens` is before `closes`, unless `closes` is 00:00: the midnight that ends the day.
    """

    weekday: int
    opens: time
    closes: time


def to_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local time.

    Raises NonexistentTime or AmbiguousTime on the nights when the clock changes.
    """
    first = datetime.combine(day, at.replace(fold=0), zone)  # the caller's fold says nothing here
    before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
    if before is None or after is None or before == after:
        return first.astimezone(UTC)
    if before < after:
        raise NonexistentTime(f"{day} {at} does not exist in {zone.key}")
    raise AmbiguousTime(f"{day} {at} occurs twice in {zone.key}")


def _settled(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Like `to_instant`, for opening hours, which must always have an answer (PEP 495, fold 0).

    A skipped time moves forward by the jump; of a repeated one the first occurrence counts.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def day_slot(day: date, zone: ZoneInfo) -> Slot:
    """The local day, midnight to midnight: 23, 24 or 25 hours."""
    return Slot(_settled(day, time.min, zone), _settled(day + timedelta(days=1), time.min, zone))


def open_slots(day: date, hours: Iterable[Hours], zone: ZoneInfo) -> list[Slot]:
    """The opening intervals of a day, in order. Empty when that weekday is closed."""
    slots = []
    for interval in sorted(hours):
        if interval.weekday != day.weekday():
            continue
        start = _settled(day, interval.opens, zone)
        closing_day = day + timedelta(days=1) if interval.closes == time.min else day
        end = _settled(closing_day, interval.closes, zone)
        if start < end:
            slots.append(Slot(start, end))
    return merge(slots)


def period_slots(
    period: Period, day: date, opening: Sequence[Slot], midday: time, zone: ZoneInfo
) -> list[Slot]:
    """The parts of the opening hours that a half-day or a day stands for.

    A lunch break makes two slots of one day. Empty when the space is closed then.
    """
    if period is Period.DAY:
        return list(opening)
    whole = day_slot(day, zone)
    noon = _settled(day, midday, zone)
    half = Slot(whole.start, noon) if period is Period.MORNING else Slot(noon, whole.end)
    return [part for slot in opening if (part := slot.meets(half))]


def merge(slots: Iterable[Slot]) -> list[Slot]:
    """The same instants as few, ordered, disjoint slots; touching slots become one."""
    merged: list[Slot] = []
    for slot in sorted(slots):
        if merged and slot.start <= merged[-1].end:
            merged[-1] = Slot(merged[-1].start, max(merged[-1].end, slot.end))
        else:
            merged.append(slot)
    return merged


def subtract(slots: Iterable[Slot], taken: Iterable[Slot]) -> list[Slot]:
    """What is left of `slots` once `taken` is removed, ordered and disjoint."""
    busy = merge(taken)
    left: list[Slot] = []
    for slot in merge(slots):
        start = slot.start
        for hole in busy:
            if hole.end <= start or hole.start >= slot.end:
                continue
            if hole.start > start:
                left.append(Slot(start, hole.start))
            start = max(start, hole.end)
        if start < slot.end:
            left.append(Slot(start, slot.end))
    return left


def on_grid(instant: datetime, minutes: int, zone: ZoneInfo) -> bool:
    """Whether an instant falls on the grid, counted from local midnight by the wall clock."""
    return time_on_grid(instant.astimezone(zone).time(), minutes)


def time_on_grid(at: time, minutes: int) -> bool:
    """Whether a local time of every day falls on the grid."""
    return (at.hour * 60 + at.minute) % minutes == 0 and at.second == 0 and at.microsecond == 0


def grid(slot: Slot, minutes: int) -> list[Slot]:
    """The slot cut in steps of the grid; the last one is shorter when it does not divide."""
    steps = []
    start = slot.start
    while start < slot.end:
        end = min(start + minutes * MINUTE, slot.end)
        steps.append(Slot(start, end))
        start = end
    return steps


def week_of(day: date) -> list[date]:
    """The seven dates of the week of a day, from Monday."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=offset) for offset in range(7)]


def grid_step(now: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """The start of the step of the grid in which `now` falls, by the wall clock."""
    local = now.astimezone(zone)
    into = timedelta(
        minutes=(local.hour * 60 + local.minute) % minutes,
        seconds=local.second,
        microseconds=local.microsecond,
    )
    return now.astimezone(UTC) - into


def remaining(slots: Iterable[Slot], since: datetime, shortest: timedelta) -> list[Slot]:
    """What of the slots is still to come at `since`, leaving out ends shorter than `shortest`."""
    left = []
    for slot in slots:
        start = max(slot.start, since)
        if slot.end - start >= shortest:
            left.append(Slot(start, slot.end))
    return left
