"""What the tests of the public pages share: providers that are found, and reading a page."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

from directory.models import Activity, Commune, Provider, Speaks, Trade
from directory.services.index import learn, reindex, reindex_those
from tests.directory.rows import a_provider
from tests.factories import NOW

HOME = "/annuaire/"
HTMX = {"HX-Request": "true"}


def listed(name: str = "", *, speaks: tuple[str, ...] = ("fr",), **fields: Any) -> Provider:
    """A published provider that the search knows."""
    provider = a_provider(name, **fields)
    for language in speaks:
        Speaks.objects.create(provider=provider, language=language)
    learn()
    reindex(provider=provider)
    return provider


def many(number: int, trade: Trade, commune: Commune) -> None:
    """So many published providers with two trades and a language each."""
    first = Provider.objects.count()
    fresh = Provider.objects.bulk_create(
        Provider(
            name=f"Menuiserie {first + index}",
            slug=f"menuiserie-{first + index}",
            headline="Sur mesure",
            commune=commune,
            made_at=NOW,
            changed_at=NOW,
        )
        for index in range(number)
    )
    Activity.objects.bulk_create(Activity(provider=row, trade=trade) for row in fresh)
    Speaks.objects.bulk_create(Speaks(provider=row, language="de") for row in fresh)
    keys = [row.pk for row in fresh]
    Provider.objects.filter(pk__in=keys).update(
        state="published", state_since=NOW, first_published_at=NOW - timedelta(days=1)
    )
    learn()
    reindex_those(providers=Provider.objects.filter(pk__in=keys))


def names(page: Any) -> list[str]:
    """Of the cards of a page, in order."""
    pattern = r'<h3 class="card-title"><a href="/annuaire/prestataire/[^>]*>([^<]*)</a>'
    return [unescape(name) for name in re.findall(pattern, page.content.decode())]


def text_of(page: Any) -> str:
    """The words of a page, folded into one line."""
    html = re.sub(r"(?s)<(script|style|template).*?</\1>", " ", page.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u202f", " ").split())


def links(page: Any, beginning: str) -> list[str]:
    """The addresses of a page that begin so."""
    found = re.findall(r'href="([^"]*)"', page.content.decode())
    return [unescape(url) for url in found if unescape(url).startswith(beginning)]
