"""The page of the figures: who reads it, which period, no small number anywhere, and the sheet."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.models import Missed, Need
from members.models import Role
from tests.directory.rows import a_need, a_provider, a_solicitation
from tests.factories import NOW, a_member, a_user

pytestmark = pytest.mark.django_db

PAGE, SHEET = "/annuaire/chiffres/", "/annuaire/chiffres/tableau/"


@pytest.fixture(autouse=True)
def _in_the_story():
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def partner(client):
    client.force_login(a_user("Communauté de communes", role=Role.PARTNER))
    return client


def words(client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


@pytest.mark.parametrize("path", [PAGE, SHEET])
def test_the_partner_and_the_team_read_it_and_nobody_else_knows_of_it(client, path):
    found = {}
    for role in Role:
        client.force_login(a_user(role=role))
        found[role] = client.get(path).status_code
    client.force_login(a_member().user)
    found["member"] = client.get(path).status_code
    assert found == {
        Role.OPERATOR: 200,
        Role.HOST: 200,
        Role.PARTNER: 200,
        Role.ACCOUNTANT: 404,
        "member": 404,
    }


def test_the_menu_leads_the_partner_to_it_and_nobody_else(client, partner):
    link = f'href="{reverse("directory:figures")}"'
    assert link in partner.get("/").content.decode()
    client.force_login(a_member().user)
    assert link not in client.get("/").content.decode()


def test_without_a_need_it_says_so(partner):
    assert "Aucun besoin publié sur cette période" in words(partner)


def test_it_says_in_words_what_happened(partner):
    rows = [a_need(state="awarded_local") for _number in range(6)]
    for need in rows:
        at = NOW + timedelta(hours=36)
        a_solicitation(need, a_provider(), opened_at=at, answered_at=at)
    page = words(partner)
    assert "<strong>6</strong> besoins publiés" in page
    assert "<strong>100 %</strong> ont reçu une réponse" in page
    assert "<strong>1,5 jour</strong> pour la moitié" in page
    assert "<strong>6</strong> commandes restées ici" in page
    assert 'width="1000" height="12"/></svg></th> <td class="numeric">6</td>' in page


def test_what_is_small_is_hidden_with_what_would_give_it_away(partner):
    for _number in range(17):
        a_need(state="unfilled")
    for _number in range(3):
        a_need(state="withdrawn")
    page = words(partner)
    assert "<strong>20</strong>" in page
    assert ">17<" not in page
    assert ">3<" not in page
    assert "20 en tout, trop peu pour les détailler." in page


def test_a_period_is_this_year_the_last_one_or_twelve_whole_months(partner):
    rows = [a_need() for _number in range(13)]
    Need.objects.filter(pk__in=[need.pk for need in rows[:7]]).update(
        made_at=NOW - timedelta(days=100), opened_at=NOW - timedelta(days=100)
    )
    number = "<strong>%d</strong>"
    assert number % 6 in words(partner)
    assert "du 1 janvier 2026 au 2 mars 2026" in words(partner, "?periode=annee")
    assert number % 7 in words(partner, "?periode=annee-derniere")
    assert number % 7 in words(partner, "?periode=douze-mois")
    assert "du 1 mars 2025 au 28 février 2026" in words(partner, "?periode=douze-mois")
    assert number % 6 in words(partner, "?periode='; DROP TABLE")


def test_what_was_looked_for_in_vain_is_told_without_a_need(partner):
    Missed.objects.create(day=NOW.date(), words="souffleur de verre", times=7)
    assert "souffleur de verre" in words(partner)


def test_the_sheet_has_every_line_and_hides_the_same(partner):
    for _number in range(9):
        a_need(state="unfilled")
    for _number in range(2):
        a_need(state="withdrawn")
    Missed.objects.create(day=NOW.date(), words="=cmd", times=7)
    answer = partner.get(SHEET)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].endswith('"annuaire-2026-01-01-2027-01-01.csv"')
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert ["Par genre de demande", "besoin", "11"] in rows
    assert ["Par genre de demande", "achat public", "0"] in rows
    assert ["Suite donnée", "retiré", "masqué"] in rows
    assert ["Suite donnée", "sans suite", "masqué"] in rows
    assert ["Suite donnée", "Total", "11"] in rows
    assert ["Recherches sans résultat", "'=cmd", "7"] in rows
    assert not {"2", "9"} & {row[2] for row in rows}


def test_english_has_commas(partner):
    partner.cookies["django_language"] = "en"
    assert partner.get(SHEET).content.decode("utf-8-sig").splitlines()[0].count(",") == 2


def test_it_costs_as_much_for_twenty_needs_as_for_two_hundred(partner):
    words(partner)  # what is read once
    costs = []
    for many in (20, 180):
        template = Need.objects.values().get(pk=a_need().pk) | {"state": "submitted"}
        template.pop("id")
        keys = (f"{many:030}{number:010}" for number in range(many - 1))
        Need.objects.bulk_create(Need(**(template | {"key": key})) for key in keys)
        with CaptureQueriesContext(connection) as queries:
            words(partner)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_post_is_refused(partner):
    assert partner.post(PAGE).status_code == 405
