"""From rows to tariffs: what a plan costs on a day, for the page, the quote and the invoice alike.

The arithmetic is in `members.tariff`; here only reads, and one tariff made of each version.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Subquery

from members import money
from members.models import Plan, PlanRate, PlanVersion, Vat
from members.tariff import (
    Days,
    Every,
    Fee,
    Metering,
    PackOffer,
    Quota,
    Rate,
    Reduction,
    Rounding,
    Tariff,
    Unit,
    in_force,
)


def vat_rates(code: str = "standard") -> tuple[money.VatRate, ...]:
    """The VAT rates of a code, all dates. One query."""
    return tuple(_vat(vat) for vat in Vat.objects.filter(code=code).order_by("valid_from"))


def all_vat_rates() -> dict[str, tuple[money.VatRate, ...]]:
    """The VAT rates of every code, all dates. One query."""
    found: dict[str, tuple[money.VatRate, ...]] = {}
    for vat in Vat.objects.order_by("code", "valid_from"):
        found[vat.code] = (*found.get(vat.code, ()), _vat(vat))
    return found


def _vat(vat: Vat) -> money.VatRate:
    return money.VatRate(
        percent=vat.percent,
        source=vat.source,
        valid_from=vat.valid_from,
        valid_until=vat.valid_until,
    )


def tariff_of(version: PlanVersion, vat: tuple[money.VatRate, ...]) -> Tariff:
    """The tariff that a version says, read `whole()`. Raises ValueError when it makes no sense."""
    fee = None if version.fee is None else Fee(version.fee, Every(version.fee_every))
    return Tariff(
        code=version.plan.code,
        vat=vat,
        fee=fee,
        rates=tuple(_rate(rate) for rate in sorted(version.rates.all(), key=lambda r: r.kind)),
        packs=tuple(
            PackOffer(
                code=pack.code,
                kind=pack.kind,
                quantity=pack.quantity,
                unit=Unit(pack.unit),
                price=pack.price,
                valid_months=pack.valid_months,
            )
            for pack in sorted(version.packs.all(), key=lambda pack: pack.code)
        ),
        reductions=tuple(
            Reduction(
                category=cut.category,
                percent=cut.percent,
                on_fees=cut.on_fees,
                on_use=cut.on_use,
            )
            for cut in sorted(version.reductions.all(), key=lambda cut: cut.category)
        ),
        fixed_desk=version.fixed_desk,
        commitment_months=version.commitment_months,
        notice_days=version.notice_days,
        midday=version.midday,
    )


def _rate(rate: PlanRate) -> Rate:
    included = None
    if rate.included_quantity is not None:
        included = Quota(rate.included_quantity, Unit(rate.included_unit))
    return Rate(
        kind=rate.kind,
        hour=rate.hour,
        half_day=rate.half_day,
        day=rate.day,
        daily_cap=rate.daily_cap,
        monthly_cap=rate.monthly_cap,
        included=included,
        unlimited=rate.unlimited,
        metering=Metering(step=rate.step, rounding=Rounding(rate.rounding), free=rate.free_minutes),
    )


def version_on(plan: Plan, day: date) -> PlanVersion | None:
    """The published version that holds on a day, whole; None before the first."""
    return (
        plan.versions.published()
        .filter(valid_from__lte=day)
        .whole()
        .order_by("-valid_from")
        .first()
    )


def versions_of(plans: Iterable[Plan]) -> dict[int, list[PlanVersion]]:
    """All published versions of each plan by its key, whole, the latest first. Four queries."""
    found: dict[int, list[PlanVersion]] = {plan.pk: [] for plan in plans}
    versions = PlanVersion.objects.published().filter(plan__in=found)
    for version in versions.whole().order_by("-valid_from"):
        found[version.plan_id].append(version)
    return found


def versions_on(plans: Iterable[Plan], day: date) -> list[PlanVersion]:
    """The version of each plan that holds on a day, whole, in the order of the plans.

    A plan without one is left out. Four queries, whatever the number of plans, and one more when
    the plans are a queryset that nobody has read yet.
    """
    ordered = list(plans)
    holding = (
        PlanVersion.objects.published()
        .filter(plan=OuterRef("plan"), valid_from__lte=day)
        .order_by("-valid_from")
    )
    versions = PlanVersion.objects.published().filter(
        plan__in=ordered, valid_from=Subquery(holding.values("valid_from")[:1])
    )
    found = {version.plan_id: version for version in versions.whole().order_by("pk")}
    return [found[plan.pk] for plan in ordered if plan.pk in found]


def tariffs_during(plan: Plan, period: Days) -> list[tuple[Days, Tariff]]:
    """The period cut where the prices of the plan change, each part with its tariff.

    Raises LookupError when the plan has no price on the first day.
    """
    versions = list(plan.versions.published().whole().order_by("valid_from"))
    rates: dict[str, tuple[money.VatRate, ...]] = {
        code: vat_rates(code) for code in {version.vat_code for version in versions}
    }
    dated = [(version.valid_from, version) for version in versions]
    return [
        (days, tariff_of(version, rates[version.vat_code]))
        for days, version in in_force(dated, period)
    ]
