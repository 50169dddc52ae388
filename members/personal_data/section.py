"""A section of the copy of somebody's data: the rows of one table, every column by default.

A column that a migration adds tomorrow is in the copy without anybody thinking of it; what is not
handed over is named, with the reason, by the caller.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from members.models import User

ME, TEAM = "me", "team"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: `key` and `value` for a machine, `label` and `text` for a person."""

    key: str
    value: Any
    label: str
    text: str


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one subject, under a stable English key and a title in the reader's language.

    Args:
        tables: labels of the models that it covers (`"members.Note"`).
        is_single: there is always exactly one row: an object and no list, for a machine.
    """

    key: str
    title: str
    tables: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    is_single: bool = False

    def plain(self) -> Any:
        rows = [{cell.key: cell.value for cell in row} for row in self.rows]
        return rows[0] if self.is_single and rows else rows


def rows_of(
    rows: Iterable[models.Model],
    *,
    reader: User,
    without: Collection[str] = (),
    more: Mapping[str, Any] | None = None,
) -> list[Row]:
    """Every column of these rows, in the order of the model.

    Args:
        reader: whose copy it is. Another person is never named: « moi » or « l’équipe ».
        without: columns that are left out: secrets, and the key to the reader.
        more: further cells, as {key: (label, function of the row)}.
    """
    return [
        (
            *(
                cell_of(row, column, reader)
                for column in row._meta.concrete_fields
                if column.name not in without
            ),
            *(
                Cell(key, plain(found := read(row)), str(label), shown(found))
                for key, (label, read) in (more or {}).items()
            ),
        )
        for row in rows
    ]


def cell_of(row: models.Model, column: "models.Field[Any, Any]", reader: User) -> Cell:
    label = capfirst(str(column.verbose_name))
    value = column.value_from_object(row)
    if isinstance(column, models.ForeignKey):
        if column.related_model is User:
            return Cell(column.name, *who(value, reader), label=label, text=role(value, reader))
        value = None if value is None else str(getattr(row, column.name))
    elif column.choices:
        text = dict(column.flatchoices).get(value, value)
        return Cell(column.name, plain(value), label, str(text or ""))
    # The number of a row is for a machine.
    return Cell(column.name, plain(value), label, "" if column.primary_key else shown(value))


def who(key: Any, reader: User) -> tuple[str | None]:
    """Who did it, for a machine: `me`, `team`, or None when nobody did."""
    return (None if key is None else ME if key == reader.pk else TEAM,)


def role(key: Any, reader: User) -> str:
    """The same, for a person."""
    return "" if key is None else _("moi") if key == reader.pk else _("l’équipe")


def plain(value: Any) -> Any:
    """A value of JSON: instants and days in ISO 8601, amounts as text."""
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    if isinstance(value, str | int | bool | list | dict) or value is None:
        return value
    return str(value)


def shown(value: Any) -> str:
    """A value as it is read in the language that is active."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, Decimal):
        return str(localize(value.normalize() if value else value))
    return str(value)
