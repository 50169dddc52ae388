"""Kilograms of CO2e: factors of a car, rebound, and the telework formula of Impact CO2.

Impact CO2 counts its own way (46 weeks, 1.6 people in a car, a quarter of rebound, the whole
life cycle), so it is a method of its own, reproduced to compare with, and not an option of
``compute``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from types import MappingProxyType

from savings.errors import Code, SavingsError
from savings.figures import Dated
from savings.limits import check
from savings.precision import EXACT
from savings.values import Co2Scope, Energy

_SINCE = date(2025, 10, 1)
_IMPACT_CO2 = "ADEME, Impact CO2, données d’octobre 2025"


def _car(name: str, value: str, unit: str = "kg CO2e per vehicle-km") -> Dated[Decimal]:
    return Dated(name, Decimal(value), unit, _IMPACT_CO2, _SINCE, None)


THERMAL: Mapping[Co2Scope, Dated[Decimal]] = MappingProxyType(
    {
        Co2Scope.USAGE: _car("Thermal car, use", "0.1768924161"),
        Co2Scope.LIFE_CYCLE: _car("Thermal car, life cycle", "0.2276054595673504"),
    }
)
ELECTRIC: Mapping[Co2Scope, Dated[Decimal]] = MappingProxyType(
    {
        Co2Scope.USAGE: _car("Electric car, use", "0.0193413761"),
        Co2Scope.LIFE_CYCLE: _car("Electric car, life cycle", "0.1077844196"),
    }
)

_PER_PASSENGER = "kg CO2e per passenger-km"
IMPACT_CO2_THERMAL = _car(
    "Impact CO2, thermal car ÷ 1.6 people", "0.14225341222954335", _PER_PASSENGER
)
IMPACT_CO2_ELECTRIC = _car(
    "Impact CO2, electric car ÷ 1.6 people", "0.06736526222954337", _PER_PASSENGER
)


# Diesel is the mean of B7 (3.10) and B10 (3.04).
_BASE_CARBONE = "ADEME, Base Carbone, France continentale, via nosgestesclimat"


def _litre(name: str, value: str) -> Dated[Decimal]:
    return Dated(f"Burnt litre, {name}", Decimal(value), "kg CO2e/L", _BASE_CARBONE, None, None)


_PETROL_LITRE = _litre("petrol", "2.70")
BURNT_LITRE: Mapping[Energy, Dated[Decimal]] = MappingProxyType(
    {
        Energy.PETROL: _PETROL_LITRE,
        Energy.HYBRID: _PETROL_LITRE,
        Energy.DIESEL: _litre("diesel", "3.07"),
        Energy.E85: _litre("E85", "1.11"),
        Energy.LPG: _litre("LPG", "1.86"),
    }
)


def _rebound(name: str, value: str, source: str, since: date | None) -> Dated[Decimal]:
    return Dated(f"Rebound, {name}", Decimal(value), "share", source, since, None)


# What part of the saving is lost to other trips and to heating. Offered, never applied unasked.
REBOUNDS: tuple[Dated[Decimal], ...] = (
    _rebound("Impact CO2", "0.25", "Impact CO2", None),
    _rebound(
        "ADEME",
        "0.31",
        "ADEME, Caractérisation des effets rebond induits par le télétravail, 2020",
        date(2020, 9, 1),
    ),
)

FIGURES: tuple[Dated[Decimal], ...] = (
    *THERMAL.values(),
    *ELECTRIC.values(),
    IMPACT_CO2_THERMAL,
    IMPACT_CO2_ELECTRIC,
    _PETROL_LITRE,
    BURNT_LITRE[Energy.DIESEL],
    BURNT_LITRE[Energy.E85],
    BURNT_LITRE[Energy.LPG],
    *REBOUNDS,
)


def factor_per_km(
    scope: Co2Scope, energy: Energy, consumption: Decimal | None
) -> tuple[Decimal, Dated[Decimal]]:
    """Return kg CO2e per vehicle-km and the figure it comes from.

    Every car that is not electric takes the average thermal factor, except under ``BURNT``,
    which needs its litres per 100 km and refuses an electric car.
    """
    if scope is not Co2Scope.BURNT:
        figure = (ELECTRIC if energy is Energy.ELECTRIC else THERMAL)[scope]
        return figure.value, figure
    if energy not in BURNT_LITRE:
        raise SavingsError("energy", Code.NOT_IN_TABLE, ", ".join(sorted(BURNT_LITRE)))
    if consumption is None:
        raise SavingsError("consumption", Code.REQUIRED, scope)
    litre = BURNT_LITRE[energy]
    return consumption / 100 * litre.value, litre


@dataclass(frozen=True, slots=True)
class ImpactCo2:
    """Kilograms of CO2e a year, as Impact CO2 counts them: still emitted, and saved."""

    generated_kg: Decimal
    saved_kg: Decimal


_WEEKS_BOTH_WAYS = 92
_AFTER_REBOUND = Decimal("0.75")


def impact_co2(
    *,
    distance_km: Decimal,
    telework_days: Decimal,
    office_days: Decimal,
    factor: Decimal = IMPACT_CO2_THERMAL.value,
) -> ImpactCo2:
    """Reproduce the telework formula of Impact CO2 (ADEME).

    ``distance_km`` is one way, the days are per week, ``factor`` is in kg CO2e per passenger-km.
    saved = 0.75 × telework days × factor × km × 92; generated = office days × factor × km × 92.
    """
    if distance_km != 0:
        check("distance_km", distance_km)
    check("telework_days", telework_days, "remote_days_per_week")
    check("office_days", office_days, "remote_days_per_week")
    with localcontext(EXACT):
        per_weekly_day = factor * distance_km * _WEEKS_BOTH_WAYS
        return ImpactCo2(
            generated_kg=office_days * per_weekly_day,
            saved_kg=_AFTER_REBOUND * telework_days * per_weekly_day,
        )
