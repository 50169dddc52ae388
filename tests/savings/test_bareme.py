"""The barème kilométrique on both sides of its two thresholds, and for an electric car."""

from decimal import Decimal

import pytest

from savings import Energy, Method, compute
from savings.france import BAREME, bareme
from tests.savings.commuter import FRENCH, commuter

BANDS = BAREME.at(2025).value


@pytest.mark.parametrize(
    ("power", "km", "cost"),
    [
        (5, 0, "0"),
        (5, 4_600, "2925.6"),
        (5, 4_999, "3179.364"),
        (5, 5_000, "3180"),
        (5, 5_001, "3180.357"),
        (5, 20_000, "8535"),
        (5, 20_001, "8540.427"),
        (1, 5_000, "2645"),
        (3, 5_001, "2645.316"),
        (4, 20_000, "8130"),
        (4, 20_001, "8140.407"),
        (6, 20_000, "8937"),
        (6, 20_001, "8940.447"),
        (7, 5_000, "3485"),
        (99, 5_001, "3485.394"),
        (7, 20_001, "9400.470"),
    ],
)
def test_cost_of_a_year_of_kilometres(power: int, km: int, cost: str) -> None:
    assert bareme(BANDS, power, Decimal(km)) == Decimal(cost)


def test_the_marginal_cost_is_not_the_cost_of_the_part_alone() -> None:
    whole, rest = (bareme(BANDS, 5, Decimal(km)) for km in (15_000, 10_400))
    assert round(whole - rest) == 1_642
    assert round(bareme(BANDS, 5, Decimal(4_600))) == 2_926


@pytest.mark.parametrize("method", [Method.FR_MARGINAL, Method.FR_AVERAGE])
def test_an_electric_car_costs_a_fifth_more(method: Method) -> None:
    told = FRENCH | {"method": method, "fiscal_power": 5, "annual_km": Decimal(16_000)}
    thermal = compute(commuter(**told))
    electric = compute(commuter(energy=Energy.ELECTRIC, **told))
    assert electric.gross == thermal.gross * Decimal("1.20")


@pytest.mark.parametrize(
    ("annual_km", "gross"),
    [(20_000, "2102.016"), (25_888, "2519.176"), (20_001, "2107.086")],
    ids=["ends at the threshold", "starts above, ends at it", "starts just above"],
)
def test_the_marginal_method_crosses_20_000_km(annual_km: int, gross: str) -> None:
    told = FRENCH | {"method": Method.FR_MARGINAL, "fiscal_power": 5}
    assert compute(commuter(annual_km=Decimal(annual_km), **told)).gross == Decimal(gross)
