"""Invitations: the team invites anybody, a member refers a friend.

The link of the letter proves the address: whoever opens it reads that mailbox. So the link is in
the letter alone, never on a page of the inviter, who could else take an account in another's name.
"""

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import audit, notices
from members.models import Act, Invitation, Member, Plan, Standing, State, User
from members.services.accounts import open_account
from members.services.membership import lock

LIFE: Final = timedelta(days=14)
MOST_OPEN: Final = 10
# "." separates: a mail program breaks an address at it less readily than at ":".
_SIGNER: Final = Signer(sep=".", salt="members.invitation")
_LINK: Final = re.compile(r"https?:|www\.", re.I)

_WHY_CLOSED: Final = {
    Standing.ACCEPTED: ("used", gettext_lazy("Cette invitation a déjà servi.")),
    Standing.REVOKED: ("revoked", gettext_lazy("Cette invitation a été retirée.")),
    Standing.EXPIRED: ("expired", gettext_lazy("Cette invitation a expiré.")),
}


def token_of(invitation: Invitation) -> str:
    """What the link carries. For the letter only."""
    return _SIGNER.sign(invitation.key)


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link is about; None when it was altered, or replaced by a new one."""
    try:
        key = _SIGNER.unsign(token)
    except BadSignature:
        return None
    return Invitation.objects.with_people().filter(key=key).first()


@transaction.atomic
def invite(
    *,
    email: str,
    by: User,
    now: datetime,
    name: str = "",
    plan: Plan | None = None,
    message: str = "",
) -> Invitation:
    """Write to an address, with a link to open an account there; open for `LIFE`.

    The team is told when the address has an account or an open invitation. A member is not: for
    every address there is one row, one letter and the same answer, so that nobody learns who is
    here. The letter to an account says that a friend thought of its owner, and has no link.

    Raises ValidationError: `not_a_member` for who may not invite, `already_member`, `open`,
    `too_many`, `no_links`, `not_offered`, and as the fields refuse.
    """
    staff = by.has_perm("members.add_invitation")
    address = email.strip().lower()
    if not staff:
        _check_member(by, address, f"{name} {message}", now)
    if plan is not None and not plan.is_offered:
        raise ValidationError(
            {"plan": ValidationError(_("Cette formule n’est pas proposée."), code="not_offered")}
        )
    invitation = Invitation(
        email=address,
        name=name.strip(),
        plan=plan,
        message=message.strip(),
        key=_new_key(),
        invited_by=by,
        made_at=now,
        expires_at=now + LIFE,
    )
    invitation.full_clean()
    account = User.objects.filter(email=address).first()
    others = Invitation.objects.open(now).filter(email=address)
    if account is not None and (staff or account == by):
        raise ValidationError(
            {"email": ValidationError(_("Cette adresse a déjà un compte."), code="already_member")}
        )
    if (others if staff else others.filter(invited_by=by)).exists():
        waiting = ValidationError(_("Une invitation à cette adresse est en attente."), code="open")
        raise ValidationError({"email": waiting})
    invitation.save()
    audit.record(act=Act.CREATED, subject=invitation, by=by, now=now, before={})
    _write(invitation, account)
    return invitation


@transaction.atomic
def revoke(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """The link leads nowhere any more. Revoking twice changes nothing.

    Raises ValidationError: `not_yours`, `used`.
    """
    if by.pk != invitation.invited_by_id and not by.has_perm("members.change_invitation"):
        raise ValidationError(_("Cette invitation n’est pas la vôtre."), code="not_yours")
    current = _lock(invitation)
    if current.standing(now) == Standing.ACCEPTED:
        raise _closed(Standing.ACCEPTED)
    if current.revoked_at is None:
        before = audit.snapshot(current)
        current.revoked_at = now
        current.full_clean()
        current.save(update_fields=["revoked_at"])
        audit.record(act=Act.CANCELLED, subject=current, by=by, now=now, before=before)
    return current


@transaction.atomic
def send_again(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """A new letter, a new link, a new end; the old link dies: of two letters the last one counts.

    For the team. Raises ValidationError: `forbidden`, `used`, `revoked`, `already_member`.
    """
    if not by.has_perm("members.change_invitation"):
        raise ValidationError(_("Seule l’équipe renvoie une invitation."), code="forbidden")
    current = _lock(invitation)
    standing = current.standing(now)
    if standing in (Standing.ACCEPTED, Standing.REVOKED):
        raise _closed(standing)
    _refuse_taken(current.email)
    before = audit.snapshot(current)
    current.key, current.made_at, current.expires_at = _new_key(), now, now + LIFE
    current.full_clean()
    current.save(update_fields=["key", "made_at", "expires_at"])
    audit.record(act=Act.CHANGED, subject=current, by=by, now=now, before=before)
    _write(current, None)
    return current


def check_open(*, invitation: Invitation, now: datetime) -> None:
    """Refuse what cannot be accepted: `used`, `revoked`, `expired`, `already_member`."""
    standing = invitation.standing(now)
    if standing != Standing.OPEN:
        raise _closed(standing)
    _refuse_taken(invitation.email)


@transaction.atomic
def accept(*, invitation: Invitation, user: User, now: datetime) -> Member:
    """Open the account of the invited person, with the address proved by the link.

    Args:
        user: new, with its name, its language and its password; the address is the invitation's.

    Of two at once, one opens the account. Raises ValidationError as `check_open`, `open_account`.
    """
    current = _lock(invitation)
    if current.key != invitation.key:  # sent again since: another link counts
        raise _closed(Standing.EXPIRED)
    check_open(invitation=current, now=now)
    user.email = current.email
    open_account(user=user, now=now, as_member=True, address_verified=True)
    member = Member.objects.select_related("user").get(user=user)
    before = audit.snapshot(current)
    current.accepted_at, current.accepted_by = now, member
    current.full_clean()
    current.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(act=Act.CHANGED, subject=current, by=user, now=now, before=before, member=member)
    return member


def _check_member(by: User, address: str, words: str, now: datetime) -> None:
    member = Member.objects.filter(user=by).first()
    if member is None or lock(member).state != State.ACTIVE:
        raise ValidationError(_("Seul un membre actif invite."), code="not_a_member")
    if Invitation.objects.open(now).filter(invited_by=by).count() >= MOST_OPEN:
        raise ValidationError(
            _("Vous avez déjà %(count)d invitations en attente : retirez-en une d’abord."),
            code="too_many",
            params={"count": MOST_OPEN},
        )
    # Our letters carry a member's words to strangers: no use for who would send them elsewhere.
    if _LINK.search(words):
        raise ValidationError(
            {"message": ValidationError(_("Écrivez sans adresse web."), code="no_links")}
        )


def _write(invitation: Invitation, account: User | None) -> None:
    if account is None:
        token = token_of(invitation)
        transaction.on_commit(lambda: notices.invited(invitation, token), robust=True)
    elif account.is_active:
        transaction.on_commit(lambda: notices.thought_of(invitation, account), robust=True)


def _lock(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("invited_by", "plan").get(pk=invitation.pk)


def _refuse_taken(email: str) -> None:
    if User.objects.filter(email=email).exists():
        raise ValidationError(_("Cette adresse a déjà un compte."), code="already_member")


def _closed(standing: Standing) -> ValidationError:
    code, words = _WHY_CLOSED[standing]
    return ValidationError(words, code=code)


def _new_key() -> str:
    return secrets.token_urlsafe(32)
