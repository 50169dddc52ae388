"""The plans for machines: schema.org, as JSON that may stand in a page."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from members.boards.plans import Offered
from members.tariff import DESK, Every

# Codes of UN/CEFACT, as schema.org asks.
_UNIT_CODES: Final = {"hour": "HUR", "day": "DAY", Every.MONTH: "MON", Every.YEAR: "ANN"}
# What could end the script element, or begin a comment in it.
_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def for_machines(offer: Sequence[Offered], url: str) -> SafeString:
    """An `OfferCatalog` of what is sold at an address, safe inside a script element."""
    catalogue = {
        "@context": "https://schema.org",
        "@type": "OfferCatalog",
        "url": url,
        "itemListElement": [_offer(one, url) for one in offer],
    }
    written = json.dumps(catalogue, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(written)  # noqa: S308 (nothing in it can end the element)


def _offer(one: Offered, url: str) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "name": one.plan.label,
        "description": one.plan.text,
        "url": f"{url}#formule-{one.plan.code}",
        "priceCurrency": one.plan.currency,
        "priceSpecification": [
            {
                "@type": "UnitPriceSpecification",
                "price": str(price),
                "priceCurrency": one.plan.currency,
                "valueAddedTaxIncluded": True,
            }
            | ({"unitCode": _UNIT_CODES[unit]} if unit in _UNIT_CODES else {"unitText": unit})
            for unit, price in _prices(one)
        ],
    }


def _prices(one: Offered) -> Iterator[tuple[str, Decimal]]:
    fee, desk = one.tariff.fee, one.tariff.rate_for(DESK)
    if fee is not None:
        yield fee.every, fee.amount
    if desk is not None:
        for unit in ("hour", "half_day", "day"):
            price = getattr(desk, unit)
            if price is not None:
                yield unit, price
