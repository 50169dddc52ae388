"""Tables of no application, made by real operations of migrations, to try a rule on.

The models are those a migration sees (`state.apps`): no test model enters Django's registry.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from members.constraints import refusal_of

APP = "throwaway"


def table(name: str, /, *constraints: models.BaseConstraint, **fields: models.Field) -> Operation:
    return migrations.CreateModel(
        name,
        [("id", models.BigAutoField(primary_key=True)), *fields.items()],
        options={"constraints": list(constraints), "ordering": ["id"]},
    )


def parent(name: str) -> models.ForeignKey:
    return models.ForeignKey(f"{APP}.{name}", models.CASCADE, related_name="+")


def migrate(state: ProjectState, *operations: Operation) -> ProjectState:
    """Apply one migration with these operations."""
    with connection.schema_editor() as editor:
        for operation in operations:
            before, state = state, state.clone()
            operation.state_forwards(APP, state)
            operation.database_forwards(APP, editor, before, state)
    return state


def drop(state: ProjectState) -> None:
    names = [model.name for (app, _name), model in state.models.items() if app == APP]
    for name in reversed(names):
        for constraint in state.models[APP, name.lower()].options["constraints"]:
            state = migrate(state, migrations.RemoveConstraint(name, constraint.name))
        state = migrate(state, migrations.DeleteModel(name))


def tables(*operations: Operation) -> Any:
    """A fixture: the tables of these operations, for the tests of one module."""

    @pytest.fixture(scope="module")
    def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        with django_db_blocker.unblock():
            state = migrate(ProjectState(), *operations)
        yield lambda name: state.apps.get_model(APP, name)
        with django_db_blocker.unblock():
            drop(state)

    return made


def triggers() -> set[str]:
    """The triggers of the throwaway tables, and on PostgreSQL the functions they call."""
    queries = ["SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"]
    if connection.vendor == "postgresql":
        queries = [
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid "
            "WHERE NOT tgisinternal",
            "SELECT proname, 'throwaway' FROM pg_proc JOIN pg_type t ON t.oid = prorettype "
            "WHERE typname = 'trigger' AND pronamespace = 'public'::regnamespace "
            "AND proname LIKE 'throwaway%'",
        ]
    found = set()
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query)
            found |= {name for name, owner in cursor.fetchall() if owner.startswith(APP)}
    return found


# Every way to write.

REPLACE = "INSERT OR REPLACE INTO {} VALUES ({})"
UPDATE = "UPDATE {} SET {} WHERE id = %s"
DELETE = "DELETE FROM {} WHERE id = %s"

WAYS = ["save", "update", "bulk_update", "upsert", "raw", "replace"]


def change(way: str, row: models.Model, **values: Any) -> None:
    """Write these values over a row that is in the database."""
    model = type(row)
    for name, value in values.items():
        setattr(row, name, value)
    if way == "save":
        row.save()
    elif way == "update":
        model.objects.filter(pk=row.pk).update(**values)
    elif way == "bulk_update":
        model.objects.bulk_update([row], list(values))
    elif way == "upsert":
        model.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["id"], update_fields=list(values)
        )
    elif way == "replace" and connection.vendor == "sqlite":
        fields = list(model._meta.concrete_fields)
        execute(REPLACE.format(table_of(row), marks(fields)), stored(row, fields))
    else:  # raw, and the databases that have no REPLACE
        fields = [field for field in model._meta.concrete_fields if field.name in values]
        assignments = ", ".join(f"{field.column} = %s" for field in fields)
        execute(UPDATE.format(table_of(row), assignments), [*stored(row, fields), row.pk])


WAYS_TO_DELETE = ["delete", "queryset", "raw"]


def delete(way: str, row: models.Model) -> None:
    if way == "delete":
        row.delete()
    elif way == "queryset":
        type(row).objects.filter(pk=row.pk).delete()
    else:
        execute(DELETE.format(table_of(row)), [row.pk])


def table_of(row: Any) -> str:
    return str(row._meta.db_table)


def stored(row: models.Model, fields: Any) -> list[Any]:
    """The values of these fields as the database keeps them."""
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def marks(fields: Any) -> str:
    return ", ".join(["%s"] * len(fields))


def execute(sql: str, values: Any = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(model: type[models.Model], code: str, write: Callable[[], object]) -> None:
    """The database refuses, and the refusal has the code of the rule."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    refusal = refusal_of(error.value, model)
    assert refusal is not None, error.value
    assert refusal.code == code


def refused_in_words(row: models.Model, code: str) -> None:
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    assert [e.code for e in error.value.error_dict["__all__"]] == [code]
