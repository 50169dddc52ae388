"""The rules live as long as their table: through later migrations, until one removes them."""

from datetime import UTC, datetime

import pytest
from django.core import checks
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter

import booking.constraints
from members import constraints
from members.constraints import AllowedMoves, AppendOnly, Frozen, NoOverlap
from tests.members import throwaway
from tests.members.throwaway import APP, change, migrate, refused, triggers

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORDS = {"violation_error_message": "Non.", "violation_error_code": "no"}

FREE = {"start": 1, "end": 2, "state": "open"}

# For each rule: two rows that it accepts, and a change of the second that it refuses.
RULES = [
    pytest.param(AppendOnly(name="throwaway_kept", **WORDS), {}, {"end": 9}, id="append only"),
    pytest.param(
        AppendOnly(
            name="throwaway_kept", redactable=("note",), redaction_flag="closed_at", **WORDS
        ),
        {},
        {"end": 9, "closed_at": NOW},
        id="append only, redactable",
    ),
    pytest.param(
        Frozen(name="throwaway_frozen", flag="closed_at", **WORDS),
        {"closed_at": NOW},
        {"end": 9},
        id="frozen",
    ),
    pytest.param(
        Frozen(name="throwaway_via", flag="closed_at", via="up", **WORDS),
        {"up_id": 1},
        {"up_id": 2},
        id="frozen via",
    ),
    pytest.param(
        AllowedMoves(name="throwaway_moves", moves=(("open", "shut"),), initial=("open",), **WORDS),
        {},
        {"state": "lost"},
        id="moves",
    ),
    pytest.param(
        NoOverlap(name="throwaway_apart", same=("state",), range_type="int4range", **WORDS),
        {"start": 5, "end": 8},
        {"start": 1},
        id="no overlap",
    ),
]


def the_rows(rule: models.BaseConstraint | None) -> migrations.CreateModel:
    return throwaway.table(
        "Row",
        *([rule] if rule else []),
        up=throwaway.parent("Up"),
        start=models.IntegerField(),
        end=models.IntegerField(null=True),
        state=models.CharField(max_length=20),
        note=models.CharField(max_length=20, default=""),
        closed_at=models.DateTimeField(null=True),
    )


UP = throwaway.table(
    "Up",
    Frozen(name="throwaway_up", flag="closed_at", **WORDS),
    name=models.CharField(max_length=20),
    closed_at=models.DateTimeField(null=True),
)
ALTER_ROW = migrations.AlterField("Row", "note", models.TextField(null=True))
ALTER_UP = migrations.AlterField("Up", "name", models.TextField(null=True))
ADD_TO_ROW = migrations.AddField("Row", "extra", models.IntegerField(default=0))


@pytest.fixture
def story(transactional_db):
    """Apply operations, migration after migration; what they made goes at the end."""

    class Story:
        state = ProjectState()

        def migrate(self, *operations):
            self.state = migrate(self.state, *operations)

        def rows(self):
            """Two rows below an open parent, and a closed parent beside it."""
            model, up = (self.state.apps.get_model(APP, name) for name in ("Row", "Up"))
            up.objects.bulk_create([up(id=1, name=""), up(id=2, name="", closed_at=NOW)])
            return model, model.objects.create(**FREE, up_id=1)

        def row_model(self):
            return self.state.apps.get_model(APP, "Row")

    story = Story()
    yield story
    throwaway.drop(story.state)


def before_and_after(story, rule, fields, later=()):
    """The rows exist before the migrations that come later, as in a database in use."""
    story.migrate(UP)
    story.migrate(the_rows(rule))
    model, _first = story.rows()
    row = model.objects.create(**{**FREE, "start": 3, "end": 4, "up_id": 1, **fields})
    for operation in later:
        story.migrate(operation)
    model = story.row_model()
    return model, model.objects.get(pk=row.pk)


@pytest.mark.parametrize(("rule", "fields", "forbidden"), RULES)
@pytest.mark.parametrize(
    "later",
    [(), (ALTER_ROW,), (ALTER_UP,), (ALTER_ROW, ALTER_UP, ADD_TO_ROW)],
    ids=["as made", "made anew", "parent made anew", "all"],
)
def test_a_rule_survives_the_migrations_that_follow(story, rule, fields, forbidden, later):
    expected = set(rule.trigger_names()) if connection.vendor == "sqlite" else None
    model, row = before_and_after(story, rule, fields, later)
    assert model.objects.count() == 2
    refused(model, "no", lambda: change("update", row, **forbidden))
    assert expected is None or expected <= triggers()


@pytest.mark.parametrize(("rule", "fields", "forbidden"), RULES)
def test_a_rule_survives_in_the_migration_that_makes_it(story, rule, fields, forbidden):
    story.migrate(UP, the_rows(rule), ALTER_UP, ALTER_ROW, ALTER_UP)
    model, _first = story.rows()
    row = model.objects.create(**{**FREE, "start": 3, "end": 4, "up_id": 1, **fields})
    refused(model, "no", lambda: change("update", row, **forbidden))


@pytest.mark.parametrize(("rule", "fields", "forbidden"), RULES)
def test_without_the_rule_the_write_goes_through(story, rule, fields, forbidden):
    """The negative control; then the rule is added to a table in use, and removed again."""
    model, row = before_and_after(story, None, fields)
    without = triggers()
    change("update", row, **forbidden)
    model.objects.all().delete()

    story.migrate(migrations.AddConstraint("Row", rule))
    model = story.row_model()
    model.objects.create(**FREE, up_id=1)
    row = model.objects.create(**{**FREE, "start": 3, "end": 4, "up_id": 1, **fields})
    refused(model, "no", lambda: change("update", row, **forbidden))

    story.migrate(migrations.RemoveConstraint("Row", rule.name))
    assert triggers() == without
    model = story.row_model()
    change("update", model.objects.get(pk=row.pk), **forbidden)


def test_a_table_with_a_default_of_the_database_is_held_too(story):
    story.migrate(
        throwaway.table(
            "Row",
            AppendOnly(name="throwaway_kept", **WORDS),
            made_at=models.DateTimeField(db_default=models.Value(NOW)),
        )
    )
    model = story.row_model()
    row = model.objects.create()
    refused(model, "no", lambda: change("raw", row, made_at=NOW))
    refused(model, "no", row.delete)


def test_a_table_with_a_rule_can_be_renamed(story):
    rule = AppendOnly(name="throwaway_kept", **WORDS)
    story.migrate(throwaway.table("Old", rule, note=models.CharField(max_length=20)))
    story.migrate(migrations.RenameModel("Old", "Row"))
    model = story.row_model()
    row = model.objects.create(note="")
    refused(model, "no", lambda: change("raw", row, note="x"))


@pytest.mark.parametrize("rule", [param.values[0] for param in RULES])
def test_a_rule_is_equal_to_its_copy_from_a_migration(rule):
    path, args, kwargs = rule.deconstruct()
    assert path == f"members.constraints.{type(rule).__name__}"
    assert getattr(constraints, type(rule).__name__) is type(rule)
    assert rule.clone() == type(rule)(*args, **kwargs) == rule
    assert type(rule)(**{**kwargs, "name": "other"}) != rule
    assert rule != models.UniqueConstraint(fields=["state"], name=rule.name)
    assert path in MigrationWriter.serialize(rule)[0]


def test_the_released_migration_names_the_same_class():
    assert booking.constraints.NoOverlap is NoOverlap


def test_the_models_of_the_application_meet_what_the_rules_need():
    assert checks.run_checks(tags=[checks.Tags.models]) == []
