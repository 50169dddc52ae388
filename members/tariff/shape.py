"""What a tariff is, as data: fee, rates, quotas, packs, reductions, commitment, VAT.

Every published tariff is a value of these classes; a new tariff is a new value, not new code.
Prices include VAT. A value that makes no sense raises ValueError when it is built.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from members.money import VatRate, is_price
from members.tariff.days import Days, add_months

# Kinds of use that every space knows. A tariff may name others ("large-room").
DESK = "desk"
GUEST = "guest"
ROOM = "room"


class Every(StrEnum):
    MONTH = "month"
    YEAR = "year"


class Unit(StrEnum):
    """What a quota or a pack counts. Hours are kept in minutes, the others whole."""

    HOUR = "hour"
    HALF_DAY = "half_day"
    DAY = "day"

    def in_ledger(self, quantity: int) -> int:
        return quantity * 60 if self is Unit.HOUR else quantity


class Rounding(StrEnum):
    """What becomes of a step that is only begun."""

    UP = "up"
    NEAREST = "nearest"
    DOWN = "down"


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _require_prices(*prices: Decimal | None) -> None:
    for price in prices:
        _require(price is None or is_price(price), f"{price!r} is not a price in whole cents")


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee by calendar month (by days when the month is not whole) or by year (whole, on the day
    of joining and on each anniversary)."""

    amount: Decimal
    every: Every

    def __post_init__(self) -> None:
        _require_prices(self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metering:
    """How one stay becomes minutes: the free first minutes are taken off, the rest is rounded."""

    step: int = 1  # minutes
    rounding: Rounding = Rounding.UP
    free: int = 0  # minutes

    def __post_init__(self) -> None:
        _require(self.step >= 1 and self.free >= 0, "metering counts in minutes")

    def minutes(self, elapsed: timedelta) -> int:
        """The minutes to bill for an elapsed time: whole steps, never fewer for a longer stay."""
        step = timedelta(minutes=self.step)
        left = max(elapsed - timedelta(minutes=self.free), timedelta())
        if self.rounding is Rounding.UP:
            left += step - timedelta.resolution
        elif self.rounding is Rounding.NEAREST:
            left += step / 2
        return left // step * self.step


@dataclass(frozen=True, slots=True)
class Quota:
    """What each calendar month includes, the earliest stays first."""

    quantity: int
    unit: Unit

    def __post_init__(self) -> None:
        _require(self.quantity > 0, "a quota includes something")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How one kind of use is priced, beyond what is included or prepaid.

    A day costs the best for the member of its hours, its half-days and the whole day, and no more
    than its cap; a month no more than its own. Without any price, only the included part and packs
    are sold. Caps hold for each `Stay.key` (each guest, each room); the quota is common.
    """

    kind: str = DESK
    hour: Decimal | None = None
    half_day: Decimal | None = None
    day: Decimal | None = None
    daily_cap: Decimal | None = None
    monthly_cap: Decimal | None = None
    included: Quota | None = None
    unlimited: bool = False
    metering: Metering = Metering()

    def __post_init__(self) -> None:
        _require_prices(self.hour, self.half_day, self.day, self.daily_cap, self.monthly_cap)
        has_caps = self.daily_cap is not None or self.monthly_cap is not None
        _require(not has_caps or self.is_priced, "a cap needs a price to hold down")
        _require(
            not self.unlimited or not (self.is_priced or self.included),
            "unlimited use has neither price nor quota",
        )

    @property
    def is_priced(self) -> bool:
        return any(price is not None for price in (self.hour, self.half_day, self.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOffer:
    """Prepaid use that one can buy, valid for some months. A free trial day is a pack at 0.00."""

    code: str
    quantity: int
    unit: Unit
    price: Decimal
    valid_months: int
    kind: str = DESK

    def __post_init__(self) -> None:
        _require_prices(self.price)
        _require(self.quantity > 0 and self.valid_months > 0, "a pack holds and lasts something")

    def validity(self, bought_on: date) -> Days:
        return Days(bought_on, add_months(bought_on, self.valid_months))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """A percentage off for a category of person (job seekers, students)."""

    category: str
    percent: Decimal
    on_fees: bool = True
    on_use: bool = True

    def __post_init__(self) -> None:
        _require(self.category != "", "a reduction names its category")
        _require(
            self.percent.is_finite() and 0 < self.percent <= 100,
            "a reduction is more than 0 and at most 100 %",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """One version of the prices of a plan. Which days it holds is said by its owner."""

    code: str
    vat: tuple[VatRate, ...]
    fee: Fee | None = None
    rates: tuple[Rate, ...] = ()
    packs: tuple[PackOffer, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    fixed_desk: bool = False
    commitment_months: int = 0
    notice_days: int = 0
    midday: time = time(13)  # local: where a day is cut in two half-days

    def __post_init__(self) -> None:
        for names, what in (
            ([rate.kind for rate in self.rates], "rates for one kind"),
            ([pack.code for pack in self.packs], "packs with one code"),
            ([cut.category for cut in self.reductions], "reductions for one category"),
        ):
            _require(len(set(names)) == len(names), f"two {what}")
        _require(bool(self.vat), "a tariff carries its VAT rate")
        _require(min(self.commitment_months, self.notice_days) >= 0, "durations are not negative")

    def rate_for(self, kind: str) -> Rate | None:
        return next((rate for rate in self.rates if rate.kind == kind), None)

    def reduction_for(self, category: str) -> Reduction | None:
        return next((cut for cut in self.reductions if cut.category == category), None)

    def earliest_end(self, since: date, asked_on: date) -> date:
        """The first day without the plan, for someone who gives notice on `asked_on`."""
        committed = add_months(since, self.commitment_months)
        return max(committed, asked_on + timedelta(days=self.notice_days))
