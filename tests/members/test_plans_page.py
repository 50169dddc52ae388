"""What the space costs, as the public reads it: words made from the tariff, for whoever passes."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from members.models import Plan, PlanPack, PlanRate, PlanReduction, PlanVersion, Role, Vat
from members.price_words import money, round_money
from members.services.plans import Row, publish_version
from tests.factories import NOW, a_plan, a_user

pytestmark = pytest.mark.django_db

PAGE = reverse("plans")


@pytest.fixture(autouse=True)
def on_a_monday_in_march():
    with time_machine.travel(NOW, tick=False):
        yield


def a_formula(code: str, *rows: Row, **fields) -> Plan:
    """A plan of which nothing is said but what the test is about."""
    of_plan = {
        name: fields.pop(name)
        for name in ("currency", "name", "name_en", "is_offered", "position", "summary")
        if name in fields
    }
    plan = Plan.objects.create(code=code, **({"name": code, "is_offered": True} | of_plan))
    version = PlanVersion.objects.create(plan=plan, valid_from=date(2026, 1, 1), **fields)
    for row in rows:
        row.version = version
        row.save()
    publish_version(version=version, by=a_user(role=Role.OPERATOR), now=NOW)
    return plan


def words_of(client, language: str = "fr", **query) -> str:
    """The page without its marks, on one line, every space a plain one."""
    answer = client.get(PAGE, query, headers={"accept-language": language})
    assert answer.status_code == 200
    main = re.search(r"<main.*</main>", answer.content.decode(), re.S)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main).replace("&#x27;", "'"))


def test_a_stranger_reads_the_tariff_of_2018_in_words(client) -> None:
    a_plan(name="Au temps", summary="Pour qui passe.")
    words = words_of(client)
    for sentence in (
        "Au temps 3,00 € l’heure Pour qui passe.",
        "Adhésion de 29 € par an",
        "Jamais plus de 270 € par mois",
        "Invité de passage : 5,00 € l’heure",
        "Compté à la minute",
        "Sans engagement · TVA à 20 % comprise",
        "Code général des impôts, article 278",
    ):
        assert sentence in words


def test_every_word_of_a_tariff_is_said(client) -> None:
    a_formula(
        "tout",
        PlanRate(
            day=Decimal("15.00"),
            included_quantity=8,
            included_unit="day",
            daily_cap=Decimal("14.00"),
        ),
        PlanRate(kind="room", hour=Decimal("12.00"), step=60, free_minutes=10),
        PlanPack(code="dix", name="Carnet", quantity=10, price=Decimal("120.00"), valid_months=6),
        PlanPack(code="essai", name="Essai", quantity=1, price=Decimal("0.00"), valid_months=1),
        PlanReduction(category="etudiant", name="Étudiants", percent=25, on_fees=False),
        PlanReduction(category="emploi", name="Demandeurs d’emploi", percent=50),
        fee=Decimal("119.50"),
        fixed_desk=True,
        commitment_months=3,
        notice_days=30,
    )
    words = words_of(client)
    for sentence in (
        "119,50 € par mois",
        "Votre poste attitré",
        "8 jours inclus par mois",
        "Au-delà : 15,00 € la journée",
        "Jamais plus de 14 € par jour",
        "Salle : 12,00 € l’heure, compté à l’heure commencée",
        "les 10 premières minutes sont offertes",
        "Carnet (10 jours) : 120 €, soit 12,00 € la journée, valable 6 mois",
        "Essai (1 jour) : offert, valable 1 mois",
        "Étudiants : −25 % sur l’usage",
        "Demandeurs d’emploi : −50 %",
        "Engagement de 3 mois · Préavis de 30 jours",
    ):
        assert sentence in words


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        ({"unlimited": True}, "Un poste sans limite d’heures"),
        ({"included_quantity": 20, "included_unit": "hour"}, "Pas davantage dans le mois"),
        ({"hour": Decimal("3"), "step": 15}, "Compté au quart d’heure commencé"),
        ({"hour": Decimal("3"), "step": 10}, "Compté par 10 minutes commencées"),
        (
            {"hour": Decimal("3"), "step": 10, "rounding": "nearest"},
            "Arrondi aux 10 minutes les plus proches",
        ),
        ({"hour": Decimal("3"), "step": 10, "rounding": "down"}, "Compté par 10 minutes entières"),
        (
            {"half_day": Decimal("9"), "day": Decimal("15")},
            "Chaque jour est compté au moins cher pour vous",
        ),
    ],
)
def test_each_way_to_sell_a_desk_has_its_words(client, rate, sentence) -> None:
    a_formula("une", PlanRate(**rate))
    assert sentence in words_of(client)


def test_beyond_what_is_included_one_buys_a_pack(client) -> None:
    pack = PlanPack(code="dix", name="Dix", quantity=10, price=Decimal("120.00"))
    a_formula("une", PlanRate(included_quantity=4, included_unit="half_day"), pack)
    words = words_of(client)
    assert "4 demi-journées incluses par mois" in words
    assert "Au-delà : avec un carnet" in words


@pytest.mark.parametrize(
    ("language", "currency", "exact", "short"),
    [
        ("fr", "EUR", "1 234,50 €", "270 €"),
        ("en", "EUR", "€1,234.50", "€270"),
        ("fr", "CHF", "CHF 1’234.50", "CHF 270"),
        ("en", "CHF", "CHF 1’234.50", "CHF 270"),
    ],
)
def test_money_is_written_as_its_reader_writes_it(language, currency, exact, short) -> None:
    with translation.override(language):
        assert re.sub(r"\s", " ", money(Decimal("1234.50"), currency)) == exact
        assert re.sub(r"\s", " ", round_money(Decimal("270.00"), currency)) == short
        assert money(Decimal("-3.00"), currency).startswith("−")


def test_what_is_not_offered_not_published_or_not_yet_in_force_is_not_shown(client) -> None:
    a_formula("offerte", PlanRate(hour=Decimal("3.00")), name="Celle-ci")
    a_formula("retiree", PlanRate(hour=Decimal("3.00")), name="Retirée", is_offered=False)
    draft = Plan.objects.create(code="brouillon", name="Brouillon", is_offered=True)
    PlanVersion.objects.create(plan=draft, valid_from=date(2026, 1, 1), fee=Decimal("1.00"))
    later = Plan.objects.create(code="plus-tard", name="Plus tard", is_offered=True)
    version = PlanVersion.objects.create(
        plan=later, valid_from=date(2026, 4, 1), fee=Decimal("1.00")
    )
    publish_version(version=version, by=a_user(role=Role.OPERATOR), now=NOW)
    words = words_of(client)
    assert "Celle-ci" in words
    for absent in ("Retirée", "Brouillon", "Plus tard"):
        assert absent not in words


def test_a_house_without_a_plan_says_so(client) -> None:
    words = words_of(client)
    assert "Les formules arrivent bientôt" in words
    assert "heures" not in words


def test_a_vat_rate_that_nobody_prolonged_takes_no_page_down(client) -> None:
    a_plan(name="Au temps")
    Vat.objects.update(valid_until=date(2026, 3, 15))
    words = words_of(client)
    assert "Prix toutes taxes comprises" in words
    assert "Aucune formule ne vend autant d’heures" in words  # nothing is priced by guess
    Vat.objects.update(code="autre")
    assert "Les formules arrivent bientôt" in words_of(client)


def test_machines_read_offers_and_no_name_breaks_out(client) -> None:
    a_plan("au-temps", name="</script><b>Piège</b>")
    page = client.get(PAGE).content.decode()
    [written] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    [offer] = json.loads(written)["itemListElement"]
    assert offer["name"] == "</script><b>Piège</b>"
    assert offer["url"] == "http://testserver/formules/#formule-au-temps"
    prices = {each.get("unitCode"): each["price"] for each in offer["priceSpecification"]}
    assert prices == {"ANN": "29.00", "HUR": "3.00"}
    assert "<b>Piège" not in page


@pytest.mark.parametrize("number", [3, 30])
def test_the_page_reads_as_much_for_thirty_plans_as_for_three(
    client, django_assert_num_queries, number
) -> None:
    for index in range(number):
        a_formula(f"plan-{index}", PlanRate(hour=Decimal("3.00")), position=index)
    with django_assert_num_queries(7):  # six, and the space of the header
        client.get(PAGE)
    with django_assert_num_queries(6):
        client.get(PAGE, {"heures": "20"}, headers={"HX-Request": "true"})


def test_home_and_footer_lead_here(client) -> None:
    assert f'href="{PAGE}"' in client.get("/").content.decode()
