"""« Tout est encore juste » : twice a year the owner says so, or the profile goes offline.

The job is safe to run twice or in two places: whoever marks the row writes the letter, and what is
due is what was not done yet, never what falls on today.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from directory.models import Ownership, Provider
from directory.notices import providers as notices
from directory.services import publishing
from directory.services.providers import check_owner, concerned, lock
from members import audit
from members.models import Act, User

GOOD_FOR: Final = timedelta(days=182)
REMIND_AFTER: Final = timedelta(days=30)
OFFLINE_AFTER: Final = timedelta(days=91)  # since the reminder
_SIGNER: Final = Signer(sep=".", salt="directory.confirmation")


def token_of(ownership: Ownership) -> str:
    """What the link of the letter to this owner carries."""
    return _SIGNER.sign(str(ownership.pk))


def ownership_of(token: str) -> Ownership | None:
    """Who the letter was to, and for which profile; None for a link that is not ours, or when the
    person no longer speaks for the profile."""
    try:
        key = int(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    return Ownership.objects.select_related("provider__commune", "user").filter(pk=key).first()


@transaction.atomic
def confirm(*, provider: Provider, by: User, now: datetime) -> Provider:
    """An owner says that all of it is still true.

    Raises ValidationError: `not_yours`, `not_published`.
    """
    current = lock(provider)
    check_owner(provider=current, by=by)
    if not current.is_published:
        raise ValidationError(
            _("Cette fiche n’est pas en ligne : publiez-la d’abord."), code="not_published"
        )
    before = audit.snapshot(current)
    current.confirmed_at = now
    current.confirmation_asked_at = current.confirmation_reminded_at = None
    current.full_clean()
    current.save(
        update_fields=["confirmed_at", "confirmation_asked_at", "confirmation_reminded_at"]
    )
    audit.record(
        act=Act.CHANGED,
        subject=current,
        by=by,
        now=now,
        before=before,
        member=concerned(current, by),
    )
    return current


def ask_for_confirmation(*, now: datetime) -> int:
    """Ask, remind, take offline, each where it is due and not done. Returns about how many
    profiles something was done."""
    return _ask(now) + _remind(now) + _take_offline(now)


def _ask(now: datetime) -> int:
    due = _owned().filter(confirmed_at__lte=now - GOOD_FOR, confirmation_asked_at=None)
    return _mark_and_write(due, "confirmation_asked_at", now)


def _remind(now: datetime) -> int:
    due = _owned().filter(
        confirmation_asked_at__lte=now - REMIND_AFTER, confirmation_reminded_at=None
    )
    return _mark_and_write(due, "confirmation_reminded_at", now)


def _take_offline(now: datetime) -> int:
    late = _owned().filter(confirmation_reminded_at__lte=now - OFFLINE_AFTER)
    done = 0
    for provider in late.order_by("pk"):
        with transaction.atomic():
            current = lock(provider)
            asked = current.confirmation_reminded_at
            if current.is_published and asked is not None and asked <= now - OFFLINE_AFTER:
                publishing.expire(provider=current, now=now)
                transaction.on_commit(partial(notices.taken_offline, current), robust=True)
                done += 1
    return done


def _mark_and_write(due: "QuerySet[Provider]", column: str, now: datetime) -> int:
    done = 0
    for provider in due.order_by("pk"):
        with transaction.atomic():
            if not due.filter(pk=provider.pk).update(**{column: now}):
                continue  # another job, or the owner, was quicker
            again = column == "confirmation_reminded_at"
            owners = provider.ownerships.select_related("user", "provider").order_by("pk")
            for owner in owners:
                letter = partial(notices.confirmation_asked, owner, token_of(owner), again=again)
                transaction.on_commit(letter, robust=True)
        done += 1
    return done


def _owned() -> "QuerySet[Provider]":
    """Published, and there is somebody to ask."""
    owners = Ownership.objects.filter(provider=OuterRef("pk"), user__is_active=True)
    return Provider.objects.published().filter(Exists(owners))
