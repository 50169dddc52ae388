"""Stays, metered and laid out by local half-days.

Hours are elapsed (a night of 25 hours has 25); the local date only decides to which day and half
they belong.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from members.tariff.days import DAY, Days
from members.tariff.shape import DESK, Metering, Tariff


@dataclass(frozen=True, slots=True, order=True)
class Stay:
    """A use `[start, end)` between two instants; `key` tells one guest or room from another.

    Raises ValueError unless both instants have a zone and start <= end.
    """

    start: datetime
    end: datetime
    kind: str = DESK
    key: str = ""

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a stay needs instants with a time zone")
        # Subtracted in UTC: within one local zone Python would ignore the clock change.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start > self.end:
            raise ValueError("a stay does not end before it starts")


@dataclass(slots=True)
class DayUse:
    """The minutes to bill of one kind and key on one local day, before and after midday."""

    day: date
    key: str
    halves: list[int]

    @property
    def minutes(self) -> int:
        return sum(self.halves)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A skipped local time moves forward by the jump; of a repeated one the first counts."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _minutes_within(stay: Stay, metering: Metering, start: datetime, end: datetime) -> int:
    """The billed minutes of a stay between two instants.

    Differences of one rounded running total: wherever a stay is cut, at midday, at midnight or
    between two invoices, the parts sum to the whole stay.
    """
    first, last = max(stay.start, start), min(stay.end, end)
    if first >= last:
        return 0
    return metering.minutes(last - stay.start) - metering.minutes(first - stay.start)


def use_by_day(
    tariff: Tariff, stays: Iterable[Stay], period: Days, zone: ZoneInfo
) -> dict[str, list[DayUse]]:
    """For each kind, its days of the period with something to bill, the earliest first.

    A kind that the tariff does not price is metered to the minute.
    """
    found: dict[str, dict[tuple[date, str], list[int]]] = defaultdict(dict)
    for stay in stays:
        rate = tariff.rate_for(stay.kind)
        metering = rate.metering if rate else Metering()
        day = max(period.start, stay.start.astimezone(zone).date())
        final = min(period.last, stay.end.astimezone(zone).date())
        while day <= final:
            midnight = _instant(day, time.min, zone)
            midday = _instant(day, tariff.midday, zone)
            midnight_after = _instant(day + DAY, time.min, zone)
            halves = found[stay.kind].setdefault((day, stay.key), [0, 0])
            halves[0] += _minutes_within(stay, metering, midnight, midday)
            halves[1] += _minutes_within(stay, metering, midday, midnight_after)
            day += DAY
    return {
        kind: [
            DayUse(day, key, halves) for (day, key), halves in sorted(days.items()) if any(halves)
        ]
        for kind, days in sorted(found.items())
    }
