"""Amounts, numbers and quantities, and the names that rows carry, in the language of the reader."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import PlanVersion, Usage
from members.tariff import Unit

MINUS = "−"


def money(amount: Decimal, currency: str) -> str:
    """« 3,00 € » for a French reader, « €3.00 » for an English one, « CHF 3.00 » for both."""
    sign, size = (MINUS if amount < 0 else ""), abs(amount)
    if currency == "CHF":  # francs are written with a point, whatever the language
        written = f"{size:,.2f}".replace(",", "’")
        return sign + _("CHF %(amount)s") % {"amount": written}
    written = number_format(size, decimal_pos=2, use_l10n=True, force_grouping=True)
    return sign + _("%(amount)s €") % {"amount": written}


def round_money(amount: Decimal, currency: str) -> str:
    """As `money`, and without the cents of a whole amount: « 270 € »."""
    if amount != amount.to_integral_value():
        return money(amount, currency)
    sign, whole = (MINUS if amount < 0 else ""), int(abs(amount))
    if currency == "CHF":
        return sign + _("CHF %(amount)s") % {"amount": f"{whole:,}".replace(",", "’")}
    written = number_format(whole, use_l10n=True, force_grouping=True)
    return sign + _("%(amount)s €") % {"amount": written}


def number(value: Decimal) -> str:
    """« 12,5 », « 20 »: no zeros after the comma that say nothing."""
    plain = value.normalize()
    return number_format(f"{plain:f}", use_l10n=True, force_grouping=True)


def percent(value: Decimal) -> str:
    return _("%(number)s %%") % {"number": number(value)}


def kind_name(kind: str) -> str:
    return str(Usage(kind).label) if kind in Usage.values else kind


def pack_name(version: PlanVersion, code: str) -> str:
    return next((pack.label for pack in version.packs.all() if pack.code == code), code)


def category_name(version: PlanVersion, category: str) -> str:
    found = (cut.label for cut in version.reductions.all() if cut.category == category)
    return next(found, category)


def quantity(count: int, unit: Unit) -> str:
    """« 8 jours », « 1 demi-journée », « 20 heures »."""
    said = {
        Unit.HOUR: ngettext("%(count)s heure", "%(count)s heures", count),
        Unit.HALF_DAY: ngettext("%(count)s demi-journée", "%(count)s demi-journées", count),
        Unit.DAY: ngettext("%(count)s jour", "%(count)s jours", count),
    }[unit]
    return said % {"count": count}
