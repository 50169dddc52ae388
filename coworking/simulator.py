"""What the simulator is told of this house: the price of a day on its plans, and the way in."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final
from urllib.parse import urlencode

from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from coworking.context import only_space
from members.models import Plan
from members.money import cents
from members.pricing import tariff_of, vat_rates, versions_on
from members.tariff import Choice, best_plan
from savings import Currency
from simulator.house import DayFee, House, WayIn

KEPT_FOR: Final = 60  # seconds
HOURS_A_DAY: Final = 7
MOST_DAYS: Final = 28  # fit in any month


def day_fees(days: int) -> tuple[DayFee, ...]:
    """The cheapest plan on offer for so many days of seven hours a month, in each currency.

    At most a minute old. A handful of queries when this process forgot it, whatever the plans.
    """
    days = min(days, MOST_DAYS)
    key = f"roof.day_fees.{get_language()}.{days}"
    kept: tuple[DayFee, ...] | None = caches["process"].get(key)
    if kept is None:
        kept = _day_fees(days)
        caches["process"].set(key, kept, KEPT_FOR)
    return kept


def _day_fees(days: int) -> tuple[DayFee, ...]:
    today = timezone.localdate()
    versions = versions_on(Plan.objects.offered(), today)
    rates = {code: vat_rates(code) for code in {version.vat_code for version in versions}}
    found = []
    for currency in Currency:
        sold = {
            version.plan.code: version
            for version in versions
            if version.plan.currency == currency and version.plan.is_offered
        }
        tariffs = [tariff_of(version, rates[version.vat_code]) for version in sold.values()]
        choices = best_plan(tariffs, Decimal(days * HOURS_A_DAY), on=today)
        if choices:
            cheapest = choices[0]
            version = sold[cheapest.tariff.code]
            found.append(
                DayFee(
                    value=_a_day(cheapest, days),
                    currency=currency,
                    plan=version.plan.label,
                    days=days,
                    since=version.valid_from,
                )
            )
    return tuple(found)


def _a_day(choice: Choice, days: int) -> Decimal:
    return cents(Fraction(choice.monthly) / days)


def way_in(carried: Mapping[str, str]) -> WayIn:
    """The trial day of the only space, else the list of spaces; and the application. Both carry
    the commute: each page asks whether to keep it."""
    said = urlencode(carried)
    space = only_space()
    join = f"{reverse('members:apply')}?{said}"
    if space is None:
        return WayIn(trial=reverse("home"), join=join)
    trial = f"{reverse('booking:book', args=[space.slug])}?{said}"
    return WayIn(trial=trial if space.offers_trial_day else "", join=join)


HOUSE: Final = House(day_fees=day_fees, way_in=way_in)
