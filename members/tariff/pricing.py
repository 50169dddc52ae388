"""The price of a period: `price`, the one function behind page, quote, booking and invoice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from members.money import ZERO, cents, vat_on
from members.tariff.days import Days, anniversaries
from members.tariff.packs import Draw, Pack, after, take, usable
from members.tariff.presence import DayUse, Stay, use_by_day
from members.tariff.shape import Every, Rate, Tariff, Unit
from members.tariff.statement import Code, Line, Statement, Unpriced


def price(
    tariff: Tariff,
    stays: Iterable[Stay],
    period: Days,
    *,
    zone: ZoneInfo,
    since: date | None = None,
    packs: Sequence[Pack] = (),
    category: str = "",
) -> Statement:
    """What a member owes for the days of a period, whatever the order of the stays.

    A stay that leaves the period is cut at its edge. What is said by the month (fee, quota, cap) is
    shared by days when the period holds only a part of the month. `since` is the day of joining,
    from which the yearly fee runs; without it none is due. `packs` are drawn after what is
    included. The VAT rate is the one in force on the last day, when the service is complete.
    """
    parts = period.by_month()
    reckoning = _Reckoning(tariff, list(packs))
    use = use_by_day(tariff, stays, period, zone)
    for part in parts:
        reckoning.add_monthly_fee(part)
    for day in anniversaries(since, period) if since else ():
        reckoning.add_yearly_fee(day)
    for kind, days in use.items():
        for part in parts:
            in_part = [used for used in days if used.day in part]
            if in_part:
                reckoning.add_use(kind, part, in_part)
    reckoning.add_reduction(category, period)
    return Statement(
        period=period,
        lines=tuple(reckoning.lines),
        draws=tuple(reckoning.draws),
        unpriced=tuple(reckoning.unpriced),
        vat_rate=vat_on(tariff.vat, period.last),
    )


def _hours(minutes: int) -> Decimal:
    """For display: amounts are computed from the minutes."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.0001"))


@dataclass(slots=True)
class _Paid:
    """Running totals of one kind in one month, exact: money is rounded once, at the end."""

    minutes: int = 0
    half_days: int = 0
    days: int = 0
    gross: Fraction = Fraction(0)
    after_daily_cap: dict[str, Fraction] = field(default_factory=dict)

    def add(self, rate: Rate, used: DayUse) -> None:
        """Add a day at its best price: hours or half-day for each half, or the whole day."""
        minutes, half_days, days, cost = 0, 0, 0, Fraction(0)
        for spent in filter(None, used.halves):
            by_hour = None if rate.hour is None else Fraction(rate.hour) * spent / 60
            by_half = None if rate.half_day is None else Fraction(rate.half_day)
            if by_hour is not None and (by_half is None or by_hour <= by_half):
                minutes, cost = minutes + spent, cost + by_hour
            elif by_half is not None:
                half_days, cost = half_days + 1, cost + by_half
        if rate.day is not None and (not (minutes or half_days) or rate.day < cost):
            minutes, half_days, days, cost = 0, 0, 1, Fraction(rate.day)
        self.minutes += minutes
        self.half_days += half_days
        self.days += days
        self.gross += cost
        if rate.daily_cap is not None and cost > rate.daily_cap:
            cost = Fraction(rate.daily_cap)
        self.after_daily_cap[used.key] = self.after_daily_cap.get(used.key, Fraction(0)) + cost


