"""Prices as rows: drafted, published, frozen; the tariff that they make is the published one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from members import pricing
from members.models import Act, AuditEntry, PlanRate, PlanVersion, Role, Vat
from members.services import plans
from members.tariff import Days, Stay, price
from tests.factories import MONDAY, NOW, PARIS, a_plan, a_user, at
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

MARCH = Days.month_of(MONDAY)


def test_six_hours_at_the_tariff_of_2018_cost_what_was_published() -> None:
    version = pricing.version_on(a_plan(), MONDAY)
    tariff = pricing.tariff_of(version, pricing.vat_rates())
    month = price(tariff, [Stay(at(9), at(15))], MARCH, zone=PARIS, since=MONDAY)
    assert [line.amount for line in month.lines] == [Decimal("29.00"), Decimal("18.00")]
    assert (month.vat.net, month.vat.vat) == (Decimal("39.17"), Decimal("7.83"))


def test_a_new_price_is_a_new_version_and_the_past_keeps_its_own() -> None:
    plan, operator = a_plan(), a_user(role=Role.OPERATOR)
    april = date(2026, 4, 1)
    draft = plans.draft_version(plan=plan, valid_from=april, by=operator, now=NOW)
    draft.rates.filter(kind="desk").update(hour=Decimal("3.50"))
    assert pricing.version_on(plan, april).rates.get(kind="desk").hour == Decimal("3.00")
    plans.publish_version(version=draft, by=operator, now=NOW)
    by_day = pricing.tariffs_during(plan, Days(date(2026, 3, 1), date(2026, 5, 1)))
    assert [(days.start, tariff.rate_for("desk").hour) for days, tariff in by_day] == [
        (date(2026, 3, 1), Decimal("3.00")),
        (april, Decimal("3.50")),
    ]
    entry = AuditEntry.objects.about(draft).get(act=Act.PUBLISHED)
    assert "3.50" in str(entry.changes["rates"])


def test_a_published_price_never_changes_whoever_writes() -> None:
    version = a_plan().versions.get()
    writes = [
        lambda: PlanVersion.objects.filter(pk=version.pk).update(fee=1),
        lambda: PlanVersion.objects.filter(pk=version.pk).update(published_at=None),
        lambda: version.rates.update(hour=1),
        lambda: PlanRate.objects.bulk_create([PlanRate(version=version, kind="room", hour=1)]),
        lambda: version.rates.all().delete(),
    ]
    for write in writes:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    with refused("published"):
        plans.publish_version(version=version, by=a_user(role=Role.OPERATOR), now=NOW)


def test_a_price_does_not_hold_for_the_past() -> None:
    plan, operator = a_plan(), a_user(role=Role.OPERATOR)
    draft = plans.draft_version(
        plan=plan, valid_from=MONDAY - timedelta(days=1), by=operator, now=NOW
    )
    with refused("retroactive"):
        plans.publish_version(version=draft, by=operator, now=NOW)


def test_prices_that_make_no_sense_are_not_published() -> None:
    plan, operator = a_plan(), a_user(role=Role.OPERATOR)
    draft = plans.draft_version(plan=plan, valid_from=date(2026, 5, 1), by=operator, now=NOW)
    draft.rates.filter(kind="desk").update(hour=None)  # a cap without a price
    with refused("bad_tariff"):
        plans.publish_version(version=draft, by=operator, now=NOW)
    draft.rates.all().delete()
    PlanVersion.objects.filter(pk=draft.pk).update(fee=None)
    with refused("empty"):
        plans.publish_version(version=draft, by=operator, now=NOW)
    PlanVersion.objects.filter(pk=draft.pk).update(fee=1, vat_code="reduced")
    with refused("no_vat"):
        plans.publish_version(version=draft, by=operator, now=NOW)


def test_two_vat_rates_never_hold_on_one_day() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Vat.objects.create(percent=21, source="Loi", valid_from=date(2027, 1, 1))
    Vat.objects.update(valid_until=date(2027, 1, 1))
    Vat.objects.create(percent=21, source="Loi", valid_from=date(2027, 1, 1))


def test_all_the_plans_are_read_in_a_constant_number_of_queries(
    django_assert_num_queries,
) -> None:
    found = [a_plan()]
    with django_assert_num_queries(4):
        pricing.versions_on(found, MONDAY)
    found += [a_plan() for _ in range(5)]
    with django_assert_num_queries(4):
        assert len(pricing.versions_on(found, MONDAY)) == 6
