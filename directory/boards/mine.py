"""What owners see of their profiles beside the profile itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from directory.models import Provider
from directory.search.found import FoundBy, times_found, words_that_found

LOOKED_AT: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Searches:
    """How often a profile was found lately, and by which words, most first."""

    times: int
    words: Sequence[FoundBy]


def searches(provider: Provider, today: date) -> Searches:
    """Counts only: nobody knows who searched. Two queries."""
    since = today - LOOKED_AT
    found = words_that_found(provider, since)
    return Searches(times_found(provider, since), [each for each in found if each.words])
