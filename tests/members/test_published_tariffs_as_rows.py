"""Every tariff of the trade as rows: drafted, written, published, then priced as everything is.

The examples are those of `test_tariff_published`, which prices the same tariffs written as values.
"""

from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from members import pricing
from members.models import Plan, PlanPack, PlanRate, PlanReduction, Role, User
from members.services.plans import Row, draft_version, publish_version, save_draft, save_plan
from members.tariff import (
    GUEST,
    ROOM,
    Code,
    Days,
    PackOffer,
    Statement,
    Stay,
    Tariff,
    Unit,
    bought,
    price,
)
from tests.factories import NOW, a_user
from tests.members.test_tariff_properties import PERIOD, categories, stays, tariffs, zones
from tests.members.test_tariff_published import JUNE, PARIS, at, told
from tests.members.test_tariff_published import stays as hours_of

pytestmark = pytest.mark.django_db

_numbers = count(1)


def euros(text: str) -> Decimal:
    return Decimal(text)


def published(*rows: Row, by: User | None = None, since=date(2026, 1, 1), **terms) -> Plan:
    """A plan whose only version says this, laid down as the operator would."""
    by = by or a_user(role=Role.OPERATOR)
    plan = Plan(code=f"rows-{next(_numbers)}", name="Formule")
    save_plan(plan=plan, by=by, now=NOW)
    draft = draft_version(plan=plan, valid_from=since, by=by, now=NOW)
    for name, value in terms.items():
        setattr(draft, name, value)
    save_draft(version=draft, rows=rows, by=by, now=NOW)
    publish_version(version=draft, by=by, now=NOW)
    return plan


def tariff_of(plan: Plan) -> Tariff:
    version = pricing.version_on(plan, JUNE.start)
    return pricing.tariff_of(version, pricing.vat_rates())


def in_june(plan: Plan, *found: Stay, **more) -> Statement:
    return price(tariff_of(plan), found, JUNE, zone=PARIS, **more)


def desk(**values) -> PlanRate:
    return PlanRate(**({"step": 1} | values))


def lyon_2013() -> Plan:
    return published(desk(hour=euros("2.50"), monthly_cap=euros("200.00")), fee=euros("24.00"))


def paris_2018() -> Plan:
    return published(
        desk(hour=euros("3.00"), monthly_cap=euros("270.00")),
        desk(kind="guest", hour=euros("5.00")),
        fee=euros("29.00"),
        fee_every="year",
    )


@pytest.mark.parametrize(
    ("hours", "total"), [(0, "24.00"), (10, "49.00"), (80, "224.00"), (150, "224.00")]
)
def test_the_tariff_of_2013(hours, total):
    assert in_june(lyon_2013(), *hours_of(hours)).total == euros(total)


def test_half_a_month_of_2013_is_half_the_fee():
    tariff = tariff_of(lyon_2013())
    halves = Days(JUNE.start, date(2026, 6, 16)), Days(date(2026, 6, 16), JUNE.end)
    assert [price(tariff, (), half, zone=PARIS).total for half in halves] == [euros("12.00")] * 2


def test_the_tariff_of_2018():
    plan = paris_2018()
    six = in_june(plan, *hours_of(6))
    assert (six.total, six.vat.net, six.vat.vat) == (euros("18.00"), euros("15.00"), euros("3.00"))
    assert in_june(plan, *hours_of(6, kind=GUEST)).total == euros("30.00")
    assert told(in_june(plan, *hours_of(90))) == [(Code.HOURS, 90, euros("270.00"))]
    capped = in_june(plan, *hours_of(140))
    assert told(capped) == [
        (Code.HOURS, 140, euros("420.00")),
        (Code.MONTHLY_CAP, 1, euros("-150.00")),
    ]
    assert (capped.vat.net, capped.vat.vat) == (euros("225.00"), euros("45.00"))
    joining = in_june(plan, since=date(2026, 6, 12))
    assert told(joining) == [(Code.FEE_YEAR, 1, euros("29.00"))]
    assert (joining.vat.net, joining.vat.vat) == (euros("24.17"), euros("4.83"))


def test_day_and_half_day_passes():
    plan = published(desk(half_day=euros("9.00"), day=euros("15.00")))
    morning, afternoon = Stay(at(1, 9), at(1, 12)), Stay(at(1, 14), at(1, 18))
    assert told(in_june(plan, morning)) == [(Code.HALF_DAYS, 1, euros("9.00"))]
    assert told(in_june(plan, morning, afternoon)) == [(Code.DAYS, 1, euros("15.00"))]


def test_a_pack_of_ten_days_until_it_expires():
    plan = published(PlanPack(code="dix", name="Dix", quantity=10, price=120, valid_months=6))
    [offer] = tariff_of(plan).packs
    ten = PackOffer(code="dix", quantity=10, unit=Unit.DAY, price=euros("120.00"), valid_months=6)
    assert offer == ten
    pack = bought(offer, code="p", on=date(2026, 5, 20))
    assert pack.days.end == date(2026, 11, 20)
    statement = in_june(plan, *hours_of(77), packs=[pack])
    assert told(statement) == [(Code.PACK, 10, 0)]
    assert [left.day.day for left in statement.unpriced] == [11]


