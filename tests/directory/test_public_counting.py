"""A search is counted by the page that showed it: once, by a signed POST, nobody named."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from time_machine import travel

from directory.models import Found, Missed
from directory.views.counting import LIFE, SALT
from tests.directory.public import HOME, HTMX, listed
from tests.directory.rows import a_trade

pytestmark = pytest.mark.django_db

COUNT = "/annuaire/compte/"


def token_of(page) -> str:
    found = re.search(r"hx-vals='\{\"token\": \"([^\"]+)\"\}'", page.content.decode())
    return unescape(found[1]) if found else ""


def told() -> dict[str, int]:
    return {f"{row.provider.name} · {row.words}": row.times for row in Found.objects.all()}


def test_looking_writes_nothing_and_the_page_counts_it(client: Client) -> None:
    listed("Atelier", trades=(a_trade("Menuisier"),)), listed("Autre")
    page = client.get(HOME, {"q": "Menuisier"})
    assert not Found.objects.exists()
    answer = client.post(COUNT, {"token": token_of(page)})
    assert (answer.status_code, answer.content) == (204, b"")
    assert told() == {"Atelier · menuisier": 1}
    assert not Missed.objects.exists()


def test_a_token_counts_once_and_another_look_counts_again(client: Client) -> None:
    listed("Atelier", trades=(a_trade("Menuisier"),))
    token = token_of(client.get(HOME, {"q": "menuisier"}))
    for _again in range(3):
        assert client.post(COUNT, {"token": token}).status_code == 204
    assert told() == {"Atelier · menuisier": 1}
    client.post(COUNT, {"token": token_of(client.get(HOME, {"q": "menuisier"}))})
    assert told() == {"Atelier · menuisier": 2}


def test_a_search_that_finds_nobody_is_counted(client: Client) -> None:
    client.post(COUNT, {"token": token_of(client.get(HOME, {"q": "Dresseur d’ours"}))})
    [missed] = Missed.objects.all()
    assert (missed.times, missed.day) == (1, timezone.localdate())
    assert "dresseur" in missed.words


def test_what_htmx_and_the_frame_show_is_counted_too(client: Client) -> None:
    listed("Atelier", trades=(a_trade("Menuisier"),))
    strict = Client(enforce_csrf_checks=True)  # the frame of another site has no cookie
    for path in (HOME, f"{HOME}integrer/"):
        part = client.get(path, {"q": "menuisier"}, headers=HTMX)
        assert strict.post(COUNT, {"token": token_of(part)}).status_code == 204
    assert told() == {"Atelier · menuisier": 2}


def test_who_asks_for_nothing_is_not_counted(client: Client) -> None:
    listed("Atelier")
    assert token_of(client.get(HOME, {"q": ""})) == ""
    assert token_of(client.get(f"{HOME}integrer/")) == ""


@pytest.mark.parametrize("token", ["", "nul\0", "a.b.c", "é" * 5_000, "1:2:3"])
def test_a_token_that_is_not_ours_counts_nothing(client: Client, token: str) -> None:
    assert client.post(COUNT, {"token": token}).status_code == 400
    assert not Missed.objects.exists()


def test_a_token_of_another_purpose_counts_nothing(client: Client) -> None:
    forged = signing.dumps(["x", "menuisier", []], salt=f"{SALT}.other")
    assert client.post(COUNT, {"token": forged}).status_code == 400
    assert not Missed.objects.exists()


def test_a_token_that_is_old_counts_nothing(client: Client) -> None:
    token = token_of(client.get(HOME, {"q": "dresseur"}))
    with travel(timezone.now() + timedelta(seconds=LIFE + 5), tick=False):
        assert client.post(COUNT, {"token": token}).status_code == 400
    assert not Missed.objects.exists()


def test_a_flood_from_one_address_stops_counting(client: Client) -> None:
    for number in range(70):
        token = signing.dumps([number, "dresseur", []], salt=SALT)
        assert client.post(COUNT, {"token": token}).status_code == 204
    assert Missed.objects.get().times == 60


def test_counting_is_asked_by_post_alone(client: Client) -> None:
    assert client.get(COUNT).status_code == 405
