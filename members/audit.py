"""The audit: who did what, when, to whom, from which value to which.

A service takes a `snapshot` before it changes a row and calls `record` after, inside its own
transaction: a change and its trace are written together or not at all.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from members.models import Act, AuditEntry, Member, User
from members.models.audit import AuditQuerySet

# Never in the audit, not even as "it changed": a hash says too much, a login is no act.
_SECRET = frozenset({"password", "last_login", "key", "content", "fingerprint"})

Values = Mapping[str, Any]


def snapshot(row: models.Model) -> Values:
    """The columns of a row as they will stand in the audit: text, numbers, booleans, None."""
    values = {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.attname not in _SECRET
    }
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return plain


def record(
    *,
    act: Act,
    subject: models.Model,
    by: User | None,
    now: datetime,
    before: Values | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    member: Member | None = None,
    reason: str = "",
) -> AuditEntry | None:
    """Write what was done. A change that changed nothing writes nothing: None is returned.

    Args:
        subject: the row it was done to, saved.
        by: the person; None for a job, or whoever sits at the keyboard of the server.
        before: `snapshot` of the subject as it was; with it the changed columns are found here.
        changes: further or other changes, as {name: (from, to)}, of plain values.
        member: whom it concerns; found by itself when the subject is a member or has one.
    """
    found: dict[str, Any] = {name: list(pair) for name, pair in (changes or {}).items()}
    if before is not None:
        after = snapshot(subject)
        found |= {
            name: [before.get(name), value]
            for name, value in after.items()
            if before.get(name) != value
        }
        if not found:
            return None
    if member is None:
        member = subject if isinstance(subject, Member) else getattr(subject, "member", None)
    return AuditEntry.objects.create(
        at=now,
        by=by if by is not None and by.pk else None,
        act=act,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        member=member,
        changes=found,
        reason=reason,
    )


def redact(entries: AuditQuerySet, *, now: datetime) -> int:
    """Blank the values and reasons of entries, which stay as acts. Returns how many it blanked."""
    return entries.filter(redacted_at__isnull=True).update(changes={}, reason="", redacted_at=now)


def purge(entries: AuditQuerySet, *, now: datetime) -> int:
    """End of the time that entries are kept: the only way out, through redaction."""
    keys = list(entries.values_list("pk", flat=True))
    redact(AuditEntry.objects.filter(pk__in=keys), now=now)
    return AuditEntry.objects.filter(pk__in=keys).delete()[0]
