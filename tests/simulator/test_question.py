"""A query string is a complete question, or is refused beside the field that is wrong."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs

import pytest

from savings import (
    LIMITS,
    Amount,
    Co2Scope,
    Code,
    Commute,
    Currency,
    Edition,
    Energy,
    Method,
    SavingsError,
)
from simulator.forms import QuestionForm
from simulator.forms.fields import refused as in_words
from simulator.forms.question import FIELD_OF
from simulator.presets import CARS

TODAY = date(2026, 3, 20)


def asked(**answers: str) -> QuestionForm:
    return QuestionForm(answers, today=TODAY)


def understood(**answers: str) -> Commute:
    form = asked(**answers)
    assert form.is_valid(), form.errors.as_json()
    return form.commute


def refused(**answers: str) -> dict[str, list[str]]:
    form = asked(**answers)
    assert not form.is_valid()
    return {
        field: [str(error.code) for error in errors.as_data()]
        for field, errors in form.errors.items()
    }


def test_an_empty_query_is_the_median_cross_border_worker() -> None:
    commute = understood()
    assert (commute.distance_km, commute.minutes) == (Decimal(35), Decimal(42))
    assert commute.remote_days_per_week == commute.coworking_days_per_week == Decimal(2)
    assert (commute.currency, commute.method) == (Currency.CHF, Method.CH_VARIABLE)
    assert commute.cross_border
    assert commute.co2_scope is Co2Scope.USAGE
    assert asked().query == ""


def test_french_numbers_are_understood() -> None:
    commute = understood(distance="60,5", days="2,5", annual_km="18 200", currency="EUR")
    assert commute.distance_km == Decimal("60.5")
    assert commute.remote_days_per_week == Decimal("2.5")
    assert commute.annual_km == Decimal(18_200)


def test_every_question_reaches_the_calculation() -> None:
    commute = understood(
        distance="50",
        minutes="55",
        days="3",
        car="diesel_medium",
        currency="EUR",
        coworking_days="1",
        coworking_km="4",
        coworking_minutes="9",
        coworking_by="other",
        fee="16",
        fee_currency="CHF",
        fx="0,93",
        fx_date="2026-03-09",
        home="0,4",
        parking="8",
        toll="2",
        allowance="2,7",
        method="fuel_price",
        weeks="44",
        occupancy="2",
        consumption="6",
        price="1,98",
        price_date="2026-03-06",
        fiscal_power="6",
        annual_km="30 000",
        mission_days="4",
        scope="burnt",
        rebound="0.31",
        year="2025",
    )
    told = {field.name: getattr(commute, field.name) for field in fields(Commute)}
    prices = {name: told.pop(name) for name in ("price", "fx", "edition")}
    assert (prices["price"].value, prices["price"].on) == (Decimal("1.98"), date(2026, 3, 6))
    assert (prices["fx"].chf_per_eur, prices["fx"].on) == (Decimal("0.93"), date(2026, 3, 9))
    assert prices["edition"].year == 2025
    assert told == {
        "distance_km": Decimal(50),
        "minutes": Decimal(55),
        "remote_days_per_week": Decimal(3),
        "currency": Currency.EUR,
        "method": Method.FUEL_PRICE,
        "energy": Energy.DIESEL,
        "weeks": Decimal(44),
        "coworking_days_per_week": Decimal(1),
        "coworking_km": Decimal(4),
        "coworking_minutes": Decimal(9),
        "coworking_by_car": False,
        "occupancy": Decimal(2),
        "consumption": Decimal(6),
        "fiscal_power": 6,
        "annual_km": Decimal(30_000),
        "rate_per_km": None,
        "parking": Amount(Decimal(8), Currency.EUR),
        "toll": Amount(Decimal(2), Currency.EUR),
        "coworking_fee": Amount(Decimal(16), Currency.CHF),
        "home_cost": Amount(Decimal("0.4"), Currency.EUR),
        "allowance": Amount(Decimal("2.7"), Currency.EUR),
        "co2_scope": Co2Scope.BURNT,
        "rebound": Decimal("0.31"),
        "cross_border": False,
        "mission_days": Decimal(4),
    }


@pytest.mark.parametrize("car", CARS)
def test_a_car_brings_its_energy_and_its_consumption(car: str) -> None:
    commute = understood(car=car)
    assert commute.energy is CARS[car].energy
    assert commute.consumption == CARS[car].consumption.value


@pytest.mark.parametrize(
    ("car", "currency", "price", "day"),
    [
        ("petrol_medium", "EUR", "1.82", date(2026, 3, 6)),
        ("hybrid_medium", "EUR", "1.82", date(2026, 3, 6)),
        ("diesel_small", "EUR", "1.98", date(2026, 3, 6)),
        ("petrol_small", "CHF", "1.70", date(2026, 3, 9)),
        ("diesel_saloon", "CHF", "1.90", date(2026, 3, 9)),
    ],
)
def test_the_price_at_the_pump_is_the_latest_of_the_country(
    car: str, currency: str, price: str, day: date
) -> None:
    supposed = understood(car=car, currency=currency).price
    assert supposed is not None
    assert (supposed.value, supposed.currency, supposed.on) == (Decimal(price), currency, day)


def test_nobody_knows_the_price_of_electricity_for_you() -> None:
    assert understood(car="electric_small").price is None
    told = understood(car="electric_small", price="0,25", price_date="2026-03-01").price
    assert told is not None
    assert told.value == Decimal("0.25")
    assert refused(car="electric_small", method="fuel_price") == {"price": [Code.REQUIRED]}


@pytest.mark.parametrize(
    ("answers", "km"),
    [
        ({"distance": "20"}, 15_000),  # the usual year is more than the commute
        ({"distance": "60"}, 27_600),  # 2 × 60 km × 5 days × 46 weeks
        ({"distance": "60", "days": "7", "coworking_by": "other"}, 38_640),  # all of them avoided
    ],
)
def test_unsaid_kilometres_a_year_are_at_least_those_of_the_commute(
    answers: dict[str, str], km: int
) -> None:
    form = asked(currency="EUR", **answers)
    assert form.is_valid()
    assert form.commute.annual_km == Decimal(km)
    assert form.assumed == {"consumption", "price", "annual_km"}


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({"distance": "abc"}, {"distance": ["not_a_number"]}),
        ({"distance": ""}, {"distance": ["required"]}),
        ({"distance": "NaN"}, {"distance": ["not_a_number"]}),
        ({"distance": "1e9"}, {"distance": ["not_a_number"]}),
        ({"distance": "1 000 000 000"}, {"distance": [Code.TOO_LARGE]}),
        ({"distance": "0"}, {"distance": [Code.NOT_POSITIVE]}),
        ({"distance": "-5"}, {"distance": [Code.NOT_POSITIVE]}),
        ({"minutes": "-5"}, {"minutes": [Code.TOO_SMALL]}),
        ({"days": "2,25"}, {"days": [Code.NOT_A_STEP]}),
        ({"days": "8"}, {"days": [Code.TOO_LARGE]}),
        ({"coworking_days": "3"}, {"coworking_days": [Code.ABOVE_REMOTE_DAYS]}),
        ({"annual_km": "1000"}, {"annual_km": [Code.BELOW_AVOIDED_KM]}),
        ({"fiscal_power": "5,5"}, {"fiscal_power": ["not_a_number"]}),
        ({"fiscal_power": "0"}, {"fiscal_power": [Code.TOO_SMALL]}),
        ({"consumption": "45"}, {"consumption": [Code.TOO_LARGE]}),
        ({"fee": "-1"}, {"fee": [Code.TOO_SMALL]}),
        ({"fee": "12", "fee_currency": "EUR"}, {"fx": [Code.REQUIRED]}),
        ({"method": "fr_marginal"}, {"fx": [Code.REQUIRED]}),
        ({"fx": "0"}, {"fx": [Code.NOT_POSITIVE]}),
        ({"fx": "0,93", "fx_date": ""}, {"fx_date": ["required"]}),
        ({"fx": "0,93", "fx_date": "2026-13-01"}, {"fx_date": ["invalid"]}),
        ({"price": "2", "price_date": "2026-03-21"}, {"price_date": ["too_late"]}),
        ({"year": "2031"}, {"year": ["invalid_choice"]}),
        ({"year": "2025"}, {"year": [Code.UNKNOWN_YEAR]}),  # the variable cost is of 2026
        ({"car": "tank"}, {"car": ["invalid_choice"]}),
        ({"currency": "USD"}, {"currency": ["invalid_choice"]}),
        ({"method": "own_rate"}, {"method": ["invalid_choice"]}),
        ({"rebound": "0.9"}, {"rebound": ["invalid_choice"]}),
        ({"car": "electric_small", "scope": "burnt"}, {"car": [Code.NOT_IN_TABLE]}),
        (
            {"distance": "x", "minutes": "999", "weeks": "53"},
            {"distance": ["not_a_number"], "minutes": [Code.TOO_LARGE], "weeks": [Code.TOO_LARGE]},
        ),
    ],
)
def test_nonsense_is_refused_beside_its_field(
    answers: dict[str, str], codes: dict[str, list[str]]
) -> None:
    assert refused(**answers) == codes


def test_a_refusal_is_a_french_sentence_with_its_limit() -> None:
    form = asked(distance="1 200", annual_km="")
    assert form.errors["distance"] == ["Au plus 300."]
    form = asked(annual_km="1 000")
    assert form.errors["annual_km"] == [
        "Vous évitez déjà 5\u00a0888 km par an\u00a0: indiquez au moins autant."
    ]


def test_an_error_behind_the_details_opens_them() -> None:
    assert asked(weeks="53").more_is_wrong
    assert not asked(days="8").more_is_wrong
    assert not asked().more_is_wrong


def test_the_query_keeps_what_differs_from_the_start_and_nothing_else() -> None:
    form = asked(distance=" 60 ", minutes="42", fee="12", unknown="x")
    assert parse_qs(form.query) == {"distance": ["60"], "fee": ["12"]}


def test_a_rate_stays_with_its_day_in_the_query() -> None:
    """Else the link would date it from the day it is opened."""
    form = asked(fx="0,93", price="")
    assert parse_qs(form.query) == {"fx": ["0,93"], "fx_date": ["2026-03-20"]}


def test_a_query_is_read_back_as_the_same_question() -> None:
    first = asked(distance="60", days="2,5", fee="12", fee_currency="EUR", fx="0,93")
    assert first.is_valid()
    again = QuestionForm({k: v[0] for k, v in parse_qs(first.query).items()}, today=TODAY)
    assert again.is_valid()
    assert again.commute == first.commute


def test_every_field_that_savings_may_refuse_has_its_place_on_the_page() -> None:
    named = {field.name for field in fields(Commute)} | {field.name for field in fields(Edition)}
    inside = {
        "edition", "cross_border", "coworking_by_car", "method", "currency", "co2_scope",
        "coworking_fee", "home_cost", "rate_per_km",
    }  # fmt: skip
    shown = {FIELD_OF.get(name, name) for name in (named | set(LIMITS)) - inside}
    inside_fields = {"amount", "consumption_kwh"}  # the limits of several fields
    assert shown - inside_fields <= set(asked().fields)


def test_an_error_of_savings_is_shown_with_its_own_code() -> None:
    error = SavingsError("weeks", Code.TOO_LARGE, Decimal(52))
    worded = in_words(error)
    assert (worded.code, worded.message) == (Code.TOO_LARGE, "Au plus 52.")
