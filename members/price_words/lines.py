"""The lines of a statement: why each is there. Its amount stands beside it."""

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from members.models import PlanVersion
from members.money import ZERO
from members.price_words.amounts import (
    category_name,
    kind_name,
    money,
    number,
    pack_name,
    percent,
    quantity,
    round_money,
)
from members.tariff import DESK, Code, Fee, Line, PackOffer, Unit


def line(said: Line, version: PlanVersion) -> str:
    """Why a line of a statement is there; its amount stands beside it."""
    currency = version.plan.currency
    words = _line(said, version, currency)
    if said.kind in ("", DESK):
        return words
    return _("%(use)s : %(price)s") % {"use": capfirst(kind_name(said.kind)), "price": words}


def _line(said: Line, version: PlanVersion, currency: str) -> str:
    counted = _counted(said)
    if said.code in (Code.HOURS, Code.HALF_DAYS, Code.DAYS):
        price = money(said.unit_price, currency)
        return _("%(quantity)s à %(price)s") % {"quantity": counted, "price": price}
    if said.code is Code.FEE_MONTH:
        return _fee_month(said)
    if said.code is Code.FEE_YEAR:
        return _("Adhésion de l’année")
    if said.code is Code.UNLIMITED:
        return _("%(quantity)s, sans limite") % {"quantity": counted}
    if said.code is Code.INCLUDED:
        return _("%(quantity)s dans ce que le mois inclut") % {"quantity": counted}
    if said.code is Code.PACK:
        name = pack_name(version, said.label)
        return _("%(quantity)s sur « %(pack)s »") % {"quantity": counted, "pack": name}
    if said.code is Code.REDUCTION:
        name = category_name(version, said.label)
        reduced = percent(said.value or ZERO)
        return _("Réduction « %(name)s » : %(percent)s") % {"name": name, "percent": reduced}
    cap = {"amount": round_money(said.value or ZERO, currency)}
    if said.code is Code.DAILY_CAP:
        return _("Plafond de %(amount)s par jour") % cap
    return _("Plafond de %(amount)s par mois") % cap


def _counted(said: Line) -> str:
    if said.unit in (Unit.HALF_DAY, Unit.DAY):
        return quantity(int(said.quantity), said.unit)
    return _("%(number)s h") % {"number": number(said.quantity)}


def _fee_month(said: Line) -> str:
    if said.quantity == 1:
        return _("Abonnement du mois")
    return _("Abonnement, du %(first)s au %(last)s") % {
        "first": date_format(said.days.start, "j F"),
        "last": date_format(said.days.last, "j F"),
    }


def pace(offer: PackOffer, version: PlanVersion) -> str:
    """What a month uses of a pack, beside its cost at that pace."""
    said = {
        "pack": pack_name(version, offer.code),
        "price": round_money(offer.price, version.plan.currency),
        "quantity": quantity(offer.quantity, offer.unit),
    }
    return _("Part du mois dans « %(pack)s » (%(price)s les %(quantity)s)") % said


def yearly_share(fee: Fee, currency: str) -> str:
    """What a month bears of a yearly fee."""
    amount = {"amount": round_money(fee.amount, currency)}
    return _("Un douzième de l’adhésion de %(amount)s par an") % amount
