"""What the simulator starts from: cars and usual trips of the region.

Each is shown and can be changed by the person; none is a hidden default. Prices are in
`simulator.prices`.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from savings import Currency, Dated, Energy
from savings.france import CONSUMPTION
from savings.precision import EXACT

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Car:
    """A car one recognises: its energy, and its consumption per 100 km with the source."""

    label: "StrOrPromise"
    energy: Energy
    consumption: Dated[Decimal]


CARS: dict[str, Car] = {
    "petrol_small": Car(_("Petite essence"), Energy.PETROL, CONSUMPTION["petrol_small"]),
    "petrol_medium": Car(_("Essence moyenne"), Energy.PETROL, CONSUMPTION["petrol_medium"]),
    "petrol_saloon": Car(_("Grande essence"), Energy.PETROL, CONSUMPTION["petrol_saloon"]),
    "diesel_small": Car(_("Petite diesel"), Energy.DIESEL, CONSUMPTION["diesel_small"]),
    "diesel_medium": Car(_("Diesel moyenne"), Energy.DIESEL, CONSUMPTION["diesel_medium"]),
    "diesel_saloon": Car(_("Grande diesel"), Energy.DIESEL, CONSUMPTION["diesel_saloon"]),
    "hybrid_medium": Car(_("Hybride moyenne"), Energy.HYBRID, CONSUMPTION["hybrid_medium"]),
    "electric_small": Car(_("Petite électrique"), Energy.ELECTRIC, CONSUMPTION["electric_small"]),
    "electric_medium": Car(
        _("Électrique moyenne"), Energy.ELECTRIC, CONSUMPTION["electric_medium"]
    ),
    "electric_saloon": Car(_("Grande électrique"), Energy.ELECTRIC, CONSUMPTION["electric_saloon"]),
}


@dataclass(frozen=True, slots=True)
class Trip:
    """A usual commute: kilometres and minutes one way, and the currency of the salary there."""

    label: "StrOrPromise"
    distance: str
    minutes: str
    currency: Currency


# Orders of magnitude by road, to be corrected by the person: the page says so. Only the first one
# is published, by OSTAJ (2020): the median of the cross-border workers of the Arc jurassien.
TRIPS: tuple[Trip, ...] = (
    Trip(_("Frontalier médian"), "35", "42", Currency.CHF),
    Trip("Morez → Nyon", "38", "50", Currency.CHF),
    Trip(_("Morez → Genève"), "60", "70", Currency.CHF),
    Trip("Morez → Lausanne", "75", "80", Currency.CHF),
    Trip("Morez → Saint-Claude", "25", "35", Currency.EUR),
    Trip("Morez → Lons-le-Saunier", "57", "60", Currency.EUR),
)

# The kilometres at which the TCS publishes the cost of a car.
USUAL_ANNUAL_KM = Decimal(15_000)
OFFICE_DAYS = Decimal(5)


def assumed_annual_km(distance_km: Decimal, weeks: Decimal, remote_days: Decimal) -> Decimal:
    """Return the yearly kilometres to assume for someone who does not say them.

    At least those of a full commute, which alone may exceed the usual ones.
    """
    with localcontext(EXACT):
        commute = 2 * distance_km * weeks * max(OFFICE_DAYS, remote_days)
        return max(USUAL_ANNUAL_KM, commute)
