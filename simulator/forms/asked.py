"""What the simulator asks: few questions first, the others by subject behind « Affiner »."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from savings import EDITIONS, Co2Scope, Dated, Method
from savings.emissions import REBOUNDS
from savings.precision import plain
from simulator import presets, words
from simulator.forms.fields import NumberField, choice, day
from simulator.forms.widgets import HalfDaySlider

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_PER_DAY = _("par jour")
_ONE_WAY_KM = _("km, aller simple")
_ONE_WAY_MINUTES = _("min, aller simple")
_CURRENCIES: "list[tuple[str, StrOrPromise]]" = [("EUR", _("euros")), ("CHF", _("francs"))]


def _said(share: Dated[Decimal]) -> str:
    """A share of what is spared that is lost again: « 25 % : Impact CO2 (…) »."""
    said = {"share": words.number(share.value * 100), "source": words.source(share)}
    return gettext("%(share)s %% : %(source)s") % said


_rebound = lazy(_said, str)


class AskedField(forms.BoundField):
    """A question on the page."""

    @property
    def aria_describedby(self) -> str:
        """Its unit and its errors: both stand there from the start, so that an update, which
        fills in the errors, needs no new input."""
        return f"{self.auto_id}_helptext {self.auto_id}_errors"


class AskedForm(forms.Form):
    """The fields, with the value each starts from."""

    bound_field_class = AskedField

    distance = NumberField(
        "distance_km", label=_("Distance jusqu’au bureau"), unit=_ONE_WAY_KM, initial="35"
    )
    minutes = NumberField(
        "minutes", label=_("Durée du trajet"), unit=_ONE_WAY_MINUTES, initial="42"
    )
    days = NumberField(
        "remote_days_per_week",
        label=_("Jours sans aller au bureau"),
        unit=_("par semaine"),
        initial="2",
        widget=HalfDaySlider,
    )
    car = choice(
        _("Votre voiture"),
        [(key, car.label) for key, car in presets.CARS.items()],
        initial="petrol_medium",
    )
    currency = choice(
        _("Vous travaillez"),
        [("CHF", _("en Suisse (francs)")), ("EUR", _("en France (euros)"))],
        widget=forms.RadioSelect,
        initial="CHF",
    )

    coworking_days = NumberField(
        "coworking_days_per_week",
        label=_("Dont jours à l’espace"),
        unit=_("par semaine ; vide : tous"),
        required=False,
    )
    coworking_km = NumberField(
        "coworking_km", label=_("Distance jusqu’à l’espace"), unit=_ONE_WAY_KM, initial="3"
    )
    coworking_minutes = NumberField(
        "coworking_minutes",
        label=_("Durée jusqu’à l’espace"),
        unit=_ONE_WAY_MINUTES,
        initial="6",
    )
    coworking_by = choice(
        _("Pour aller à l’espace"),
        [("car", _("en voiture")), ("other", _("à pied, à vélo, en bus"))],
        initial="car",
    )
    fee = NumberField(
        "amount", label=_("Prix d’une journée à l’espace"), unit=_PER_DAY, required=False
    )
    fee_currency = choice(
        _("Monnaie de ce prix"),
        [("", _("celle de la réponse")), *_CURRENCIES],
        required=False,
    )
    fx = NumberField("fx", label=_("Taux de change"), unit=_("francs pour un euro"), required=False)
    fx_date = day(_("Jour de ce taux"))
    home = NumberField(
        "amount", label=_("Frais d’une journée à la maison"), unit=_PER_DAY, required=False
    )
    parking = NumberField(
        "amount", label=_("Stationnement au bureau"), unit=_PER_DAY, required=False
    )
    toll = NumberField("amount", label=_("Péage"), unit=_PER_DAY, required=False)
    allowance = NumberField(
        "amount", label=_("Allocation de télétravail"), unit=_PER_DAY, required=False
    )

    method = choice(
        _("Ce que l’on compte"),
        [
            ("", _("Coût variable de votre pays")),
            *(
                (str(key), name)
                for key, name in words.METHODS.items()
                if key is not Method.OWN_RATE
            ),
        ],
        required=False,
    )
    weeks = NumberField("weeks", label=_("Semaines travaillées"), unit=_("par an"), initial="46")
    occupancy = NumberField(
        "occupancy", label=_("Personnes dans la voiture"), unit=_("vous compris"), initial="1"
    )
    consumption = NumberField(
        "consumption_kwh",
        label=_("Consommation"),
        unit=_("L ou kWh aux 100 km ; vide : celle du modèle"),
        required=False,
    )
    price = NumberField(
        "price",
        label=_("Prix de l’énergie"),
        unit=_("par L ou kWh ; vide : à la pompe"),
        required=False,
    )
    price_date = day(_("Jour de ce prix"))
    fiscal_power = NumberField(
        "fiscal_power", label=_("Puissance fiscale"), unit=_("CV"), whole=True, initial="5"
    )
    annual_km = NumberField(
        "annual_km",
        label=_("Kilomètres par an sans télétravail"),
        unit=_("km ; vide : 15 000 ou vos trajets"),
        required=False,
    )
    mission_days = NumberField(
        "mission_days", label=_("Jours de mission hors de Suisse"), unit=_("par an"), initial="0"
    )
    scope = choice(
        _("Émissions comptées"),
        [
            (Co2Scope.USAGE, _("à l’usage")),
            (Co2Scope.LIFE_CYCLE, _("avec la fabrication")),
            (Co2Scope.BURNT, _("litres brûlés")),
        ],
        initial="usage",
    )
    rebound = choice(
        _("Effet rebond"),
        [
            ("0", _("aucun")),
            *((plain(each.value), _rebound(each)) for each in REBOUNDS),
        ],
        initial="0",
    )
    year = choice(
        _("Année des barèmes"),
        [(str(year), str(year)) for year in sorted(EDITIONS, reverse=True)],
        initial=str(max(EDITIONS)),
        error_messages={"invalid_choice": _("Aucun barème connu pour cette année.")},
    )

    FIRST = ("distance", "minutes", "days", "car", "currency")
    MORE: "tuple[tuple[StrOrPromise, tuple[str, ...]], ...]" = (
        (
            _("L’espace"),
            (
                "coworking_days",
                "fee",
                "fee_currency",
                "coworking_km",
                "coworking_minutes",
                "coworking_by",
            ),
        ),
        (_("Le bureau et la maison"), ("parking", "toll", "allowance", "home", "mission_days")),
        (
            _("La voiture"),
            ("occupancy", "consumption", "price", "price_date", "fiscal_power", "annual_km"),
        ),
        (
            _("Le calcul"),
            ("method", "weeks", "fx", "fx_date", "scope", "rebound", "year"),
        ),
    )

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The few questions that everybody answers."""
        return [self[name] for name in self.FIRST]

    @property
    def more_is_wrong(self) -> bool:
        """Whether an error stands behind « Affiner »: it must then be open."""
        return bool(set(self.errors) - set(self.FIRST))
