"""Tariffs of the trade, written as data, and what they cost: the worked examples, to the cent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from members.money import VatRate
from members.tariff import (
    DESK,
    GUEST,
    ROOM,
    Code,
    Days,
    Every,
    Fee,
    Metering,
    PackOffer,
    Quota,
    Rate,
    Reduction,
    Stay,
    Tariff,
    Unit,
    bought,
    price,
)

PARIS = ZoneInfo("Europe/Paris")
VAT = (VatRate(percent=Decimal("20"), source="CGI, article 278", valid_from=date(2014, 1, 1)),)
JUNE = Days.inclusive(date(2026, 6, 1), date(2026, 6, 30))


def euros(text: str) -> Decimal:
    return Decimal(text)


LYON_2013 = Tariff(
    code="lyon-2013",
    vat=VAT,
    fee=Fee(euros("24.00"), Every.MONTH),
    rates=(Rate(hour=euros("2.50"), monthly_cap=euros("200.00")),),
)
PARIS_2018 = Tariff(
    code="paris-2018",
    vat=VAT,
    fee=Fee(euros("29.00"), Every.YEAR),
    rates=(
        Rate(hour=euros("3.00"), monthly_cap=euros("270.00")),
        Rate(kind=GUEST, hour=euros("5.00")),
    ),
)


def desk_tariff(**rate) -> Tariff:
    return Tariff(code="plan", vat=VAT, rates=(Rate(**rate),))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=PARIS)


def stays(hours: int, *, per_day: int = 7, kind: str = DESK) -> list[Stay]:
    """So many hours from the 1st of June on, days from 8:00."""
    found = []
    for day in range(1, 31):
        if hours:
            today = min(per_day, hours)
            found.append(Stay(at(day, 8), at(day, 8) + timedelta(hours=today), kind))
            hours -= today
    assert not hours
    return found


def in_june(tariff, found=(), **more):
    return price(tariff, found, JUNE, zone=PARIS, **more)


def told(statement) -> list[tuple[Code, Decimal, Decimal]]:
    return [(line.code, line.quantity, line.amount) for line in statement.lines]


def test_six_hours_cost_18_euros():
    statement = in_june(PARIS_2018, stays(6))
    (line,) = statement.lines
    assert (line.quantity, line.unit_price, line.amount) == (6, euros("3.00"), euros("18.00"))
    assert (statement.vat.net, statement.vat.vat) == (euros("15.00"), euros("3.00"))


def test_a_guest_pays_30_euros_for_six_hours():
    assert in_june(PARIS_2018, stays(6, kind=GUEST)).total == euros("30.00")


def test_90_hours_meet_the_cap_exactly():
    assert told(in_june(PARIS_2018, stays(90))) == [(Code.HOURS, 90, euros("270.00"))]


def test_140_hours_show_what_the_cap_takes_off():
    statement = in_june(PARIS_2018, stays(140))
    assert told(statement) == [
        (Code.HOURS, 140, euros("420.00")),
        (Code.MONTHLY_CAP, 1, euros("-150.00")),
    ]
    assert statement.lines[1].value == euros("270.00")
    assert statement.total == euros("270.00")
    assert (statement.vat.net, statement.vat.vat) == (euros("225.00"), euros("45.00"))


def test_joining_adds_the_yearly_fee_once():
    since = date(2026, 6, 12)
    statement = in_june(PARIS_2018, since=since)
    assert told(statement) == [(Code.FEE_YEAR, 1, euros("29.00"))]
    assert (statement.vat.net, statement.vat.vat) == (euros("24.17"), euros("4.83"))
    july = Days.month_of(date(2026, 7, 1))
    assert price(PARIS_2018, (), july, zone=PARIS, since=since).total == 0
    a_year_later = Days.month_of(date(2027, 6, 1))
    assert price(PARIS_2018, (), a_year_later, zone=PARIS, since=since).total == euros("29.00")


@pytest.mark.parametrize(
    ("hours", "total"), [(0, "24.00"), (10, "49.00"), (80, "224.00"), (150, "224.00")]
)
def test_the_tariff_of_2013_had_a_monthly_fee_and_a_cap_on_the_hours(hours, total):
    assert in_june(LYON_2013, stays(hours)).total == euros(total)


def test_half_a_month_is_exactly_half_the_fee():
    halves = (Days(JUNE.start, date(2026, 6, 16)), Days(date(2026, 6, 16), JUNE.end))
    assert [price(LYON_2013, (), half, zone=PARIS).total for half in halves] == [
        euros("12.00"),
        euros("12.00"),
    ]


def test_day_and_half_day_passes():
    passes = desk_tariff(half_day=euros("9.00"), day=euros("15.00"))
    morning = Stay(at(1, 9), at(1, 12))
    afternoon = Stay(at(1, 14), at(1, 18))
    assert told(in_june(passes, [morning])) == [(Code.HALF_DAYS, 1, euros("9.00"))]
    assert told(in_june(passes, [morning, afternoon])) == [(Code.DAYS, 1, euros("15.00"))]


def test_two_half_days_are_kept_when_they_cost_less_than_the_day():
    passes = desk_tariff(half_day=euros("7.00"), day=euros("15.00"))
    statement = in_june(passes, [Stay(at(1, 9), at(1, 18))])
    assert told(statement) == [(Code.HALF_DAYS, 2, euros("14.00"))]


def test_a_short_stay_is_paid_by_the_hour_and_a_long_one_by_the_day():
    mixed = desk_tariff(hour=euros("3.00"), half_day=euros("9.00"), day=euros("15.00"))
    assert in_june(mixed, [Stay(at(1, 9), at(1, 11))]).total == euros("6.00")
    assert told(in_june(mixed, [Stay(at(1, 9), at(1, 14))])) == [
        (Code.HOURS, 1, euros("3.00")),
        (Code.HALF_DAYS, 1, euros("9.00")),
    ]
    assert in_june(mixed, [Stay(at(1, 9), at(1, 18))]).total == euros("15.00")


def test_a_pack_of_ten_days_pays_for_days_and_not_for_more():
    offer = PackOffer(
        code="ten-days", quantity=10, unit=Unit.DAY, price=euros("120.00"), valid_months=6
    )
    tariff = Tariff(code="pack", vat=VAT, packs=(offer,))
    pack = bought(offer, code="pack-1", on=date(2026, 5, 20))
    statement = in_june(tariff, stays(11 * 7), packs=[pack])
    assert told(statement) == [(Code.PACK, 10, 0)]
    assert [draw.day.day for draw in statement.draws] == list(range(1, 11))
    (left_over,) = statement.unpriced
    assert (left_over.day, left_over.minutes) == (date(2026, 6, 11), 7 * 60)


def test_a_month_without_limit():
    tariff = Tariff(
        code="unlimited",
        vat=VAT,
        fee=Fee(euros("190.00"), Every.MONTH),
        rates=(Rate(unlimited=True),),
    )
    statement = in_june(tariff, stays(200, per_day=8))
    assert statement.total == euros("190.00")
    assert (Code.UNLIMITED, 200, 0) in told(statement)


def test_five_included_days_then_each_day_is_paid():
    tariff = desk_tariff(day=euros("15.00"), included=Quota(5, Unit.DAY))
    assert told(in_june(tariff, stays(7 * 7))) == [
        (Code.INCLUDED, 5, 0),
        (Code.DAYS, 2, euros("30.00")),
    ]


def test_twenty_included_hours_then_each_hour_is_paid():
    tariff = desk_tariff(hour=euros("2.00"), included=Quota(20, Unit.HOUR))
    assert told(in_june(tariff, stays(24))) == [
        (Code.INCLUDED, 20, 0),
        (Code.HOURS, 4, euros("8.00")),
    ]


def test_a_fixed_desk_with_its_commitment_and_notice():
    tariff = Tariff(
        code="fixed",
        vat=VAT,
        fee=Fee(euros("280.00"), Every.MONTH),
        rates=(Rate(unlimited=True), Rate(kind=ROOM, hour=euros("10.00"))),
        fixed_desk=True,
        commitment_months=3,
        notice_days=30,
    )
    assert in_june(tariff, stays(100)).total == euros("280.00")
    joined = date(2026, 1, 31)
    assert tariff.earliest_end(joined, asked_on=date(2026, 2, 1)) == date(2026, 4, 30)
    assert tariff.earliest_end(joined, asked_on=date(2026, 6, 1)) == date(2026, 7, 1)


def test_a_meeting_room_by_the_hour_begun_beside_the_desk():
    tariff = Tariff(
        code="desk-and-room",
        vat=VAT,
        rates=(
            Rate(hour=euros("3.00")),
            Rate(kind=ROOM, hour=euros("12.00"), metering=Metering(step=60)),
        ),
    )
    found = [Stay(at(1, 9), at(1, 10, 10), ROOM, "blue"), Stay(at(1, 9), at(1, 12))]
    assert in_june(tariff, found).total == euros("33.00")


def test_a_free_trial_day_is_a_pack_at_nothing():
    trial = PackOffer(code="trial", quantity=1, unit=Unit.DAY, price=euros("0.00"), valid_months=1)
    tariff = Tariff(code="guest", vat=VAT, rates=(Rate(hour=euros("5.00")),), packs=(trial,))
    pack = bought(trial, code="trial-1", on=date(2026, 6, 1))
    found = [Stay(at(1, 9), at(1, 17)), Stay(at(2, 9), at(2, 11))]
    assert in_june(tariff, found, packs=[pack]).total == euros("10.00")


def test_a_daily_cap_is_its_own_line():
    tariff = desk_tariff(hour=euros("3.00"), daily_cap=euros("18.00"))
    assert told(in_june(tariff, stays(15, per_day=8))) == [
        (Code.HOURS, 15, euros("45.00")),
        (Code.DAILY_CAP, 1, euros("-9.00")),
    ]


@pytest.mark.parametrize(
    ("category", "total"), [("", "47.00"), ("job-seeker", "23.50"), ("student", "42.50")]
)
def test_job_seekers_and_students_pay_less(category, total):
    tariff = Tariff(
        code="reduced",
        vat=VAT,
        fee=Fee(euros("29.00"), Every.MONTH),
        rates=(Rate(hour=euros("3.00")),),
        reductions=(
            Reduction(category="job-seeker", percent=Decimal("50")),
            Reduction(category="student", percent=Decimal("25"), on_fees=False),
        ),
    )
    assert in_june(tariff, stays(6), category=category).total == euros(total)


def test_instants_are_read_in_any_zone():
    same = Stay(at(1, 8).astimezone(UTC), at(1, 14).astimezone(ZoneInfo("Asia/Tokyo")))
    assert in_june(PARIS_2018, [same]) == in_june(PARIS_2018, stays(6))
