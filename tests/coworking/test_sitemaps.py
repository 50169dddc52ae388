"""What search engines are told of the house."""

from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from coworking.sitemaps import Providers
from directory.models import NeedState, ProviderState
from tests.directory.rows import a_commune, a_need, a_provider, a_trade, an_organisation
from tests.factories import MONDAY, a_space

pytestmark = pytest.mark.django_db


def addresses(client: Client, path: str, **headers: str) -> list[str]:
    answer = client.get(path, **headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml"
    tree = ElementTree.fromstring(answer.content)  # noqa: S314  # ours
    return [found.text or "" for found in tree.iter() if found.tag.endswith("}loc")]


def everything(client: Client) -> set[str]:
    sections = addresses(client, "/sitemap.xml")
    found = {
        address
        for section in sections
        for address in addresses(client, section.removeprefix(settings.SITE_URL))
    }
    assert all(address.startswith(settings.SITE_URL) for address in [*sections, *found])
    return {address.removeprefix(settings.SITE_URL) for address in found}


def test_it_names_what_is_public_and_holds_something(client: Client) -> None:
    space, morez = a_space(), a_commune("Morez")
    empty = a_commune("Lamoura", in_territory=False)
    joiner, idle = a_trade("Menuisier"), a_trade("Dresseur")
    shown = a_provider("Atelier", trades=(joiner,), commune=morez)
    hidden = a_provider("Caché", trades=(idle,), commune=empty, state=ProviderState.SUSPENDED)
    baker = an_organisation("Boulangerie", commune=morez)
    asked = a_need("Comptoir", organisation=baker, deadline=MONDAY.replace(year=2999))
    waits = a_need("Attend", organisation=baker, state=NeedState.SUBMITTED)
    found = everything(client)
    public = (space, morez, joiner, shown, asked)
    assert {row.get_absolute_url() for row in public} <= found
    assert {"/", "/formules/", "/simulateur/", "/annuaire/", "/besoins/"} <= found
    assert not {row.get_absolute_url() for row in (empty, idle, hidden, waits)} & found


def test_every_address_of_it_answers(client: Client) -> None:
    a_space(), a_provider("Atelier", trades=(a_trade("Menuisier"),))
    for path in everything(client):
        assert client.get(path).status_code == 200


def test_addresses_are_those_of_the_site_whatever_host_asks(client: Client) -> None:
    for path in ("/sitemap.xml", "/sitemap-pages.xml"):
        for address in addresses(client, path, headers={"host": "127.0.0.1"}):
            assert address.startswith(f"{settings.SITE_URL}/")


def test_a_long_section_has_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Providers, "limit", 2)
    made = {a_provider().get_absolute_url() for _number in range(5)}
    pages = [address for address in addresses(client, "/sitemap.xml") if "prestataires" in address]
    assert len(pages) == 3
    assert made <= everything(client)


def test_what_is_no_section_or_page_is_not_found(client: Client) -> None:
    for path in ("/sitemap-rien.xml", "/sitemap-pages.xml?p=9", "/sitemap-pages.xml?p=x"):
        assert client.get(path).status_code == 404


def test_robots_are_told_where_not_to_look(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert "Disallow: /admin/" in lines
    assert "Disallow: /annuaire/?" in lines
