"""Sending what is in the queue of announcements: `manage.py send_announcements`, every minute.

Each letter is tried **at least once**. A worker first takes the row, by moving `due_at` forward
where it is still due: of two workers only one changes the row. It sends, then writes `sent_at`.
Killed before the sending, the row is due again when the claim ends, and nothing is lost. Killed
between the two, the letter leaves a second time: a repeated letter is a nuisance, a lost one is a
member in front of a closed door. Both copies carry the same Message-ID, by which mail programs can
tell that it is one letter.

A try counts when the row is taken, so that a letter that kills its worker is given up too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F
from django.utils import timezone

from members import notices
from members.models import MOST_TRIES, RETRY_AFTER, Delivery
from members.services.announcements import readers_by_email

BATCH: Final = 200
# Longer than any mail server lets us wait (EMAIL_TIMEOUT, for each of the few steps of a sending).
CLAIM: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did with the queue."""

    sent: int = 0
    failed: int = 0
    dropped: int = 0


def deliver(*, limit: int = BATCH, clock: Callable[[], datetime] = timezone.now) -> Round:
    """Send what is due, at most `limit` letters. Safe to run twice, and several at once.

    Args:
        clock: read before and after each letter, because sending takes time and claims end.

    A letter that nobody wants any more (consent withdrawn, member gone, announcement over) is
    dropped from the queue.
    """
    sent = failed = dropped = 0
    while sent + failed < limit and (delivery := claim(clock())) is not None:
        if not _is_wanted(delivery, clock()):
            Delivery.objects.filter(pk=delivery.pk, sent_at=None).delete()
            dropped += 1
        elif notices.announcement_to(delivery):
            Delivery.objects.filter(pk=delivery.pk).update(sent_at=clock())
            sent += 1
        else:
            _put_back(delivery, clock())
            failed += 1
    return Round(sent, failed, dropped)


def claim(now: datetime) -> Delivery | None:
    """Take the row that has been due longest; None when none is left."""
    while (key := Delivery.objects.due(now).values_list("pk", flat=True).first()) is not None:
        if _take(key, now):
            rows = Delivery.objects.select_related("announcement", "member__user")
            if (delivery := rows.filter(pk=key).first()) is not None:
                return delivery
    return None


def _take(key: int, now: datetime) -> bool:
    """Compare and swap: it is ours if it was still due when we changed it."""
    rows = Delivery.objects.due(now).filter(pk=key)
    return rows.update(due_at=now + CLAIM, tries=F("tries") + 1) == 1


def _put_back(delivery: Delivery, now: datetime) -> None:
    """After a failed try: rest longer each time, unless the row has left our hands meanwhile."""
    again = now if delivery.tries >= MOST_TRIES else now + RETRY_AFTER[delivery.tries - 1]
    Delivery.objects.filter(pk=delivery.pk, tries=delivery.tries, sent_at=None).update(
        failed_at=now, due_at=again
    )


def _is_wanted(delivery: Delivery, now: datetime) -> bool:
    if delivery.announcement.is_letter:  # to this member, whatever they said of announcements
        return delivery.announcement.is_current(now) and delivery.member.user.is_active
    return (
        delivery.announcement.is_current(now)
        and readers_by_email().filter(pk=delivery.member_id).exists()
    )
