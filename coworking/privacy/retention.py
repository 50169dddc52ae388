"""How long anything is kept, as rules; `manage.py retention` applies them.

Each rule says what, after how long, why, what happens, and finds its rows. The whole list is made
before anything is done, so that a dry run prints exactly what a run would do. Safe to run twice or
in two places: a person is locked and looked at again before being erased.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from coworking.privacy.erase import blank_log, erase, rows_in_log
from coworking.privacy.rule import ERASED, PURGED, Rule
from coworking.privacy.rules import RULES
from directory.models import Solicitation
from members import audit
from members.models import Act, AuditEntry, User
from members.services.erasure import lock_person


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
    """Delete or empty rows that are still due; their values leave the audit and the log too."""
    rows = rule.due(now).filter(pk__in=keys)
    model = rows.model
    if rule.then == PURGED:
        done = audit.purge(rows, now=now)  # type: ignore[arg-type]
    else:
        gone = list(rows.values_list("pk", flat=True))
        _forget_acts(model, gone, now)
        if rule.empty is not None:
            rule.empty(gone, now)
        else:
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


def _forget_acts(model: type[models.Model], keys: list[Any], now: datetime) -> None:
    """Blank what the audit and the admin's log say of these rows, and of what is part of them."""
    parts: list[tuple[type[models.Model], list[Any]]] = [(model, keys)]
    for relation in model._meta.related_objects:
        part = relation.related_model
        if relation.on_delete is models.CASCADE or part is Solicitation:
            of_these = part._default_manager.filter(**{f"{relation.field.name}__in": keys})
            parts.append((part, list(of_these.order_by().values_list("pk", flat=True))))
    for part, found in parts:
        about = list(map(str, found))
        entries = AuditEntry.objects.filter(
            subject_type=part._meta.label_lower, subject_id__in=about
        )
        audit.redact(entries, now=now)
        blank_log(rows_in_log(part, about))


def _portions(keys: tuple[Any, ...], size: int = 500) -> Iterator[list[Any]]:
    """Short transactions: on SQLite everybody else waits meanwhile."""
    for start in range(0, len(keys), size):
        yield list(keys[start : start + size])
