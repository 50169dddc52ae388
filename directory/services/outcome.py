"""What became of a need: told by its author, asked once after the deadline, recalled once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Need, NeedState, Provider
from directory.notices import needs as letters
from directory.services.moves import lock_need, move_need
from members import audit
from members.models import Act, User

REMIND_AFTER: Final = timedelta(days=7)
TOLD: Final = (NeedState.AWARDED_LOCAL, NeedState.AWARDED_OUTSIDE, NeedState.UNFILLED)


@transaction.atomic
def tell_outcome(
    *,
    need: Need,
    to: NeedState,
    by: User | None,
    now: datetime,
    provider: Provider | None = None,
    outside_reason: str = "",
    amount: str = "",
    otherwise: str = "",
    words: str = "",
) -> Need:
    """Say what became of a need, or complete what was said: an award by its answer comes first.

    Args:
        to: one of `TOLD`.
        provider: who got it, among those who were asked; None: somebody here who is not in the
            directory, or whoever was awarded already.
        amount, otherwise: of an order only; left out without follow-up.

    Raises ValidationError: `move_not_allowed`, `not_asked`, `no_reason` without the reason of an
    order that left, and as the fields refuse.
    """
    if to not in TOLD:
        raise ValidationError(_("Ce n’est pas une suite."), code="move_not_allowed")
    current = lock_need(need)
    if provider is not None and not current.solicitations.filter(provider=provider).exists():
        raise ValidationError(
            {"provider": ValidationError(_("Ce prestataire n’a pas été sollicité."), "not_asked")}
        )
    if to == NeedState.AWARDED_OUTSIDE and not outside_reason:
        missing = ValidationError(_("Dites pourquoi : c’est ce qui aide."), code="no_reason")
        raise ValidationError({"outside_reason": missing})
    is_order = to != NeedState.UNFILLED
    columns: dict[str, Any] = {
        "outside_reason": outside_reason if to == NeedState.AWARDED_OUTSIDE else "",
        "amount": amount if is_order else "",
        "otherwise": otherwise if is_order else "",
        "outcome_words": words.strip(),
        "outcome_at": now,
    }
    if to == NeedState.AWARDED_LOCAL and provider is not None:
        columns["awarded_to"] = provider
    if current.state != to:
        return move_need(need=current, to=to, by=by, now=now, next_batch_at=None, **columns)
    if provider is not None and current.awarded_to_id not in (None, provider.pk):
        raise ValidationError(
            {"provider": ValidationError(_("Ce besoin est déjà attribué."), "already_awarded")}
        )
    before = audit.snapshot(current)
    for name, value in columns.items():
        setattr(current, name, value)
    current.full_clean()
    current.save(update_fields=list(columns))
    audit.record(act=Act.CHANGED, subject=current, by=by, now=now, before=before)
    return current


def ask(*, now: datetime) -> int:
    """Ask once about each need whose last day is over. Returns how many letters left.

    Safe to run twice or in two places: whoever marks the row writes; a letter that could not leave
    is due again.
    """
    due = _untold(now).filter(outcome_asked_at=None)
    return _write(due, "outcome_asked_at", letters.ask_outcome, now)


def remind(*, now: datetime) -> int:
    """Recall once, a week later. Returns how many letters left; safe as `ask`."""
    due = _untold(now).filter(outcome_asked_at__lte=now - REMIND_AFTER, outcome_reminded_at=None)
    return _write(due, "outcome_reminded_at", letters.recall_outcome, now)


def _untold(now: datetime) -> "QuerySet[Need]":
    """Expired without a word; or awarded here, and the amount is not known."""
    awarded = Q(
        state=NeedState.AWARDED_LOCAL, outcome_at=None, deadline__lt=timezone.localdate(now)
    )
    return Need.objects.filter(Q(state=NeedState.EXPIRED) | awarded)


def _write(
    due: "QuerySet[Need]", column: str, letter: Callable[[Need], bool], now: datetime
) -> int:
    sent = 0
    for need in list(due.select_related("awarded_to").order_by("deadline", "id")):
        row = due.filter(pk=need.pk)
        if not row.update(**{column: now}):
            continue
        if letter(need):
            sent += 1
        else:
            Need.objects.filter(pk=need.pk, **{column: now}).update(**{column: None})
    return sent
