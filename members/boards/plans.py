"""The page of the plans: the offer of a day in words, and which plan suits so many hours."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from members import pricing
from members.models import Plan, PlanVersion
from members.money import VatRate, vat_on
from members.price_words import PlanWords, describe, line, money, pace, yearly_share
from members.services.plans import check_version
from members.tariff import Choice, Days, Tariff, best_plan

SAMPLE_HOURS = (20, 60, 120)


@dataclass(frozen=True, slots=True)
class Offered:
    """A plan as it is sold on a day. `vat` is None when no rate is known for that month."""

    plan: Plan
    version: PlanVersion
    tariff: Tariff
    vat: VatRate | None

    @property
    def words(self) -> PlanWords:
        return describe(self.version, self.tariff, self.vat)


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of a calculation: what is counted, and the amount ("" for what is included)."""

    words: str
    amount: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A plan for so many hours a month. `more` is what it costs over the best, "" for nothing."""

    plan: Plan
    monthly: str
    more: str
    reasons: tuple[Reason, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The plans of one currency, the best first, and those that do not sell so many hours."""

    best: Ranked
    others: tuple[Ranked, ...]
    left_out: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A version before it is published: in words, with sample months; or why it makes no sense."""

    words: PlanWords | None = None
    months: tuple[tuple[int, str], ...] = ()
    problem: str = ""


def offered_on(day: date) -> list[Offered]:
    """What is sold on a day, in the order of the operator. Six queries."""
    return sold(pricing.versions_on(Plan.objects.offered(), day), day)


def sold(versions: Iterable[PlanVersion], day: date) -> list[Offered]:
    """Versions, read `whole()`, with their tariffs. One query.

    One whose VAT nobody knows any more cannot be sold, and is left out.
    """
    rates = pricing.all_vat_rates()
    return [
        _offered(version, rates[version.vat_code], day)
        for version in versions
        if version.vat_code in rates
    ]


def categories(offer: Sequence[Offered]) -> list[tuple[str, str]]:
    """The categories of person that get a reduction somewhere: code and name, by name."""
    found = {
        cut.category: cut.label
        for offered in offer
        for cut in offered.version.reductions.all()
        if cut.on_fees or cut.on_use
    }
    return sorted(found.items(), key=lambda pair: pair[1])


def compare(
    offer: Sequence[Offered], hours: Decimal, *, on: date, category: str = ""
) -> list[Comparison]:
    """The plans for so many hours in the month of a day, one comparison for each currency.

    A currency in which nothing sells that many hours has none. Raises ValueError for hours that do
    not fit in the month.
    """
    found = []
    for currency in dict.fromkeys(offered.plan.currency for offered in offer):
        rivals = [one for one in offer if one.plan.currency == currency and one.vat is not None]
        choices = best_plan([one.tariff for one in rivals], hours, on=on, category=category)
        if choices:
            found.append(_comparison(rivals, choices))
    return found


def preview(version: PlanVersion) -> Preview:
    """A version, read `whole()`, as the public would read it on its first day; also a draft."""
    day = version.valid_from
    try:
        check_version(version)
    except ValidationError as refusal:
        return Preview(problem=" ".join(refusal.messages))
    [one] = sold([version], day)
    return Preview(words=one.words, months=tuple(sample_months(one, on=day)))


def sample_months(one: Offered, *, on: date) -> Iterator[tuple[int, str]]:
    """What months of few and of many hours cost: « 63,00 € », "" where it does not sell them."""
    for hours in SAMPLE_HOURS:
        choices = best_plan([one.tariff], Decimal(hours), on=on) if one.vat else []
        yield hours, money(choices[0].monthly, one.plan.currency) if choices else ""


def _offered(version: PlanVersion, vat: tuple[VatRate, ...], day: date) -> Offered:
    last = Days.month_of(day).last
    holds = any(rate.holds_on(last) for rate in vat)
    return Offered(
        plan=version.plan,
        version=version,
        tariff=pricing.tariff_of(version, vat),
        vat=vat_on(vat, last) if holds else None,
    )


def _comparison(rivals: Sequence[Offered], choices: Sequence[Choice]) -> Comparison:
    by_tariff = {id(one.tariff): one for one in rivals}
    cheapest = choices[0].monthly
    ranked = [_ranked(by_tariff[id(choice.tariff)], choice, cheapest) for choice in choices]
    named = {row.plan.pk for row in ranked}
    left_out = tuple(one.plan for one in rivals if one.plan.pk not in named)
    return Comparison(ranked[0], tuple(ranked[1:]), left_out)


def _ranked(one: Offered, choice: Choice, cheapest: Decimal) -> Ranked:
    currency = one.plan.currency
    more = choice.monthly - cheapest
    return Ranked(
        plan=one.plan,
        monthly=money(choice.monthly, currency),
        more=money(more, currency) if more else "",
        reasons=tuple(_reasons(one, choice)),
        terms=one.words.terms,
    )


def _reasons(one: Offered, choice: Choice) -> Iterator[Reason]:
    currency = one.plan.currency
    for each in choice.statement.lines:
        amount = money(each.amount, currency) if each.amount else ""
        yield Reason(line(each, one.version), amount)
    if choice.pack is not None and choice.prepaid:
        yield Reason(pace(choice.pack, one.version), money(choice.prepaid, currency))
    if choice.twelfth and one.tariff.fee is not None:
        yield Reason(yearly_share(one.tariff.fee, currency), money(choice.twelfth, currency))
