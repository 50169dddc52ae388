"""Nonsense is refused by field, code and limit, when the question is asked or when answered."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savings import (
    LIMITS,
    METHODS,
    Amount,
    Co2Scope,
    Code,
    Currency,
    Energy,
    ExchangeRate,
    Method,
    Price,
    SavingsError,
    compute,
)
from tests.savings.commuter import FRENCH, PETROL_CAR, commuter

DECIMAL_FIELDS = [
    field
    for field in LIMITS
    if field not in {"consumption_kwh", "price", "fiscal_power", "amount", "fx"}
]
IN_AN_OBJECT = {
    "price": lambda value: Price(value, Currency.EUR, date(2026, 3, 6)),
    "amount": lambda value: Amount(value, Currency.EUR),
    "fx": lambda value: ExchangeRate(value, date(2026, 3, 9)),
}


def ask(field: str, value: Any) -> None:
    if field in IN_AN_OBJECT:
        IN_AN_OBJECT[field](value)
    elif field == "consumption_kwh":
        commuter(energy=Energy.ELECTRIC, consumption=value)
    else:
        commuter(**{field: value})


def refusal(field: str, value: Any) -> SavingsError:
    with pytest.raises(SavingsError) as caught:
        ask(field, value)
    assert caught.value.field == field.removesuffix("_kwh")
    return caught.value


@pytest.mark.parametrize("field", [*DECIMAL_FIELDS, *IN_AN_OBJECT])
@pytest.mark.parametrize("value", [1.0, True, 1, "1"], ids=["float", "bool", "int", "text"])
def test_a_number_that_is_no_decimal_is_refused(field: str, value: object) -> None:
    error = refusal(field, value)
    assert (error.code, error.limit) == (Code.WRONG_TYPE, "Decimal")


@pytest.mark.parametrize("field", [*DECIMAL_FIELDS, *IN_AN_OBJECT])
@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_nan_and_infinity_are_refused(field: str, value: str) -> None:
    assert refusal(field, Decimal(value)).code is Code.NOT_FINITE


@pytest.mark.parametrize("field", [field for field in LIMITS if field != "fiscal_power"])
def test_just_past_a_limit_is_refused_with_that_limit(field: str) -> None:
    limit = LIMITS[field]
    step = limit.step or Decimal("0.01")
    above = refusal(field, limit.high + step)
    assert (above.code, above.limit) == (Code.TOO_LARGE, limit.high)
    below = refusal(field, limit.low - (0 if limit.positive else step))
    expected = Code.NOT_POSITIVE if limit.positive else Code.TOO_SMALL
    assert (below.code, below.limit) == (expected, limit.low)


@pytest.mark.parametrize("field", [field for field in LIMITS if field != "fiscal_power"])
def test_the_limits_themselves_are_accepted(field: str) -> None:
    limit = LIMITS[field]
    least = limit.step or Decimal("0.01")
    # Fewer remote days than coworking days, or fewer km than avoided, is another refusal.
    room = {"remote_days_per_week": Decimal(0), "coworking_days_per_week": Decimal(0)}
    for value in (limit.high, least if limit.positive else limit.low):
        if field in IN_AN_OBJECT:
            ask(field, value)
        elif field == "consumption_kwh":
            commuter(energy=Energy.ELECTRIC, consumption=value)
        elif field == "coworking_days_per_week":
            commuter(remote_days_per_week=Decimal(7), coworking_days_per_week=value)
        else:
            commuter(**(room | {field: value}))


@pytest.mark.parametrize(
    ("field", "value", "code", "limit"),
    [
        ("distance_km", Decimal("1e9"), Code.TOO_LARGE, 300),
        ("distance_km", Decimal("1e-19"), Code.TOO_PRECISE, 18),
        ("remote_days_per_week", Decimal("2.25"), Code.NOT_A_STEP, Decimal("0.5")),
        ("coworking_days_per_week", Decimal("2.5"), Code.ABOVE_REMOTE_DAYS, 2),
        ("annual_km", Decimal(5_887), Code.BELOW_AVOIDED_KM, 5_888),
        ("fiscal_power", 0, Code.TOO_SMALL, 1),
        ("fiscal_power", 100, Code.TOO_LARGE, 99),
        ("fiscal_power", True, Code.WRONG_TYPE, "int"),
        ("fiscal_power", Decimal(5), Code.WRONG_TYPE, "int"),
        ("parking", Decimal(5), Code.WRONG_TYPE, "Amount"),
        ("price", Decimal(2), Code.WRONG_TYPE, "Price"),
        ("fx", Decimal(1), Code.WRONG_TYPE, "ExchangeRate"),
        ("currency", "USD", Code.WRONG_TYPE, "Currency"),
        ("method", "ch_variable", Code.WRONG_TYPE, "Method"),
        ("cross_border", 1, Code.WRONG_TYPE, "bool"),
        ("edition", 2026, Code.WRONG_TYPE, "Edition"),
    ],
)
def test_a_question_without_sense_is_refused_when_asked(
    field: str, value: Any, code: Code, limit: Any
) -> None:
    with pytest.raises(SavingsError) as caught:
        commuter(**{field: value})
    error = caught.value
    assert (error.field, error.code, error.limit) == (field, code, limit)


def test_all_the_avoided_kilometres_may_be_all_the_kilometres() -> None:
    told = FRENCH | {"method": Method.FR_MARGINAL, "fiscal_power": 5}
    result = compute(commuter(annual_km=Decimal(5_888), **told))
    assert result.gross == Decimal("0.357") * 5_888 + 1_395


COMPLETE = PETROL_CAR | {
    "currency": Currency.EUR,
    "fiscal_power": 5,
    "annual_km": Decimal(16_000),
    "rate_per_km": Decimal(1),
    "fx": ExchangeRate(Decimal("0.93"), date(2026, 3, 9)),
}


@pytest.mark.parametrize("method", Method)
def test_a_method_needs_what_it_says_and_nothing_else(method: Method) -> None:
    needs = METHODS[method].needs
    unneeded = {"fiscal_power", "annual_km", "rate_per_km", "consumption", "price"} - set(needs)
    assert compute(commuter(method=method, **(COMPLETE | dict.fromkeys(unneeded)))).gross > 0
    for field in needs:
        with pytest.raises(SavingsError) as caught:
            compute(commuter(method=method, **(COMPLETE | {field: None})))
        error = caught.value
        assert (error.field, error.code, error.limit) == (field, Code.REQUIRED, method)


@pytest.mark.parametrize(
    ("changes", "field", "known"),
    [
        ({"fiscal_power": 2}, "fiscal_power", "3–4, 5–7, 8–9, 10–11, ≥12"),
        ({"energy": Energy.ELECTRIC}, "energy", "diesel, lpg, petrol"),
        ({"energy": Energy.HYBRID}, "energy", "diesel, lpg, petrol"),
    ],
)
def test_a_car_outside_the_fuel_scale_is_refused(
    changes: dict[str, Any], field: str, known: str
) -> None:
    told = COMPLETE | {"method": Method.FUEL_SCALE, "consumption": None} | changes
    with pytest.raises(SavingsError) as caught:
        compute(commuter(**told))
    error = caught.value
    assert (error.field, error.code, error.limit) == (field, Code.NOT_IN_TABLE, known)


def test_burnt_litres_need_a_consumption_and_a_car_that_burns() -> None:
    with pytest.raises(SavingsError) as missing:
        compute(commuter(co2_scope=Co2Scope.BURNT))
    assert (missing.value.field, missing.value.code) == ("consumption", Code.REQUIRED)
    with pytest.raises(SavingsError) as electric:
        compute(commuter(co2_scope=Co2Scope.BURNT, energy=Energy.ELECTRIC))
    assert (electric.value.field, electric.value.code) == ("energy", Code.NOT_IN_TABLE)


def test_a_refusal_reads_as_field_code_and_limit() -> None:
    assert str(refusal("distance_km", Decimal(301))) == "distance_km: too_large (limit 300)"
    assert str(refusal("weeks", Decimal("NaN"))) == "weeks: not_finite"


@given(st.sampled_from(DECIMAL_FIELDS), st.decimals())
def test_any_decimal_is_answered_or_refused_by_name(field: str, value: Decimal) -> None:
    """No number, however odd, ends in another error than the one callers handle."""
    named = field
    try:
        finite = compute(commuter(**{field: value})).shown.net.is_finite()
    except SavingsError as error:
        finite, named = True, error.field
    assert finite
    assert named in {field, "coworking_days_per_week", "annual_km"}
