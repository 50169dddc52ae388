"""Public holidays of a country, computed by the `holidays` library (Jura: the national list)."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays


def supported_countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes that the library knows."""
    return frozenset(holidays.list_supported_countries())


@lru_cache(maxsize=64)
def _of_year(country: str, year: int, language: str) -> Mapping[date, str]:
    supported = holidays.list_localized_countries().get(country, [])
    wanted = next((code for code in supported if code.startswith(language)), None)
    return dict(holidays.country_holidays(country, years=year, language=wanted))


def holiday_name(country: str, day: date, language: str = "fr") -> str:
    """The name of the public holiday on that day, or an empty string."""
    return _of_year(country, day.year, language[:2]).get(day, "")
