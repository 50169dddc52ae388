"""What the neutral codes and the results of `savings` are called on the page."""

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from savings import Code, Currency, Dated, Line, Method, Result, SavingsError
from savings.precision import plain, rounded

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

UNIT = Decimal(1)
CENT = Decimal("0.01")

METHODS: dict[Method, "StrOrPromise"] = {
    Method.FUEL_PRICE: gettext_lazy("Carburant seul, au prix de la pompe"),
    Method.FUEL_SCALE: gettext_lazy("Carburant seul, barème officiel"),
    Method.FR_MARGINAL: gettext_lazy("Coût variable, barème kilométrique"),
    Method.FR_AVERAGE: gettext_lazy("Coût complet, barème kilométrique"),
    Method.CH_VARIABLE: gettext_lazy("Coût variable, TCS"),
    Method.CH_FULL: gettext_lazy("Coût complet, TCS"),
    Method.CH_RATE: gettext_lazy("Coût complet, taux fiscal suisse"),
    Method.OWN_RATE: gettext_lazy("Votre propre coût au kilomètre"),
}

STEPS: dict[str, "StrOrPromise"] = {
    "remote_days": gettext_lazy("Jours sans aller au bureau"),
    "coworking_days": gettext_lazy("Jours à l’espace"),
    "km": gettext_lazy("Kilomètres évités"),
    "hours": gettext_lazy("Heures de route évitées"),
    "ceiling": gettext_lazy("Plafond frontalier"),
    "fx": gettext_lazy("Taux de change, francs pour un euro"),
    "vehicle": gettext_lazy("Voiture"),
    "parking_and_toll": gettext_lazy("Stationnement et péage"),
    "gross": gettext_lazy("Économie avant l’espace"),
    "allowance": gettext_lazy("Allocation de l’employeur"),
    "fee": gettext_lazy("Journées à l’espace"),
    "home": gettext_lazy("Frais à la maison"),
    "rounding": gettext_lazy("Arrondi"),
    "net": gettext_lazy("Économie nette"),
    "break_even_fee": gettext_lazy("Prix d’équilibre d’une journée"),
    "co2": gettext_lazy("CO₂ évité"),
}

REFUSALS: dict[Code, "StrOrPromise"] = {
    Code.WRONG_TYPE: gettext_lazy("Cette valeur n’est pas du type attendu."),
    Code.NOT_FINITE: gettext_lazy("Saisissez un nombre, par exemple 1 200 ou 7,5."),
    Code.TOO_PRECISE: gettext_lazy("Au plus %(limit)s chiffres après la virgule."),
    Code.NOT_POSITIVE: gettext_lazy("Saisissez un nombre supérieur à %(limit)s."),
    Code.TOO_SMALL: gettext_lazy("Au moins %(limit)s."),
    Code.TOO_LARGE: gettext_lazy("Au plus %(limit)s."),
    Code.NOT_A_STEP: gettext_lazy("Par demi-journée : 0,5, 1, 1,5…"),
    Code.REQUIRED: gettext_lazy("Le calcul choisi a besoin de cette valeur."),
    Code.ABOVE_REMOTE_DAYS: gettext_lazy("Pas plus que vos %(limit)s jours sans bureau."),
    Code.BELOW_AVOIDED_KM: gettext_lazy(
        "Vous évitez déjà %(limit)s km par an : indiquez au moins autant."
    ),
    Code.UNKNOWN_YEAR: gettext_lazy("Ce calcul n’a pas de barème pour cette année (%(limit)s)."),
    Code.NOT_IN_TABLE: gettext_lazy("Ce barème ne connaît que : %(limit)s."),
}
FX_REQUIRED = gettext_lazy("Indiquez le taux de change : ce calcul mêle euros et francs.")


def refusal(error: SavingsError) -> str:
    """Return the sentence for a refused value, limit included."""
    if error.code is Code.REQUIRED and error.field == "fx":
        return str(FX_REQUIRED)
    limit = error.limit
    shown = number(limit) if isinstance(limit, Decimal) else str(limit)
    return str(REFUSALS[error.code]) % {"limit": shown}


def number(value: Decimal) -> str:
    """Write a number in full, in the language of the page: « 1 200,5 »."""
    text = number_format(Decimal(plain(value)), use_l10n=True, force_grouping=True)
    return text.replace("-", "−")


