"""The commuter's year, to the cent, by every method: figures computed apart from this code."""

from decimal import Decimal
from typing import Any

import pytest

from savings import Amount, Co2Scope, Currency, Method, compute
from tests.savings.commuter import FRENCH, PETROL_CAR, SWISS, commuter

CASES = [
    ("fuel at the pump", FRENCH | PETROL_CAR, Method.FUEL_PRICE, "795.00", "-309.00"),
    ("official fuel scale", FRENCH | {"fiscal_power": 5}, Method.FUEL_SCALE, "818.43", "-285.57"),
    (
        "barème, marginal",
        FRENCH | {"fiscal_power": 5, "annual_km": Decimal(16_000)},
        Method.FR_MARGINAL,
        "2102.02",
        "998.02",
    ),
    (
        "barème, marginal, across 5 000 km",
        FRENCH | {"fiscal_power": 5, "annual_km": Decimal(8_000)},
        Method.FR_MARGINAL,
        "2907.77",
        "1803.77",
    ),
    (
        "barème, average",
        FRENCH | {"fiscal_power": 5, "annual_km": Decimal(16_000)},
        Method.FR_AVERAGE,
        "2615.38",
        "1511.38",
    ),
    ("TCS, full", SWISS, Method.CH_FULL, "4357.12", "2977.12"),
    ("TCS, variable", SWISS, Method.CH_VARIABLE, "1623.13", "243.13"),
    ("Swiss tax rate", SWISS, Method.CH_RATE, "4416.00", "3036.00"),
    (
        "a rate of one’s own",
        SWISS | {"rate_per_km": Decimal("0.74")},
        Method.OWN_RATE,
        "4357.12",
        "2977.12",
    ),
]


@pytest.mark.parametrize(
    ("inputs", "method", "gross", "net"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_money_of_the_commuter(
    inputs: dict[str, Any], method: Method, gross: str, net: str
) -> None:
    shown = compute(commuter(method=method, **inputs)).shown
    assert (shown.gross, shown.net) == (Decimal(gross), Decimal(net))


def test_days_kilometres_and_hours_of_the_commuter() -> None:
    result = compute(commuter())
    assert result.remote_days == result.coworking_days == 92
    assert result.home_days == 0
    assert result.km == 5_888
    assert result.hours == Decimal("110.40")


def test_co2_of_the_commuter_over_the_life_of_the_car_with_a_quarter_of_rebound() -> None:
    commute = commuter(co2_scope=Co2Scope.LIFE_CYCLE, rebound=Decimal("0.25"))
    assert compute(commute).shown.co2_kg == Decimal("1005.1")


def test_break_even_fee_is_the_fee_that_leaves_nothing() -> None:
    fee = compute(commuter(**SWISS)).break_even_fee
    assert fee is not None
    assert round(fee, 2) == Decimal("17.64")  # 1 623.13 / 92
    at_that_fee = commuter(coworking_fee=Amount(round(fee, 18), Currency.CHF))
    assert abs(compute(at_that_fee).net) < Decimal("1e-12")


def test_no_break_even_fee_without_a_day_at_the_space() -> None:
    assert compute(commuter(coworking_days_per_week=Decimal(0))).break_even_fee is None


def test_every_cost_of_a_day_enters_the_net_with_its_own_number_of_days() -> None:
    def chf(value: str) -> Amount:
        return Amount(Decimal(value), Currency.CHF)

    result = compute(
        commuter(
            coworking_days_per_week=Decimal("0.5"),
            parking=chf("8"),
            toll=chf("1.50"),
            allowance=chf("2.70"),
            coworking_fee=chf("15"),
            home_cost=chf("0.40"),
        )
    )
    days = (result.remote_days, result.coworking_days, result.home_days)
    assert days == (Decimal(92), Decimal(23), Decimal(69))
    assert result.parking_and_toll == Decimal("9.50") * 92
    assert result.allowance == Decimal("2.70") * 92
    assert result.fee == 15 * 23
    assert result.home == Decimal("0.40") * 69
    assert result.net == result.vehicle + Decimal("874") + Decimal("248.4") - 345 - Decimal("27.6")


def test_a_space_reached_on_foot_costs_no_kilometre_but_still_takes_time() -> None:
    result = compute(commuter(coworking_by_car=False))
    assert result.km == 6_440
    assert result.hours == Decimal("110.4")
