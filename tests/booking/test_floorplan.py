"""The drawing of a floor plan: what is accepted, and where a refusal points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.floorplan import LARGEST, FeatureKind, FloorPlan, PlanError, parse

A_WALL = {"kind": "wall", "x": 0, "y": 0, "width": 500, "height": 12}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


def a_plan(**feature: object) -> dict[str, object]:
    return {"width": 500, "height": 400, "features": [{**A_WALL, **feature}]}


def test_a_plan_is_read():
    plan = parse(a_plan(kind="door", label="Entrée"))
    assert (plan.width, plan.height) == (500, 400)
    [door] = plan.features
    assert (door.kind, door.label, door.width) == (FeatureKind.DOOR, "Entrée", 500)


def test_an_empty_room_needs_no_features():
    assert parse({"width": 1, "height": LARGEST}) == FloorPlan(1, LARGEST, ())


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ("a drawing", "plan"),
        ({"height": 400}, "plan.width"),
        ({"width": 0, "height": 400}, "plan.width"),
        ({"width": 500, "height": LARGEST + 1}, "plan.height"),
        ({"width": 500, "height": 400, "features": {}}, "features"),
        ({"width": 500, "height": 400, "features": [1]}, "features[0]"),
        (a_plan(kind="swimming pool"), "features[0].kind"),
        (a_plan(x=-1), "features[0].x"),
        (a_plan(x=1.5), "features[0].x"),
        (a_plan(height=True), "features[0].height"),
        (a_plan(label="x" * 61), "features[0].label"),
        (a_plan(label=3), "features[0].label"),
        (a_plan(onclick="alert(1)"), "features[0].onclick"),
    ],
)
def test_a_refusal_names_the_place(data, path):
    with pytest.raises(PlanError) as refused:
        parse(data)
    assert refused.value.path == path


@given(anything)
def test_nonsense_is_refused_and_never_breaks(data):
    try:
        plan = parse(data)
    except PlanError:
        return
    assert plan.width > 0


@given(st.dictionaries(st.sampled_from([*A_WALL, "label", "colour"]), anything))
def test_a_nonsense_feature_is_refused_and_never_breaks(feature):
    try:
        [drawn] = parse(a_plan(**feature)).features
    except PlanError:
        return
    assert drawn.kind in FeatureKind
