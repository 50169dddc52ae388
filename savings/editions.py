"""Which year's table each method reads.

French tables of a year are published in the next one: in 2026 the latest are those of 2025. That
gap is written here, per table, instead of being guessed at look-up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from savings.errors import Code, SavingsError


@dataclass(frozen=True, slots=True)
class Edition:
    """The tables of one calculation, each by its own year. A year without table raises on use."""

    year: int
    bareme_year: int
    fuel_scale_year: int
    swiss_rate_year: int
    swiss_cost_year: int


EDITIONS: Mapping[int, Edition] = MappingProxyType(
    {
        2025: Edition(2025, 2024, 2024, 2025, 2025),
        2026: Edition(2026, 2025, 2025, 2026, 2026),
    }
)


def edition(year: int) -> Edition:
    """Return the tables in force in ``year``; raise ``SavingsError(year, unknown_year)`` else."""
    if year not in EDITIONS:
        known = f"{min(EDITIONS)}–{max(EDITIONS)}"
        raise SavingsError("year", Code.UNKNOWN_YEAR, known)
    return EDITIONS[year]
