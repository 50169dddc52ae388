"""Making a person nobody: what this floor knows of them is emptied, what happened stays.

Called by the roof, which adds what the floors above know (`coworking/privacy/erase.py`). Nothing
here is undone: the caller has asked twice.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from members import audit
from members.models import (
    Application,
    AuditEntry,
    Consent,
    Decision,
    Delivery,
    Document,
    Invitation,
    Language,
    Member,
    Note,
    Pause,
    State,
    User,
    WelcomeDone,
)
from members.personal_data.people import acts_about, invitations_to
from members.services.membership import lock, move_state
from members.services.profiles import COMMUTE, PROFILE

# Stored, not translated: it is the name of the account from then on.
ERASED_NAME: Final = "Personne effacée"
ERASED_DOMAIN: Final = "invalid.example"  # RFC 2606: no letter can ever arrive there


def lock_person(user: User) -> tuple[User, Member | None]:
    """The person as it stands, behind every other writer: the member, then the account."""
    member = Member.objects.filter(user=user).first()
    if member is not None:
        member = lock(member)
    current = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if member is not None:
        member.user = current
    return current, member


def refusals(user: User, member: Member | None) -> list[ValidationError]:
    """Why this person cannot be erased yet: `still_member`, `staff`."""
    found = []
    if member is not None and member.state in (State.ACTIVE, State.PAUSED):
        found.append(
            ValidationError(_("L’adhésion doit d’abord prendre fin."), code="still_member")
        )
    if user.is_staff or user.is_superuser or user.groups.exists():
        found.append(
            ValidationError(
                _("Ce compte fait partie de l’équipe : un opérateur lui retire d’abord ses rôles."),
                code="staff",
            )
        )
    return found


def sessions_of(user: User) -> list[str]:
    """The keys of the sessions in which this person is logged in.

    A session does not say whose it is before it is decoded: so this reads them all, and is called
    before the transaction. One that begins later ends with the password.
    """
    return [
        session.session_key
        for session in Session.objects.iterator(chunk_size=1000)
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]


def empty_person(
    *, user: User, member: Member | None, now: datetime, by: User | None, sessions: Iterable[str]
) -> None:
    """Empty everything of a locked person on this floor; needs a transaction.

    Consents end and stay, as proof of what was agreed; subscriptions and pauses stay as facts
    without a name.
    """
    invitations = _empty_invitations(user, member, now)
    if member is not None:
        _empty_member(member, now, by)
    _forget_acts(user, member, invitations, now)
    for consent in Consent.objects.filter(user=user, withdrawn_at=None):
        consent.withdrawn_at = max(now, consent.given_at)
        consent.save(update_fields=["withdrawn_at"])
    Session.objects.filter(pk__in=list(sessions)).delete()
    for model in (UserSession, Authenticator, EmailAddress):
        model.objects.filter(user=user).delete()
    _empty_account(user, now)


def placeholder(user: User) -> str:
    """An address that nobody has, that nobody can guess and take, and that no letter reaches."""
    return f"efface-{user.pk}-{secrets.token_hex(4)}@{ERASED_DOMAIN}"


def _empty_account(user: User, now: datetime) -> None:
    user.email, user.name = placeholder(user), ERASED_NAME
    user.language, user.last_login = Language.FRENCH, None
    user.is_active, user.erased_at = False, now
    user.set_unusable_password()  # and every open session ends: its hash is of the password
    user.full_clean(exclude=["password"])
    user.save()
    user.user_permissions.clear()


def _empty_member(member: Member, now: datetime, by: User | None) -> None:
    waiting = Q(decided_at=None)
    Application.objects.filter(waiting, member=member).update(
        decision=Decision.WITHDRAWN, decided_at=now
    )
    if member.state == State.APPLICANT:
        move_state(member=member, to=State.FORMER, by=by, now=now)
    for name in (*PROFILE, *COMMUTE):
        field: Any = Member._meta.get_field(name)
        setattr(member, name, None if field.null else "")
    member.visible_since = None
    member.full_clean()
    member.save()
    Application.objects.filter(member=member).update(message="", reason="")
    Pause.objects.filter(member=member).update(reason="")
    for model in (Note, Document, Delivery, WelcomeDone):
        model._default_manager.filter(member=member).delete()


def _empty_invitations(user: User, member: Member | None, now: datetime) -> list[int]:
    """Those to the person, and those that the person sent: one still open is taken back."""
    to_me = invitations_to(user, member).values_list("pk", flat=True)
    mine = Invitation.objects.filter(invited_by=user).values_list("pk", flat=True)
    keys = sorted({*to_me, *mine})
    rows = Invitation.objects.filter(pk__in=keys)
    rows.filter(accepted_at=None, revoked_at=None).update(revoked_at=now)
    rows.update(email=placeholder(user), name="", message="")
    return keys


def _forget_acts(user: User, member: Member | None, invitations: list[int], now: datetime) -> None:
    about = acts_about(user, member) | Q(
        subject_type=Invitation._meta.label_lower, subject_id__in=list(map(str, invitations))
    )
    audit.redact(AuditEntry.objects.filter(about), now=now)
