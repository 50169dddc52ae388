"""Agreeing and withdrawing: each with its date and the version of what was read."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members import audit
from members.models import TEXTS, WORDING, Act, Consent, LegalText, Member, Use, User
from members.services.accounts import member_of


def current_texts() -> dict[Use, LegalText]:
    """The last published version of each text that who joins accepts. One query."""
    texts = LegalText.objects.filter(published_at__isnull=False).order_by("published_at", "id")
    return {Use(text.use): text for text in texts}


def standing_consents(user: User) -> dict[Use, Consent]:
    """What this person agrees to now, by use. One query."""
    return {Use(consent.use): consent for consent in user.consents.standing()}


@transaction.atomic
def save_text(*, text: LegalText, by: User, now: datetime) -> LegalText:
    """Write a draft, new or changed. Raises ValidationError: `published`, `unique`."""
    found = LegalText.objects.select_for_update(no_key=True).filter(pk=text.pk).first()
    if found is not None and found.published_at is not None:
        raise ValidationError(_("Ce texte est déjà publié."), code="published")
    before = audit.snapshot(found) if found is not None else {}
    text.full_clean()
    text.save()
    act = Act.CREATED if found is None else Act.CHANGED
    audit.record(act=act, subject=text, by=by, now=now, before=before)
    return text


@transaction.atomic
def publish_text(*, text: LegalText, by: User, now: datetime) -> LegalText:
    """Put a draft in force: who joins from now on accepts it. It never changes afterwards.

    Raises ValidationError: `forbidden`, `published` when it was already.
    """
    if not by.has_perm("members.change_legaltext"):
        raise ValidationError(_("Seul l’opérateur publie un texte."), code="forbidden")
    current = LegalText.objects.select_for_update(no_key=True).get(pk=text.pk)
    if current.published_at is not None:
        raise ValidationError(_("Ce texte est déjà publié."), code="published")
    before = audit.snapshot(current)
    current.published_at = now
    current.full_clean()
    current.save(update_fields=["published_at"])
    audit.record(act=Act.PUBLISHED, subject=current, by=by, now=now, before=before)
    return current


@transaction.atomic
def agree(*, user: User, use: Use, now: datetime, by: User, version: str = WORDING) -> Consent:
    """Write that the person agrees. Agreeing again to the same version keeps the first date; a
    new version ends the consent to the old one."""
    standing = _standing(user, use)
    if standing is not None:
        if standing.version == version:
            return standing
        _end(standing, now)
    consent = Consent(user=user, use=use, version=version, given_at=now)
    consent.full_clean()
    consent.save()
    member = member_of(user)
    _copy_to_member(member, use, now)
    audit.record(
        act=Act.CHANGED,
        subject=user,
        by=by,
        now=now,
        changes={f"consent.{use}": (standing.version if standing else None, version)},
        member=member,
    )
    return consent


@transaction.atomic
def withdraw(*, user: User, use: Use, now: datetime, by: User) -> None:
    """End a consent; nothing happens when there is none.

    Raises ValidationError `condition` for what every member has to accept: one leaves instead.
    """
    if use in TEXTS:
        raise ValidationError(_("Cet accord est une condition pour être membre."), code="condition")
    standing = _standing(user, use)
    if standing is None:
        return
    _end(standing, now)
    member = member_of(user)
    _copy_to_member(member, use, None)
    audit.record(
        act=Act.CHANGED,
        subject=user,
        by=by,
        now=now,
        changes={f"consent.{use}": (standing.version, None)},
        member=member,
    )


@transaction.atomic
def set_consents(*, user: User, uses: Mapping[Use, bool], now: datetime, by: User) -> None:
    """Make each consent hold, or not, as said."""
    for use, wanted in uses.items():
        if wanted:
            agree(user=user, use=use, now=now, by=by)
        else:
            withdraw(user=user, use=use, now=now, by=by)


def _standing(user: User, use: Use) -> Consent | None:
    """Queue behind another click of the same person, then read."""
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).order_by("pk"))
    return Consent.objects.standing().filter(user=user, use=use).first()


def _end(consent: Consent, now: datetime) -> None:
    consent.withdrawn_at = max(now, consent.given_at)
    consent.full_clean()
    consent.save(update_fields=["withdrawn_at"])


def _copy_to_member(member: Member | None, use: Use, since: datetime | None) -> None:
    if use is Use.DIRECTORY and member is not None:
        member.visible_since = since
        member.save(update_fields=["visible_since"])
