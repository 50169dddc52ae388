"""What the rules have in common: triggers that refuse a row, and their life through migrations.

A rule says for each event when to refuse; this module writes that for SQLite (one trigger for each
event) and for PostgreSQL (one trigger, and a function that both bear the name of the rule).
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table

# What one event is refused for: SQL over NEW and OLD.
Condition = str | Statement

_SQLITE = (
    "CREATE TRIGGER %(name)s BEFORE %(event)s ON %(table)s FOR EACH ROW "
    "WHEN %(condition)s "
    "BEGIN SELECT RAISE(ABORT, '%(message)s'); END"
)
# 23514 is a violated check: Django raises IntegrityError, which carries the name of the rule.
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql "
    "AS $rule$%(body)s$rule$; "
    "CREATE TRIGGER %(name)s BEFORE %(events)s ON %(table)s "
    "FOR EACH ROW EXECUTE FUNCTION %(name)s()"
)
_BODY = "BEGIN %(tests)s IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END"
_TEST = (
    "IF TG_OP = '%(event)s' THEN IF %(condition)s THEN "
    "RAISE EXCEPTION USING MESSAGE = '%(message)s', ERRCODE = '23514', CONSTRAINT = '%(rule)s', "
    "TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA; END IF; END IF;"
)


class TriggerConstraint(models.BaseConstraint):
    """A rule over the rows of one table, held by triggers.

    A subclass names its own `arguments` (each is an attribute too) and the `kind` of its message,
    sets `events` if they depend on the arguments, and writes `refusals` and `validate`.
    """

    arguments: ClassVar[tuple[str, ...]] = ()
    kind: ClassVar[str] = ""
    events: tuple[str, ...] = ()

    def __init__(
        self,
        *,
        name: str,
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    def refusals(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor
    ) -> Mapping[str, Condition]:
        """For each of `events`, when to refuse it."""
        raise NotImplementedError

    def refusal(self) -> ValidationError:
        """What `validate` raises: the same words and code as when the database refuses."""
        return ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def trigger_names(self) -> tuple[str, ...]:
        """The names of the SQLite triggers, one for each event."""
        return tuple(f"{self.name}_{event.lower()}" for event in self.events)

    # SQL

    def triggers(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        """The statements that make the triggers of this rule."""
        if editor.connection.vendor == "postgresql":
            return [self._postgresql_trigger(model, editor)]
        conditions = self.refusals(model, editor)
        return [
            Statement(
                _SQLITE,
                name=editor.quote_name(name),
                event=event,
                table=Table(model._meta.db_table, editor.quote_name),
                condition=conditions[event],
                message=self._message(),
            )
            for name, event in zip(self.trigger_names(), self.events, strict=True)
        ]

    def constraint_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement | str | None:
        # A table is made, or made anew by a later migration, from its Meta: the triggers wait in
        # `deferred_sql`, where Django renames the table of a Statement once it has its final name.
        if schema_editor.connection.vendor == "sqlite":
            set_aside_readers(model, schema_editor)
        schema_editor.deferred_sql.extend(self.triggers(model, schema_editor))
        return None

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement | str | None:
        if schema_editor.connection.vendor == "postgresql":
            return self._postgresql_trigger(model, schema_editor)
        # SQLite adds a constraint by making the table anew, see `constraint_sql`. It comes here
        # only for a table with a default of the database, and then defers what it is given.
        self.constraint_sql(model, schema_editor)
        statement: Statement = schema_editor.deferred_sql.pop()
        return statement

    def remove_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement | str | None:
        if schema_editor.connection.vendor == "sqlite":
            return None  # The triggers go with the table that SQLite makes anew.
        return Statement(
            "DROP TRIGGER %(name)s ON %(table)s; DROP FUNCTION %(name)s()",
            name=schema_editor.quote_name(self.name),
            table=Table(model._meta.db_table, schema_editor.quote_name),
        )

    def _postgresql_trigger(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor
    ) -> Statement:
        conditions = self.refusals(model, editor)
        tests = [
            _TEST
            % {
                "event": event,
                "condition": conditions[event],
                "message": self._message(),
                "rule": self.name,
            }
            for event in self.events
        ]
        return Statement(
            _POSTGRESQL,
            name=editor.quote_name(self.name),
            body=_BODY % {"tests": " ".join(tests)},
            events=" OR ".join(self.events),
            table=Table(model._meta.db_table, editor.quote_name),
        )

    def _message(self) -> str:
        return f"{self.kind} constraint failed: {self.name}"

    # Migration

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        _path, args, kwargs = super().deconstruct()
        kwargs |= {name: getattr(self, name) for name in self.arguments}
        # Where migrations find it, whichever module of the package it stands in.
        return f"members.constraints.{type(self).__name__}", args, kwargs

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TriggerConstraint):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]


def column_of(model: type[models.Model], name: str, editor: BaseDatabaseSchemaEditor) -> str:
    """The quoted column of a field (`pk` for the key)."""
    return editor.quote_name(str(field_of(model, name).column))


def field_of(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is not a column of {model.__name__}")
    return field


def operators(editor: BaseDatabaseSchemaEditor) -> tuple[str, str]:
    """The signs for "the same" and "not the same", for which NULL is a value like others."""
    if editor.connection.vendor == "sqlite":
        return "IS", "IS NOT"
    return "IS NOT DISTINCT FROM", "IS DISTINCT FROM"


def set_aside_readers(model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> None:
    """Lift the triggers of other tables that read this one, until it has been made anew.

    SQLite drops the old table, then renames the new one, and refuses to rename anything while a
    trigger reads a table that does not exist. They come back as they were, in the same
    transaction.
    """
    table = model._meta.db_table.removeprefix("new__")
    quoted = editor.quote_name(table)
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'trigger' AND tbl_name <> %s AND instr(sql, %s)",
            [table, quoted],
        )
        readers = cursor.fetchall()
    for name, sql in readers:
        editor.execute(f"DROP TRIGGER {editor.quote_name(name)}")
        editor.deferred_sql.append(sql)