def money(value: Decimal, currency: Currency, step: Decimal = UNIT) -> str:
    """Write an amount rounded once to ``step``: « CHF 1 623 », « 998 € »."""
    text = number_format(rounded(value, step), use_l10n=True, force_grouping=True)
    amount = {"amount": text.replace("-", "−")}
    return _("CHF %(amount)s") % amount if currency is Currency.CHF else _("%(amount)s €") % amount


def whole(value: Decimal) -> str:
    """Write a quantity rounded to a whole number."""
    return number(rounded(value, UNIT))


def step_value(line: Line) -> str:
    """Write the value of a line of explanation with its unit."""
    if line.unit in tuple(Currency):
        return money(line.value, Currency(line.unit), CENT)
    if line.unit == "days":
        return ngettext("%(days)s jour", "%(days)s jours", int(line.value)) % {
            "days": number(line.value)
        }
    units = {"km": _("km"), "h": _("h"), "kg CO2e": _("kg CO₂e")}
    return f"{number(line.value)} {units.get(line.unit, '')}".strip()


_FIGURES = re.compile(r"\d+(\.\d+)?")


def formula(line: Line) -> str:
    """Write the formula of a line with the decimal mark of the page."""
    return _FIGURES.sub(lambda found: number(Decimal(found[0])), line.formula)


def headline(net: Decimal) -> str:
    """Say whether a year saves or costs money."""
    if net < 0:
        return _("Vous dépensez en plus, chaque année :")
    return _("Vous économisez, chaque année :")


def loss(result: Result) -> str:
    """Explain a negative result, "" for another."""
    if result.net >= 0:
        return ""
    if result.km < 0:
        return _(
            "L’espace est plus loin que votre bureau : y aller ajoute %(km)s km par an au lieu "
            "d’en retirer."
        ) % {"km": whole(-result.km)}
    worth = _(
        "Les %(km)s km évités valent %(gross)s par an dans ce calcul, moins que vos autres frais."
    ) % {"km": whole(result.km), "gross": money(result.gross, result.commute.currency)}
    if result.hours <= 0:
        return worth
    time = _("Vous y gagnez %(hours)s heures par an, mais pas d’argent.") % {
        "hours": whole(result.hours)
    }
    return f"{worth} {time}"


def break_even(result: Result) -> str:
    """Say the price of a day at the space that leaves nothing, "" without such days."""
    fee = result.break_even_fee
    if fee is None:
        return ""
    if fee <= 0:
        return _("À aucun prix une journée à l’espace ne serait rentable dans ce calcul.")
    said = {"fee": money(fee, result.commute.currency, CENT)}
    if not result.fee:
        return (
            _(
                "Le prix de l’espace n’est pas encore compté : vous y gagnez tant qu’une journée "
                "coûte moins de %(fee)s."
            )
            % said
        )
    return _("Vous y gagnez tant qu’une journée à l’espace coûte moins de %(fee)s.") % said


def ceiling(result: Result) -> str:
    """Say what a cross-border worker may telework, "" for another."""
    limit = result.ceiling
    if limit is None:
        return ""
    said = {
        "days": number(limit.days),
        "per_week": number(limit.days_per_week),
        "asked": number(result.remote_days),
    }
    if limit.exceeded:
        return (
            _(
                "Frontalier : %(asked)s jours dépassent le plafond de 40 %% du temps de travail, "
                "soit %(days)s jours par an (%(per_week)s par semaine), missions comprises. "
                "Vérifiez avec votre employeur."
            )
            % said
        )
    return (
        _(
            "Frontalier : le télétravail depuis la France est plafonné à 40 %% du temps de "
            "travail, soit %(days)s jours par an (%(per_week)s par semaine), missions comprises. "
            "Vérifiez avec votre employeur."
        )
        % said
    )


def source(figure: Dated[Any]) -> str:
    """Say where a figure comes from and when it holds."""
    said = {
        "source": figure.source,
        "start": _day(figure.valid_from),
        "end": _day(figure.valid_to),
    }
    if figure.valid_from is None:
        return _("%(source)s (sans date)") % said
    if figure.valid_from == figure.valid_to:
        return _("%(source)s : %(start)s") % said
    if figure.valid_to is None:
        return _("%(source)s, en vigueur depuis le %(start)s") % said
    return _("%(source)s, valable du %(start)s au %(end)s") % said


def seen_on(day: date) -> str:
    """Say the day of a price or of a rate."""
    return _("Prix ou taux du %(day)s") % {"day": _day(day)}


def _day(day: date | None) -> str:
    return "" if day is None else date_format(day, "DATE_FORMAT")
