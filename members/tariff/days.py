"""Days of a tariff: half-open spans of local dates, months, anniversaries, proration, versions."""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from members import money

DAY = timedelta(days=1)
Version = TypeVar("Version")


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """The local dates `[start, end)`. Raises ValueError unless start < end."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("a span of days ends after it starts")

    @classmethod
    def inclusive(cls, first: date, last: date) -> "Days":
        """The way people say it: from the 1st to the 15th, both counted."""
        return cls(first, last + DAY)

    @classmethod
    def month_of(cls, day: date) -> "Days":
        first = day.replace(day=1)
        return cls(first, add_months(first, 1))

    @property
    def last(self) -> date:
        return self.end - DAY

    def __len__(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __iter__(self) -> Iterator[date]:
        return (self.start + offset * DAY for offset in range(len(self)))

    def by_month(self) -> list["Days"]:
        """The span cut at the first day of each month."""
        parts, start = [], self.start
        while start < self.end:
            end = min(self.end, Days.month_of(start).end)
            parts.append(Days(start, end))
            start = end
        return parts

    def _steps_of(self, part: "Days") -> tuple[int, int, int]:
        if not self.start <= part.start or not part.end <= self.end:
            raise ValueError("the part is not within the whole")
        return (part.start - self.start).days, (part.end - self.start).days, len(self)

    def share(self, amount: Decimal, part: "Days") -> Decimal:
        """What `part` bears of an amount for these days; the parts of any cut sum to the whole.

        Raises ValueError when the part is not within these days.
        """
        return money.share(amount, *self._steps_of(part))

    def share_of_units(self, units: int, part: "Days") -> int:
        """The same for a quota, which comes in whole units."""
        start, end, whole = self._steps_of(part)
        return money.half_up(Fraction(units * end, whole)) - money.half_up(
            Fraction(units * start, whole)
        )


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last day when the month is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def anniversaries(since: date, period: Days) -> list[date]:
    """The days of the period on which a year begins, the day `since` itself included.

    Someone who joined on 29 February has it on the 28th in ordinary years.
    """
    years = range(max(period.start.year, since.year), period.last.year + 1)
    days = (add_months(since, 12 * (year - since.year)) for year in years)
    return [day for day in days if day in period]


def in_force(versions: Sequence[tuple[date, Version]], period: Days) -> list[tuple[Days, Version]]:
    """The period cut where a new version starts: each part with the version that holds then.

    `versions` are (first day, value) pairs. Raises LookupError when the period starts before the
    first of them, ValueError when two start on the same day.
    """
    ordered = sorted(versions, key=lambda version: version[0])
    starts = [start for start, _ in ordered]
    if len(set(starts)) != len(starts):
        raise ValueError("two versions start on the same day")
    if not starts or period.start < starts[0]:
        raise LookupError(f"no version in force on {period.start}")
    parts = []
    for (start, value), end in zip(ordered, [*starts[1:], period.end], strict=True):
        first, until = max(start, period.start), min(end, period.end)
        if first < until:
            parts.append((Days(first, until), value))
    return parts
