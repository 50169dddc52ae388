"""What holds for every tariff and every list of stays, tried on generated ones."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from members.money import VatRate
from members.tariff import (
    DESK,
    GUEST,
    Code,
    Days,
    Every,
    Fee,
    Metering,
    Pack,
    Quota,
    Rate,
    Reduction,
    Rounding,
    Stay,
    Tariff,
    Unit,
    after,
    price,
)

ZONES = [ZoneInfo(name) for name in ("Europe/Paris", "America/Santiago", "Asia/Kolkata")]
VAT = (VatRate(percent=Decimal("20"), source="CGI, article 278", valid_from=date(2014, 1, 1)),)
# Holds a clock change of Paris (25 October 2026), and stays begin and end outside it too.
PERIOD = Days(date(2026, 10, 20), date(2026, 11, 8))
ORIGIN = datetime(2026, 10, 19, tzinfo=UTC)

prices = st.decimals(0, 40, places=2)
maybe = st.none() | prices
units = st.sampled_from(Unit)
zones = st.sampled_from(ZONES)


@st.composite
def rates(draw: st.DrawFn, kind: str) -> Rate:
    metering = Metering(
        step=draw(st.sampled_from([1, 7, 15, 20, 60])),
        rounding=draw(st.sampled_from(Rounding)),
        free=draw(st.sampled_from([0, 0, 15])),
    )
    if draw(st.integers(0, 9)) == 0:
        return Rate(kind=kind, unlimited=True, metering=metering)
    rate = Rate(
        kind=kind,
        hour=draw(maybe),
        half_day=draw(maybe),
        day=draw(maybe),
        included=draw(st.none() | st.builds(Quota, st.integers(1, 12), units)),
        metering=metering,
    )
    if not rate.is_priced:
        return rate
    return replace(rate, daily_cap=draw(maybe), monthly_cap=draw(maybe))


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    return Tariff(
        code="any",
        vat=VAT,
        fee=draw(st.none() | st.builds(Fee, prices, st.sampled_from(Every))),
        rates=(draw(rates(DESK)), draw(rates(GUEST))),
        reductions=(Reduction(category="student", percent=draw(st.decimals(1, 100, places=1))),),
    )


@st.composite
def some_stays(draw: st.DrawFn) -> Stay:
    start = ORIGIN + timedelta(minutes=draw(st.integers(0, 21 * 24 * 60)))
    seconds = draw(st.integers(0, 12 * 3600) | st.integers(0, 40 * 3600))
    return Stay(
        start,
        start + timedelta(seconds=seconds),
        draw(st.sampled_from([DESK, DESK, GUEST])),
        draw(st.sampled_from(["", "", "other"])),
    )


@st.composite
def held_packs(draw: st.DrawFn) -> list[Pack]:
    found = []
    for number in range(draw(st.integers(0, 3))):
        start = date(2026, 10, 1) + timedelta(days=draw(st.integers(0, 30)))
        unit = draw(units)
        found.append(
            Pack(
                code=f"pack-{number}",
                unit=unit,
                left=unit.in_ledger(draw(st.integers(0, 6))),
                days=Days(start, start + timedelta(days=draw(st.integers(1, 30)))),
                kind=draw(st.sampled_from([DESK, GUEST])),
            )
        )
    return found


stays = st.lists(some_stays(), max_size=8)
categories = st.sampled_from(["", "student"])


@given(tariffs(), stays, some_stays(), held_packs(), categories, zones)
def test_one_more_stay_never_costs_less(tariff, found, more, packs, category, zone):
    fewer = price(tariff, found, PERIOD, zone=zone, packs=packs, category=category)
    longer = price(tariff, [*found, more], PERIOD, zone=zone, packs=packs, category=category)
    assert longer.total >= fewer.total >= 0


@given(st.data(), tariffs(), stays, held_packs(), zones)
def test_the_order_of_stays_and_packs_does_not_matter(data, tariff, found, packs, zone):
    shuffled = data.draw(st.permutations(found))
    mixed = data.draw(st.permutations(packs))
    once = price(tariff, found, PERIOD, zone=zone, packs=packs)
    again = price(tariff, shuffled, PERIOD, zone=zone, packs=mixed)
    assert once.total == again.total
    assert once.draws == again.draws
    assert sorted(map(repr, once.lines)) == sorted(map(repr, again.lines))


@given(tariffs(), stays, zones)
def test_a_month_of_one_desk_never_costs_more_than_its_cap(tariff, found, zone):
    mine = [stay for stay in found if (stay.kind, stay.key) == (DESK, "")]
    rate = tariff.rate_for(DESK)
    days = Days(date(2026, 10, 1), date(2026, 11, 1))
    statement = price(replace(tariff, fee=None), mine, days, zone=zone)
    if rate.monthly_cap is not None:
        assert statement.total <= rate.monthly_cap
    used = {
        (stay.start + timedelta(minutes=minute)).astimezone(zone).date()
        for stay in mine
        for minute in range(int((stay.end - stay.start).total_seconds() // 60) + 2)
    }
    for ceiling in (rate.daily_cap, rate.day, rate.half_day and 2 * rate.half_day):
        if ceiling is not None:
            assert statement.total <= ceiling * len(used)


@given(tariffs(), stays, held_packs(), categories, zones)
def test_every_statement_adds_up_and_draws_what_there_is(tariff, found, packs, category, zone):
    statement = price(tariff, found, PERIOD, zone=zone, packs=packs, category=category)
    assert statement.vat.net + statement.vat.vat == statement.total
    assert all(held.left >= 0 for held in after(packs, statement.draws))
    for line in statement.lines:
        assert line.amount == line.amount.quantize(Decimal("0.01"))
        assert (line.amount < 0) <= (
            line.code in {Code.DAILY_CAP, Code.MONTHLY_CAP, Code.REDUCTION}
        )
        if line.code is not Code.FEE_MONTH:
            # The quantity is shown with four places, the amount is computed without rounding it.
            shown = Fraction(line.quantity) * Fraction(line.unit_price)
            assert abs(shown - Fraction(line.amount)) <= Fraction(1, 100)


@given(st.lists(some_stays(), min_size=1, max_size=4), st.integers(1, 18), prices, zones)
def test_a_period_cut_in_two_bills_each_minute_once(found, cut, hour, zone):
    by_hour = Tariff(code="hours", vat=VAT, rates=(Rate(hour=hour, metering=Metering(step=15)),))
    middle = PERIOD.start + timedelta(days=cut)
    minutes = [
        sum(
            line.quantity
            for line in price(by_hour, desks(found), days, zone=zone).lines
            if line.code is Code.HOURS
        )
        for days in (PERIOD, Days(PERIOD.start, middle), Days(middle, PERIOD.end))
    ]
    assert minutes[0] == minutes[1] + minutes[2]


def desks(found):
    return [stay for stay in found if stay.kind == DESK]


@given(
    prices,
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.lists(st.integers(1, 30), max_size=6, unique=True),
)
def test_the_shares_of_a_month_add_up_to_the_month(amount, day, cuts):
    month = Days.month_of(day)
    inside = [month.start + timedelta(days=cut) for cut in sorted(cuts) if cut < len(month)]
    edges = [month.start, *inside, month.end]
    parts = [Days(start, end) for start, end in itertools.pairwise(edges)]
    assert sum(month.share(amount, part) for part in parts) == amount
    assert sum(month.share_of_units(97, part) for part in parts) == 97
    fee = Tariff(code="fee", vat=VAT, fee=Fee(amount, Every.MONTH))
    assert sum(price(fee, (), part, zone=ZONES[0]).total for part in parts) == amount


@given(
    st.sampled_from(Rounding),
    st.integers(1, 90),
    st.integers(0, 30),
    st.integers(0, 90_000),
    st.integers(0, 90_000),
)
def test_a_longer_stay_is_never_metered_shorter(rounding, step, free, one, other):
    metering = Metering(step=step, rounding=rounding, free=free)
    short, long = sorted([one, other])
    few, many = (metering.minutes(timedelta(seconds=seconds)) for seconds in (short, long))
    assert few <= many
    assert many % step == 0
    assert abs(many - max(Fraction(long, 60) - free, 0)) < step
