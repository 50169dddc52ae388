"""How a provider was found: counts alone, for who speaks for it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Sum

from directory.models import Found, Provider

MOST_WORDS: Final = 20


@dataclass(frozen=True, slots=True)
class FoundBy:
    """`words` are folded; empty for who looked at a list without typing any."""

    words: str
    times: int


def words_that_found(provider: Provider, since: date) -> list[FoundBy]:
    """The words that found this provider most often since a day, that day included."""
    rows = (
        Found.objects.filter(provider=provider, day__gte=since)
        .values("words")
        .annotate(all_times=Sum("times"))
        .order_by("-all_times", "words")[:MOST_WORDS]
    )
    return [FoundBy(row["words"], row["all_times"]) for row in rows]


def times_found(provider: Provider, since: date) -> int:
    """How often it was among the results since a day, whatever the words."""
    return (
        Found.objects.filter(provider=provider, day__gte=since).aggregate(n=Sum("times"))["n"] or 0
    )
