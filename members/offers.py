"""The plans that one may choose, each with what it costs and asks, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members import pricing
from members.models import Admission, Every, Plan, PlanRate, PlanVersion, Unit, Usage

SIGNS = {"EUR": "€", "CHF": "CHF"}


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan as a card: `price` and `terms` are short sentences, the first price the main one."""

    plan: Plan
    version: PlanVersion
    price: list[str]
    terms: list[str]
    is_instant: bool

    @classmethod
    def of(cls, version: PlanVersion) -> "Offer":
        plan = version.plan
        return cls(
            plan=plan,
            version=version,
            price=list(price_in_words(version)),
            terms=list(terms_in_words(version)),
            is_instant=plan.admission == Admission.INSTANT,
        )


def offers(day: date) -> list[Offer]:
    """The plans on offer that have a price on that day, in their order. Five queries."""
    return [Offer.of(version) for version in pricing.versions_on(Plan.objects.offered(), day)]


def reductions_of(offered: list[Offer]) -> list[tuple[str, str]]:
    """The categories that some plan gives less to: code, and name with the plans if not all."""
    plans: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for offer in offered:
        for cut in offer.version.reductions.all():
            plans.setdefault(cut.category, []).append(offer.plan.label)
            names.setdefault(cut.category, cut.label)
    return [
        (code, names[code] if len(found) == len(offered) else f"{names[code]} ({', '.join(found)})")
        for code, found in sorted(plans.items(), key=lambda item: names[item[0]])
    ]


def price_in_words(version: PlanVersion) -> Iterator[str]:
    """« 29,00 € par an », then what a desk costs."""
    currency = version.plan.currency
    if version.fee:
        words = (
            _("%(price)s par mois") if version.fee_every == Every.MONTH else _("%(price)s par an")
        )
        yield words % {"price": amount(version.fee, currency)}
    elif version.fee is not None:
        yield _("sans abonnement")
    for rate in version.rates.all():
        if rate.kind == Usage.DESK:
            yield from _desk(rate, currency)


def _desk(rate: PlanRate, currency: str) -> Iterator[str]:
    if rate.unlimited:
        yield _("poste à volonté")
        return
    if rate.included_quantity is not None:
        yield included(rate.included_quantity, rate.included_unit)
    for price, words in (
        (rate.hour, _("%(price)s l’heure")),
        (rate.half_day, _("%(price)s la demi-journée")),
        (rate.day, _("%(price)s la journée")),
        (rate.daily_cap, _("au plus %(price)s par jour")),
        (rate.monthly_cap, _("au plus %(price)s par mois")),
    ):
        if price is not None:
            yield words % {"price": amount(price, currency)}


def included(quantity: int, unit: str) -> str:
    """« 10 heures de poste incluses chaque mois »."""
    count = {"count": quantity}
    if unit == Unit.HOUR:
        return (
            ngettext(
                "%(count)s heure de poste incluse chaque mois",
                "%(count)s heures de poste incluses chaque mois",
                quantity,
            )
            % count
        )
    if unit == Unit.HALF_DAY:
        return (
            ngettext(
                "%(count)s demi-journée de poste incluse chaque mois",
                "%(count)s demi-journées de poste incluses chaque mois",
                quantity,
            )
            % count
        )
    return (
        ngettext(
            "%(count)s journée de poste incluse chaque mois",
            "%(count)s journées de poste incluses chaque mois",
            quantity,
        )
        % count
    )


def terms_in_words(version: PlanVersion) -> Iterator[str]:
    """How long one commits oneself, and how long before one says that one leaves."""
    months, days = version.commitment_months, version.notice_days
    if months:
        yield ngettext("engagement d’un mois", "engagement de %(count)s mois", months) % {
            "count": months
        }
    else:
        yield _("sans engagement")
    if days:
        yield ngettext("préavis d’un jour", "préavis de %(count)s jours", days) % {"count": days}


def amount(price: Decimal, currency: str) -> str:
    """« 29,00 € », with a space that does not break."""
    return f"{number_format(price, decimal_pos=2)}\N{NO-BREAK SPACE}{SIGNS[currency]}"
