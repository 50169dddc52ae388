"""The price of a day at the space comes from the plans, and the net counts it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from coworking.simulator import day_fees
from members.models import State
from savings import Currency, Dated
from simulator.answers import answer
from simulator.forms import QuestionForm
from simulator.house import DayFee, days_a_month
from simulator.models import Kind
from simulator.prices import Prices
from tests.factories import a_member, a_plan, a_space

TODAY = date(2026, 3, 20)
IN_EUROS = DayFee(Decimal(12), Currency.EUR, "Nomade", 8, date(2026, 1, 1))
RATE = Dated("rate", Decimal("0.95"), "CHF/EUR", "BCE", TODAY, TODAY)


def asked(*fees: DayFee, rate: bool = False, **answers: str) -> QuestionForm:
    prices = Prices({**Prices().quotes, Kind.RATE: RATE}) if rate else Prices()
    form = QuestionForm(answers, today=TODAY, prices=prices, day_fees=lambda days: fees)
    assert form.is_valid(), form.errors.as_json()
    return form


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("per_week", "weeks", "days"),
    [("2", "46", 8), ("0.5", "46", 2), ("0.5", "1", 1), ("0", "46", 0), ("2", "0", 0)],
)
def test_days_a_month_are_those_of_an_average_month(per_week: str, weeks: str, days: int) -> None:
    assert days_a_month(Decimal(per_week), Decimal(weeks)) == days


def test_the_net_counts_the_price_of_the_plan_and_says_so() -> None:
    told = answer(asked(IN_EUROS, currency="EUR", method="fuel_price", price="1,72"))
    assert plain(told.spoken) == "Vous dépensez en plus, chaque année : 309 €"
    assert plain(told.fee) == (
        "Journée à l’espace : 12,00 €, formule « Nomade » pour 8 jours par mois, tarif du "
        "1 janvier 2026."
    )
    assert [(step.name, plain(step.value)) for step in told.balance] == [
        ("Économie avant l’espace", "795,00 €"),
        ("Journées à l’espace", "−1 104,00 €"),
    ]


def test_what_is_typed_replaces_the_price_of_the_plan() -> None:
    form = asked(IN_EUROS, currency="EUR", fee="20")
    assert form.result.fee == 20 * 92
    assert form.offer is None
    assert asked(IN_EUROS, currency="EUR", fee="0").result.fee == 0


def test_a_price_in_euros_waits_for_a_rate_when_the_answer_is_in_francs() -> None:
    form = asked(IN_EUROS)
    assert form.result.fee == 0
    assert "indiquez le taux de change" in plain(answer(form).fee)
    with_rate = asked(IN_EUROS, rate=True)
    assert with_rate.result.fee == Decimal("12") * 92 * Decimal("0.95")
    assert with_rate.result.commute.coworking_fee.currency is Currency.EUR


def test_a_plan_in_the_currency_of_the_answer_goes_first() -> None:
    francs = DayFee(Decimal(15), Currency.CHF, "Frontalier", 8, date(2026, 1, 1))
    assert asked(IN_EUROS, francs, rate=True).offer == francs


def test_who_never_comes_to_the_space_is_asked_for_nothing() -> None:
    form = asked(IN_EUROS, currency="EUR", coworking_days="0")
    assert form.offer is None
    assert form.result.fee == 0


# ---- from the plans of the house


@pytest.mark.django_db
def test_the_cheapest_plan_on_offer_gives_the_price() -> None:
    a_plan("heures", name="Nomade")  # 3 € an hour, 29 € a year
    a_plan("cher", name="Attitré", fee=Decimal(900), fee_every="month")
    a_plan("cache", name="Cachée", fee=Decimal(0), is_offered=False)
    [fee] = day_fees(8)
    assert (fee.plan, fee.currency, fee.days, fee.since) == (
        "Nomade",
        Currency.EUR,
        8,
        date(2018, 1, 1),
    )
    assert fee.value == Decimal("21.30")  # 7 h × 3 €, and a twelfth of 29 € for 8 days


@pytest.mark.django_db
def test_a_house_without_plans_asks_the_person() -> None:
    assert day_fees(8) == ()


@pytest.mark.django_db
def test_plans_are_read_once_a_minute_whatever_their_number(django_assert_max_num_queries) -> None:
    for _ in range(3):
        a_plan()
    with django_assert_max_num_queries(6):
        day_fees(8)
        day_fees(8)
    caches["process"].clear()
    for _ in range(10):
        a_plan()
    with django_assert_max_num_queries(6):
        day_fees(8)


@pytest.mark.django_db
def test_who_comes_every_day_of_every_week_fits_in_the_shortest_month() -> None:
    a_plan()
    assert day_fees(31)[0].days == 28


@pytest.mark.django_db
def test_the_page_counts_the_plans_of_the_house(client: Client) -> None:
    a_plan(name="Nomade")
    page = plain(client.get(reverse("simulator:home"), {"currency": "EUR"}).content.decode())
    assert "Journée à l’espace : 21,30 €, formule « Nomade » pour 8 jours par mois" in page


@pytest.mark.django_db
def test_the_answer_leads_to_the_space_with_what_was_said(client: Client) -> None:
    space = a_space()
    page = client.get(reverse("simulator:home"), {"distance": "60", "minutes": "70"})
    html = page.content.decode()
    assert f'href="/espaces/{space.slug}/reserver/?km=60&amp;minutes=70&amp;means=car"' in html
    assert 'href="/compte/adhesion/candidature/?km=60&amp;minutes=70&amp;means=car"' in html
    assert "Réserver ma journée d’essai" in html


@pytest.mark.django_db
def test_the_application_starts_from_what_was_said_and_keeps_nothing_by_itself(
    client: Client,
) -> None:
    a_plan()
    newcomer = a_member(state=State.APPLICANT)
    client.force_login(newcomer.user)
    form = client.get(
        reverse("members:apply"), {"km": "60", "minutes": "70", "means": "car"}
    ).content.decode()
    assert 'value="60"' in form
    assert 'value="70"' in form
    newcomer.refresh_from_db()
    assert newcomer.commute_km is None


@pytest.mark.django_db
def test_what_is_carried_is_as_round_as_the_application_takes_it(client: Client) -> None:
    a_space()
    page = client.get(reverse("simulator:home"), {"distance": "60,25", "minutes": "70,5"})
    assert "/candidature/?km=60.3&amp;minutes=71&amp;means=car" in page.content.decode()


@pytest.mark.django_db
def test_a_space_without_trial_days_offers_none(client: Client) -> None:
    a_space(offers_trial_day=False)
    html = client.get(reverse("simulator:home")).content.decode()
    assert "Réserver ma journée d’essai" not in html
    assert "Devenir membre" in html