@dataclass(slots=True)
class _Reckoning:
    """The lines as they are written, and the packs as they empty."""

    tariff: Tariff
    packs: list[Pack]
    lines: list[Line] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)
    unpriced: list[Unpriced] = field(default_factory=list)

    def add_monthly_fee(self, part: Days) -> None:
        fee, month = self.tariff.fee, Days.month_of(part.start)
        if fee is None or fee.every is not Every.MONTH:
            return
        share = (Decimal(len(part)) / len(month)).quantize(Decimal("0.0001"))
        self._write(Code.FEE_MONTH, part, share, fee.amount, month.share(fee.amount, part))

    def add_yearly_fee(self, day: date) -> None:
        fee = self.tariff.fee
        if fee is not None and fee.every is Every.YEAR:
            due = Days.inclusive(day, day)
            self._write(Code.FEE_YEAR, due, Decimal(1), fee.amount, cents(fee.amount))

    def add_use(self, kind: str, part: Days, days: list[DayUse]) -> None:
        """The lines of one kind in one month, or in the part of it that the period holds."""
        rate = self.tariff.rate_for(kind) or Rate(kind=kind)
        if rate.unlimited:
            minutes = sum(used.minutes for used in days)
            self._write(Code.UNLIMITED, part, _hours(minutes), ZERO, ZERO, kind=kind)
            return
        self._use_quota(rate, part, days)
        self._use_packs(kind, part, days)
        paid = _Paid()
        for used in days:
            if used.minutes and rate.is_priced:
                paid.add(rate, used)
            elif used.minutes:
                self.unpriced.append(Unpriced(used.day, kind, used.key, used.minutes))
        self._explain(rate, part, paid)

    def _use_quota(self, rate: Rate, part: Days, days: list[DayUse]) -> None:
        quota = rate.included
        if quota is None:
            return
        whole = quota.unit.in_ledger(quota.quantity)
        allowed = left = Days.month_of(part.start).share_of_units(whole, part)
        for used in days:
            left -= take(quota.unit, left, used.halves)
        self._write_covered(Code.INCLUDED, rate.kind, part, quota.unit, allowed - left)

    def _use_packs(self, kind: str, part: Days, days: list[DayUse]) -> None:
        drawn: dict[str, int] = {}
        for used in days:
            for pack in usable(self.packs, kind, used.day):
                units = take(pack.unit, pack.left, used.halves)
                if units:
                    draw = Draw(pack.code, used.day, units)
                    self.draws.append(draw)
                    self.packs = after(self.packs, [draw])
                    drawn[pack.code] = drawn.get(pack.code, 0) + units
        for pack in self.packs:
            self._write_covered(
                Code.PACK, kind, part, pack.unit, drawn.get(pack.code, 0), label=pack.code
            )

    def _write_covered(
        self, code: Code, kind: str, part: Days, unit: Unit, units: int, label: str = ""
    ) -> None:
        if units:
            quantity = _hours(units) if unit is Unit.HOUR else Decimal(units)
            self._write(code, part, quantity, ZERO, ZERO, kind=kind, unit=unit, label=label)

    def _explain(self, rate: Rate, part: Days, paid: "_Paid") -> None:
        """What was counted at its price, then each cap as what it takes off."""
        for code, unit, quantity, unit_price, exact in (
            (Code.HOURS, Unit.HOUR, _hours(paid.minutes), rate.hour, Fraction(paid.minutes, 60)),
            (Code.HALF_DAYS, Unit.HALF_DAY, Decimal(paid.half_days), rate.half_day, None),
            (Code.DAYS, Unit.DAY, Decimal(paid.days), rate.day, None),
        ):
            if quantity and unit_price is not None:
                amount = cents(Fraction(unit_price) * (exact or Fraction(quantity)))
                self._write(code, part, quantity, unit_price, amount, kind=rate.kind, unit=unit)
        # Each amount is the step between two rounded totals: the lines sum to the rounded price.
        after_daily = cents(sum(paid.after_daily_cap.values(), Fraction(0)))
        self._write_cap(Code.DAILY_CAP, rate, part, rate.daily_cap, after_daily - cents(paid.gross))
        if rate.monthly_cap is None:
            return
        cap = Days.month_of(part.start).share(rate.monthly_cap, part)
        held = (min(cost, Fraction(cap)) for cost in paid.after_daily_cap.values())
        after_monthly = cents(sum(held, Fraction(0)))
        self._write_cap(Code.MONTHLY_CAP, rate, part, cap, after_monthly - after_daily)

    def _write_cap(
        self, code: Code, rate: Rate, part: Days, cap: Decimal | None, amount: Decimal
    ) -> None:
        if amount:
            self._write(code, part, Decimal(1), amount, amount, kind=rate.kind, value=cap)

    def add_reduction(self, category: str, period: Days) -> None:
        reduction = self.tariff.reduction_for(category)
        if reduction is None:
            return
        fees = {Code.FEE_MONTH, Code.FEE_YEAR}
        reduced = sum(
            (
                line.amount
                for line in self.lines
                if (reduction.on_fees if line.code in fees else reduction.on_use)
            ),
            ZERO,
        )
        amount = -cents(Fraction(reduced) * Fraction(reduction.percent) / 100)
        if amount:
            self._write(
                Code.REDUCTION,
                period,
                Decimal(1),
                amount,
                amount,
                value=reduction.percent,
                label=category,
            )

    def _write(
        self,
        code: Code,
        days: Days,
        quantity: Decimal,
        unit_price: Decimal,
        amount: Decimal,
        *,
        kind: str = "",
        unit: Unit | None = None,
        value: Decimal | None = None,
        label: str = "",
    ) -> None:
        self.lines.append(
            Line(
                code=code,
                days=days,
                quantity=quantity,
                unit_price=unit_price,
                amount=amount,
                kind=kind,
                unit=unit,
                value=value,
                label=label,
            )
        )
