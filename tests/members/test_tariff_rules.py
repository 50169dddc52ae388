"""The rules behind a price: metering, days and nights, months, versions, refusals."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from members.money import VatRate
from members.tariff import (
    GUEST,
    Code,
    Days,
    Every,
    Fee,
    Metering,
    PackOffer,
    Quota,
    Rate,
    Reduction,
    Rounding,
    Stay,
    Tariff,
    Unit,
    add_months,
    anniversaries,
    in_force,
    price,
)

PARIS = ZoneInfo("Europe/Paris")
VAT = (VatRate(percent=Decimal("20"), source="CGI, article 278", valid_from=date(2014, 1, 1)),)
JUNE = Days.inclusive(date(2026, 6, 1), date(2026, 6, 30))
THREE, FIFTEEN = Decimal("3.00"), Decimal("15.00")


def tariff(**rate) -> Tariff:
    return Tariff(code="plan", vat=VAT, rates=(Rate(**rate),))


def local(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS, fold=fold)


def total(plan, found, period=JUNE, **more) -> Decimal:
    return price(plan, found, period, zone=PARIS, **more).total


@pytest.mark.parametrize(
    ("elapsed", "billed"), [(0, 0), (15, 0), (16, 15), (30, 15), (31, 30), (60, 45), (61, 60)]
)
def test_the_quarter_begun_counts_after_15_free_minutes(elapsed, billed):
    metering = Metering(step=15, free=15)
    assert metering.minutes(timedelta(minutes=elapsed)) == billed


@pytest.mark.parametrize(
    ("rounding", "seconds", "billed"),
    [
        (Rounding.UP, 1, 30),
        (Rounding.UP, 1800, 30),
        (Rounding.NEAREST, 899, 0),
        (Rounding.NEAREST, 900, 30),
        (Rounding.DOWN, 1799, 0),
        (Rounding.DOWN, 1800, 30),
    ],
)
def test_a_half_hour_begun_is_rounded_as_the_plan_says(rounding, seconds, billed):
    metering = Metering(step=30, rounding=rounding)
    assert metering.minutes(timedelta(seconds=seconds)) == billed


def test_a_third_of_an_hour_is_not_rounded_before_the_end():
    by_ten = tariff(hour=Decimal("3.10"), metering=Metering(step=20))
    found = [Stay(local(6, day, 9), local(6, day, 9, 20)) for day in (1, 2, 3)]
    assert total(by_ten, found) == Decimal("3.10")


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_night_of_clock_change_is_billed_by_elapsed_hours(day, hours):
    start = datetime.combine(day, time.min, PARIS)
    end = datetime.combine(day + timedelta(days=1), time.min, PARIS)
    month = Days.month_of(day)
    assert total(tariff(hour=THREE), [Stay(start, end)], month) == hours * THREE


def test_the_repeated_hour_of_autumn_is_an_hour():
    stay = Stay(local(10, 25, 2, 30), local(10, 25, 2, 30, fold=1))
    assert total(tariff(hour=THREE), [stay], Days.month_of(date(2026, 10, 1))) == THREE


def test_the_local_date_decides_which_day_is_capped():
    capped = tariff(hour=THREE, daily_cap=Decimal("6.00"))
    across_midnight = Stay(local(6, 10, 22), local(6, 11, 2))
    assert total(capped, [across_midnight]) == Decimal("12.00")
    # From 22:00 to 2:00 in UTC, but one morning in Paris: midnight there has passed.
    same_day = Stay(datetime(2026, 6, 10, 22, tzinfo=UTC), datetime(2026, 6, 11, 2, tzinfo=UTC))
    assert total(capped, [same_day]) == Decimal("6.00")


def test_a_stay_over_new_year_is_cut_between_the_years_and_billed_once():
    stay = Stay(datetime(2026, 12, 31, 22, 50, tzinfo=PARIS), datetime(2027, 1, 1, 1, tzinfo=PARIS))
    by_hour = tariff(hour=THREE, metering=Metering(step=60))
    december, january = Days.month_of(date(2026, 12, 1)), Days.month_of(date(2027, 1, 1))
    assert total(by_hour, [stay], december) == Decimal("6.00")
    assert total(by_hour, [stay], january) == Decimal("3.00")
    assert total(by_hour, [stay], Days(december.start, january.end)) == Decimal("9.00")


def test_staying_a_few_minutes_past_midday_after_rounding_is_one_half_day():
    by_half = tariff(half_day=Decimal("9.00"), metering=Metering(step=60))
    assert total(by_half, [Stay(local(6, 1, 9), local(6, 1, 12, 50))]) == Decimal("9.00")
    assert total(by_half, [Stay(local(6, 1, 12, 30), local(6, 1, 13, 30))]) == Decimal("9.00")


def test_a_stay_of_no_length_costs_nothing():
    assert total(tariff(day=FIFTEEN), [Stay(local(6, 1, 9), local(6, 1, 9))]) == 0


def test_each_guest_has_a_day_of_their_own_and_the_quota_is_common():
    guests = [Stay(local(6, 1, 9), local(6, 1, 17), GUEST, name) for name in ("ann", "bob", "cid")]
    by_day = tariff(kind=GUEST, day=FIFTEEN, included=Quota(1, Unit.DAY))
    assert total(by_day, guests) == 2 * FIFTEEN


def test_what_the_plan_does_not_sell_is_shown_and_not_billed():
    statement = price(
        tariff(hour=THREE), [Stay(local(6, 1, 9), local(6, 1, 10), GUEST)], JUNE, zone=PARIS
    )
    assert statement.total == 0
    assert [(left.kind, left.minutes) for left in statement.unpriced] == [(GUEST, 60)]


def test_1_to_15_and_16_to_30_june_are_each_half_of_june():
    first = Days.inclusive(JUNE.start, date(2026, 6, 15))
    second = Days.inclusive(date(2026, 6, 16), date(2026, 6, 30))
    for amount in (Decimal("30.00"), Decimal("190.00")):
        assert JUNE.share(amount, first) == JUNE.share(amount, second) == amount / 2
    odd = Decimal("29.01")
    assert JUNE.share(odd, first) + JUNE.share(odd, second) == odd


def test_the_quota_and_the_cap_of_half_a_month_are_half():
    plan = tariff(hour=THREE, monthly_cap=Decimal("60.00"), included=Quota(10, Unit.HOUR))
    half = Days(JUNE.start, date(2026, 6, 16))
    found = [Stay(local(6, day, 8), local(6, day, 18)) for day in (1, 2, 3)]
    statement = price(plan, found, half, zone=PARIS)
    assert [(line.code, line.quantity, line.amount) for line in statement.lines] == [
        (Code.INCLUDED, 5, 0),
        (Code.HOURS, 25, Decimal("75.00")),
        (Code.MONTHLY_CAP, 1, Decimal("-45.00")),
    ]
    assert statement.lines[2].value == Decimal("30.00")


def test_each_month_of_a_longer_period_has_its_own_cap_and_fee():
    plan = Tariff(
        code="plan",
        vat=VAT,
        fee=Fee(Decimal("24.00"), Every.MONTH),
        rates=(Rate(hour=THREE, monthly_cap=FIFTEEN),),
    )
    found = [Stay(local(month, 10, 8), local(month, 10, 18)) for month in (6, 7)]
    assert total(plan, found, Days(JUNE.start, date(2026, 8, 1))) == 2 * (24 + FIFTEEN)


def test_a_new_price_leaves_the_past_as_it_was():
    old, new = tariff(hour=THREE), tariff(hour=Decimal("4.00"))
    history = [(date(2026, 6, 16), new), (date(2018, 1, 1), old)]
    found = [Stay(local(6, day, 9), local(6, day, 10)) for day in (15, 16)]
    parts = in_force(history, JUNE)
    assert [days for days, _ in parts] == [
        Days.inclusive(date(2026, 6, 1), date(2026, 6, 15)),
        Days.inclusive(date(2026, 6, 16), date(2026, 6, 30)),
    ]
    assert [total(version, found, days) for days, version in parts] == [THREE, Decimal("4.00")]
    may = Days.month_of(date(2026, 5, 1))
    assert in_force(history, may) == [(may, old)]


def test_a_period_before_the_first_price_is_refused():
    with pytest.raises(LookupError, match="no version"):
        in_force([(date(2026, 6, 2), "new")], JUNE)
    with pytest.raises(ValueError, match="same day"):
        in_force([(JUNE.start, "one"), (JUNE.start, "other")], JUNE)


def test_the_vat_rate_is_the_one_of_the_last_day():
    rates = (
        VatRate(
            percent=Decimal("19.6"),
            source="old law",
            valid_from=date(2000, 4, 1),
            valid_until=date(2026, 6, 30),
        ),
        VatRate(percent=Decimal("20"), source="new law", valid_from=date(2026, 6, 30)),
    )
    plan = Tariff(code="plan", vat=rates)
    assert price(plan, (), JUNE, zone=PARIS).vat_rate.source == "new law"
    until_29 = Days(JUNE.start, date(2026, 6, 30))
    assert price(plan, (), until_29, zone=PARIS).vat_rate.source == "old law"


def test_months_are_added_without_leaving_the_month():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2026, 3, 31), -4) == date(2025, 11, 30)


def test_someone_who_joined_on_29_february_has_an_anniversary_every_year():
    years = Days(date(2024, 1, 1), date(2029, 1, 1))
    assert anniversaries(date(2024, 2, 29), years) == [
        date(2024, 2, 29),
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


@pytest.mark.parametrize(
    "build",
    [
        lambda: Rate(hour=Decimal("-3")),
        lambda: Rate(hour=2.5),
        lambda: Rate(hour=Decimal("2.505")),
        lambda: Rate(monthly_cap=Decimal("270")),
        lambda: Rate(unlimited=True, hour=THREE),
        lambda: Fee(Decimal("NaN"), Every.MONTH),
        lambda: Metering(step=0),
        lambda: Metering(free=-1),
        lambda: Quota(0, Unit.DAY),
        lambda: PackOffer(code="p", quantity=0, unit=Unit.DAY, price=THREE, valid_months=1),
        lambda: Reduction(category="student", percent=Decimal("101")),
        lambda: Reduction(category="", percent=Decimal("10")),
        lambda: Tariff(code="p", vat=()),
        lambda: Tariff(code="p", vat=VAT, rates=(Rate(hour=THREE), Rate(day=FIFTEEN))),
        lambda: Tariff(code="p", vat=VAT, notice_days=-1),
        lambda: Days(JUNE.start, JUNE.start),
        lambda: JUNE.share(THREE, Days.month_of(date(2026, 7, 1))),
        lambda: Stay(datetime(2026, 6, 1, 9), datetime(2026, 6, 1, 10)),
        lambda: Stay(local(6, 1, 10), local(6, 1, 9)),
    ],
)
def test_data_that_makes_no_sense_is_refused(build):
    with pytest.raises(ValueError, match=r"\w"):
        build()
