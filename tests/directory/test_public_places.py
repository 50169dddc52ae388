"""A page for each trade and for each commune."""

import pytest
from django.test import Client

from directory.models import NeedState
from tests.directory.public import HOME, links, listed, names, text_of
from tests.directory.rows import a_commune, a_need, a_trade, an_organisation, saved
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

FAR = {"latitude": "46.3872", "longitude": "5.8636"}
LATE = MONDAY.replace(year=2999)
NEAR = {"latitude": "46.5375", "longitude": "6.0175"}


def test_a_trade_says_who_exercises_it_and_what_is_related(client: Client) -> None:
    joiner = a_trade("Menuisier")
    roofer, idle = (a_trade(name, sector=joiner.sector) for name in ("Couvreur", "Plâtrier"))
    listed("Atelier", trades=(joiner,)), listed("Toitures", trades=(roofer,))
    page = client.get(joiner.get_absolute_url())
    assert names(page) == ["Atelier"]
    assert links(page, roofer.get_absolute_url())
    assert not links(page, idle.get_absolute_url())
    assert links(page, f"{HOME}?sector={joiner.sector.slug}")
    assert "<h1>Menuisier</h1>" in page.content.decode()


def test_a_trade_that_nobody_exercises_leads_on(client: Client) -> None:
    page = client.get(a_trade("Dresseur").get_absolute_url())
    assert "Personne n’exerce encore ce métier" in text_of(page)
    assert links(page, "/besoins/nouveau/")


def test_a_merged_commune_lists_its_parts_and_who_is_in_them(client: Client) -> None:
    whole = a_commune("Hauts de Bienne")
    part = a_commune("La Mouille", kind="COMD", part_of=whole)
    listed("Dans la partie", commune=part), listed("Ailleurs", commune=a_commune("Morbier", **NEAR))
    page = client.get(whole.get_absolute_url())
    assert names(page) == ["Dans la partie"]
    assert links(page, part.get_absolute_url())
    assert "1 prestataire travaille ici" in text_of(page)
    assert links(client.get(part.get_absolute_url()), whole.get_absolute_url())


def test_neighbours_come_nearest_first_with_their_distance(client: Client) -> None:
    here = a_commune("Morez")
    far, near = a_commune("Saint-Claude", **FAR), a_commune("Morbier", **NEAR)
    nobody = a_commune("Lézat", **NEAR)
    for commune in (far, near):
        listed(commune=commune)
    page = client.get(here.get_absolute_url())
    assert "Personne n’est encore inscrit ici" in text_of(page)
    shown = [url for url in links(page, "/annuaire/commune/") if url != here.get_absolute_url()]
    assert shown == [near.get_absolute_url(), far.get_absolute_url()]
    assert nobody.get_absolute_url() not in shown
    assert "1, à 2 km" in text_of(page)
    assert "à vol d’oiseau" in text_of(page)


def test_a_commune_without_a_point_has_a_page(client: Client) -> None:
    commune = a_commune("Lamoura", latitude=None, longitude=None)
    listed("Sans carte", commune=commune)
    assert names(client.get(commune.get_absolute_url())) == ["Sans carte"]


def test_the_pages_of_a_trade_turn_on_its_own_address(client: Client) -> None:
    trade = a_trade("Menuisier")
    for _number in range(21):
        listed(trades=(trade,))
    page = client.get(trade.get_absolute_url())
    assert links(page, "?page") == ["?page=2"]
    assert len(names(client.get(trade.get_absolute_url(), {"page": "2"}))) == 1
    assert len(names(client.get(trade.get_absolute_url(), {"page": "abc"}))) == 20


def test_open_needs_stand_beside_and_others_do_not(client: Client) -> None:
    trade, commune = a_trade("Menuisier"), a_commune("Morez")
    organisation = an_organisation("Boulangerie", commune=commune)
    shown = a_need("Un comptoir en bois", organisation=organisation, trade=trade, deadline=LATE)
    a_need("Retiré", organisation=organisation, trade=trade, state=NeedState.WITHDRAWN)
    for row in (trade, commune):
        page = client.get(row.get_absolute_url())
        assert shown.get_absolute_url() in links(page, "/besoins/")
        assert "Retiré" not in text_of(page)


def test_an_address_that_is_none_is_not_found(client: Client) -> None:
    idle = a_trade("Ancien")
    idle.is_active = False
    saved(idle)
    for path in (idle.get_absolute_url(), "/annuaire/metier/rien/", "/annuaire/commune/rien/"):
        assert client.get(path).status_code == 404
