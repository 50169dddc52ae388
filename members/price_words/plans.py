"""What a version of a plan says, sentence by sentence."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from members.models import PlanVersion
from members.money import VatRate
from members.price_words.amounts import (
    category_name,
    kind_name,
    money,
    pack_name,
    percent,
    quantity,
    round_money,
)
from members.tariff import (
    DESK,
    Every,
    Metering,
    PackOffer,
    Quota,
    Rate,
    Reduction,
    Rounding,
    Tariff,
    Unit,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class PlanWords:
    """All that a version says.

    `amount` and `per` make the headline; `use` is what else a desk costs, `others` guests and
    rooms; `packs`, `reductions` and `terms` one sentence each; `tax` names the VAT.
    """

    amount: str
    per: str
    use: tuple[str, ...]
    others: tuple[str, ...]
    packs: tuple[str, ...]
    reductions: tuple[str, ...]
    terms: tuple[str, ...]
    tax: str

    @property
    def headline(self) -> str:
        return f"{self.amount} {self.per}".strip()


def describe(version: PlanVersion, tariff: Tariff, vat: VatRate | None) -> PlanWords:
    """A version, read `whole()`, in words.

    Args:
        tariff: what `pricing.tariff_of` made of it.
        vat: the rate to name; None: prices include VAT, and which is not said.
    """
    currency = version.plan.currency
    amount, per = _headline(tariff, currency)
    desk = tariff.rate_for(DESK)
    use = (*_fees(tariff, currency), *(_rate(desk, tariff, currency) if desk else ()))
    return PlanWords(
        amount=amount,
        per=per,
        use=tuple(said for said in use if said != f"{amount} {per}"),
        others=tuple(
            _("%(use)s : %(price)s")
            % {"use": capfirst(kind_name(rate.kind)), "price": _in_a_line(said)}
            for rate in tariff.rates
            if rate.kind != DESK and (said := _rate(rate, tariff, currency, short=True))
        ),
        packs=tuple(
            _pack(offer, pack_name(version, offer.code), currency) for offer in tariff.packs
        ),
        reductions=tuple(
            _reduction(cut, category_name(version, cut.category))
            for cut in tariff.reductions
            if cut.on_fees or cut.on_use
        ),
        terms=_terms(tariff),
        tax=_tax(vat),
    )


# The headline


_PER: "dict[str, StrOrPromise]" = {
    "hour": gettext_lazy("l’heure"),
    "half_day": gettext_lazy("la demi-journée"),
    "day": gettext_lazy("la journée"),
}


def _headline(tariff: Tariff, currency: str) -> tuple[str, str]:
    """The price that the plan is known by: of the month, else of the use, the pack, the year."""
    fee, desk = tariff.fee, tariff.rate_for(DESK)
    if fee is not None and fee.every is Every.MONTH and fee.amount:
        return round_money(fee.amount, currency), _("par mois")
    if desk is not None and desk.is_priced:
        unit, price = _prices(desk)[0]
        return money(price, currency), str(_PER[unit])
    sold = [offer for offer in tariff.packs if offer.price]
    if sold:
        offer = min(sold, key=lambda offer: offer.price)
        return round_money(offer.price, currency), _("les %(quantity)s") % {
            "quantity": quantity(offer.quantity, offer.unit)
        } if offer.quantity > 1 else str(_PER[offer.unit])
    if fee is not None and fee.amount:
        return round_money(fee.amount, currency), _("par an")
    return _("Gratuit"), ""


def _fees(tariff: Tariff, currency: str) -> list[str]:
    """What is due whoever comes or not; a monthly fee stands in the headline."""
    said = [_("Votre poste attitré")] if tariff.fixed_desk else []
    if tariff.fee is None or not tariff.fee.amount:
        said.append(_("Sans abonnement"))
    elif tariff.fee.every is Every.YEAR:
        amount = {"amount": round_money(tariff.fee.amount, currency)}
        said.append(_("Adhésion de %(amount)s par an") % amount)
    return said


# One kind of use


def _prices(rate: Rate) -> list[tuple[str, Decimal]]:
    priced = (("hour", rate.hour), ("half_day", rate.half_day), ("day", rate.day))
    return [(unit, price) for unit, price in priced if price is not None]


def _rate(rate: Rate, tariff: Tariff, currency: str, *, short: bool = False) -> list[str]:
    """The sentences about one kind of use; `short` for those that stand on one line."""
    if rate.unlimited:
        return [_("sans limite") if short else _("Un poste sans limite d’heures")]
    said = []
    prices = ", ".join(
        _("%(amount)s %(unit)s") % {"amount": money(price, currency), "unit": _PER[unit]}
        for unit, price in _prices(rate)
    )
    if rate.included is not None:
        said.append(_included(rate.included))
        said.append(_beyond(rate, tariff, prices))
    elif prices:
        said.append(prices)
    said += _metering(rate)
    if rate.daily_cap is not None:
        cap = {"amount": round_money(rate.daily_cap, currency)}
        said.append(_("Jamais plus de %(amount)s par jour") % cap)
    if rate.monthly_cap is not None:
        cap = {"amount": round_money(rate.monthly_cap, currency)}
        said.append(_("Jamais plus de %(amount)s par mois") % cap)
    if len(_prices(rate)) > 1 and not short:
        said.append(_("Chaque jour est compté au moins cher pour vous"))
    return said


def _in_a_line(sentences: list[str]) -> str:
    first, *others = sentences
    return ", ".join([first, *map(lowered, others)])


def lowered(sentence: str) -> str:
    """A sentence that goes on after a comma."""
    return sentence[:1].lower() + sentence[1:]


def _included(quota: Quota) -> str:
    count = quota.quantity
    said = {
        Unit.HOUR: ngettext(
            "%(count)s heure incluse par mois", "%(count)s heures incluses par mois", count
        ),
        Unit.HALF_DAY: ngettext(
            "%(count)s demi-journée incluse par mois",
            "%(count)s demi-journées incluses par mois",
            count,
        ),
        Unit.DAY: ngettext(
            "%(count)s jour inclus par mois", "%(count)s jours inclus par mois", count
        ),
    }[quota.unit]
    return said % {"count": count}


def _beyond(rate: Rate, tariff: Tariff, prices: str) -> str:
    if prices:
        return _("Au-delà : %(prices)s") % {"prices": prices}
    if any(offer.kind == rate.kind for offer in tariff.packs):
        return _("Au-delà : avec un carnet")
    return _("Pas davantage dans le mois")


def _metering(rate: Rate) -> list[str]:
    """How hours are counted, where hours are paid or included."""
    by_hour = rate.included is not None and rate.included.unit is Unit.HOUR
    if rate.hour is None and not by_hour:
        return []
    said = [_step(rate.metering)]
    free = rate.metering.free
    if free:
        text = ngettext(
            "La première minute est offerte", "Les %(count)s premières minutes sont offertes", free
        )
        said.append(text % {"count": free})
    return said


def _step(metering: Metering) -> str:
    usual = {
        15: _("Compté au quart d’heure commencé"),
        30: _("Compté à la demi-heure commencée"),
        60: _("Compté à l’heure commencée"),
    }
    step = metering.step
    if step == 1:
        return _("Compté à la minute")
    if metering.rounding is Rounding.UP:
        begun = _("Compté par %(count)s minutes commencées") % {"count": step}
        return usual.get(step, begun)
    if metering.rounding is Rounding.NEAREST:
        return _("Arrondi aux %(count)s minutes les plus proches") % {"count": step}
    return _("Compté par %(count)s minutes entières") % {"count": step}


# Packs, reductions, terms


def _pack(offer: PackOffer, name: str, currency: str) -> str:
    said = {
        "name": name,
        "quantity": quantity(offer.quantity, offer.unit),
        "price": round_money(offer.price, currency) if offer.price else _("offert"),
        "months": _months(offer.valid_months),
    }
    if offer.quantity == 1 or not offer.price:
        return _("%(name)s (%(quantity)s) : %(price)s, valable %(months)s") % said
    each = money(Decimal(offer.price) / offer.quantity, currency)
    said["each"] = _("%(amount)s %(unit)s") % {"amount": each, "unit": _PER[offer.unit]}
    return _("%(name)s (%(quantity)s) : %(price)s, soit %(each)s, valable %(months)s") % said


def _reduction(cut: Reduction, name: str) -> str:
    said = {"name": name, "percent": percent(cut.percent)}
    if cut.on_fees and cut.on_use:
        return _("%(name)s : −%(percent)s") % said
    if cut.on_fees:
        return _("%(name)s : −%(percent)s sur l’abonnement") % said
    return _("%(name)s : −%(percent)s sur l’usage") % said


def _months(count: int) -> str:
    return ngettext("%(count)s mois", "%(count)s mois", count) % {"count": count}


def _terms(tariff: Tariff) -> tuple[str, ...]:
    months, days = tariff.commitment_months, tariff.notice_days
    committed = (
        _("Engagement de %(months)s") % {"months": _months(months)}
        if months
        else _("Sans engagement")
    )
    if not days:
        return (committed,)
    notice = ngettext("Préavis de %(count)s jour", "Préavis de %(count)s jours", days)
    return (committed, notice % {"count": days})


def _tax(vat: VatRate | None) -> str:
    if vat is None:
        return _("Prix toutes taxes comprises")
    if not vat.percent:
        return _("Sans TVA (%(source)s)") % {"source": vat.source}
    return _("TVA à %(percent)s comprise") % {"percent": percent(vat.percent)}


def tax_source(vat: VatRate) -> str:
    """A VAT rate with the text of law that sets it."""
    return _("TVA : %(percent)s, %(source)s.") % {
        "percent": percent(vat.percent),
        "source": vat.source,
    }
