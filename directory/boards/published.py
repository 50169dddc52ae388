"""A provider as a program reads it: what everybody sees, and what the owner agreed to."""

from typing import Any

from directory.boards.cards import Card
from directory.boards.linked import absolute
from directory.models import Commune, Provider, Shown


def record(card: Card) -> dict[str, Any]:
    """Names of the interface's language beside neutral codes; prices as decimal strings.

    A field that was not agreed to is left out. Where somebody is, is told by the commune.
    """
    provider = card.provider
    told = {
        "name": provider.name,
        "url": absolute(provider.get_absolute_url()),
        "headline": provider.headline,
        "trades": [
            {"slug": row.trade.slug, "name": str(row.trade), "details": row.details}
            for row in provider.activities.all()
        ],
        "skills": card.skills,
        "languages": [row.language for row in provider.spoken.all()],
        "commune": commune(provider.commune),
        "mode": provider.mode,
        "range_km": provider.range_km,
        "available": _availability(provider),
        "meets_at_space": provider.meets_at_space,
        "distance_km": card.km,
        "reasons": list(card.reasons),
    }
    agreed = {row.field for row in provider.shown_fields.all()}
    return told | {field: value for field, value in _with_consent(provider) if field in agreed}


def commune(row: Commune) -> dict[str, Any]:
    point = row.point
    return {
        "slug": row.slug,
        "name": row.name,
        "code": row.code,
        "kind": row.kind,
        "postcode": row.postcode,
        "latitude": point and point.latitude,
        "longitude": point and point.longitude,
        "in_territory": row.in_territory,
    }


def _with_consent(provider: Provider) -> list[tuple[str, Any]]:
    return [
        (Shown.EMAIL, provider.email),
        (Shown.PHONE, provider.phone),
        (Shown.WEBSITE, provider.website),
        (Shown.ADDRESS, provider.address),
        (Shown.LEGAL_NUMBER, provider.legal_number),
        (Shown.PRICE, _price(provider)),
    ]


def _price(provider: Provider) -> dict[str, str | None] | None:
    if provider.price_low is None and provider.price_high is None:
        return None
    return {
        "low": None if provider.price_low is None else f"{provider.price_low:f}",
        "high": None if provider.price_high is None else f"{provider.price_high:f}",
        "unit": provider.price_unit,
        "currency": provider.currency,
    }


def _availability(provider: Provider) -> dict[str, str] | None:
    start, end = provider.available_from, provider.available_until
    if start is None or end is None:
        return None
    return {"from": start.isoformat(), "until": end.isoformat()}
