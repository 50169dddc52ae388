"""The values of the audit in words: names of fields, labels of choices, names of rows, local dates.

An entry holds columns as they stand in the database; what they mean is read from today's models.
What no model knows any more is shown as it was written.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import AuditEntry, Role, User

LONGEST = 120  # signs of a value in a list
NOTHING: Final[tuple[Any, ...]] = (None, "", [], {})

# What services write beside columns.
WORDS: Final = {
    "roles": gettext_lazy("rôles"),
    "columns": gettext_lazy("colonnes"),
    "table": gettext_lazy("table"),
    "rows": gettext_lazy("lignes"),
    "password": gettext_lazy("mot de passe"),
    "members": gettext_lazy("membres"),
}
# Of the row that is made or goes: what its entry says already.
SELF_EVIDENT: Final = frozenset({"id", "member_id", "sequence", "request_key"})

Key = tuple[type[models.Model], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One value: from what, to what. Empty on one side: it was made, or it went."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as it is read."""

    entry: AuditEntry
    subject: str
    link: str
    changes: tuple[Change, ...]


def told(entries: Iterable[AuditEntry]) -> list[Told]:
    """The entries in words. One query for each table that is named, however many entries."""
    entries = list(entries)
    names = _names(entries)
    return [
        Told(entry, _subject(entry, names), _link(entry), tuple(_changes(entry, names)))
        for entry in entries
    ]


def _model_of(entry: AuditEntry) -> type[models.Model] | None:
    try:
        return apps.get_model(entry.subject_type)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> Any:
    """The field of a column: `plan_id` is written, `plan` is the field."""
    if model is None:
        return None
    for known in (name, name.removesuffix("_id")):
        try:
            return model._meta.get_field(known)
        except FieldDoesNotExist:
            continue
    return None


def _names(entries: Iterable[AuditEntry]) -> dict[Key, str]:
    """What the rows are called that the entries name, as subject or as value."""
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    for entry in entries:
        model = _model_of(entry)
        if model is None:
            continue
        wanted[model].add(entry.subject_id)
        for name, pair in entry.changes.items():
            field = _field(model, name)
            if field is not None and field.many_to_one and isinstance(pair, list):
                wanted[field.related_model] |= {str(value) for value in pair if value is not None}
    found: dict[Key, str] = {}
    for model, keys in wanted.items():
        field = model._meta.pk
        good = {key for key in keys if _is_key(field, key)}
        rows = model._default_manager.filter(pk__in=good).select_related(*_for_its_name(model))
        found |= {(model, str(row.pk)): str(row) for row in rows.order_by()}
    return found


def _is_key(field: Any, text: str) -> bool:
    try:
        field.to_python(text)
    except ValidationError:
        return False
    return True


def _for_its_name(model: type[models.Model]) -> list[str]:
    """The rows that the name of a row is made of: those of its required foreign keys, twice."""
    paths = []
    for field in model._meta.concrete_fields:
        if field.many_to_one or field.one_to_one:
            if field.null:
                continue
            paths.append(field.name)
            paths += [
                f"{field.name}__{further.name}"
                for further in field.related_model._meta.concrete_fields  # type: ignore[union-attr]
                if (further.many_to_one or further.one_to_one) and not further.null
            ]
    return paths


def _subject(entry: AuditEntry, names: dict[Key, str]) -> str:
    model = _model_of(entry)
    if model is None:
        return f"{entry.subject_type} {entry.subject_id}"
    kind = capfirst(str(model._meta.verbose_name))
    name = names.get((model, entry.subject_id), "")
    return f"{kind} · {Truncator(name).chars(60)}" if name else kind


def _link(entry: AuditEntry) -> str:
    """The page of the row in the admin; empty when there is none."""
    try:
        name = entry.subject_type.replace(".", "_")
        return reverse(f"admin:{name}_change", args=[entry.subject_id])
    except NoReverseMatch:
        return ""


def _changes(entry: AuditEntry, names: dict[Key, str]) -> Iterator[Change]:
    model = _model_of(entry)
    for name, pair in entry.changes.items():
        old, new = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
        if (old in NOTHING and new in NOTHING) or _is_noise(entry, name, old, new):
            continue
        field = _field(model, name)
        if old is None and _is_said(entry, field, new):
            continue
        yield Change(_label(field, name), *(_value(field, it, names) for it in (old, new)))


def _is_noise(entry: AuditEntry, name: str, old: Any, new: Any) -> bool:
    return name in SELF_EVIDENT and (old is None or new is None)


def _is_said(entry: AuditEntry, field: Any, value: Any) -> bool:
    """Of a row that is made: who made it and when stands beside, and "no" goes without saying."""
    if value is False:
        return True
    if isinstance(field, models.DateTimeField):
        return _dated(field, str(value)) == _dated(field, entry.at.isoformat())
    is_person = field is not None and field.many_to_one and field.related_model is User
    return is_person and value == entry.by_id


def _label(field: Any, name: str) -> str:
    label = getattr(field, "verbose_name", None) or WORDS.get(name) or name.replace("_", " ")
    return capfirst(str(label))


def _value(field: Any, value: Any, names: dict[Key, str]) -> str:
    if value in NOTHING:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list):
        return ", ".join(_item(item) for item in value)
    if field is not None and field.many_to_one:
        return names.get((field.related_model, str(value)), str(value))
    for known, label in getattr(field, "flatchoices", None) or ():
        if known == value:
            return str(label)
    return Truncator(_dated(field, str(value))).chars(LONGEST)


def _item(value: Any) -> str:
    return str(Role(value).label) if value in Role.values else str(value)


def _dated(field: Any, text: str) -> str:
    """Dates and instants of the field as the reader writes them, by the clock of the site."""
    try:
        if isinstance(field, models.DateTimeField) and (instant := parse_datetime(text)):
            return date_format(timezone.localtime(instant), "j F Y, H:i")
        if isinstance(field, models.DateField) and (day := parse_date(text)):
            return date_format(day, "j F Y")
    except ValueError:  # it looks like a day, and is none
        pass
    return text
