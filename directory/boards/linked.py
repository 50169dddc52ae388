"""What search engines read beside the words: schema.org as JSON-LD, in a block of data.

A block of data is no script: the content security policy of the house lets it stand. Addresses are
absolute, from `SITE_URL`, whatever host the page was asked from.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from directory.boards.cards import Card

CONTEXT: Final = "https://schema.org"
# What would end the block, or be read as a character of HTML.
_ESCAPES: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def absolute(path: str) -> str:
    """The public address of a path."""
    return f"{settings.SITE_URL}{path}"


def block(told: dict[str, Any]) -> SafeString:
    """JSON that may stand between the tags of a `<script type="application/ld+json">`."""
    text = json.dumps({"@context": CONTEXT, **told}, ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308  # escaped just now


def site() -> SafeString:
    """The search of this site, which an engine may offer by itself."""
    home = absolute(reverse("directory:home"))
    return block(
        {
            "@type": "WebSite",
            "url": home,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": f"{home}?q={{words}}"},
                "query-input": "required name=words",
            },
        }
    )


def listing(name: str, path: str, cards: Iterable[Card]) -> SafeString:
    """The providers of a page, in its order."""
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "name": card.provider.name,
            "url": absolute(card.provider.get_absolute_url()),
        }
        for position, card in enumerate(cards, start=1)
    ]
    return block(
        {
            "@type": "ItemList",
            "name": name,
            "url": absolute(path),
            "numberOfItems": len(items),
            "itemListElement": items,
        }
    )
