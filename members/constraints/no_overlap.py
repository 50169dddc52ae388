"""`NoOverlap`: rows that match never overlap in time.

An exclusion constraint on PostgreSQL, a pair of triggers on SQLite.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table

from members.constraints.triggers import Condition, TriggerConstraint, column_of, field_of


class NoOverlap(TriggerConstraint):
    """No two rows with equal `same` fields overlap in `[start, end)`.

    Args:
        same: names of the fields that must be equal for two rows to clash.
        differs: names of fields, never NULL, that must differ for two rows to clash: what stands
            for the whole (1) meets each of its parts (0), and parts do not meet each other.
            Numbers: `btree_gist` knows their `<>`.
        start, end: names of two fields of one comparable type. NULL, where the field allows it, is
            without beginning or without end, as it is in a range of PostgreSQL.
        range_type: PostgreSQL range of that type (`tstzrange`, `daterange`, `int4range`…).
        where: pairs of field and literal (str, int or bool): only rows with all these values
            count. A plain mapping, because the SQLite trigger writes it against NEW and other.

    On PostgreSQL the extension `btree_gist` must exist (see the first migration of `booking`).
    """

    arguments = ("same", "differs", "start", "end", "range_type", "where")
    kind = "exclusion"
    events = ("INSERT", "UPDATE")

    def __init__(
        self,
        *,
        name: str,
        same: Sequence[str],
        differs: Sequence[str] = (),
        start: str = "start",
        end: str = "end",
        range_type: str = "tstzrange",
        where: Sequence[tuple[str, str | int | bool]] = (),
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.same = tuple(same)
        self.differs = tuple(differs)
        self.start = start
        self.end = end
        self.range_type = range_type
        self.where = tuple((field, value) for field, value in where)

    # Validation in Python, for a message beside the field before the database is asked.

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        names = {
            *self.same,
            *self.differs,
            self.start,
            self.end,
            *(field for field, _ in self.where),
        }
        if exclude and names & set(exclude):
            return
        fields = {name: field_of(model, name) for name in names}
        values = {name: getattr(instance, field.attname) for name, field in fields.items()}
        if any(values[field] != value for field, value in self.where):
            return
        if any(values[name] is None for name in self.same):
            return
        if any(values[name] is None and not fields[name].null for name in (self.start, self.end)):
            return
        clashing = model._default_manager.using(using).filter(
            _open_or(self.start, "lt", values[self.end], fields[self.start].null),
            _open_or(self.end, "gt", values[self.start], fields[self.end].null),
            **{name: values[name] for name in self.same},
            **dict(self.where),
        )
        for name in self.differs:
            clashing = clashing.exclude(**{name: values[name]})
        if not instance._state.adding:
            clashing = clashing.exclude(pk=instance.pk)
        if clashing.exists():
            raise self.refusal()

    # SQL: triggers on SQLite (see the base), a constraint of its own kind on PostgreSQL.

    def triggers(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        return [] if _has_exclusion(editor) else super().triggers(model, editor)

    def constraint_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement | str | None:
        if _has_exclusion(schema_editor):
            return self._exclusion().constraint_sql(model, schema_editor)
        return super().constraint_sql(model, schema_editor)

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement | str | None:
        if _has_exclusion(schema_editor):
            return self._exclusion().create_sql(model, schema_editor)
        return super().create_sql(model, schema_editor)

    def remove_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement | str | None:
        if _has_exclusion(schema_editor):
            return self._exclusion().remove_sql(model, schema_editor)
        return super().remove_sql(model, schema_editor)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        if not self.differs:
            del kwargs["differs"]  # migrations written before it stay as they are
        return path, args, kwargs

    def _exclusion(self) -> ExclusionConstraint:
        interval = models.Func(
            models.F(self.start),
            models.F(self.end),
            models.Value("[)"),
            function=self.range_type.upper(),
            output_field=models.Field(),
        )
        return ExclusionConstraint(
            name=self.name,
            expressions=[
                *((name, "=") for name in self.same),
                *((name, "<>") for name in self.differs),
                (interval, "&&"),
            ],
            condition=models.Q(*self.where) if self.where else None,
        )

    def refusals(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor
    ) -> Mapping[str, Condition]:
        def column(name: str) -> str:
            return column_of(model, name, editor)

        def matches(row: str) -> str:
            tests = [
                f"{row}.{column(field)} = {editor.quote_value(value)}"
                for field, value in self.where
            ]
            return " AND ".join(tests) or "1"

        def open_or(*ends: tuple[str, str], sign: str) -> str:
            sides = [f"{row}.{column(name)}" for row, name in ends]
            is_open = [
                f"{side} IS NULL"
                for side, (_row, name) in zip(sides, ends, strict=True)
                if field_of(model, name).null
            ]
            comparison = f"{sides[0]} {sign} {sides[1]}"
            return f"({' OR '.join([*is_open, comparison])})" if is_open else comparison

        key = column("pk")
        clash = [
            *(f"other.{column(name)} = NEW.{column(name)}" for name in self.same),
            *(f"other.{column(name)} <> NEW.{column(name)}" for name in self.differs),
            matches("other"),
            open_or(("other", self.start), ("NEW", self.end), sign="<"),
            open_or(("other", self.end), ("NEW", self.start), sign=">"),
        ]
        return {
            event: Statement(
                "%(new_matches)s AND EXISTS (SELECT 1 FROM %(table)s AS other WHERE %(clash)s)",
                table=Table(model._meta.db_table, editor.quote_name),
                new_matches=matches("NEW"),
                clash=" AND ".join([*clash, *extra]),
            )
            for event, extra in (("INSERT", []), ("UPDATE", [f"other.{key} <> OLD.{key}"]))
        }


def _has_exclusion(editor: BaseDatabaseSchemaEditor) -> bool:
    return editor.connection.vendor == "postgresql"


def _open_or(name: str, lookup: str, value: Any, is_nullable: bool) -> models.Q:
    """The comparison, true too where either side is NULL and so without end."""
    if value is None:
        return models.Q()
    comparison = models.Q(**{f"{name}__{lookup}": value})
    return comparison | models.Q(**{f"{name}__isnull": True}) if is_nullable else comparison
