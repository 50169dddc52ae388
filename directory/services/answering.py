"""What a provider does with a request: read it, answer, change the answer, or decline.

Whoever holds the key of the letter may; `by` is None for who did so without an account. What was
written stays out of the audit, which lives longer than it.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Currency, DeclineReason, NeedState, Solicitation
from directory.services.moves import lock_need
from directory.services.solicitations import takes_answers
from directory.services.telling import tell_if_due
from members import audit
from members.models import TEXT_LENGTH, Act, User

# Of a need that was taken back or refused nobody reads the details any more.
READABLE: Final = (
    NeedState.OPEN,
    NeedState.EXPIRED,
    NeedState.AWARDED_LOCAL,
    NeedState.AWARDED_OUTSIDE,
    NeedState.UNFILLED,
)


@transaction.atomic
def open_request(*, solicitation: Solicitation, by: User | None, now: datetime) -> Solicitation:
    """Note that the request is read; reading twice changes nothing. Raises `closed`."""
    current = _lock(solicitation)
    if current.need.state not in READABLE:
        raise _closed()
    if current.opened_at is None:
        _write(current, {"opened_at": now}, by=by, now=now)
    return current


@transaction.atomic
def answer(
    *,
    solicitation: Solicitation,
    text: str,
    price: Decimal | None,
    currency: str,
    starts_on: date | None,
    by: User | None,
    now: datetime,
) -> Solicitation:
    """Answer a request that was read.

    Raises ValidationError: `not_opened`, `closed`, `already_answered`, `already_declined`,
    `not_published`, `required` without a text, `max_length`, `past_start`, and as the fields
    refuse.
    """
    current = _waiting(solicitation, now)
    if not current.provider.is_published:
        raise ValidationError(_("Cette fiche n’est pas publiée."), code="not_published")
    values = _said(text, price, currency, starts_on, now)
    _write(current, {"answered_at": now, **values}, by=by, now=now)
    tell_if_due(need=current.need, now=now)
    return current


@transaction.atomic
def change_answer(
    *,
    solicitation: Solicitation,
    text: str,
    price: Decimal | None,
    currency: str,
    starts_on: date | None,
    by: User | None,
    now: datetime,
) -> Solicitation:
    """Say it otherwise, until the last day or the award. Raises `not_answered`, or as `answer`."""
    current = _lock(solicitation)
    if current.answered_at is None:
        raise ValidationError(_("Il n’y a pas encore de réponse."), code="not_answered")
    if not takes_answers(current.need, now):
        raise _closed()
    _write(current, _said(text, price, currency, starts_on, now), by=by, now=now)
    return current


@transaction.atomic
def decline(
    *, solicitation: Solicitation, reason: str, words: str = "", by: User | None, now: datetime
) -> Solicitation:
    """Decline with a reason, which counts as engagement; `words` go to the author.

    Raises ValidationError: `required` without a reason, `invalid_choice`, else as `answer`.
    """
    current = _waiting(solicitation, now)
    if not reason:
        missing = ValidationError(_("Dites pourquoi, en un clic."), code="required")
        raise ValidationError({"reason": missing})
    _among(DeclineReason.values, reason, "reason")
    values = {"declined_at": now, "decline_reason": reason, "answer": _text(words, "words")}
    _write(current, values, by=by, now=now)
    return current


def _lock(solicitation: Solicitation) -> Solicitation:
    """The request as it stands, with its need: the need's row is locked first."""
    need = lock_need(solicitation.need)
    rows = Solicitation.objects.select_for_update(no_key=True, of=("self",))
    current = rows.select_related("provider__commune").get(pk=solicitation.pk)
    current.need = need
    return current


def _waiting(solicitation: Solicitation, now: datetime) -> Solicitation:
    current = _lock(solicitation)
    if current.answered_at is not None:
        raise ValidationError(_("Vous avez déjà répondu."), code="already_answered")
    if current.declined_at is not None:
        raise ValidationError(_("Vous avez déjà décliné."), code="already_declined")
    if not takes_answers(current.need, now):
        raise _closed()
    if current.opened_at is None:
        raise ValidationError(_("Lisez d’abord la demande."), code="not_opened")
    return current


def _said(
    text: str, price: Decimal | None, currency: str, starts_on: date | None, now: datetime
) -> dict[str, Any]:
    if not text.strip():
        missing = ValidationError(_("Écrivez votre réponse."), code="required")
        raise ValidationError({"answer": missing})
    if starts_on is not None and starts_on < timezone.localdate(now):
        past = ValidationError(_("Cette date est passée."), code="past_start")
        raise ValidationError({"starts_on": past})
    _among(Currency.values, currency or Currency.EUR, "currency")
    return {
        "answer": _text(text, "answer"),
        "price": price,
        "currency": currency or Currency.EUR,
        "starts_on": starts_on,
    }


def _among(choices: list[str], value: str, field: str) -> None:
    """A column that no form edits does not check its choices."""
    if value not in choices:
        unknown = ValidationError(_("Ce choix n’existe pas."), code="invalid_choice")
        raise ValidationError({field: unknown})


def _text(words: str, field: str) -> str:
    """A text column of a model does not check its length."""
    text = words.strip()
    if len(text) > TEXT_LENGTH:
        long = ValidationError(
            _("Ce texte a au plus %(limit)s signes."),
            code="max_length",
            params={"limit": TEXT_LENGTH},
        )
        raise ValidationError({field: long})
    return text


def _closed() -> ValidationError:
    return ValidationError(_("Cette demande n’attend plus de réponse."), code="closed")


def _write(
    current: Solicitation, values: dict[str, Any], *, by: User | None, now: datetime
) -> None:
    before = audit.snapshot(current)
    for name, value in values.items():
        setattr(current, name, value)
    current.full_clean()
    current.save(update_fields=list(values))
    after = audit.snapshot(current)
    changes = {
        name: (before[name], after[name])
        for name in values
        if name != "answer" and before[name] != after[name]
    }
    audit.record(act=Act.CHANGED, subject=current, by=by, now=now, changes=changes)
