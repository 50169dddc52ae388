"""A transactional test ends by emptying every table, and the next one brings some rows back.

The triggers of `members.constraints` would refuse both: SQLite empties a table with DELETE, and
rows that a migration made are saved again. So the two are done without triggers, here and only in
the tests. The application has no such way: there, `flush` is refused on SQLite once a row is kept
for good.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.base.operations import BaseDatabaseOperations

the_real_flush: Any = BaseDatabaseOperations.execute_sql_flush
the_real_deserialize: Any = BaseDatabaseCreation.deserialize_db_from_string


@contextmanager
def without_triggers(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """No trigger speaks meanwhile; afterwards each is as it was."""
    lift = _lifted_from_sqlite if connection.vendor == "sqlite" else _lifted_from_postgresql
    with lift(connection):
        yield


@contextmanager
def _lifted_from_sqlite(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        yield
        for _name, sql in triggers:
            cursor.execute(sql)


@contextmanager
def _lifted_from_postgresql(connection: BaseDatabaseWrapper) -> Iterator[None]:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal"
        )
        tables = [quote(table) for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def empty(self: Any, sql_list: Any) -> None:
    with without_triggers(self.connection):
        the_real_flush(self, sql_list)


def bring_back(self: Any, data: str) -> None:
    with without_triggers(self.connection):
        the_real_deserialize(self, data)


def install() -> None:
    BaseDatabaseOperations.execute_sql_flush = empty  # type: ignore[method-assign]
    BaseDatabaseCreation.deserialize_db_from_string = bring_back  # type: ignore[method-assign]