def test_a_month_without_limit():
    plan = published(desk(unlimited=True), fee=euros("190.00"))
    assert in_june(plan, *hours_of(200, per_day=8)).total == euros("190.00")


@pytest.mark.parametrize(
    ("rate", "hours", "lines"),
    [
        (
            {"day": euros("15.00"), "included_quantity": 5, "included_unit": "day"},
            49,
            [(Code.INCLUDED, 5, 0), (Code.DAYS, 2, euros("30.00"))],
        ),
        (
            {"hour": euros("2.00"), "included_quantity": 5, "included_unit": "day"},
            49,
            [(Code.INCLUDED, 5, 0), (Code.HOURS, 14, euros("28.00"))],
        ),
    ],
    ids=["days", "hours"],
)
def test_included_days_then_days_or_hours(rate, hours, lines):
    assert told(in_june(published(desk(**rate)), *hours_of(hours))) == lines


def test_a_fixed_desk_and_a_room_by_the_hour_begun():
    plan = published(
        desk(unlimited=True),
        PlanRate(kind="room", hour=euros("12.00"), step=60),
        fee=euros("280.00"),
        fixed_desk=True,
        commitment_months=3,
        notice_days=30,
    )
    tariff = tariff_of(plan)
    assert tariff.fixed_desk
    assert tariff.earliest_end(date(2026, 1, 31), date(2026, 2, 1)) == date(2026, 4, 30)
    meeting = Stay(at(1, 9), at(1, 10, 10), ROOM, "bleue")
    assert in_june(plan, meeting, Stay(at(1, 9), at(1, 18))).total == euros("304.00")


def test_a_free_trial_day():
    trial = PlanPack(code="essai", name="Essai", quantity=1, price=0, valid_months=1)
    plan = published(desk(hour=euros("5.00")), trial)
    pack = bought(tariff_of(plan).packs[0], code="e", on=JUNE.start)
    first, second = Stay(at(1, 9), at(1, 17)), Stay(at(2, 9), at(2, 11))
    assert in_june(plan, first, second, packs=[pack]).total == euros("10.00")


def test_a_daily_cap():
    plan = published(desk(hour=euros("3.00"), daily_cap=euros("18.00")))
    assert told(in_june(plan, *hours_of(15, per_day=8))) == [
        (Code.HOURS, 15, euros("45.00")),
        (Code.DAILY_CAP, 1, euros("-9.00")),
    ]


@pytest.mark.parametrize(
    ("category", "total"), [("", "47.00"), ("emploi", "23.50"), ("etudiant", "42.50")]
)
def test_job_seekers_and_students(category, total):
    plan = published(
        desk(hour=euros("3.00")),
        PlanReduction(category="emploi", name="Demandeurs d’emploi", percent=50),
        PlanReduction(category="etudiant", name="Étudiants", percent=25, on_fees=False),
        fee=euros("29.00"),
    )
    assert in_june(plan, *hours_of(6), category=category).total == euros(total)


def rows_of(tariff: Tariff) -> list[Row]:
    rates = [
        PlanRate(
            kind=rate.kind,
            hour=rate.hour,
            half_day=rate.half_day,
            day=rate.day,
            daily_cap=rate.daily_cap,
            monthly_cap=rate.monthly_cap,
            included_quantity=rate.included.quantity if rate.included else None,
            included_unit=rate.included.unit if rate.included else "",
            unlimited=rate.unlimited,
            step=rate.metering.step,
            rounding=rate.metering.rounding,
            free_minutes=rate.metering.free,
        )
        for rate in tariff.rates
    ]
    cuts = [
        PlanReduction(
            category=cut.category,
            name=cut.category,
            percent=cut.percent,
            on_fees=cut.on_fees,
            on_use=cut.on_use,
        )
        for cut in tariff.reductions
    ]
    return [*rates, *cuts]


@pytest.fixture
def operator(db) -> User:
    return a_user(role=Role.OPERATOR)


# The operator is the same in every example, and each has a plan of its own.
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tariff=tariffs(), found=stays, category=categories, zone=zones)
def test_rows_cost_what_the_tariff_costs_that_they_were_written_from(
    operator, tariff, found, category, zone
):
    fee = tariff.fee
    terms = {"fee": fee.amount, "fee_every": fee.every} if fee else {}
    plan = published(*rows_of(tariff), by=operator, **terms)
    by_rows = price(tariff_of(plan), found, PERIOD, zone=zone, category=category)
    pure = price(tariff, found, PERIOD, zone=zone, category=category)
    assert by_rows.lines == pure.lines
    assert by_rows.unpriced == pure.unpriced
