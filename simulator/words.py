"""What the neutral codes and the results of `savings` are called on the page."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from savings import Code, Currency, Dated, Energy, Line, Method, Result, SavingsError
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
OLD_PRICE = gettext_lazy(
    "Le prix de l’énergie date du %(day)s : il a pu changer. Indiquez le vôtre dans « Affiner »."
)
OLD_RATE = gettext_lazy(
    "Le taux de change date du %(day)s : il a pu changer. Indiquez celui du jour dans « Affiner »."
)
ENERGIES: dict[Energy, "StrOrPromise"] = {
    Energy.PETROL: gettext_lazy("Essence"),
    Energy.HYBRID: gettext_lazy("Essence"),
    Energy.DIESEL: gettext_lazy("Gazole"),
    Energy.E85: gettext_lazy("E85"),
    Energy.LPG: gettext_lazy("GPL"),
    Energy.ELECTRIC: gettext_lazy("Électricité"),
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
    return _written(plain(value), get_language())


def money(value: Decimal, currency: Currency, step: Decimal = UNIT) -> str:
    """Write an amount rounded once to ``step``: « CHF 1 623 », « 998 € »."""
    amount = {"amount": _written(f"{rounded(value, step):f}", get_language())}
    return _("CHF %(amount)s") % amount if currency is Currency.CHF else _("%(amount)s €") % amount


@lru_cache(maxsize=4096)
def _written(digits: str, language: str | None) -> str:
    """An answer writes some seventy numbers, and many of them stand in every answer."""
    text = number_format(Decimal(digits), use_l10n=True, force_grouping=True)
    return text.replace("-", "−")


def currency(code: Currency) -> str:
    """What stands for a currency in the head of a table."""
    return "CHF" if code is Currency.CHF else "€"


def whole(value: Decimal) -> str:
    """Write a quantity rounded to a whole number."""
    return number(rounded(value, UNIT))


def step_value(line: Line) -> str:
    """Write the value of a line of explanation with its unit."""
    if line.unit in tuple(Currency):
        return money(line.value, Currency(line.unit), CENT)
    if line.unit == "days":
        return days(line.value)
    units = {"km": _("km"), "h": _("h"), "kg CO2e": _("kg CO₂e")}
    return f"{number(line.value)} {units.get(line.unit, '')}".strip()


def days(value: Decimal) -> str:
    """Write a number of days: « 92 jours », « 1,5 jour »."""
    said = {"days": number(value)}
    if value != int(value) and value < 2:  # one in French, several in English
        return pgettext("moins de deux jours, avec une demi-journée", "%(days)s jour") % said
    return ngettext("%(days)s jour", "%(days)s jours", int(value)) % said


def price_step(value: Decimal) -> Decimal:
    """The smallest step of a price per litre or kWh: cents, or what was published if finer."""
    return min(CENT, Decimal(1).scaleb(int(value.normalize().as_tuple().exponent)))


def energy_name(energy: Energy) -> str:
    return str(ENERGIES[energy])


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


def dated(result: Result) -> str:
    """The year of the tables that the amount rests on, or the day of its price."""
    commute = result.commute
    if commute.method is Method.FUEL_PRICE and commute.price is not None:
        return _("prix du %(day)s") % {"day": day(commute.price.on)}
    years = sorted(
        {
            str(end.year)
            for figure in result.cost.figures
            if (end := figure.valid_to or figure.valid_from) is not None
        }
    )
    return _("barème de %(year)s") % {"year": ", ".join(years)} if years else ""


def offer_counted(said: dict[str, Any]) -> str:
    """Say which plan the price of a day comes from."""
    return (
        _(
            "Journée à l’espace : %(fee)s, formule « %(plan)s » pour %(days)s jours par mois, "
            "tarif du %(since)s."
        )
        % said
    )


def offer_not_counted(said: dict[str, Any]) -> str:
    """Say why the price of a day stays apart."""
    return (
        _(
            "Une journée à l’espace coûte %(fee)s (formule « %(plan)s », %(days)s jours par mois). "
            "Pour la déduire, indiquez le taux de change dans « Affiner »."
        )
        % said
    )


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
        "start": day(figure.valid_from),
        "end": day(figure.valid_to),
    }
    if figure.valid_from is None:
        return _("%(source)s (date d’effet inconnue)") % said
    if figure.valid_from == figure.valid_to:
        return _("%(source)s : %(start)s") % said
    if figure.valid_to is None:
        return _("%(source)s, en vigueur depuis le %(start)s") % said
    return _("%(source)s, valable du %(start)s au %(end)s") % said


def seen_on(on: date) -> str:
    """Say the day of a price or of a rate."""
    return _("Prix ou taux du %(day)s") % {"day": day(on)}


def day(on: date | None) -> str:
    """Write a day in full: « 6 mars 2026 »."""
    return "" if on is None else _day(on, get_language())


@lru_cache(maxsize=512)
def _day(on: date, language: str | None) -> str:
    """The few days that sources have: an answer writes two dozen of them."""
    return date_format(on, "DATE_FORMAT")
