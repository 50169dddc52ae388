"""What the simulator is told of the house it stands in: the price of a day, and the way in.

`simulator` and `members` are neighbours: neither imports the other. The roof knows both and hands
these two answers to `simulator.urls.addresses` (docs/decisions/0010-simulator-prices.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from savings import Currency

MONTHS: Final = Decimal(12)


@dataclass(frozen=True, slots=True)
class DayFee:
    """A day at the space for someone who comes `days` days a month, on the plan named."""

    value: Decimal
    currency: Currency
    plan: str
    days: int
    since: date


@dataclass(frozen=True, slots=True)
class WayIn:
    """Where a trial day is booked and where one asks to become a member; "" for nowhere."""

    trial: str = ""
    join: str = ""


# How many days a month → the cheapest offer, at most one in each currency.
DayFees = Callable[[int], tuple[DayFee, ...]]
# What the addresses should carry → the addresses.
WaysIn = Callable[[Mapping[str, str]], WayIn]


def nobody_sells(days: int) -> tuple[DayFee, ...]:
    """A house without plans: the person says what a day costs."""
    return ()


def no_way_in(carried: Mapping[str, str]) -> WayIn:
    """A simulator that stands alone."""
    return WayIn()


@dataclass(frozen=True, slots=True)
class House:
    """Both answers."""

    day_fees: DayFees = nobody_sells
    way_in: WaysIn = no_way_in


ALONE: Final = House()


def days_a_month(days_per_week: Decimal, weeks: Decimal) -> int:
    """The average of the year to the nearest day, one at least for who comes at all."""
    yearly = days_per_week * weeks
    if not yearly:
        return 0
    return max(1, int((yearly / MONTHS).to_integral_value(ROUND_HALF_UP)))
