"""The same answer for machines: decimal strings and neutral codes."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def test_it_answers_without_login_and_without_a_query_once_the_prices_are_read(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(reverse("simulator:api"))
    with django_assert_num_queries(0):
        response = client.get(reverse("simulator:api"), {"distance": "35", "fee": "15"})
    assert response.status_code == 200
    answer = response.json()
    assert answer["question"] == "fee=15"
    assert answer["page"] == "http://testserver/simulateur/?fee=15"
    result = answer["result"]
    assert (result["currency"], result["gross"], result["net"]) == ("CHF", "1623.13", "243.13")
    assert (result["km"], result["hours"], result["co2_kg"]) == ("5888.0", "110.4", "1041.5")
    assert result["break_even_fee"] == "17.64"
    assert result["ceiling"] == {"days": "92.00", "days_per_week": "2.0", "exceeded": False}


def test_it_gives_the_other_methods_and_why_some_are_missing(client: Client) -> None:
    comparison = client.get(reverse("simulator:api")).json()["comparison"]
    assert {row["method"] for row in comparison["results"]} == {
        "fuel_price",
        "ch_variable",
        "ch_full",
        "ch_rate",
    }
    assert {"method": "fr_marginal", "field": "fx", "code": "required", "limit": "EUR/CHF"} in (
        comparison["refused"]
    )


def test_each_step_names_its_sources_and_their_dates(client: Client) -> None:
    steps = client.get(reverse("simulator:api")).json()["result"]["explanation"]
    vehicle = next(step for step in steps if step["code"] == "vehicle")
    assert vehicle["figures"] == [
        {
            "name": "Variable cost of a car",
            "value": None,
            "unit": "CHF a year / km a year",
            "source": "TCS, coût kilométrique à 15 000 km par an",
            "valid_from": "2026-01-01",
            "valid_to": "2026-12-31",
        }
    ]


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        (
            {"distance": "1 200"},
            {"distance": [{"code": "too_large", "limit": "300", "message": "Au plus 300."}]},
        ),
        (
            {"minutes": ""},
            {"minutes": [{"code": "required", "limit": None, "message": "Saisissez un nombre."}]},
        ),
        (
            {"fee": "12", "fee_currency": "EUR"},
            {
                "fx": [
                    {
                        "code": "required",
                        "limit": "EUR/CHF",
                        "message": "Indiquez le taux de change\u00a0: ce calcul mêle euros et "
                        "francs.",
                    }
                ]
            },
        ),
    ],
)
def test_a_refusal_is_a_422_with_codes(
    client: Client, answers: dict[str, str], errors: dict[str, object]
) -> None:
    response = client.get(reverse("simulator:api"), answers)
    assert response.status_code == 422
    assert response.json() == {"errors": errors}


def test_any_site_may_read_it(client: Client) -> None:
    assert client.get(reverse("simulator:api"))["Access-Control-Allow-Origin"] == "*"


def test_what_was_supposed_is_said_with_its_source_and_its_day(client: Client) -> None:
    supposed = client.get(reverse("simulator:api")).json()["supposed"]
    assert supposed["price"] == {
        "value": "1.70",
        "unit": "CHF/L",
        "source": "Relevé du jour indiqué",
        "on": "2026-03-09",
    }
    assert supposed["fx"] is None
    assert supposed["fee"] is None


def test_it_takes_no_other_method(client: Client) -> None:
    assert client.post(reverse("simulator:api")).status_code == 405
