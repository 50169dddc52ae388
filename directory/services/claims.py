"""« C’est ma fiche » : who claims a profile without owner is believed by its legal contact, who is
written to, or by the host.

The link of the letter is signed and is in the letter alone; behind it is a page with buttons.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext as _

from directory.models import Claim, ClaimDecision, Ownership, Provider
from directory.notices import providers as notices
from directory.services.owners import grant
from directory.services.providers import lock
from directory.services.publishing import MODERATE
from members import audit
from members.models import Act, User
from members.standing import member_of

LIFE: Final = timedelta(days=14)
_SIGNER: Final = Signer(sep=".", salt="directory.claim")


def token_of(claim: Claim) -> str:
    """What the link of the letter carries."""
    return _SIGNER.sign(claim.key)


def claim_of(token: str, now: datetime) -> Claim | None:
    """The claim of a link; None for one that was altered or is too old."""
    try:
        key = _SIGNER.unsign(token)
    except BadSignature:
        return None
    rows = Claim.objects.filter(key=key, made_at__gt=now - LIFE)
    return rows.select_related("provider", "user").first()


@transaction.atomic
def claim(*, provider: Provider, user: User, now: datetime, message: str = "") -> Claim:
    """Ask to speak for a published profile that has no owner.

    The legal contact gets a letter if the profile has one; the hosts get theirs anyway. Raises
    ValidationError: `not_published`, `already_yours`, `owned`, `waiting`.
    """
    current = lock(provider)
    if not current.is_published:
        raise ValidationError(_("Cette fiche n’est pas publiée."), code="not_published")
    owners = set(Ownership.objects.filter(provider=current).values_list("user_id", flat=True))
    if user.pk in owners:
        raise ValidationError(_("Cette fiche est déjà la vôtre."), code="already_yours")
    if owners:
        raise ValidationError(_("Cette fiche a déjà un responsable."), code="owned")
    if Claim.objects.filter(provider=current, user=user, decided_at=None).exists():
        raise ValidationError(_("Cette demande attend déjà une réponse."), code="waiting")
    row = Claim(
        provider=current,
        user=user,
        message=message.strip(),
        key=secrets.token_urlsafe(32),
        made_at=now,
    )
    row.full_clean()
    row.save()
    audit.record(act=Act.CREATED, subject=row, by=user, now=now, before={}, member=member_of(user))
    token = token_of(row)
    if current.legal_contact:
        transaction.on_commit(lambda: notices.claim_to_prove(row, token), robust=True)
    transaction.on_commit(lambda: notices.claim_waits(row), robust=True)
    return row


@transaction.atomic
def decide(*, claim: Claim, decision: ClaimDecision, by: User | None, now: datetime) -> Claim:
    """Accept or refuse; the claimant gets a letter. The same answer twice changes nothing.

    Args:
        by: somebody of the team; None: whoever holds the link of the letter to the legal contact.

    Raises ValidationError: `forbidden`, `decided` the other way, `owned` when the profile found an
    owner meanwhile and the link says yes (the team may still say it).
    """
    if by is not None and not by.has_perm(MODERATE):
        raise ValidationError(_("Seule l’équipe décide d’une fiche."), code="forbidden")
    provider = lock(claim.provider)
    current = Claim.objects.select_related("user").get(pk=claim.pk)
    current.provider = provider
    if current.decision == decision:
        return current
    if current.decision:
        raise ValidationError(
            _("Cette demande est déjà %(decision)s."),
            code="decided",
            params={"decision": current.get_decision_display()},
        )
    if decision == ClaimDecision.ACCEPTED:
        if by is None and Ownership.objects.filter(provider=provider).exists():
            raise ValidationError(_("Cette fiche a déjà un responsable."), code="owned")
        grant(provider=provider, user=current.user, by=by, now=now)
    before = audit.snapshot(current)
    current.decision, current.decided_at, current.decided_by = decision, now, by
    current.full_clean()
    current.save(update_fields=["decision", "decided_at", "decided_by"])
    audit.record(
        act=Act.CHANGED,
        subject=current,
        by=by,
        now=now,
        before=before,
        member=member_of(current.user),
    )
    transaction.on_commit(lambda: notices.claim_decided(current), robust=True)
    return current
