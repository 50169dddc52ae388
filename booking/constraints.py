"""`NoOverlap`: rows that match never overlap in time, held by the database itself.

One class for both databases: an exclusion constraint on PostgreSQL, a pair of triggers on SQLite.
It holds against the ORM, `.update()`, bulk writes and raw SQL. `violated_by` knows its refusal.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table

_TRIGGER = (
    "CREATE TRIGGER %(name)s BEFORE %(event)s ON %(table)s FOR EACH ROW "
    "WHEN %(new_matches)s AND EXISTS (SELECT 1 FROM %(table)s AS other WHERE %(clash)s) "
    "BEGIN SELECT RAISE(ABORT, 'exclusion constraint failed: %(constraint)s'); END"
)


class NoOverlap(models.BaseConstraint):
    """No two rows with equal `same` fields overlap in `[start, end)`.

    Args:
        same: names of the fields that must be equal for two rows to clash.
        start, end: names of two fields of one comparable type.
        range_type: PostgreSQL range of that type (`tstzrange`, `int4range`…).
        where: pairs of field and literal (str, int or bool): only rows with all these values
            count. A plain mapping, because the SQLite trigger writes it against NEW and other.

    On PostgreSQL the extension `btree_gist` must exist (see the first migration of `booking`).
    """

    def __init__(
        self,
        *,
        name: str,
        same: Sequence[str],
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
        names = {*self.same, self.start, self.end, *(field for field, _ in self.where)}
        if exclude and names & set(exclude):
            return
        values = {name: getattr(instance, _field(model, name).attname) for name in names}
        if any(values[field] != value for field, value in self.where):
            return
        if any(values[name] is None for name in (*self.same, self.start, self.end)):
            return
        clashing = model._default_manager.using(using).filter(
            **{name: values[name] for name in self.same},
            **dict(self.where),
            **{f"{self.start}__lt": values[self.end], f"{self.end}__gt": values[self.start]},
        )
        if not instance._state.adding:
            clashing = clashing.exclude(pk=instance.pk)
        if clashing.exists():
            raise ValidationError(
                self.get_violation_error_message(), code=self.violation_error_code
            )

    # SQL

    def constraint_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement | str | None:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion(model, schema_editor).constraint_sql(model, schema_editor)
        # A table is made, or made anew by a later migration, from its Meta: the triggers wait in
        # `deferred_sql`, where Django renames the table of a Statement once it has its final name.
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement | str | None:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion(model, schema_editor).create_sql(model, schema_editor)
        return None  # SQLite adds a constraint by making the table anew: see constraint_sql.

    def remove_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement | str | None:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion(model, schema_editor).remove_sql(model, schema_editor)
        return None  # The triggers go with the table that SQLite makes anew.

    def trigger_names(self) -> tuple[str, str]:
        """The names of the SQLite triggers: on insert, on update."""
        return f"{self.name}_insert", f"{self.name}_update"

    def _exclusion(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> ExclusionConstraint:
        interval = models.Func(
            models.F(self.start),
            models.F(self.end),
            models.Value("[)"),
            function=self.range_type.upper(),
            output_field=models.Field(),
        )
        return ExclusionConstraint(
            name=self.name,
            expressions=[*((name, "=") for name in self.same), (interval, "&&")],
            condition=models.Q(*self.where) if self.where else None,
        )

    def _triggers(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        quote = schema_editor.quote_name

        def column(name: str) -> str:
            return quote(str(_field(model, name).column))

        def matches(row: str) -> str:
            tests = [
                f"{row}.{column(field)} = {schema_editor.quote_value(value)}"
                for field, value in self.where
            ]
            return " AND ".join(tests) or "1"

        start, end, key = column(self.start), column(self.end), column("pk")
        clash = [
            *(f"other.{column(name)} = NEW.{column(name)}" for name in self.same),
            matches("other"),
            f"other.{start} < NEW.{end}",
            f"other.{end} > NEW.{start}",
        ]
        other_row = f"other.{key} <> OLD.{key}"
        table = model._meta.db_table
        return [
            Statement(
                _TRIGGER,
                name=quote(name),
                event=event,
                table=Table(table, quote),
                new_matches=matches("NEW"),
                clash=" AND ".join([*clash, *extra]),
                constraint=self.name,
            )
            for name, event, extra in zip(
                self.trigger_names(), ("INSERT", "UPDATE"), ([], [other_row]), strict=True
            )
        ]

    # Migration

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs["same"] = self.same
        kwargs["start"] = self.start
        kwargs["end"] = self.end
        kwargs["range_type"] = self.range_type
        kwargs["where"] = self.where
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        if isinstance(other, NoOverlap):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is not a column of {model.__name__}")
    return field


def violated_by(error: IntegrityError, constraint: models.BaseConstraint) -> bool:
    """Whether the database refused a write because of this constraint."""
    cause = error.__cause__
    diagnostic = getattr(cause, "diag", None)
    if diagnostic is not None:
        return bool(diagnostic.constraint_name == constraint.name)
    return str(error).endswith(f"exclusion constraint failed: {constraint.name}")
