"""How long anything is kept: every rule, in the order in which they are applied."""

from datetime import datetime
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef, Q

from booking.models import Booking
from coworking.privacy.directory_rules import DIRECTORY_RULES
from coworking.privacy.rule import DELETED, ERASED, PURGED, Rule
from directory.models import Agent, Claim, Need, NeedState, Ownership, ProviderState
from members.models import (
    Application,
    AuditEntry,
    Consent,
    Delivery,
    Invitation,
    Note,
    State,
    Subscription,
    User,
)

# Who is a person, and has done what. Nobody of the team is ever among them.


def _people() -> models.QuerySet[User]:
    team = Q(is_staff=True) | Q(is_superuser=True) | Q(groups__isnull=False)
    return User.objects.filter(erased_at=None).exclude(team)


def _has(model: type[models.Model], **conditions: Any) -> Exists:
    return Exists(model._default_manager.filter(member__user=OuterRef("pk"), **conditions))


def _joined_once() -> Q:
    """A member for a while, whatever came after."""
    return Q(_has(Subscription, is_void=False)) | Q(member__leaves_on__isnull=False)


def _in_directory(before: datetime) -> Q:
    """Has a profile that is or was lately in use, ordered something lately, or asked for it."""
    mine = {"user": OuterRef("pk")}
    shown = Q(provider__state__in=(ProviderState.PENDING, ProviderState.PUBLISHED))
    profile = Ownership.objects.filter(shown | Q(provider__changed_at__gte=before), **mine)
    running = Q(state__in=(NeedState.SUBMITTED, NeedState.OPEN)) | Q(state_since__gte=before)
    need = Need.objects.filter(running, author=OuterRef("pk"))
    claim = Claim.objects.filter(Q(decided_at=None) | Q(decided_at__gte=before), **mine)
    agent = Agent.objects.filter(since__gte=before, **mine)
    return Q(Exists(profile)) | Q(Exists(need)) | Q(Exists(claim)) | Q(Exists(agent))


def unverified(before: datetime) -> models.QuerySet[User]:
    proved = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return _newcomers().filter(
        ~Exists(proved),
        ~_has(Booking),
        ~_in_directory(before),
        last_login=None,
        date_joined__lt=before,
    )


def _newcomers() -> models.QuerySet[User]:
    """Signed up, and never asked to join."""
    new = Q(member=None) | Q(member__state=State.APPLICANT)
    return _people().filter(new, ~_has(Application), ~_has(Subscription))


def silent(before: datetime) -> models.QuerySet[User]:
    seen = Q(last_login=None) | Q(last_login__lt=before)
    gone = (~_has(Booking, end__gte=before), ~_in_directory(before))
    return _newcomers().filter(seen, *gone, date_joined__lt=before)


def refused(before: datetime) -> models.QuerySet[User]:
    return _people().filter(_gone(before), ~_in_directory(before), ~_joined_once())


def former(before: datetime) -> models.QuerySet[User]:
    return _people().filter(_gone(before), ~_in_directory(before), _joined_once())


def _gone(before: datetime) -> Q:
    """Left, refused, or an applicant who took the application back."""
    left = Q(member__state__in=(State.REFUSED, State.FORMER), member__state_since__lt=before)
    waits = Q(_has(Application, decided_at=None)) | Q(_has(Application, decided_at__gte=before))
    gave_up = Q(_has(Application), member__state=State.APPLICANT) & ~waits
    return left | (gave_up & ~Q(_has(Booking, end__gte=before)))


# Rows first, people after: who is erased takes the rows along, and the counts would differ.
RULES: Final = (
    Rule(
        "sessions",
        "sessions that have expired",
        0,
        0,
        "they let nobody in",
        DELETED,
        lambda before: Session.objects.filter(expire_date__lt=before),
    ),
    Rule(
        "deliveries",
        "who an announcement went to",
        12,
        0,
        "it was read or it was not",
        DELETED,
        lambda before: Delivery.objects.filter(announcement__published_at__lt=before),
    ),
    Rule(
        "invitations",
        "invitations that nobody accepted",
        0,
        30,
        "the person is a stranger",
        DELETED,
        lambda before: Invitation.objects.filter(accepted_at=None, expires_at__lt=before),
    ),
    Rule(
        "notes",
        "notes of the team",
        36,
        0,
        "people change",
        DELETED,
        lambda before: Note.objects.filter(written_at__lt=before),
    ),
    Rule(
        "consents",
        "consents that were withdrawn",
        60,
        0,
        "proof, until claims lapse (art. 2224 code civil)",
        DELETED,
        lambda before: Consent.objects.filter(withdrawn_at__lt=before),
    ),
    *DIRECTORY_RULES,
    Rule(
        "audit",
        "entries of the audit",
        60,
        0,
        "proof, until claims lapse",
        PURGED,
        lambda before: AuditEntry.objects.filter(at__lt=before),
    ),
    Rule(
        "admin_log",
        "the admin's own log",
        60,
        0,
        "as the audit",
        DELETED,
        lambda before: LogEntry.objects.filter(action_time__lt=before),
    ),
    Rule(
        "unverified",
        "accounts whose address was never proved",
        0,
        30,
        "perhaps not the person's address",
        ERASED,
        unverified,
    ),
    Rule(
        "refused",
        "who was refused, or gave up before joining",
        6,
        0,
        "time to contest or to ask again",
        ERASED,
        refused,
    ),
    Rule(
        "silent",
        "accounts that never asked to join, since the last visit or login",
        12,
        0,
        "nothing came of it",
        ERASED,
        silent,
    ),
    Rule(
        "former",
        "former members",
        36,
        0,
        "three years after the last contact (CNIL)",
        ERASED,
        former,
    ),
)
