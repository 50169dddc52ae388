"""Which days a series stands for: weekdays between two dates, at one time on the wall.

Standard library only, values in, values out. A time of day stays what the clock on the wall shows,
so the instants move with daylight saving. On a night when the clock changes a time may not exist,
or come twice: that day has no slot, and says why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from booking.slots import AmbiguousTime, NonexistentTime, Slot, to_instant

LONGEST: Final = timedelta(days=731)  # two years, whichever they are
MOST: Final = 220  # days: every working day of a year


class TooLong(ValueError):
    """More than two years from the first day to the last."""


class TooMany(ValueError):
    """More days than anybody reads before saying yes."""


class Odd(StrEnum):
    """Why a day of the series has no slot."""

    SKIPPED = "skipped"  # the clock jumps over one of its times
    TWICE = "twice"  # one of its times comes twice


@dataclass(frozen=True, slots=True)
class Recurrence:
    """These weekdays (0 = Monday) from `first_day` to `last_day`, both included, at local times.

    `end` is after `start`, unless it is 00:00: the midnight that ends the day. Raises ValueError
    for a rule that says nothing, TooLong for one that says too much.
    """

    weekdays: frozenset[int]
    start: time
    end: time
    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise ValueError("a series falls on at least one of the seven weekdays")
        if self.end != time.min and self.end <= self.start:
            raise ValueError("a stay ends after it starts")
        if self.last_day < self.first_day:
            raise ValueError("the last day does not precede the first")
        if self.last_day - self.first_day > LONGEST:
            raise TooLong(f"at most {LONGEST.days} days")

    def days(self) -> list[date]:
        """Every day of the series, in order. Raises TooMany above `MOST`."""
        length = (self.last_day - self.first_day).days
        every_day = (self.first_day + timedelta(days=offset) for offset in range(length + 1))
        found = [day for day in every_day if day.weekday() in self.weekdays]
        if len(found) > MOST:
            raise TooMany(f"{len(found)} days, at most {MOST}")
        return found


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day of a series: its slot, or why there is none."""

    day: date
    slot: Slot | None
    odd: Odd | None = None


def occurrences(rule: Recurrence, zone: ZoneInfo) -> list[Occurrence]:
    """Every day of the series with its instants, in order. Raises TooMany."""
    return [occurrence(day, rule.start, rule.end, zone) for day in rule.days()]


def occurrence(day: date, start: time, end: time, zone: ZoneInfo) -> Occurrence:
    """The stay of one day, from one local time to another."""
    last = day + timedelta(days=1) if end == time.min else day
    try:
        return Occurrence(day, Slot(to_instant(day, start, zone), to_instant(last, end, zone)))
    except NonexistentTime:
        return Occurrence(day, None, Odd.SKIPPED)
    except AmbiguousTime:
        return Occurrence(day, None, Odd.TWICE)


def to_mask(weekdays: Iterable[int]) -> int:
    """Weekdays as one number, Monday the lowest bit: what a column holds."""
    return sum(1 << weekday for weekday in set(weekdays))


def from_mask(mask: int) -> frozenset[int]:
    return frozenset(weekday for weekday in range(7) if mask >> weekday & 1)
