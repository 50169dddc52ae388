"""A journal is written and never rewritten; a person's data can be struck out of it, once."""

from datetime import UTC, datetime

import pytest
from django.db import models

from members.constraints import AppendOnly
from tests.members import throwaway
from tests.members.throwaway import WAYS, WAYS_TO_DELETE, change, delete, refused, refused_in_words

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 11, 23, 9, 0, tzinfo=UTC)

RULE = AppendOnly(
    name="throwaway_kept",
    redactable=("changes", "reason"),
    redaction_flag="redacted_at",
    violation_error_message="Un journal ne se réécrit pas.",
    violation_error_code="append_only",
)

made = throwaway.tables(
    throwaway.table(
        "Line",
        AppendOnly(
            name="throwaway_line_kept",
            violation_error_message="Une ligne reste.",
            violation_error_code="line_kept",
        ),
        words=models.CharField(max_length=20),
    ),
    throwaway.table(
        "Entry",
        RULE,
        verb=models.CharField(max_length=20),
        subject=models.IntegerField(null=True, blank=True),
        changes=models.JSONField(default=dict),
        reason=models.CharField(max_length=20, blank=True),
        redacted_at=models.DateTimeField(null=True, blank=True),
    ),
)


@pytest.fixture
def line(made):
    return made("Line").objects.create(words="Une ligne")


@pytest.fixture
def entry(made):
    return made("Entry").objects.create(verb="move", changes={"name": "Aline"}, reason="Aline")


@pytest.mark.parametrize("way", WAYS)
def test_a_row_is_never_changed(line, way):
    refused(type(line), "line_kept", lambda: change(way, line, words="Autre chose"))
    assert type(line).objects.get().words == "Une ligne"


@pytest.mark.parametrize("way", WAYS_TO_DELETE)
def test_a_row_is_never_deleted(line, way):
    refused(type(line), "line_kept", lambda: delete(way, line))
    assert type(line).objects.count() == 1


def test_rows_are_added_in_bulk(made, line):
    made("Line").objects.bulk_create([made("Line")(words="Deux"), made("Line")(words="Trois")])
    assert made("Line").objects.count() == 3


def test_full_clean_says_it_in_words(made, line):
    refused_in_words(line, "line_kept")
    made("Line")(words="Nouvelle").full_clean()


REDACTED = {"changes": {}, "reason": "", "redacted_at": NOW}


@pytest.mark.parametrize("way", ["save", "update", "bulk_update", "upsert", "raw"])
def test_a_redaction_passes_once(entry, way):
    change(way, entry, **REDACTED)
    redacted = type(entry).objects.get()
    assert (redacted.verb, redacted.changes, redacted.redacted_at) == ("move", {}, NOW)
    again = {"reason": "Bruno", "redacted_at": LATER}
    refused(type(entry), "append_only", lambda: change(way, entry, **again))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "values",
    [
        {"reason": "sans le dire"},
        {**REDACTED, "verb": "cancel"},
        {**REDACTED, "subject": 3},
    ],
    ids=["no flag", "another column", "a column that was empty"],
)
def test_a_redaction_touches_nothing_else(entry, way, values):
    refused(type(entry), "append_only", lambda: change(way, entry, **values))


def test_a_redaction_never_moves_a_row(entry):
    rows = type(entry).objects.filter(pk=entry.pk)
    refused(type(entry), "append_only", lambda: rows.update(id=entry.pk + 1, redacted_at=NOW))


def test_a_row_leaves_only_once_it_is_redacted(entry):
    refused(type(entry), "append_only", entry.delete)
    change("save", entry, **REDACTED)
    entry.delete()
    assert not type(entry).objects.exists()


def test_full_clean_knows_a_redaction(entry):
    refused_in_words(entry, "append_only")
    entry.redacted_at = NOW
    entry.changes = {"name": ""}
    entry.full_clean()
    entry.subject = 3
    refused_in_words(entry, "append_only")


def test_a_redaction_needs_its_mark():
    with pytest.raises(TypeError):
        AppendOnly(name="kept", redactable=("reason",))
