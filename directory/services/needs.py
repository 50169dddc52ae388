"""A need from its first line to its end: posted, confirmed, edited, opened, refused, withdrawn."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.gate import SAME_WITHIN, fingerprint
from directory.models import Commune, Need, NeedState, Organisation, Skill
from directory.notices import needs as letters
from directory.services.attachments import keep_file
from directory.services.moves import lock_need, move_need
from directory.services.organisations import (
    check_agent,
    is_proved,
    make_organisation,
    settle,
)
from members import audit
from members.models import Act, User

DRAFT_BLOCKS: Final = timedelta(hours=1)  # its letter may be lost: then one posts again
EDITABLE: Final = (NeedState.DRAFT, NeedState.SUBMITTED)
FIELDS: Final = (
    "kind", "title", "description", "trade", "commune", "radius_km", "mode", "budget", "deadline",
    "starts_on", "is_anonymous", "answers_wanted", "contact_name", "contact_phone",
)  # fmt: skip


@transaction.atomic
def post(
    *,
    need: Need,
    organisation: Organisation,
    by: User | None,
    now: datetime,
    skills_must: Iterable[Skill] = (),
    skills_nice: Iterable[Skill] = (),
    files: Sequence[tuple[str, bytes]] = (),
) -> Need:
    """Keep a new need: to be confirmed by mail, or submitted at once when the address is proved.

    Args:
        need: new, with what the form says of it; key, state and dates are given here.
        organisation: new, or one that `by` acts for.
        by: None without an account.
        files: name and content of each attachment.

    Raises ValidationError: `duplicate`, `past_deadline`, `bad_start`, `not_yours`, as `add_file`
    and `make_organisation`, and as the fields refuse.
    """
    # Two clicks at once: the second looks for the first behind this lock.
    Commune.objects.select_for_update(no_key=True).get(pk=need.commune_id)
    need.contact_email = need.contact_email.strip().lower()
    need.fingerprint = fingerprint_of(need)
    _refuse_twice(need, by, now)
    _refuse_past(need, now)
    if organisation._state.adding:
        organisation = make_organisation(organisation=organisation, by=by, now=now)
    else:
        check_agent(organisation=organisation, by=by)
    proved = by is not None and is_proved(by, need.contact_email)
    need.organisation, need.author, need.key = organisation, by, secrets.token_urlsafe(32)
    need.state = NeedState.SUBMITTED if proved else NeedState.DRAFT
    need.made_at = need.state_since = now
    need.full_clean()
    need.save()
    need.skills_must.set(skills_must)
    need.skills_nice.set(skills_nice)
    # The words and the contact stay out of the audit: it lives longer than they do.
    changes = {"state": (None, need.state), "organisation_id": (None, organisation.pk)}
    audit.record(act=Act.CREATED, subject=need, by=by, now=now, changes=changes)
    for name, content in files:
        keep_file(need=need, file_name=name, content=content, by=by, now=now)
    if proved:
        _submitted(need, by=by, now=now)
    else:
        transaction.on_commit(lambda: letters.confirm(need), robust=True)
    return need


@transaction.atomic
def confirm(*, need: Need, by: User | None, now: datetime) -> Need:
    """Whoever holds the key of the letter has shown that the address is theirs.

    Confirming twice, or at once in two places, changes nothing more. Raises ValidationError
    `past_deadline`, `move_not_allowed` for a need that is over.
    """
    current = lock_need(need)
    if current.state in (NeedState.SUBMITTED, NeedState.OPEN):
        return current
    _refuse_past(current, now)
    move_need(need=current, to=NeedState.SUBMITTED, by=by, now=now)
    settle(need=current, by=by, now=now)
    _submitted(current, by=by, now=now)
    return current


@transaction.atomic
def edit(
    *,
    need: Need,
    values: Mapping[str, Any],
    by: User | None,
    now: datetime,
    skills_must: Iterable[Skill] | None = None,
    skills_nice: Iterable[Skill] | None = None,
) -> Need:
    """Change what nobody has read yet. The address stays: it is what was proved.

    Args:
        values: some of `FIELDS`.

    Raises ValidationError: `not_editable`, `past_deadline`, and as the fields refuse.
    """
    current = lock_need(need)
    if current.state not in EDITABLE:
        raise ValidationError(_("Ce besoin ne se modifie plus."), code="not_editable")
    before = audit.snapshot(current)
    for name in FIELDS:
        if name in values:
            setattr(current, name, values[name])
    current.fingerprint = fingerprint_of(current)
    _refuse_past(current, now)
    current.full_clean()
    current.save(update_fields=[*FIELDS, "fingerprint"])
    if skills_must is not None:
        current.skills_must.set(skills_must)
    if skills_nice is not None:
        current.skills_nice.set(skills_nice)
    after = audit.snapshot(current)
    names = sorted(name for name, value in after.items() if before.get(name) != value)
    if names:  # which, not what: the words are the author's
        changes = {"fields": (None, ", ".join(names))}
        audit.record(act=Act.CHANGED, subject=current, by=by, now=now, changes=changes)
    return current


@transaction.atomic
def open_need(*, need: Need, by: User, now: datetime, seen: str = "") -> Need:
    """The host has read it: published, and the first batch of providers is due.

    Args:
        seen: the fingerprint of what was read; what was rewritten since is refused.

    Opening twice changes nothing. Raises ValidationError: `forbidden`, `changed`, `past_deadline`,
    `move_not_allowed`.
    """
    _check_host(by)
    current = lock_need(need)
    if current.state == NeedState.OPEN:
        return current
    if seen and seen != current.fingerprint:
        raise ValidationError(
            _("Ce besoin vient d’être modifié par son auteur : relisez-le."), code="changed"
        )
    return _open(current, by=by, now=now)


@transaction.atomic
def reject(*, need: Need, by: User, now: datetime, reason: str) -> Need:
    """Refuse a need that waits, or take down an open one, with the reason that its author reads.

    Raises ValidationError: `forbidden`, `required` without a reason, `move_not_allowed`.
    """
    _check_host(by)
    said = reason.strip()
    if not said:
        missing = ValidationError(_("Dites pourquoi : l’auteur le lira."), code="required")
        raise ValidationError({"reason": missing})
    current = lock_need(need)
    if current.state == NeedState.REJECTED:
        return current
    move_need(need=current, to=NeedState.REJECTED, by=by, now=now, reason=said, next_batch_at=None)
    transaction.on_commit(lambda: letters.rejected(current), robust=True)
    return current


@transaction.atomic
def withdraw(*, need: Need, by: User | None, now: datetime) -> Need:
    """Its author takes it back. Twice changes nothing. Raises `move_not_allowed`."""
    current = lock_need(need)
    if current.state == NeedState.WITHDRAWN:
        return current
    return move_need(need=current, to=NeedState.WITHDRAWN, by=by, now=now, next_batch_at=None)


def expire_due(*, now: datetime) -> int:
    """Needs whose last day is over. Returns how many. Safe to run twice, or in two places."""
    today, expired = timezone.localdate(now), 0
    late = Need.objects.filter(state=NeedState.OPEN, deadline__lt=today)
    for need in list(late.order_by("deadline", "id")):
        with transaction.atomic():
            try:
                current = lock_need(need, skip_locked=True)
            except Need.DoesNotExist:  # another worker, or the author, has it in hand
                continue
            if current.state == NeedState.OPEN and current.deadline < today:
                move_need(need=current, to=NeedState.EXPIRED, by=None, now=now, next_batch_at=None)
                expired += 1
    return expired


def is_known(need: Need) -> bool:
    """Whether this proved address, or this account, had a need opened and none refused."""
    theirs = Need.objects.filter(contact_email=need.contact_email)
    if need.author_id:
        theirs |= Need.objects.filter(author=need.author_id)
    return (
        theirs.filter(opened_at__isnull=False).exists()
        and not theirs.filter(state=NeedState.REJECTED).exists()
    )


def fingerprint_of(need: Need) -> str:
    """A hash of the folded words and of the contact: the same need typed again has the same."""
    return fingerprint(need.title, need.description, need.contact_email)


def _submitted(need: Need, *, by: User | None, now: datetime) -> None:
    if is_known(need):
        _open(need, by=None, now=now)
    else:
        transaction.on_commit(lambda: letters.waits(need), robust=True)


def _open(need: Need, *, by: User | None, now: datetime) -> Need:
    _refuse_past(need, now)
    move_need(need=need, to=NeedState.OPEN, by=by, now=now, opened_at=now, next_batch_at=now)
    transaction.on_commit(lambda: letters.opened(need), robust=True)
    return need


def _refuse_past(need: Need, now: datetime) -> None:
    if need.deadline < timezone.localdate(now):
        past = ValidationError(_("La date des réponses est passée."), code="past_deadline")
        raise ValidationError({"deadline": past})


def _refuse_twice(need: Need, by: User | None, now: datetime) -> None:
    """The same words of the same contact within a week. What is said shows nobody else's need."""
    same = Need.objects.filter(fingerprint=need.fingerprint, made_at__gt=now - SAME_WITHIN)
    same = same.exclude(state=NeedState.WITHDRAWN)
    same = same.exclude(state=NeedState.DRAFT, made_at__lte=now - DRAFT_BLOCKS)
    first = same.order_by("made_at", "id").first()
    if first is None:
        return
    where = (
        _("Vous avez déjà posté ce besoin le %(day)s : il est dans « Mes besoins ».")
        if by is not None and first.author_id == by.pk
        else _(
            "Ce besoin a déjà été posté le %(day)s avec cette adresse : suivez-le par le lien de "
            "la lettre reçue ce jour-là."
        )
    )
    day = date_format(timezone.localtime(first.made_at), "j F")
    raise ValidationError(where, code="duplicate", params={"day": day})


def _check_host(by: User) -> None:
    if not by.has_perm("directory.moderate_need"):
        raise ValidationError(_("Seule l’équipe relit les besoins."), code="forbidden")
