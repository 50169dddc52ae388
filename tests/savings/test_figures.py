"""Published figures travel with their source and dates, and a year without table raises."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from savings import (
    EDITIONS,
    Co2Scope,
    Code,
    Dated,
    Edition,
    Method,
    SavingsError,
    compute,
    edition,
    emissions,
    france,
    switzerland,
)
from savings.figures import Series, yearly
from tests.savings.commuter import FRENCH, commuter

SERIES: list[Series[Any]] = [
    france.BAREME,
    france.ELECTRIC_FACTOR,
    france.FUEL_SCALE,
    switzerland.TAX_RATE,
    switzerland.FULL_COST,
    switzerland.VARIABLE_COST,
]
FIGURES: list[Dated[Any]] = [
    *france.FIGURES,
    *switzerland.FIGURES,
    *emissions.FIGURES,
    *(edition for series in SERIES for edition in series.editions),
]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_every_figure_says_its_unit_its_source_and_dates_in_order(figure: Dated[Any]) -> None:
    assert figure.unit
    assert figure.source
    if figure.valid_to is not None:
        assert figure.valid_from is not None
        assert figure.valid_from <= figure.valid_to


@pytest.mark.parametrize("series", SERIES, ids=lambda series: series.editions[0].name)
def test_no_two_editions_of_a_series_cover_the_same_year(series: Series[Any]) -> None:
    for earlier, later in pairwise(series.editions):
        assert earlier.valid_to is not None
        assert later.valid_from is not None
        assert earlier.valid_to < later.valid_from


@pytest.mark.parametrize("series", SERIES, ids=lambda series: series.editions[0].name)
@pytest.mark.parametrize("year", [1999, 2031])
def test_a_series_never_falls_back_on_another_year(series: Series[Any], year: int) -> None:
    with pytest.raises(SavingsError) as caught:
        series.at(year)
    error = caught.value
    assert (error.field, error.code, error.limit) == (
        series.field,
        Code.UNKNOWN_YEAR,
        series.known,
    )


def test_the_tax_rate_changes_on_new_year_2026() -> None:
    assert switzerland.TAX_RATE.at(2025).value == Decimal("0.70")
    assert switzerland.TAX_RATE.at(2026).value == Decimal("0.75")


@pytest.mark.parametrize(
    ("year", "rate"), [(2023, "0.75"), (2024, "0.72"), (2025, "0.76"), (2026, "0.74")]
)
def test_the_full_cost_of_the_tcs_by_year(year: int, rate: str) -> None:
    assert switzerland.FULL_COST.at(year).value == Decimal(rate)


def test_an_edition_without_dates_cannot_stand_in_a_series() -> None:
    undated = Dated("x", Decimal(1), "unit", "source", None, None)
    with pytest.raises(ValueError, match="needs both its dates"):
        Series("year", (undated,)).at(2026)


def test_a_gap_between_editions_is_unknown() -> None:
    first = yearly("x", Decimal(1), "unit", "source", 2020)
    third = yearly("x", Decimal(3), "unit", "source", 2022)
    with pytest.raises(SavingsError):
        Series("year", (first, third)).at(2021)


@pytest.mark.parametrize("year", [2024, 2027, 0])
def test_an_unknown_edition_is_refused(year: int) -> None:
    with pytest.raises(SavingsError) as caught:
        edition(year)
    assert (caught.value.field, caught.value.code) == ("year", Code.UNKNOWN_YEAR)


def test_the_edition_of_2026_reads_the_french_tables_of_2025() -> None:
    assert edition(2026) is EDITIONS[2026]
    assert edition(2026) == Edition(2026, 2025, 2025, 2026, 2026)


@pytest.mark.parametrize(
    ("method", "field"),
    [
        (Method.FR_MARGINAL, "bareme_year"),
        (Method.FUEL_SCALE, "fuel_scale_year"),
        (Method.CH_RATE, "swiss_rate_year"),
        (Method.CH_FULL, "swiss_cost_year"),
        (Method.CH_VARIABLE, "swiss_cost_year"),
    ],
)
def test_a_calculation_with_tables_of_a_year_nobody_knows_is_refused(
    method: Method, field: str
) -> None:
    future = Edition(2031, 2031, 2031, 2031, 2031)
    told = FRENCH if method in {Method.FR_MARGINAL, Method.FUEL_SCALE} else {}
    with pytest.raises(SavingsError) as caught:
        compute(
            commuter(
                method=method, edition=future, fiscal_power=5, annual_km=Decimal(16_000), **told
            )
        )
    assert (caught.value.field, caught.value.code) == (field, Code.UNKNOWN_YEAR)


def test_the_variable_cost_of_2025_was_never_recorded() -> None:
    with pytest.raises(SavingsError) as caught:
        compute(commuter(edition=edition(2025)))
    assert (caught.value.field, caught.value.limit) == ("swiss_cost_year", "2026")


def test_the_life_cycle_factor_is_that_of_impact_co2_for_the_whole_car() -> None:
    for cars, per_passenger in (
        (emissions.THERMAL, emissions.IMPACT_CO2_THERMAL),
        (emissions.ELECTRIC, emissions.IMPACT_CO2_ELECTRIC),
    ):
        whole = per_passenger.value * Decimal("1.6")
        assert abs(cars[Co2Scope.LIFE_CYCLE].value / whole - 1) < Decimal("1e-9")


def test_a_pump_price_is_a_quote_of_one_day() -> None:
    countries = (france.PUMP_PRICES, switzerland.PUMP_PRICES)
    quotes = [quote for prices in countries for fuel in prices.values() for quote in fuel]
    assert all(quote.valid_from == quote.valid_to for quote in quotes)
    assert max(quote.valid_from for quote in quotes if quote.valid_from) == date(2026, 3, 9)
