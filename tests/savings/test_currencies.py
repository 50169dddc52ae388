"""A Swiss salary and French costs meet at a rate that was given with its day, or not at all."""

from datetime import date
from decimal import Decimal

import pytest

from savings import Amount, Code, Currency, ExchangeRate, Method, SavingsError, compute, explain
from tests.savings.commuter import FRENCH, PETROL_CAR, SWISS, commuter

RATE = ExchangeRate(Decimal("0.80"), date(2026, 3, 9))
TWELVE_EUROS = Amount(Decimal(12), Currency.EUR)


def test_a_fee_in_euros_weighs_on_savings_in_francs_at_the_rate() -> None:
    result = compute(commuter(coworking_fee=TWELVE_EUROS, fx=RATE))
    assert result.fee == 12 * 92 * Decimal("0.80")
    assert result.net == result.gross - result.fee


def test_a_cost_in_francs_weighs_on_savings_in_euros_at_the_rate() -> None:
    told = FRENCH | PETROL_CAR | {"method": Method.FUEL_PRICE, "fx": RATE}
    result = compute(commuter(parking=Amount(Decimal(8), Currency.CHF), **told))
    assert result.parking_and_toll == 8 * 92 / Decimal("0.80")


def test_a_swiss_method_answers_in_euros_at_the_rate() -> None:
    francs = compute(commuter())
    euros = compute(commuter(currency=Currency.EUR, fx=RATE))
    assert euros.gross == francs.gross / Decimal("0.80")


@pytest.mark.parametrize(
    ("changes", "currencies"),
    [
        ({"coworking_fee": TWELVE_EUROS}, "EUR/CHF"),
        ({"currency": Currency.EUR}, "CHF/EUR"),
        ({"method": Method.FUEL_PRICE} | PETROL_CAR, "EUR/CHF"),
    ],
    ids=["fee", "table", "price"],
)
def test_without_a_rate_mixed_currencies_are_refused(
    changes: dict[str, object], currencies: str
) -> None:
    with pytest.raises(SavingsError) as caught:
        compute(commuter(**changes))
    error = caught.value
    assert (error.field, error.code, error.limit) == ("fx", Code.REQUIRED, currencies)


def test_nothing_costs_nothing_in_any_currency() -> None:
    free = Amount(Decimal(0), Currency.EUR)
    assert compute(commuter(parking=free)).parking_and_toll == 0


def test_the_rate_and_its_day_are_explained_only_where_they_served() -> None:
    mixed = {line.code: line for line in explain(compute(commuter(toll=TWELVE_EUROS, fx=RATE)))}
    assert mixed["fx"].on == date(2026, 3, 9)
    assert mixed["parking_and_toll"].formula == "12 × 92 × 0.8"
    unmixed = {line.code for line in explain(compute(commuter(fx=RATE, **SWISS)))}
    assert "fx" not in unmixed
