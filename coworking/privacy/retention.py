"""How long anything is kept, as rules; `manage.py retention` applies them.

Each rule says what, after how long, why, what happens, and finds its rows. The whole list is made
before anything is done, so that a dry run prints exactly what a run would do. Safe to run twice or
in two places: a person is locked and looked at again before being erased.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from booking.models import Booking
from coworking.privacy.erase import blank_log, erase, rows_in_log
from members import audit
from members.models import (
    Act,
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
from members.services.erasure import lock_person
from members.tariff import add_months

DELETED, ERASED, PURGED = "deleted", "erased", "purged"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is due is `find(before)`: rows that were left alone since before that instant."""

    key: str
    what: str
    months: int
    days: int
    why: str
    then: str
    find: Callable[[datetime], models.QuerySet[Any]]

    @property
    def after(self) -> str:
        """How long, in words: `6 months`, `30 days`, `at once`."""
        if self.months:
            return f"{self.months} months"
        return f"{self.days} days" if self.days else "at once"

    def before(self, now: datetime) -> datetime:
        day: date = timezone.localdate(now) - timedelta(days=self.days)
        start = datetime.combine(add_months(day, -self.months), time.min)
        return timezone.make_aware(start) if self.months or self.days else now

    def due(self, now: datetime) -> models.QuerySet[Any]:
        return self.find(self.before(now)).order_by("pk")


# Who is a person, and has done what. Nobody of the team is ever among them.


def _people() -> models.QuerySet[User]:
    team = Q(is_staff=True) | Q(is_superuser=True) | Q(groups__isnull=False)
    return User.objects.filter(erased_at=None).exclude(team)


def _has(model: type[models.Model], **conditions: Any) -> Exists:
    return Exists(model._default_manager.filter(member__user=OuterRef("pk"), **conditions))


def _joined_once() -> Q:
    """A member for a while, whatever came after."""
    return Q(_has(Subscription, is_void=False)) | Q(member__leaves_on__isnull=False)


def unverified(before: datetime) -> models.QuerySet[User]:
    proved = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return _newcomers().filter(
        ~Exists(proved), ~_has(Booking), last_login=None, date_joined__lt=before
    )


def _newcomers() -> models.QuerySet[User]:
    """Signed up, and never asked to join."""
    new = Q(member=None) | Q(member__state=State.APPLICANT)
    return _people().filter(new, ~_has(Application), ~_has(Subscription))


def silent(before: datetime) -> models.QuerySet[User]:
    seen = Q(last_login=None) | Q(last_login__lt=before)
    return _newcomers().filter(seen, ~_has(Booking, end__gte=before), date_joined__lt=before)


def refused(before: datetime) -> models.QuerySet[User]:
    return _people().filter(_gone(before), ~_joined_once())


def former(before: datetime) -> models.QuerySet[User]:
    return _people().filter(_gone(before), _joined_once())


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


@dataclass(frozen=True, slots=True)
class Due:
    """The rows that a rule finds, by their keys. A person stands under one rule only."""

    rule: Rule
    keys: tuple[Any, ...]


def plan(*, now: datetime) -> list[Due]:
    """What is due, rule by rule; reads only."""
    found: list[Due] = []
    people: set[Any] = set()
    for rule in RULES:
        keys = tuple(rule.due(now).values_list("pk", flat=True))
        if rule.then == ERASED:
            keys = tuple(key for key in dict.fromkeys(keys) if key not in people)
            people.update(keys)
        found.append(Due(rule, keys))
    return found


def apply(due: Due, *, now: datetime) -> tuple[int, list[str]]:
    """Do what a rule says to the rows it found, and still finds.

    Returns how many, and for each person who stays the number of the account and why.
    """
    if due.rule.then == ERASED:
        return _erase_each(due, now)
    done = 0
    for keys in _portions(due.keys):
        done += _remove(due.rule, keys, now)
    return done, []


def _erase_each(due: Due, now: datetime) -> tuple[int, list[str]]:
    done, stay = 0, []
    for user in User.objects.filter(pk__in=due.keys).order_by("pk"):
        try:
            done += _erase_if_due(due.rule, user, now)
        except ValidationError as refusal:
            stay.append(f"account {user.pk}: {' '.join(refusal.messages)}")
    return done, stay


@transaction.atomic
def _erase_if_due(rule: Rule, user: User, now: datetime) -> bool:
    """Look again under the lock: the person may have come back a moment ago."""
    lock_person(user)
    if not rule.due(now).filter(pk=user.pk).exists():
        return False
    return erase(user=user, by=None, now=now, reason=f"retention: {rule.key}")


@transaction.atomic
def _remove(rule: Rule, keys: list[Any], now: datetime) -> int:
    """Delete rows that are still due; their values leave the audit and the log with them."""
    rows = rule.due(now).filter(pk__in=keys)
    model = rows.model
    if rule.then == PURGED:
        done = audit.purge(rows, now=now)  # type: ignore[arg-type]
    else:
        gone = list(rows.values_list("pk", flat=True))
        about = [str(key) for key in gone]
        label = model._meta.label_lower
        entries = AuditEntry.objects.filter(subject_type=label, subject_id__in=about)
        audit.redact(entries, now=now)
        blank_log(rows_in_log(model, about))
        model._default_manager.filter(pk__in=gone).delete()
        done = len(gone)
    if done:
        # One entry for the portion: the rows it is about are no more.
        AuditEntry.objects.create(
            at=now,
            by=None,
            act=Act.ERASED,
            subject_type=model._meta.label_lower,
            subject_id="retention",
            changes={"rows": [done, 0]},
            reason=f"retention: {rule.key}",
        )
    return done


def _portions(keys: tuple[Any, ...], size: int = 500) -> Iterator[list[Any]]:
    """Short transactions: on SQLite everybody else waits meanwhile."""
    for start in range(0, len(keys), size):
        yield list(keys[start : start + size])
