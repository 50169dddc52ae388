"""Swiss tables: the tax rate of a car, the cost of a kilometre, fuel, and the telework ceiling."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from savings.figures import Dated, Series, yearly
from savings.values import Energy

_TAX = "AFC, ordonnance sur les frais professionnels, RS 642.118.1"
_TCS = "TCS, coût kilométrique à 15 000 km par an"


def _rate(name: str, value: str, source: str, first: int, last: int) -> Dated[Decimal]:
    return yearly(name, Decimal(value), "CHF/km", source, first, last)


# The record of 0.70 starts with the one of the TCS; the rate itself is older.
TAX_RATE: Series[Decimal] = Series(
    "swiss_rate_year",
    (
        _rate("Tax rate of a car", "0.70", _TAX, 2023, 2025),
        _rate("Tax rate of a car", "0.75", _TAX, 2026, 2026),
    ),
)

FULL_COST: Series[Decimal] = Series(
    "swiss_cost_year",
    (
        _rate("Full cost of a car", "0.75", _TCS, 2023, 2023),
        _rate("Full cost of a car", "0.72", _TCS, 2024, 2024),
        _rate("Full cost of a car", "0.76", _TCS, 2025, 2025),
        _rate("Full cost of a car", "0.74", _TCS, 2026, 2026),
    ),
)


@dataclass(frozen=True, slots=True)
class VariableCost:
    """Yearly variable cost in CHF of a car driven ``km`` a year. Kept as the two numbers
    published: their quotient, 0.2757 CHF/km, would already be rounded."""

    chf: Decimal
    km: Decimal


VARIABLE_COST: Series[VariableCost] = Series(
    "swiss_cost_year",
    (
        yearly(
            "Variable cost of a car",
            VariableCost(Decimal(4_135), Decimal(15_000)),
            "CHF a year / km a year",
            _TCS,
            2026,
        ),
    ),
)


def _pump(fuel: str, value: str) -> Dated[Decimal]:
    on = date(2026, 3, 9)
    return Dated(f"Pump price, {fuel}", Decimal(value), "CHF/L", "Relevé du jour indiqué", on, on)


PUMP_PRICES: Mapping[Energy, tuple[Dated[Decimal], ...]] = MappingProxyType(
    {Energy.PETROL: (_pump("SP95", "1.70"),), Energy.DIESEL: (_pump("diesel", "1.90"),)}
)

CEILING_SHARE = Dated(
    "Ceiling of telework for a cross-border worker, missions included",
    Decimal("0.40"),
    "share of yearly working time",
    "Convention fiscale France–Suisse, avenant du 27 juin 2023",
    date(2026, 1, 1),
    None,
)
DAYS_PER_WEEK = Decimal(5)

FIGURES: tuple[Dated[Decimal], ...] = (
    *TAX_RATE.editions,
    *FULL_COST.editions,
    *PUMP_PRICES[Energy.PETROL],
    *PUMP_PRICES[Energy.DIESEL],
    CEILING_SHARE,
)
