"""The home of the directory and its results: found by words and filters, never a dead end."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import ProviderState
from tests.directory.public import HOME, HTMX, links, listed, many, names, text_of
from tests.directory.rows import a_commune, a_provider, a_skill, a_trade, saved

pytestmark = pytest.mark.django_db

MORBIER = {"latitude": "46.5375", "longitude": "6.0175"}
LONGCHAUMOIS = {"latitude": "46.4614", "longitude": "5.9333"}


def test_the_home_shows_trades_communes_and_who_is_new(client: Client) -> None:
    joiner, morez = a_trade("Menuisier"), a_commune("Morez")
    listed("Bois & Épicéa", trades=(joiner,), commune=morez, headline="Sur mesure")
    a_provider("Brouillon", trades=(joiner,), commune=morez, state=ProviderState.DRAFT)
    page = client.get(HOME)
    assert page.status_code == 200
    assert names(page) == ["Bois & Épicéa"]
    text = text_of(page)
    assert "1 prestataire du territoire" in text
    assert "Menuisier 1" in text
    assert "Morez : 1 prestataire" in page.content.decode()
    assert "Brouillon" not in text
    assert links(page, joiner.get_absolute_url())
    assert links(page, morez.get_absolute_url())
    assert links(page, "/besoins/nouveau/")


def test_an_empty_directory_asks_for_the_first_profile(client: Client) -> None:
    page = client.get(HOME)
    assert "L’annuaire vient d’ouvrir" in text_of(page)
    assert links(page, "/mes-fiches/nouvelle/")


def test_words_find_and_the_reason_is_said(client: Client) -> None:
    listed("Atelier du Risoux", trades=(a_trade("Menuisier"),), skills=(a_skill("Escalier"),))
    listed("Studio Bienne", trades=(a_trade("Graphiste"),))
    page = client.get(HOME, {"q": "MENUISIERS"})
    assert names(page) == ["Atelier du Risoux"]
    assert "métier : menuisier" in text_of(page)
    assert "1 prestataire" in text_of(page)


def test_the_state_of_the_search_is_its_address(client: Client) -> None:
    trade, morez = a_trade("Menuisier"), a_commune("Morez")
    listed("Atelier", trades=(trade,), commune=morez, speaks=("de",), mode="remote")
    asked = {
        "q": "menuisier",
        "trade": trade.slug,
        "sector": trade.sector.slug,
        "commune": morez.slug,
        "within": "20",
        "mode": "remote",
        "language": "de",
    }
    page = client.get(HOME, asked)
    html = page.content.decode()
    assert names(page) == ["Atelier"]
    assert 'value="menuisier"' in html
    for name in ("trade", "sector", "commune", "within", "mode", "language"):
        assert f'<option value="{asked[name]}" selected>' in html
    # Each filter can be taken away by itself, and only that one.
    without = [parse_qs(urlsplit(url).query) for url in links(page, f"{HOME}?q=menuisier")]
    assert {"q": ["menuisier"]} | {k: [v] for k, v in asked.items() if k != "mode"} in without


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"language": "de"}, {"Allemande"}),
        ({"mode": "remote"}, {"À distance", "Allemande"}),
        ({"mode": "on_site"}, {"Allemande", "Libre"}),
        ({"available": "on"}, {"Libre"}),
    ],
)
def test_filters(client: Client, asked: dict[str, str], found: set[str]) -> None:
    today = timezone.localdate()
    listed("Allemande", speaks=("de",), mode="both")
    listed("À distance", mode="remote")
    soon = today + timedelta(days=9)
    listed("Libre", mode="on_site", available_from=today, available_until=soon)
    assert set(names(client.get(HOME, asked))) == found


def test_near_a_commune_the_distance_is_said(client: Client) -> None:
    morez = a_commune("Morez")
    listed("Ici", commune=morez)
    listed("Tout près", commune=a_commune("Morbier", **MORBIER))
    listed("Plus loin", commune=a_commune("Longchaumois", **LONGCHAUMOIS))
    page = client.get(HOME, {"commune": morez.slug, "within": "5"})
    assert set(names(page)) == {"Ici", "Tout près"}
    assert "Morbier, 1,7 km" in text_of(page)
    assert "Distances à vol d’oiseau depuis Morez" in text_of(page)
    assert set(names(client.get(HOME, {"commune": morez.slug}))) == {"Ici"}


def test_an_empty_word_shows_everybody(client: Client) -> None:
    listed("Une"), listed("Deux")
    assert set(names(client.get(HOME, {"q": ""}))) == {"Une", "Deux"}


def test_htmx_gets_the_results_alone_and_their_address(client: Client) -> None:
    listed("Atelier du Risoux", trades=(a_trade("Menuisier"),))
    part = client.get(HOME, {"q": "menuisier", "mode": ""}, headers=HTMX)
    assert names(part) == ["Atelier du Risoux"]
    assert b"<html" not in part.content
    assert b"<form" not in part.content
    assert part["HX-Replace-Url"] == f"{HOME}?q=menuisier"
    assert "HX-Request" in part["Vary"]


def test_no_result_leads_on(client: Client) -> None:
    morez = a_commune("Morez")
    listed("Atelier", trades=(a_trade("Menuisier"),), commune=morez)
    page = client.get(HOME, {"q": "dresseur d’ours & cie", "commune": morez.slug})
    assert names(page) == []
    assert "Personne pour cette recherche" in text_of(page)
    [post] = links(page, "/besoins/nouveau/?")
    assert parse_qs(urlsplit(post).query) == {"title": ["dresseur d’ours & cie"]}
    wider = [link for link in links(page, f"{HOME}?q=dresseur") if "commune" not in link]
    assert wider


def test_pages_turn_and_keep_the_question(client: Client) -> None:
    trade = a_trade("Menuisier")
    many(25, trade, a_commune("Morez"))
    first = client.get(HOME, {"trade": trade.slug})
    [turn] = links(first, "?page=2")
    second = client.get(HOME + turn)
    assert (len(names(first)), len(names(second))) == (20, 5)
    assert not set(names(first)) & set(names(second))
    assert names(client.get(HOME, {"trade": trade.slug, "page": "9000"})) == names(second)


def test_the_map_stands_beside_the_list_and_leads_to_communes(client: Client) -> None:
    morez, morbier = a_commune("Morez"), a_commune("Morbier", **MORBIER)
    listed("Une", commune=morez), listed("Deux", commune=morez)
    page = client.get(HOME, {"q": ""})
    html = page.content.decode()
    assert 'aria-label="Morez : 2 prestataires"' in html
    assert '<g class="map-place is-empty">' in html
    assert links(page, f"{HOME}?commune={morez.slug}")
    assert not links(page, f"{HOME}?commune={morbier.slug}")
    assert "<image" not in html


def test_a_merged_commune_and_its_centre_are_one_mark(client: Client) -> None:
    whole = a_commune("Hauts de Bienne", code="39368")
    centre = a_commune("Morez", code="39368", kind="COMD", part_of=whole)
    listed("Une", commune=centre), listed("Deux", commune=whole)
    page = client.get(HOME)
    assert page.content.decode().count('class="map-mark"') == 1
    assert 'aria-label="Morez : 2 prestataires"' in page.content.decode()
    [link] = links(page, f"{HOME}?commune=")
    assert set(names(client.get(link))) == {"Une", "Deux"}


WRONG = [
    {"q": "x" * 5_000},
    {"q": "nul\0ici"},
    {"trade": "nulle-part"},
    {"sector": "a\0"},
    {"commune": "é" * 3_000},
    {"within": "-5"},
    {"within": "12345678901234567890"},
    {"mode": "'; DROP TABLE directory_provider; --"},
    {"language": "xx"},
    {"page": "0", "q": ""},
    {"page": "9" * 400, "q": ""},
    {"page": "x", "q": ""},
]


@pytest.mark.parametrize("asked", WRONG, ids=lambda asked: "-".join(asked))
def test_what_cannot_be_read_is_refused_with_a_word(client: Client, asked: dict[str, str]) -> None:
    listed("Atelier")
    for path in (HOME, f"{HOME}integrer/", f"{HOME}api/"):
        for headers in ({}, HTMX):
            assert client.get(path, asked, headers=headers).status_code == 422
    assert 'role="alert"' in client.get(HOME, asked, headers=HTMX).content.decode()


@pytest.mark.parametrize(
    "words",
    [
        "' OR 1=1 --",
        '"; DROP TABLE directory_provider; --',
        "% _ \\ * ( ) & | ! :",
        "🪵🔨",
        "<script>alert(1)</script>",
        'NEAR/2 AND NOT "',
        "\u202emenuisier\u200b",
        " ",
        "é" * 100,
    ],
)
def test_hostile_words_are_words(client: Client, words: str) -> None:
    listed("Atelier")
    for path in (HOME, f"{HOME}integrer/", f"{HOME}api/"):
        page = client.get(path, {"q": words})
        assert page.status_code == 200
        assert b"<script>alert" not in page.content


def test_the_name_of_a_provider_is_text_everywhere(client: Client) -> None:
    trade = a_trade("Menuisier")
    listed("</script><script>alert(1)</script>", trades=(trade,))
    for path in (HOME, f"{HOME}?q=", trade.get_absolute_url(), f"{HOME}integrer/", f"{HOME}flux/"):
        page = client.get(path).content
        assert b"<script>alert" not in page
        assert b"alert(1)" in page


def test_the_unpublished_are_nowhere(client: Client) -> None:
    trade, commune = a_trade("Menuisier"), a_commune("Morez")
    for state in (ProviderState.DRAFT, ProviderState.PENDING, ProviderState.SUSPENDED):
        listed(f"Caché {state}", trades=(trade,), commune=commune, state=state)
    paths = (
        HOME,
        f"{HOME}?q=",
        f"{HOME}?q=cache",
        trade.get_absolute_url(),
        commune.get_absolute_url(),
        f"{HOME}api/",
        f"{HOME}flux/",
        f"{HOME}integrer/",
        "/sitemap-prestataires.xml",
    )
    for path in paths:
        page = client.get(path)
        assert page.status_code == 200
        assert "Caché" not in page.content.decode()
        assert "/annuaire/prestataire/" not in page.content.decode()


def test_queries_are_as_many_with_ten_as_with_a_thousand(client: Client) -> None:
    trade, commune = a_trade("Menuisier"), a_commune("Morez")
    paths = (
        HOME,
        f"{HOME}?q=menuiserie",
        f"{HOME}?trade={trade.slug}&commune={commune.slug}&within=20&language=de",
        trade.get_absolute_url(),
        commune.get_absolute_url(),
        f"{HOME}api/?q=menuiserie",
        f"{HOME}integrer/?q=menuiserie",
        f"{HOME}flux/",
    )

    def queries() -> list[int]:
        counted = []
        for path in paths:
            caches["process"].clear()
            with CaptureQueriesContext(
                connection,
            ) as seen:
                assert client.get(path).status_code == 200
            counted.append(len(seen))
        return counted

    many(10, trade, commune)
    few = queries()
    many(990, trade, commune)
    assert queries() == few
    assert max(few) <= 25


def test_a_trade_out_of_use_is_no_filter(client: Client) -> None:
    trade = a_trade("Menuisier")
    trade.is_active = False
    saved(trade)
    assert client.get(HOME, {"trade": trade.slug}).status_code == 422
