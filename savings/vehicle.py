"""What the avoided kilometres would have cost, by each named method.

A single number misleads: the same year of commuting "saves" anything between its fuel alone and
the full cost of a car. ``METHODS`` says which part each method counts, and in which currency.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

from savings.commute import Commute
from savings.errors import Code, SavingsError
from savings.figures import Dated
from savings.france import BAREME, ELECTRIC_FACTOR, FUEL_SCALE, bareme, fuel_per_km
from savings.switzerland import FULL_COST, TAX_RATE, VARIABLE_COST
from savings.values import CostKind, Currency, Energy, Method

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of the car in ``currency``; ``formula`` holds its terms and signs, in order."""

    value: Decimal
    currency: Currency
    formula: tuple[Decimal | str, ...]
    figures: tuple[Dated[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class MethodInfo:
    """What a method counts (``kind``), the currency of its table (``None``: as given), the
    optional inputs it needs, and its formula in words."""

    kind: CostKind
    currency: Currency | None
    needs: tuple[str, ...]
    formula: str
    cost: Callable[[Commute, Decimal], Cost]


def cost_of(commute: Commute, km: Decimal) -> Cost:
    """Return the cost of ``km`` by the method of the commute; refuse if an input is missing."""
    return METHODS[commute.method].cost(commute, km)


def _given(commute: Commute, field: str, value: T | None) -> T:
    if value is None:
        raise SavingsError(field, Code.REQUIRED, commute.method)
    return value


def _fuel_price(commute: Commute, km: Decimal) -> Cost:
    consumption = _given(commute, "consumption", commute.consumption)
    price = _given(commute, "price", commute.price)
    value = km * consumption / 100 * price.value
    formula = (km, "×", consumption, "/ 100 ×", price.value)
    return Cost(value, price.currency, formula)


def _fuel_scale(commute: Commute, km: Decimal) -> Cost:
    power = _given(commute, "fiscal_power", commute.fiscal_power)
    scale = FUEL_SCALE.at(commute.edition.fuel_scale_year)
    rate = fuel_per_km(scale.value, power, commute.energy)
    return Cost(km * rate, Currency.EUR, (km, "×", rate), (scale,))


def _yearly_bareme(commute: Commute, annual_km: Decimal) -> tuple[Decimal, tuple[Dated[Any], ...]]:
    """Return B(annual_km) of this car, electric or not, and its figures."""
    power = _given(commute, "fiscal_power", commute.fiscal_power)
    table = BAREME.at(commute.edition.bareme_year)
    value = bareme(table.value, power, annual_km)
    if commute.energy is Energy.ELECTRIC:
        factor = ELECTRIC_FACTOR.at(commute.edition.bareme_year)
        return value * factor.value, (table, factor)
    return value, (table,)


def _fr_marginal(commute: Commute, km: Decimal) -> Cost:
    before = _given(commute, "annual_km", commute.annual_km)
    after = before - km
    whole, figures = _yearly_bareme(commute, before)
    rest, _ = _yearly_bareme(commute, after)
    formula = ("B[", before, "] − B[", after, "] =", whole, "−", rest)
    return Cost(whole - rest, Currency.EUR, formula, figures)


def _fr_average(commute: Commute, km: Decimal) -> Cost:
    annual_km = _given(commute, "annual_km", commute.annual_km)
    whole, figures = _yearly_bareme(commute, annual_km)
    return Cost(whole / annual_km * km, Currency.EUR, (whole, "/", annual_km, "×", km), figures)


def _ch_variable(commute: Commute, km: Decimal) -> Cost:
    table = VARIABLE_COST.at(commute.edition.swiss_cost_year)
    formula = (km, "×", table.value.chf, "/", table.value.km)
    return Cost(km * table.value.chf / table.value.km, Currency.CHF, formula, (table,))


def _ch_full(commute: Commute, km: Decimal) -> Cost:
    rate = FULL_COST.at(commute.edition.swiss_cost_year)
    return Cost(km * rate.value, Currency.CHF, (km, "×", rate.value), (rate,))


def _ch_rate(commute: Commute, km: Decimal) -> Cost:
    rate = TAX_RATE.at(commute.edition.swiss_rate_year)
    return Cost(km * rate.value, Currency.CHF, (km, "×", rate.value), (rate,))


def _own_rate(commute: Commute, km: Decimal) -> Cost:
    rate = _given(commute, "rate_per_km", commute.rate_per_km)
    return Cost(km * rate, commute.currency, (km, "×", rate))


_BAREME_NEEDS = ("fiscal_power", "annual_km")

METHODS: Mapping[Method, MethodInfo] = MappingProxyType(
    {
        Method.FUEL_PRICE: MethodInfo(
            CostKind.FUEL,
            None,
            ("consumption", "price"),
            "km × consumption / 100 × price",
            _fuel_price,
        ),
        Method.FUEL_SCALE: MethodInfo(
            CostKind.FUEL,
            Currency.EUR,
            ("fiscal_power",),
            "km × official fuel scale [CV, energy]",
            _fuel_scale,
        ),
        Method.FR_MARGINAL: MethodInfo(
            CostKind.VARIABLE,
            Currency.EUR,
            _BAREME_NEEDS,
            "B(annual km) − B(annual km − km)",
            _fr_marginal,
        ),
        Method.FR_AVERAGE: MethodInfo(
            CostKind.FULL,
            Currency.EUR,
            _BAREME_NEEDS,
            "B(annual km) / annual km × km",
            _fr_average,
        ),
        Method.CH_VARIABLE: MethodInfo(
            CostKind.VARIABLE,
            Currency.CHF,
            (),
            "km × yearly variable cost / yearly km of the TCS",
            _ch_variable,
        ),
        Method.CH_FULL: MethodInfo(
            CostKind.FULL, Currency.CHF, (), "km × full cost of the TCS", _ch_full
        ),
        Method.CH_RATE: MethodInfo(
            CostKind.FULL, Currency.CHF, (), "km × tax rate of the year", _ch_rate
        ),
        Method.OWN_RATE: MethodInfo(
            CostKind.FULL, None, ("rate_per_km",), "km × rate given", _own_rate
        ),
    }
)
