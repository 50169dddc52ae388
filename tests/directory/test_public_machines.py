"""The search for programs and for other sites: what it gives away, and to whom."""

import json
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from directory.models import ShownField
from tests.directory.public import HOME, links, listed, many, text_of
from tests.directory.rows import a_commune, a_trade
from tests.factories import NOW

pytestmark = pytest.mark.django_db

API = "/annuaire/api/"
SECRET = {
    "email": "atelier@prive.example",
    "phone": "03 84 00 00 00",
    "website": "https://prive.example/",
    "address": "3 rue Cachée",
    "legal_contact": "notaire@prive.example",
    "price_unit": "day",
    "price_low": Decimal("350.00"),
}


def test_the_search_is_answered_to_any_site(client: Client) -> None:
    trade, morez = a_trade("Menuisier"), a_commune("Morez")
    provider = listed("Atelier", trades=(trade,), commune=morez)
    answer = client.get(API, {"q": "menuisier"})
    told = answer.json()
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (told["question"], told["total"], told["number"], told["pages"]) == (
        "q=menuisier",
        1,
        1,
        1,
    )
    assert told["page"] == f"{settings.SITE_URL}{HOME}?q=menuisier"
    [one] = told["providers"]
    assert one["name"] == "Atelier"
    assert one["url"] == f"{settings.SITE_URL}{provider.get_absolute_url()}"
    assert one["trades"] == [{"slug": trade.slug, "name": "Menuisier", "details": ""}]
    assert (one["commune"]["code"], one["commune"]["kind"]) == (morez.code, "COM")
    assert one["reasons"] == ["métier : menuisier"]


def test_only_what_was_agreed_to_is_told(client: Client) -> None:
    provider = listed("Atelier", latitude="46.51234", longitude="6.01234", **SECRET)
    answer = client.get(API)
    for secret in ("prive", "03 84", "Cachée", "350", "46.51234", "6.01234"):
        assert secret not in answer.content.decode()
    for field in ("email", "price"):
        ShownField.objects.create(provider=provider, field=field, since=NOW)
    [one] = client.get(API).json()["providers"]
    assert one["email"] == SECRET["email"]
    assert one["price"] == {"low": "350.00", "high": None, "unit": "day", "currency": "EUR"}
    assert not {"phone", "website", "address", "legal_number"} & set(one)


def test_it_turns_its_pages(client: Client) -> None:
    many(25, a_trade("Menuisier"), a_commune("Morez"))
    first = client.get(API, {"q": "menuisier"}).json()
    assert (first["total"], first["pages"], len(first["providers"])) == (25, 2, 20)
    assert first["next"].startswith(settings.SITE_URL)
    last = client.get(first["next"].removeprefix(settings.SITE_URL)).json()
    assert (last["number"], len(last["providers"]), last["next"]) == (2, 5, None)


def test_a_refusal_names_each_parameter(client: Client) -> None:
    answer = client.get(API, {"q": "x" * 101, "trade": "rien", "page": "0"})
    assert answer.status_code == 422
    codes = {name: [e["code"] for e in found] for name, found in answer.json()["errors"].items()}
    assert codes == {"q": ["max_length"], "trade": ["invalid_choice"], "page": ["min_value"]}
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_it_tells_the_words_it_knows(client: Client) -> None:
    trade, commune = a_trade("Menuisier"), a_commune("Morez")
    told = client.get(f"{API}metiers/").json()
    assert {"slug": trade.slug, "name": "Menuisier", "sector": trade.sector.slug} in told["trades"]
    [one] = [
        c for c in client.get(f"{API}communes/").json()["communes"] if c["slug"] == commune.slug
    ]
    assert (one["latitude"], one["in_territory"]) == (46.5228, True)


def test_the_frame_alone_may_be_framed(client: Client) -> None:
    framed = client.get(f"{HOME}integrer/", {"q": "menuisier"})
    assert framed.status_code == 200
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "script-src 'self'" in framed["Content-Security-Policy"]
    assert "csrftoken" not in framed.cookies
    for path in (HOME, f"{HOME}outils/", API):
        assert client.get(path)["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in client.get(path)["Content-Security-Policy"]


def test_in_the_frame_questions_stay_and_profiles_open_outside(client: Client) -> None:
    provider = listed("Atelier", trades=(a_trade("Menuisier"),), commune=a_commune("Morez"))
    page = client.get(f"{HOME}integrer/", {"q": "menuisier"})
    html = page.content.decode()
    assert f'href="{provider.get_absolute_url()}" target="_blank"' in html
    assert links(page, f"{HOME}integrer/?")
    assert not links(page, f"{HOME}?")


def test_the_lines_to_copy_carry_the_public_address(client: Client) -> None:
    text = text_of(client.get(f"{HOME}outils/"))
    assert f'<iframe src="{settings.SITE_URL}/annuaire/integrer/' in text
    assert f"GET {settings.SITE_URL}/annuaire/api/" in text
    for name in ("q", "sector", "trade", "commune", "within", "mode", "language", "available"):
        assert f" {name} " in text


def test_the_feed_tells_the_new_ones(client: Client) -> None:
    provider = listed("Bois & Épicéa", trades=(a_trade("Menuisier"),), headline="Sur mesure")
    answer = client.get(f"{HOME}flux/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    [entry] = ElementTree.fromstring(answer.content).findall(f"{atom}entry")  # noqa: S314  # ours
    assert entry.findtext(f"{atom}title") == "Bois & Épicéa"
    address = settings.SITE_URL + provider.get_absolute_url()
    assert entry.find(f"{atom}link").attrib["href"] == address


def linked(page):
    [block] = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', page.content.decode(), re.S
    )
    return json.loads(block)


def test_search_engines_read_the_list(client: Client) -> None:
    trade = a_trade("Menuisier")
    provider = listed("</script> & <b>", trades=(trade,))
    told = linked(client.get(trade.get_absolute_url()))
    assert (told["@type"], told["numberOfItems"]) == ("ItemList", 1)
    [item] = told["itemListElement"]
    assert item["name"] == "</script> & <b>"
    assert item["url"] == settings.SITE_URL + provider.get_absolute_url()
    assert linked(client.get(HOME))["potentialAction"]["@type"] == "SearchAction"


def test_pages_have_one_address_and_results_are_not_indexed(client: Client) -> None:
    trade = a_trade("Menuisier")
    for path in (HOME, trade.get_absolute_url(), a_commune("Morez").get_absolute_url()):
        html = client.get(path).content.decode()
        assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">' in html
        assert f'<meta property="og:url" content="{settings.SITE_URL}{path}">' in html
        assert '<meta name="robots"' not in html
    assert 'content="noindex, follow"' in client.get(HOME, {"q": "x"}).content.decode()
