"""A profile for search engines: schema.org as JSON-LD, from its public face alone."""

from typing import Any

from django.utils.safestring import SafeString

from directory.boards.linked import absolute, block
from directory.boards.profile import Profile
from directory.models import CommuneKind


def data_of(profile: Profile) -> SafeString:
    """JSON that may stand between the tags of a `<script type="application/ld+json">`."""
    return block({name: value for name, value in _business(profile).items() if value})


def address_of(profile: Profile) -> str:
    """The public address of the page, whatever host it was asked from."""
    return absolute(profile.provider.get_absolute_url())


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
