"""Telling the author of a need about answers: the first at once, the next ones gathered.

The more was told, the longer the next letter waits; the last answer that was wanted does not wait.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Q

from directory.models import Need, NeedState
from directory.notices import solicitations as letters
from directory.services.moves import lock_need

# After so many answers told, the next letter waits so long from the last one; then the last wait.
WAITS: Final = (timedelta(0), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
TOLD_IN: Final = (NeedState.OPEN, NeedState.EXPIRED)


def tell_authors(*, now: datetime) -> int:
    """Write to the authors for whom answers wait and whose time has come. Returns how many.

    Safe to run twice or in two places: the need is locked, and what was told is counted.
    """
    answers = Count("solicitations", filter=Q(solicitations__answered_at__isnull=False))
    waiting = Need.objects.filter(state__in=TOLD_IN).annotate(answers=answers)
    due = waiting.filter(_due(now), answers__gt=F("answers_told"))
    return sum(_tell(need, now) for need in due.order_by("pk"))


def tell_if_due(*, need: Need, now: datetime) -> bool:
    """Write to the author of this locked need, if answers wait and it is time. Needs a transaction.

    Whether a letter leaves, after the commit.
    """
    answers = need.solicitations.answered().count()
    told = need.answers_told
    if need.state not in TOLD_IN or answers <= told:
        return False
    complete = told < need.answers_wanted <= answers
    if need.told_at is not None and not complete and need.told_at + wait_after(told) > now:
        return False
    need.answers_told, need.told_at = answers, now
    need.full_clean()
    need.save(update_fields=["answers_told", "told_at"])
    transaction.on_commit(lambda: letters.answers_there(need, answers, answers - told), robust=True)
    return True


def wait_after(told: int) -> timedelta:
    """From the letter that brought the number of answers told to this, to the next letter."""
    return WAITS[min(told, len(WAITS) - 1)]


@transaction.atomic
def _tell(need: Need, now: datetime) -> bool:
    return tell_if_due(need=lock_need(need), now=now)


def _due(now: datetime) -> Q:
    complete = Q(answers_told__lt=F("answers_wanted"), answers__gte=F("answers_wanted"))
    due = Q(told_at=None) | complete
    for told, wait in enumerate(WAITS):
        last = told == len(WAITS) - 1
        which = {"answers_told__gte" if last else "answers_told": told}
        due |= Q(told_at__lte=now - wait, **which)
    return due
