"""French tables: the barème kilométrique, the official fuel scale, consumption and prices.

The year of a table is the income year it is published for. Sources are cited in their language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from savings.errors import Code, SavingsError
from savings.figures import Dated, Series, yearly
from savings.values import Energy

_ARRETE = "Arrêté du 27 mars 2023, CGI ann. IV art. 6 B"

LOW_KM = Decimal(5_000)
MIDDLE_KM = Decimal(20_000)


@dataclass(frozen=True, slots=True)
class BaremeBand:
    """One line of the barème, in euros for d km a year, by fiscal power from ``power`` CV on.

    ``low``·d up to 5 000 km, ``middle``·d + ``constant`` up to 20 000 km, ``high``·d beyond.
    """

    power: int
    low: Decimal
    middle: Decimal
    constant: Decimal
    high: Decimal


def _band(power: int, low: str, middle: str, constant: int, high: str) -> BaremeBand:
    return BaremeBand(power, Decimal(low), Decimal(middle), Decimal(constant), Decimal(high))


BAREME: Series[tuple[BaremeBand, ...]] = Series(
    "bareme_year",
    (
        yearly(
            "Barème kilométrique, cars",
            (
                _band(1, "0.529", "0.316", 1_065, "0.370"),
                _band(4, "0.606", "0.340", 1_330, "0.407"),
                _band(5, "0.636", "0.357", 1_395, "0.427"),
                _band(6, "0.665", "0.374", 1_457, "0.447"),
                _band(7, "0.697", "0.394", 1_515, "0.470"),
            ),
            "EUR for d km a year",
            _ARRETE,
            2022,
            2025,
        ),
    ),
)

ELECTRIC_FACTOR: Series[Decimal] = Series(
    "bareme_year",
    (yearly("Barème kilométrique, electric car", Decimal("1.20"), "factor", _ARRETE, 2022, 2025),),
)


def bareme(bands: tuple[BaremeBand, ...], fiscal_power: int, annual_km: Decimal) -> Decimal:
    """Return B(annual_km), the cost in euros of a year's kilometres of a thermal car.

    A function of the annual total: the cost of some of these kilometres is a difference of two
    values, never the value of the part alone.
    """
    band = next(band for band in reversed(bands) if fiscal_power >= band.power)
    if annual_km <= LOW_KM:
        return annual_km * band.low
    if annual_km <= MIDDLE_KM:
        return annual_km * band.middle + band.constant
    return annual_km * band.high


@dataclass(frozen=True, slots=True)
class FuelBand:
    """One line of the official fuel scale: euros per km by energy, for a range of CV."""

    power: range
    per_km: Mapping[Energy, Decimal]

    @property
    def label(self) -> str:
        """The range as printed: ``"3–4"``, or ``"≥12"`` for the last one."""
        last = self.power[-1]
        return f"≥{self.power[0]}" if last >= 99 else f"{self.power[0]}–{last}"


def _fuel(first: int, last: int, diesel: str, petrol: str, lpg: str | None) -> FuelBand:
    per_km = {Energy.DIESEL: Decimal(diesel), Energy.PETROL: Decimal(petrol)}
    if lpg is not None:
        per_km[Energy.LPG] = Decimal(lpg)
    return FuelBand(range(first, last + 1), MappingProxyType(per_km))


# The 2024 edition is recorded as far as it was read: its other cells raise, like an unknown year.
FUEL_SCALE: Series[tuple[FuelBand, ...]] = Series(
    "fuel_scale_year",
    (
        yearly(
            "Official fuel scale, cars",
            (_fuel(3, 4, "0.094", "0.119", "0.074"), _fuel(5, 7, "0.116", "0.147", None)),
            "EUR/km",
            "BOFiP, frais de carburant, année 2024",
            2024,
        ),
        yearly(
            "Official fuel scale, cars",
            (
                _fuel(3, 4, "0.089", "0.113", "0.072"),
                _fuel(5, 7, "0.110", "0.139", "0.089"),
                _fuel(8, 9, "0.131", "0.165", "0.106"),
                _fuel(10, 11, "0.148", "0.187", "0.120"),
                _fuel(12, 99, "0.165", "0.208", "0.133"),
            ),
            "EUR/km",
            "BOFiP, frais de carburant, année 2025, publié le 2026-02-19",
            2025,
        ),
    ),
)


def fuel_per_km(bands: tuple[FuelBand, ...], fiscal_power: int, energy: Energy) -> Decimal:
    """Return the euros of fuel per km of the official scale, or refuse a car it does not list."""
    band = next((band for band in bands if fiscal_power in band.power), None)
    if band is None:
        raise SavingsError(
            "fiscal_power", Code.NOT_IN_TABLE, ", ".join(band.label for band in bands)
        )
    if energy not in band.per_km:
        raise SavingsError("energy", Code.NOT_IN_TABLE, ", ".join(sorted(band.per_km)))
    return band.per_km[energy]


# Read in the review of that update (2025-07-02), which gives no day from which the values hold.
_ADEME_CARS = "ADEME Car Labelling × facteur d’usage réel, via nosgestesclimat nº 2518, 2025"


def _consumption(label: str, value: str, unit: str = "L/100 km") -> Dated[Decimal]:
    return Dated(f"Consumption, {label}", Decimal(value), unit, _ADEME_CARS, None, None)


# Presets for a person to change, never a default of the calculation.
CONSUMPTION: Mapping[str, Dated[Decimal]] = MappingProxyType(
    {
        "petrol_small": _consumption("small petrol car", "6.61"),
        "petrol_medium": _consumption("medium petrol car", "7.85"),
        "petrol_saloon": _consumption("petrol saloon", "8.54"),
        "diesel_small": _consumption("small diesel car", "4.62"),
        "diesel_medium": _consumption("medium diesel car", "5.48"),
        "diesel_saloon": _consumption("diesel saloon", "7.21"),
        "hybrid_medium": _consumption("medium hybrid car", "5.63"),
        "electric_small": _consumption("small electric car", "18.7", "kWh/100 km"),
        "electric_medium": _consumption("medium electric car", "20.5", "kWh/100 km"),
        "electric_saloon": _consumption("electric saloon", "28.7", "kWh/100 km"),
    }
)


def _pump(fuel: str, value: str, on: date) -> Dated[Decimal]:
    return Dated(f"Pump price, {fuel}", Decimal(value), "EUR/L", "Relevé du jour indiqué", on, on)


# Quotes on a day, oldest first, for presets: a price is an input that carries its date.
PUMP_PRICES: Mapping[Energy, tuple[Dated[Decimal], ...]] = MappingProxyType(
    {
        Energy.PETROL: (
            _pump("SP95-E10", "1.72", date(2026, 2, 27)),
            _pump("SP95-E10", "1.82", date(2026, 3, 6)),
        ),
        Energy.DIESEL: (
            _pump("diesel", "1.72", date(2026, 2, 27)),
            _pump("diesel", "1.98", date(2026, 3, 6)),
        ),
    }
)

WEEKS = Dated(
    "Working weeks a year",
    Decimal(46),
    "weeks",
    "Impact CO2 : 52 − 5 − 1 (1 607 h / 35 h = 45,9)",
    None,
    None,
)
HOME_ENERGY = Dated(
    "Energy of a day of telework at home",
    Decimal("1.4"),
    "kWh/day",
    "ADEME/IFPEB, 2023",
    date(2023, 1, 1),
    None,
)
EXEMPT_ALLOWANCE = yearly(
    "Telework allowance exempt from contributions",
    Decimal("2.70"),
    "EUR/day",
    "Plafond d’exonération 2026",
    2026,
)

FIGURES: tuple[Dated[Decimal], ...] = (
    *ELECTRIC_FACTOR.editions,
    *CONSUMPTION.values(),
    *PUMP_PRICES[Energy.PETROL],
    *PUMP_PRICES[Energy.DIESEL],
    WEEKS,
    HOME_ENERGY,
    EXEMPT_ALLOWANCE,
)
