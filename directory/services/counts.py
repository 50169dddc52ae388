"""Counts searches by day: which words found whom, and which found nobody. Never who searched."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import F

from directory import stems
from directory.models import Found, Missed, Provider
from directory.models.counts import WORDS_LENGTH

MOST_FOUND: Final = 100  # of one page


@transaction.atomic
def count_search(*, words: str, found_ids: Iterable[int], today: date) -> None:
    """A page of results was shown: count it for each published provider on it, or as missed.

    The words are kept folded and cut, without punctuation. Two at once both count: the row is made
    first if it is not there, then one is added to it.
    """
    said = counted(words)
    asked = list(dict.fromkeys(found_ids))[:MOST_FOUND]
    if not asked:
        Missed.objects.bulk_create([Missed(day=today, words=said)], ignore_conflicts=True)
        Missed.objects.filter(day=today, words=said).update(times=F("times") + 1)
        return
    shown = Provider.objects.published().filter(pk__in=asked).order_by("pk")
    keys = list(shown.values_list("pk", flat=True))
    Found.objects.bulk_create(
        [Found(provider_id=key, day=today, words=said) for key in keys], ignore_conflicts=True
    )
    rows = Found.objects.filter(provider__in=keys, day=today, words=said)
    # Locked in one order: two searches that find the same providers wait for each other.
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    rows.update(times=F("times") + 1)


def counted(words: str) -> str:
    """The words as they are counted."""
    return " ".join(stems.words(words, stems.LONGEST_QUESTION))[:WORDS_LENGTH].rstrip()
