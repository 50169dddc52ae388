"""The triggers in the database are those that the models ask for today.

A rule writes the columns of its table when it is made. A column that a later migration adds or
renames can leave it behind (SQLite adds a plain column without making the table anew). Then the
migration removes the constraint before and adds it after.
"""

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from members.constraints.triggers import TriggerConstraint

WRITTEN = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "sqlite"
    else "SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE NOT tgisinternal"
)


def editor() -> BaseDatabaseSchemaEditor:
    """An editor that runs nothing: it lends its quotes."""
    lent = connection.schema_editor(collect_sql=True)
    lent.deferred_sql = []
    return lent


def asked() -> list[str]:
    return [
        str(statement.parts["body"] if connection.vendor == "postgresql" else statement)
        for model in apps.get_models()
        for rule in model._meta.constraints
        if isinstance(rule, TriggerConstraint)
        for statement in rule.triggers(model, editor())
    ]


@pytest.mark.django_db
def test_the_triggers_are_those_of_the_models() -> None:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        written = [sql for _name, sql in cursor.fetchall()]
    assert sorted(written) == sorted(asked())


@pytest.mark.django_db
def test_a_row_replaced_is_a_row_deleted() -> None:
    """On SQLite the triggers that forbid deleting are asked only if a pragma says so."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA recursive_triggers").fetchone() == (1,)
