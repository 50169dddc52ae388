"""The public page: an address is a question and its answer, with htmx and without."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def page(client: Client, **answers: str) -> str:
    response = client.get(reverse("simulator:home"), answers)
    assert response.status_code == 200
    return text_of(response.content)


def text_of(content: bytes) -> str:
    return content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def headline(html: str) -> str:
    found = re.search(r'<h2 class="answer-title"[^>]*>(.*?)</h2>', html, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def error_of(html: str, field: str) -> str:
    found = re.search(rf'<div id="id_{field}_errors"[^>]*>(.*?)</div>', html, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def input_of(html: str, field: str) -> str:
    found = re.search(rf'<input[^>]*\bname="{field}"[^>]*>', html)
    assert found is not None
    return found[0]


def test_a_stranger_reads_the_promise_of_the_space(client: Client) -> None:
    assert headline(page(client)) == "Vous économisez, chaque année : CHF 1 623"


def test_the_whole_question_stands_in_the_address(client: Client) -> None:
    html = page(client, distance="60", days="2,5", currency="EUR", fee="12", weeks="40")
    for name, value in {"distance": "60", "days": "2.5", "fee": "12", "weeks": "40"}.items():
        assert f'value="{value}"' in input_of(html, name)
    assert re.search(r'<input[^>]*value="EUR"[^>]*checked', html)


def test_the_form_is_an_ordinary_form_that_gets(client: Client) -> None:
    html = page(client)
    assert re.search(r'<form[^>]*method="get"[^>]*action="/simulateur/"', html)
    assert re.search(r'<button[^>]*type="submit"', html)
    assert (
        "csrfmiddlewaretoken"
        not in html.split('<form class="simulator-form"')[1].split("</form")[0]
    )


def test_every_input_has_a_label_and_a_place_for_its_message(client: Client) -> None:
    form = page(client).split('<form class="simulator-form"')[1].split("</form")[0]
    inputs = re.findall(r'<(?:input|select)[^>]*id="(id_\w+)"', form)
    assert len(inputs) > 25
    for name in inputs:
        assert f'for="{name}"' in form, name
        group = re.sub(r"_\d+$", "", name)
        assert f'id="{group}_errors"' in form, name


def test_usual_trips_keep_the_other_answers(client: Client) -> None:
    html = page(client, fee="12", distance="35")
    assert 'href="/simulateur/?distance=60&amp;minutes=70&amp;fee=12"' in html
    assert 'href="/simulateur/?distance=25&amp;minutes=35&amp;currency=EUR&amp;fee=12"' in html
    assert re.search(r'href="/simulateur/\?fee=12" aria-current="true">Frontalier médian', html)


def test_nonsense_gets_its_message_beside_the_field_and_is_kept(client: Client) -> None:
    html = page(client, distance="quarante", fee="12")
    assert error_of(html, "distance") == "Saisissez un nombre, par exemple 1 200 ou 7,5."
    assert error_of(html, "minutes") == ""
    distance = input_of(html, "distance")
    assert 'value="quarante"' in distance
    assert 'aria-invalid="true"' in distance
    assert "answer-title" in html
    assert "answer-amount" not in html


def test_without_javascript_the_last_good_answer_stays(client: Client) -> None:
    good = page(client, distance="60")
    carried = re.search(r'name="last" value="([^"]*)"', good)
    assert carried is not None
    html = page(client, distance="", last=carried[1])
    assert error_of(html, "distance") == "Saisissez un nombre."
    assert headline(html) == headline(good)
    assert "voici le dernier résultat valable" in html
    assert 'name="last" value="distance=60"' in html


def test_a_last_answer_that_is_nonsense_is_no_answer(client: Client) -> None:
    html = page(client, distance="", last="distance=abc")
    assert "answer-amount" not in html
    assert 'name="last" value=""' in html


def test_an_error_behind_the_details_is_in_sight(client: Client) -> None:
    opened = r'<details class="disclosure simulator-more" open>'
    assert re.search(opened, page(client, fee="12", fee_currency="EUR"))
    assert not re.search(opened, page(client))


def test_what_is_typed_is_never_markup(client: Client) -> None:
    html = page(client, distance='"><script>alert(1)</script>', last="<b>")
    assert "<script>alert" not in html
    assert 'value="<b>' not in html


@pytest.mark.parametrize(
    "answers",
    [
        {"distance": "\x00"},
        {"distance": "9" * 5000},
        {"fx_date": "0000-00-00", "fx": "1"},
        {"year": "'; DROP"},
        {"last": "&".join(f"a{number}=1" for number in range(50))},
        {"distance": "300", "days": "7", "weeks": "52", "currency": "EUR"},
        {"weeks": "0"},
        {"days": "0"},
    ],
)
def test_no_query_breaks_the_page(client: Client, answers: dict[str, str]) -> None:
    for headers in ({}, HTMX):
        response = client.get(reverse("simulator:home"), answers, headers=headers)
        assert response.status_code in {200, 422}


def test_the_page_obeys_the_strict_policy(client: Client) -> None:
    html = page(client)
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", html)


def test_it_writes_nothing_and_takes_no_other_method(client: Client) -> None:
    assert client.post(reverse("simulator:home")).status_code == 405


def test_htmx_gets_the_answer_and_the_address_to_show(client: Client) -> None:
    response = client.get(
        reverse("simulator:home"), {"distance": "60", "minutes": "42", "fee": ""}, headers=HTMX
    )
    html = text_of(response.content)
    assert response.status_code == 200
    assert response["HX-Replace-Url"] == "/simulateur/?distance=60"
    assert headline(html) == "Vous économisez, chaque année : CHF 2 891"
    assert "<form" not in html
    assert "<html" not in html
    assert 'id="spoken" hx-swap-oob="innerHTML">Vous économisez, chaque année : CHF 2 891' in html
    assert 'value="distance=60" hx-swap-oob="true"' in html
    assert error_of(html, "distance") == ""


def test_htmx_gets_the_messages_and_keeps_its_answer(client: Client) -> None:
    response = client.get(reverse("simulator:home"), {"distance": "1 200"}, headers=HTMX)
    html = text_of(response.content)
    assert response.status_code == 422
    assert response["HX-Reswap"] == "none"
    assert "HX-Replace-Url" not in response
    assert error_of(html, "distance") == "Au plus 300."
    assert error_of(html, "minutes") == ""
    assert 'id="answer"' not in html
    assert "voici le dernier résultat valable" in html


def test_caches_tell_the_page_from_the_fragment(client: Client) -> None:
    response = client.get(reverse("simulator:home"))
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "update"])
def test_a_new_question_asks_the_database_nothing_once_the_prices_are_read(
    client: Client, headers: dict[str, str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(reverse("simulator:home"))
    with django_assert_num_queries(0):
        client.get(f"{reverse('simulator:home')}?{urlencode({'distance': '60'})}", headers=headers)


def test_a_choice_is_kept(client: Client) -> None:
    html = page(client, car="diesel_medium", method="ch_full", scope="life_cycle")
    for value in ("diesel_medium", "ch_full", "life_cycle"):
        assert f'<option value="{value}" selected>' in html
    assert len(re.findall("<option[^>]* selected>", html)) == len(re.findall("<select", html))


BAD = [
    ({"distance": "quarante"}, "distance", "Saisissez un nombre, par exemple 1 200 ou 7,5."),
    ({"distance": "NaN"}, "distance", "Saisissez un nombre, par exemple 1 200 ou 7,5."),
    ({"distance": "1e9"}, "distance", "Saisissez un nombre, par exemple 1 200 ou 7,5."),
    ({"distance": "1.200,5"}, "distance", "Saisissez un nombre, par exemple 1 200 ou 7,5."),
    ({"distance": "1000000000"}, "distance", "Au plus 300."),
    ({"distance": "1\u202f200"}, "distance", "Au plus 300."),
    ({"minutes": "-5"}, "minutes", "Au moins 0."),
    ({"year": "2031"}, "year", "Aucun barème connu pour cette année."),
    ({"coworking_days": "3"}, "coworking_days", "Pas plus que vos 2 jours sans bureau."),
    (
        {"fee": "12", "fee_currency": "EUR"},
        "fx",
        "Indiquez le taux de change : ce calcul mêle euros et francs.",
    ),
]


@pytest.mark.parametrize(("answers", "field", "message"), BAD)
def test_bad_input_gets_a_message_beside_its_field_and_the_last_good_answer_stays(
    client: Client, answers: dict[str, str], field: str, message: str
) -> None:
    good = "distance=60"
    kept = headline(page(client, distance="60"))
    html = page(client, **answers, last=good)
    assert error_of(html, field) == message
    assert headline(html) == kept

    update = client.get(reverse("simulator:home"), answers, headers=HTMX)
    assert (update.status_code, update["HX-Reswap"]) == (422, "none")
    assert error_of(text_of(update.content), field) == message


@pytest.mark.parametrize(
    "typed", ["1 200", "1\u00a0200", "1\u202f200", "1\u2009200", "1200,0", "1200.0", "1’200"]
)
def test_numbers_are_read_as_people_write_them(client: Client, typed: str) -> None:
    """The yearly kilometres are then too few, and the message says by how many."""
    html = page(client, currency="EUR", annual_km=typed)
    assert error_of(html, "annual_km") == (
        "Vous évitez déjà 5 888 km par an : indiquez au moins autant."
    )
