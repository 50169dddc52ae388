"""What owners see of their profiles beside the profile itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Sum

from directory.models import Found, Provider

LOOKED_AT: Final = timedelta(days=90)
MOST_WORDS: Final = 10


@dataclass(frozen=True, slots=True)
class Searches:
    """How often a profile was found lately, and for which words: (words, times), most first."""

    times: int
    words: Sequence[tuple[str, int]]


def searches(provider: Provider, today: date) -> Searches:
    """Counts only: nobody knows who searched. Two queries."""
    rows = Found.objects.filter(provider=provider, day__gt=today - LOOKED_AT)
    times: int = rows.aggregate(times=Sum("times"))["times"] or 0
    counted = rows.exclude(words="").values_list("words").annotate(sum=Sum("times"))
    return Searches(times, list(counted.order_by("-sum", "words")[:MOST_WORDS]))
