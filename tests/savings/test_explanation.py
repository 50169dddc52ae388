"""A result explains itself: each step with its formula, its figures and their sources."""

from datetime import date
from decimal import Decimal

import pytest

from savings import (
    METHODS,
    Amount,
    Co2Scope,
    Currency,
    ExchangeRate,
    Line,
    Method,
    compare,
    compute,
    explain,
)
from tests.savings.commuter import FRENCH, PETROL_CAR, SWISS, commuter


def lines(**changes: object) -> dict[str, Line]:
    return {line.code: line for line in explain(compute(commuter(**changes)))}


def test_the_steps_come_in_the_order_of_the_calculation() -> None:
    assert list(lines(**SWISS, cross_border=True)) == [
        "remote_days",
        "coworking_days",
        "km",
        "hours",
        "ceiling",
        "vehicle",
        "gross",
        "fee",
        "net",
        "break_even_fee",
        "co2",
    ]


def test_days_at_home_need_no_line_about_the_space() -> None:
    told = lines(coworking_days_per_week=Decimal(0))
    assert "coworking_days" not in told
    assert "break_even_fee" not in told
    assert told["km"].formula == "2 × 35 × 92"


@pytest.mark.parametrize(
    ("method", "formula"),
    [
        (Method.FUEL_PRICE, "5888 × 7.85 / 100 × 1.72"),
        (Method.FUEL_SCALE, "5888 × 0.139"),
        (Method.FR_MARGINAL, "B[16000] − B[10112] = 7107 − 5004.984"),
        (Method.FR_AVERAGE, "7107 / 16000 × 5888"),
        (Method.CH_VARIABLE, "(5888 × 4135 / 15000) / 0.93"),
        (Method.CH_FULL, "(5888 × 0.74) / 0.93"),
        (Method.CH_RATE, "(5888 × 0.75) / 0.93"),
        (Method.OWN_RATE, "5888 × 0.6"),
    ],
)
def test_the_cost_of_the_car_shows_its_own_numbers(method: Method, formula: str) -> None:
    told = FRENCH | PETROL_CAR
    vehicle = lines(
        method=method,
        fiscal_power=5,
        annual_km=Decimal(16_000),
        rate_per_km=Decimal("0.60"),
        fx=ExchangeRate(Decimal("0.93"), date(2026, 3, 9)),
        **told,
    )["vehicle"]
    assert vehicle.formula == formula
    given = METHODS[method].currency is None
    assert bool(vehicle.figures) is not given
    assert vehicle.on == (date(2026, 2, 27) if method is Method.FUEL_PRICE else None)


def test_losses_and_costs_carry_their_sign() -> None:
    told = lines(**FRENCH, **PETROL_CAR, method=Method.FUEL_PRICE)
    assert told["fee"].value == Decimal("-1104.00")
    assert told["fee"].formula == "−12 × 92"
    assert told["net"].value == Decimal("-309.00")
    assert told["net"].formula == "795.00 − 1104.00"
    assert told["break_even_fee"].formula == "(795.00) / 92"


def test_what_rounding_moved_has_its_line() -> None:
    told = lines(weeks=Decimal(1), parking=Amount(Decimal("0.003"), Currency.CHF))
    assert told["vehicle"].value == Decimal("35.29")  # 35.2853…
    assert told["parking_and_toll"].value == Decimal("0.01")  # 0.006
    assert told["net"].value == Decimal("35.29")  # 35.2913…
    assert told["rounding"].value == Decimal("-0.01")
    assert told["net"].formula == "35.29 + 0.01 − 0.01"


def test_people_who_share_the_car_and_the_rebound_stand_in_the_formulas() -> None:
    told = lines(occupancy=Decimal(2), rebound=Decimal("0.25"), co2_scope=Co2Scope.LIFE_CYCLE)
    assert told["vehicle"].formula == "(5888 × 4135 / 15000) / 2"
    assert told["co2"].formula == "5888 × 0.2276054595673504 / 2 × (1 − 0.25)"
    assert "ADEME" in told["co2"].figures[0].source


def test_burnt_litres_count_the_car_of_the_commuter() -> None:
    told = lines(co2_scope=Co2Scope.BURNT, consumption=Decimal("7.85"))
    assert told["co2"].value == Decimal("1248.0")  # 5 888 km × 7.85 L/100 km × 2.70 kg/L


def test_the_default_number_of_weeks_names_its_source() -> None:
    assert "Impact CO2" in lines()["remote_days"].figures[0].source
    assert lines(weeks=Decimal(40))["remote_days"].figures == ()


def test_methods_side_by_side_give_a_range_and_say_why_some_are_missing() -> None:
    comparison = compare(commuter(**SWISS))
    assert {result.commute.method for result in comparison.results} == {
        Method.CH_VARIABLE,
        Method.CH_FULL,
        Method.CH_RATE,
    }
    assert comparison.lowest is not None
    assert comparison.highest is not None
    assert comparison.lowest.shown.net == Decimal("243.13")
    assert comparison.highest.shown.net == Decimal("3036.00")
    assert {(method, error.field) for method, error in comparison.refused} == {
        (Method.FUEL_PRICE, "consumption"),
        (Method.FUEL_SCALE, "fiscal_power"),
        (Method.FR_MARGINAL, "annual_km"),
        (Method.FR_AVERAGE, "annual_km"),
        (Method.OWN_RATE, "rate_per_km"),
    }


def test_methods_that_all_refuse_leave_no_range() -> None:
    comparison = compare(commuter(), [Method.OWN_RATE])
    assert comparison.results == ()
    assert comparison.lowest is comparison.highest is None
