"""A state changes along the moves that are written down, and begins where a beginning is."""

import pytest
from django.db import models

from members.constraints import AllowedMoves
from tests.members import throwaway
from tests.members.throwaway import WAYS, change, refused, refused_in_words

pytestmark = pytest.mark.django_db


class State(models.TextChoices):
    APPLICANT = "applicant"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


MOVES = (
    (State.APPLICANT, State.ACTIVE),
    (State.ACTIVE, State.PAUSED),
    (State.PAUSED, State.ACTIVE),
    (State.ACTIVE, State.LEFT),
)

RULE = AllowedMoves(
    name="throwaway_moves",
    field="state",
    moves=MOVES,
    initial=(State.APPLICANT, State.ACTIVE),
    violation_error_message="Ce changement n’est pas prévu.",
    violation_error_code="move",
)

made = throwaway.tables(
    throwaway.table(
        "Person",
        RULE,
        state=models.CharField(max_length=20),
        name=models.CharField(max_length=20, blank=True),
    ),
    throwaway.table(
        "Task",
        AllowedMoves(
            name="throwaway_step",
            field="step",
            moves=((None, 1), (1, 2)),
            violation_error_message="Une étape après l’autre.",
            violation_error_code="step",
        ),
        step=models.IntegerField(null=True),
    ),
)


@pytest.fixture
def person(made):
    return made("Person").objects.create(state=State.ACTIVE)


# INSERT OR REPLACE makes another row, which may begin anywhere a row may begin.
CHANGES = [way for way in WAYS if way != "replace"]


# An upsert begins as an insertion: PostgreSQL asks both rules.
@pytest.mark.parametrize("way", [way for way in CHANGES if way != "upsert"])
def test_an_allowed_move_passes(person, way):
    change(way, person, state=State.PAUSED)
    change(way, person, state=State.PAUSED, name="Aline")
    change(way, person, state=State.ACTIVE)
    assert type(person).objects.get().state == State.ACTIVE


@pytest.mark.parametrize("way", CHANGES)
@pytest.mark.parametrize("state", [State.APPLICANT, "unknown", ""])
def test_any_other_move_is_refused(person, way, state):
    refused(type(person), "move", lambda: change(way, person, state=state))
    assert type(person).objects.get().state == State.ACTIVE


def test_who_left_stays_out(person):
    change("update", person, state=State.LEFT)
    for state in (State.APPLICANT, State.ACTIVE, State.PAUSED):
        refused(type(person), "move", lambda state=state: change("save", person, state=state))


@pytest.mark.parametrize("state", [State.PAUSED, State.LEFT, "unknown"])
def test_nobody_begins_in_the_middle(made, state):
    model = made("Person")
    refused(model, "move", model(state=state).save)
    refused(model, "move", lambda: model.objects.bulk_create([model(state=state)]))
    insert = "INSERT INTO throwaway_person (state, name) VALUES (%s, '')"
    refused(model, "move", lambda: throwaway.execute(insert, [str(state)]))


def test_nothing_is_a_state_too(made):
    model = made("Task")
    task = model.objects.create()
    refused(model, "step", lambda: change("update", task, step=2))
    change("update", task, step=1)
    refused(model, "step", lambda: change("update", task, step=None))
    change("update", task, step=2)
    model.objects.create(step=7)  # no beginning is written down


def test_full_clean_says_it_in_words(made, person):
    made("Person")(state=State.APPLICANT).full_clean()
    refused_in_words(made("Person")(state=State.LEFT), "move")
    person.full_clean()
    person.state = "paused"
    person.full_clean()
    person.state = State.APPLICANT
    refused_in_words(person, "move")
    RULE.validate(type(person), person, exclude={"state"})


def test_members_of_an_enumeration_are_kept_as_values():
    _path, _args, kwargs = RULE.deconstruct()
    assert {type(state) for move in kwargs["moves"] for state in move} == {str}
