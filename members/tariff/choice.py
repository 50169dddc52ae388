"""Which plan suits so many hours a month: the public calculator, priced by `price` itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from members.money import cents
from members.tariff.days import Days
from members.tariff.packs import Pack
from members.tariff.presence import Stay
from members.tariff.pricing import price
from members.tariff.shape import DESK, Every, PackOffer, Tariff, Unit
from members.tariff.statement import Statement

# Only lengths of stay count here, neither clock changes nor weekdays.
_ZONE = ZoneInfo("UTC")
_LONGEST_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A plan, with at most one of its packs, and what a month then costs all in.

    `monthly` is the total of `statement`, the month itself, with `twelfth`, that of a yearly fee,
    and `prepaid`, what the packs cost at that pace. The three add up to the cent.
    """

    tariff: Tariff
    pack: PackOffer | None
    monthly: Decimal
    twelfth: Decimal
    prepaid: Decimal
    statement: Statement


def typical_stays(month: Days, hours: Decimal, hours_per_day: int) -> list[Stay]:
    """The hours as full days from the 1st, and the rest on the last of them.

    Days grow longer only when the month has too few. Raises ValueError for negative hours, or more
    than the month has.
    """
    if not hours.is_finite() or not 0 <= hours <= _LONGEST_DAY * len(month):
        raise ValueError(f"{hours} hours do not fit in a month")
    if not 0 < hours_per_day <= _LONGEST_DAY:
        raise ValueError(f"{hours_per_day} hours do not fit in a day")
    per_day = max(hours_per_day, ceil(Fraction(hours) / len(month)))
    stays, left = [], timedelta(minutes=int(hours * 60))
    for day in month:
        length = min(left, timedelta(hours=per_day))
        if not length:
            break
        # From 9:00, or from midnight when the day would not hold it.
        opens = 9 if per_day <= _LONGEST_DAY - 9 else 0
        start = datetime(day.year, day.month, day.day, opens, tzinfo=UTC)
        stays.append(Stay(start, start + length))
        left -= length
    return stays


def best_plan(
    tariffs: Sequence[Tariff],
    hours_per_month: Decimal,
    *,
    on: date,
    hours_per_day: int = 7,
    category: str = "",
) -> list[Choice]:
    """The plans for so many hours at a desk each month, the cheapest first.

    `on` gives the month, hence the VAT rate. Each plan stands once, with the pack that makes it
    cheapest or none; between equal prices the shorter commitment goes first. A plan that does not
    sell that many hours is left out.
    """
    month = Days.month_of(on)
    stays = typical_stays(month, hours_per_month, hours_per_day)
    found = []
    for tariff in tariffs:
        choices = [
            choice
            for pack in (None, *(offer for offer in tariff.packs if offer.kind == DESK))
            if (choice := _choice(tariff, pack, stays, month, category)) is not None
        ]
        if choices:
            found.append(min(choices, key=lambda choice: choice.monthly))
    return sorted(found, key=lambda choice: (choice.monthly, choice.tariff.commitment_months))


def _choice(
    tariff: Tariff, offer: PackOffer | None, stays: Sequence[Stay], month: Days, category: str
) -> Choice | None:
    packs = [] if offer is None else [_bottomless(offer, month)]
    # The yearly fee is not due in this month: its twelfth is added below.
    statement = price(tariff, stays, month, zone=_ZONE, packs=packs, category=category)
    if statement.unpriced:
        return None
    yearly = _yearly_fee(tariff, month, category) / 12
    pace = Fraction(0)
    if offer is not None:
        pace = _pace(offer, sum(draw.units for draw in statement.draws))
    monthly = cents(Fraction(statement.total) + yearly + pace)
    prepaid = cents(pace)
    return Choice(
        tariff=tariff,
        pack=offer,
        monthly=monthly,
        twelfth=monthly - statement.total - prepaid,  # rounded once: the parts are not
        prepaid=prepaid,
        statement=statement,
    )


def _yearly_fee(tariff: Tariff, month: Days, category: str) -> Fraction:
    if tariff.fee is None or tariff.fee.every is not Every.YEAR:
        return Fraction(0)
    joining = price(tariff, (), month, zone=_ZONE, since=month.start, category=category)
    return Fraction(joining.total)


def _bottomless(offer: PackOffer, month: Days) -> Pack:
    """As many packs as the month may need: `_pace` says what they cost."""
    most = Unit.HOUR.in_ledger(_LONGEST_DAY) * len(month)
    return Pack(code=offer.code, unit=offer.unit, left=most, days=month)


def _pace(offer: PackOffer, units: int) -> Fraction:
    """The monthly cost of packs used at this pace: what expires unused is paid all the same."""
    if not units:
        return Fraction(0)
    used = Fraction(offer.price) * units / offer.unit.in_ledger(offer.quantity)
    return max(used, Fraction(offer.price) / offer.valid_months)
