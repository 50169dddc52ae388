"""A profile for search engines: schema.org as JSON-LD, from its public face alone.

A block of data is no script: the content security policy of the house lets it stand.
"""

import json
from typing import Any, Final

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from directory.boards.profile import Profile
from directory.models import CommuneKind

# What would end the block, or be read as a character of HTML.
_ESCAPES: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def data_of(profile: Profile) -> SafeString:
    """JSON that may stand between the tags of a `<script type="application/ld+json">`."""
    told = {name: value for name, value in _business(profile).items() if value}
    text = json.dumps({"@context": "https://schema.org", **told}, ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308  # escaped just now


def address_of(profile: Profile) -> str:
    """The public address of the page, whatever host it was asked from."""
    return f"{settings.SITE_URL}{profile.provider.get_absolute_url()}"


def _business(profile: Profile) -> dict[str, Any]:
    provider = profile.provider
    services = [activity.trade.name for activity in profile.activities]
    return {
        "@type": "LocalBusiness",
        "@id": address_of(profile),
        "url": address_of(profile),
        "name": provider.name,
        "slogan": provider.headline,
        "description": provider.description[:500],
        "address": _address(profile),
        "areaServed": _area(profile),
        "knowsLanguage": [row.language for row in profile.languages],
        "knowsAbout": [skill.name for skill in profile.skills],
        "makesOffer": [
            {"@type": "Offer", "itemOffered": {"@type": "Service", "name": name}}
            for name in services
        ],
        "email": profile.email,
        "telephone": profile.phone,
        "sameAs": profile.website,
        "identifier": profile.legal_number,
        "priceRange": _prices(profile),
    }


def _address(profile: Profile) -> dict[str, Any]:
    commune = profile.provider.commune
    found = {
        "@type": "PostalAddress",
        "streetAddress": profile.address,
        "addressLocality": commune.name,
        "postalCode": commune.postcode,
        "addressCountry": "" if commune.kind == CommuneKind.ABROAD else "FR",
    }
    return {name: value for name, value in found.items() if value}


def _area(profile: Profile) -> dict[str, Any] | None:
    """The circle around the commune, never around the door of somebody's home."""
    centre = profile.provider.commune.point
    if centre is None or not profile.goes_out:
        return None
    return {
        "@type": "GeoCircle",
        "geoMidpoint": {
            "@type": "GeoCoordinates",
            "latitude": centre.latitude,
            "longitude": centre.longitude,
        },
        "geoRadius": profile.provider.range_km * 1000,
    }


def _prices(profile: Profile) -> str:
    provider = profile.provider
    if not profile.shows_price:
        return ""
    ends = [f"{price:f}" for price in (provider.price_low, provider.price_high) if price]
    return f"{'–'.join(ends)} {provider.currency}"
