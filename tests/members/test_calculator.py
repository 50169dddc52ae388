"""« Combien d’heures par mois ? » The best plan, the others, and how each was counted."""

import re
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from members.models import PlanPack, PlanRate, PlanReduction
from tests.factories import NOW, a_plan
from tests.members.test_plans_page import a_formula, words_of

pytestmark = pytest.mark.django_db

PAGE = reverse("plans")
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def on_a_monday_in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def offer(db):
    """By the hour at most 270 a month; a pack of ten days; a month without limit."""
    a_plan(name="Au temps", position=1)
    pack = PlanPack(code="dix", name="Dix", quantity=10, price=Decimal("120.00"), valid_months=6)
    a_formula("jours", pack, name="Carnet", position=2)
    a_formula("mois", PlanRate(unlimited=True), name="Illimité", fee=Decimal("190.00"), position=3)


def answer(client, **query) -> str:
    words = words_of(client, **query)
    return words[words.index("Pour ") :]


def order(words: str) -> list[str]:
    return re.findall(r"(Au temps|Carnet|Illimité) \d+,\d\d € (?:par|\+)", words)


@pytest.mark.parametrize(
    ("hours", "ranking", "price"),
    [
        ("5", ["Au temps", "Carnet", "Illimité"], "17,42 € par mois"),
        ("60", ["Carnet", "Au temps", "Illimité"], "108,00 € par mois"),
        ("140", ["Illimité", "Carnet", "Au temps"], "190,00 € par mois"),
    ],
)
def test_the_best_plan_comes_first_and_the_others_say_what_they_cost_more(
    client, offer, hours, ranking, price
) -> None:
    words = answer(client, heures=hours)
    assert order(words) == ranking
    assert words.startswith(f"Pour {hours} heures par mois {ranking[0]} {price}")


def test_the_difference_and_the_calculation_are_said(client, offer) -> None:
    words = answer(client, heures="140")
    assert "Au temps 272,42 € + 82,42 €" in words
    assert (
        "140 h à 3,00 € 420,00 € Plafond de 270 € par mois −150,00 € "
        "Un douzième de l’adhésion de 29 € par an 2,42 € Par mois, TVA comprise 272,42 €"
    ) in words
    assert "20 jours sur « Dix » — Part du mois dans « Dix » (120 € les 10 jours) 240,00 €" in words
    assert "Abonnement du mois 190,00 € 140 h, sans limite —" in words


def test_a_reduction_is_asked_for_and_counted(client, offer) -> None:
    a_formula(
        "reduit",
        PlanRate(hour=Decimal("3.00")),
        PlanReduction(category="etudiant", name="Étudiants", percent=50),
        name="Réduit",
    )
    words = answer(client, heures="20", categorie="etudiant")
    assert "Réduit 30,00 € par mois" in words
    assert "Réduction « Étudiants » : 50 % −30,00 €" in words


@pytest.mark.parametrize("typed", ["12,5", "12.5", " 12,5 ", "12,50"])
def test_hours_are_read_as_people_type_them(client, offer, typed) -> None:
    words = answer(client, heures=typed)
    assert "12,5 h à 3,00 € 37,50 €" in words


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("beaucoup", "Saisissez un nombre d’heures"),
        ("NaN", "Saisissez un nombre d’heures"),
        ("Infinity", "Saisissez un nombre d’heures"),
        ("1,2,3", "Saisissez un nombre d’heures"),
        ("", "Dites combien d’heures par mois."),
        ("-3", "Un nombre d’heures n’est pas négatif."),
        ("1,234", "Au plus deux chiffres après la virgule."),
        ("745", "Ce mois n’a que 744 heures."),
        ("1000000000", "Ce mois n’a que 744 heures."),
        ("1e9", "Ce mois n’a que 744 heures."),
        ("1e999999", "Ce mois n’a que 744 heures."),
        ("\x00", "Saisissez un nombre d’heures"),
    ],
)
def test_what_is_no_answer_is_explained_and_the_usual_one_stays(
    client, offer, typed, message
) -> None:
    words = words_of(client, heures=typed)
    assert message in words
    assert "voici la dernière réponse valable" in words
    assert "Pour 40 heures par mois" in words
    assert "Pour 60 heures par mois" in words_of(client, heures=typed, avant="heures=60")


def test_an_unknown_category_is_refused_beside_its_field(client, offer) -> None:
    a_formula("r", PlanRate(hour=Decimal("9")), PlanReduction(category="e", name="E", percent=50))
    assert "Cette catégorie n’existe pas." in words_of(client, heures="20", categorie="fantôme")


def test_zero_hours_and_a_whole_month_of_hours_are_answers(client, offer) -> None:
    assert answer(client, heures="0").startswith("Pour 0 heures par mois Carnet 0,00 € par mois")
    assert "Illimité 190,00 €" in answer(client, heures="744")


def test_each_currency_is_compared_with_itself(client, offer) -> None:
    a_formula("suisse", PlanRate(hour=Decimal("4.00")), name="Au franc", currency="CHF")
    words = answer(client, heures="20")
    assert "Au temps 62,42 €" in words
    assert "Au franc CHF 80.00 par mois" in words
    assert "+ CHF" not in words


def test_plans_that_do_not_sell_so_many_hours_are_named_apart(client) -> None:
    rate = PlanRate(included_quantity=2, included_unit="day")
    a_formula("peu", rate, name="Deux jours", fee=Decimal("30.00"))
    assert "Aucune formule ne vend autant d’heures" in words_of(client, heures="60")
    a_plan(name="Au temps")
    assert "Ne vendent pas autant d’heures : Deux jours" in answer(client, heures="60")


def test_htmx_gets_the_answer_alone_with_an_address_to_share(client, offer) -> None:
    found = client.get(PAGE, {"heures": "12,50", "avant": "heures=3"}, headers=HTMX)
    assert found["HX-Replace-Url"] == "/formules/?heures=12.5"
    page = found.content.decode()
    assert "<main" not in page
    assert 'id="best"' in page
    assert "Le moins cher" in page
    assert "HX-Request" in found["Vary"]


def test_htmx_keeps_what_it_shows_when_the_question_is_refused(client, offer) -> None:
    found = client.get(PAGE, {"heures": "abc"}, headers=HTMX)
    assert found.status_code == 422
    assert found["HX-Reswap"] == "none"
    page = found.content.decode()
    assert "Saisissez un nombre" in page
    assert 'id="best"' not in page
