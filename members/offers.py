"""The plans that one may choose, each with what it costs and asks, in words."""

from dataclasses import dataclass
from datetime import date

from members import pricing
from members.models import Admission, Plan, PlanVersion
from members.money import VatRate
from members.price_words import describe, lowered


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan as a card: `price` and `terms` are short sentences, the first price the main one."""

    plan: Plan
    version: PlanVersion
    price: list[str]
    terms: list[str]
    is_instant: bool

    @classmethod
    def of(cls, version: PlanVersion, vat: tuple[VatRate, ...]) -> "Offer":
        plan = version.plan
        words = describe(version, pricing.tariff_of(version, vat), None)
        return cls(
            plan=plan,
            version=version,
            price=[words.headline, *map(lowered, words.use)],
            terms=[*map(lowered, words.terms)],
            is_instant=plan.admission == Admission.INSTANT,
        )


def offers(day: date) -> list[Offer]:
    """The plans on offer that have a price on that day, in their order. Six queries."""
    vat = pricing.all_vat_rates()
    versions = pricing.versions_on(Plan.objects.offered(), day)
    return [Offer.of(each, vat[each.vat_code]) for each in versions if each.vat_code in vat]


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
