"""What every table owes: constraints that explain themselves, and records that cannot vanish."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

MODELS = [
    model
    for model in apps.get_models()
    if (settings.BASE_DIR / model._meta.app_label).is_dir() and not model._meta.proxy
]

PAIRS = [
    (r"start(.*)", r"end\1"),
    (r"starts(.*)", r"ends\1"),
    (r"opens(.*)", r"closes\1"),
    (r"(.*)_from", r"\1_until"),
    (r"(.*)_from", r"\1_to"),
    (r"first_(.*)", r"last_\1"),
    (r"min_(.*)", r"max_\1"),
    (r"shortest_(.*)", r"longest_\1"),
]

# Deleting the account deletes what only says who the person is; what the person did protects it.
CASCADES_FROM_PEOPLE = {
    "booking.ArrivalCode.member": "six digits good for minutes, worthless without their member",
    "booking.CalendarFeed.member": "a secret address, worthless without its member",
}


def pairs_of(model: type[models.Model]) -> list[tuple[str, str]]:
    """Pairs of fields of which one must not come before the other."""
    names = {field.name for field in model._meta.concrete_fields}
    return sorted(
        {
            (name, other)
            for name in names
            for first, last in PAIRS
            if re.fullmatch(first, name)
            and (other := re.sub(rf"^{first}$", last, name)) in names
            and other != name
        }
    )


def compared(condition: object) -> list[set[str]]:
    """For each comparison of a check, the names of the fields in it."""
    if isinstance(condition, models.Q):
        return [names for child in condition.children for names in compared(child)]
    if isinstance(condition, tuple):
        lookup, value = condition
        return [{lookup.split("__")[0], *names_in(value)}]
    return [names_in(condition)]


def names_in(expression: object) -> set[str]:
    if isinstance(expression, models.F):
        return {expression.name}
    sources: list[object] = getattr(expression, "get_source_expressions", list)()
    return {name for source in sources for name in names_in(source)}


@pytest.mark.parametrize(
    ("model", "pair"),
    [(model, pair) for model in MODELS for pair in pairs_of(model)],
    ids=lambda value: value.__name__ if isinstance(value, type) else "-".join(value),
)
def test_a_start_comes_before_its_end(model: type[models.Model], pair: tuple[str, str]) -> None:
    checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    assert any(set(pair) <= fields for check in checks for fields in compared(check.condition)), (
        f"no check compares {pair[0]} with {pair[1]}"
    )


def test_only_a_comparison_of_both_counts() -> None:
    both, one = models.Q(end__gt=models.F("start")), models.Q(end__gt=0, start__gt=0)
    assert compared(both | models.Q(end=None)) == [{"start", "end"}, {"end"}]
    assert compared(one) == [{"end"}, {"start"}]


def test_pairs_are_recognised() -> None:
    by_model = {model.__name__: pairs_of(model) for model in MODELS}
    assert by_model["Booking"] == [("start", "end")]
    assert by_model["OpeningHours"] == [("opens", "closes")]
    assert by_model["Closure"] == [("starts_on", "ends_on")]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_constraint_explains_itself(model: type[models.Model]) -> None:
    default = str(models.BaseConstraint.default_violation_error_message)
    for constraint in model._meta.constraints:
        assert str(constraint.violation_error_message) != default, constraint.name
        assert constraint.violation_error_code, constraint.name


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_row_has_a_name_and_a_place(model: type[models.Model]) -> None:
    assert "__str__" in vars(model), "a row shows itself in the admin"
    assert model._meta.ordering, "rows come back in one order"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_deleting_a_person_never_deletes_what_they_did(model: type[models.Model]) -> None:
    people = {"User", "Member"}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.related_model.__name__ in people:
            name = f"{model._meta.label}.{field.name}"
            expected = models.CASCADE if name in CASCADES_FROM_PEOPLE else models.PROTECT
            assert field.remote_field.on_delete is expected, name


def test_money_is_exact() -> None:
    floats = [
        f"{model.__name__}.{field.name}"
        for model in MODELS
        for field in model._meta.concrete_fields
        if isinstance(field, models.FloatField)
    ]
    assert floats == []
