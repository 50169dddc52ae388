"""Emptying the tables between tests passes the triggers, and nothing else does."""

import pytest
from django.db import connection
from django.db.migrations.state import ProjectState

from members.constraints import AppendOnly
from tests import emptying
from tests.members import throwaway
from tests.members.throwaway import refused

WORDS = {"violation_error_message": "Non.", "violation_error_code": "no"}

EMPTIED = ["DELETE FROM throwaway_kept"]


@pytest.fixture
def kept(transactional_db):
    state = throwaway.migrate(
        ProjectState(), throwaway.table("Kept", AppendOnly(name="throwaway_kept_rule", **WORDS))
    )
    yield state.apps.get_model(throwaway.APP, "Kept")
    throwaway.drop(state)


def test_the_tables_are_emptied_and_the_triggers_are_back(kept):
    kept.objects.create()
    before = throwaway.triggers()
    connection.ops.execute_sql_flush(EMPTIED)
    assert not kept.objects.exists()
    row = kept.objects.create()
    refused(kept, "no", row.delete)
    assert throwaway.triggers() == before


def test_the_triggers_are_back_after_an_error_too(kept):
    row = kept.objects.create()
    with pytest.raises(ZeroDivisionError), emptying.without_triggers(connection):
        raise ZeroDivisionError
    refused(kept, "no", row.delete)


def test_without_that_a_row_that_is_kept_cannot_be_emptied_away(kept):
    """The negative control, and what the application does: its `flush` is refused."""
    row = kept.objects.create()
    refused(kept, "no", lambda: emptying.the_real_flush(connection.ops, EMPTIED))
    assert kept.objects.get() == row


def test_rows_of_the_migrations_come_back_over_themselves(kept):
    """Before the first transactional test they are still there, and are saved over themselves."""
    row = kept.objects.create()
    refused(kept, "no", lambda: kept.objects.filter(pk=row.pk).update(id=row.pk))
    with emptying.without_triggers(connection):
        kept.objects.filter(pk=row.pk).update(id=row.pk)
