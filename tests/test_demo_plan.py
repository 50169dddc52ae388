"""The floor plans of the demonstration: people can sit down, doors open, words can be read."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

import pytest

from booking import floorplan
from booking.boards.drawing import MARGIN, SEAT_GAP, SEAT_RADIUS
from booking.models import Kind
from coworking.demo import network
from coworking.demo.floor_plan import Spot, floor_plan, spots

# The letters of a word on a phone, in centimetres of the plan: static/css/plan.css.
LETTER_HEIGHT, LETTER_WIDTH = 29, 16


class Box(NamedTuple):
    name: str
    left: int
    top: int
    right: int
    bottom: int


def footprint(spot: Spot) -> Box:
    """Table and seat, where one sits below it or, turned by half, above."""
    seat = SEAT_GAP + 2 * SEAT_RADIUS if spot.kind == Kind.DESK else 0
    above, below = (seat, 0) if spot.rotation == 180 else (0, seat)
    return Box(spot.code, spot.x, spot.y - above, spot.x + spot.width, spot.y + spot.height + below)


def things(features: Iterable[floorplan.Feature], kinds: set[str]) -> Iterator[Box]:
    for feature in features:
        if feature.kind in kinds:
            right, bottom = feature.x + feature.width, feature.y + feature.height
            yield Box(feature.label or feature.kind, feature.x, feature.y, right, bottom)


def reach(door: floorplan.Feature, plan: floorplan.FloorPlan) -> Box:
    """The square in which a door swings, towards the middle of the plan."""
    x, y, size = door.x, door.y, max(door.width, door.height)
    if door.width >= door.height:
        top = y + door.height if y * 2 < plan.height else y - size
        return Box("door", x, top, x + size, top + size)
    left = x + door.width if x * 2 < plan.width else x - size
    return Box("door", left, y, left + size, y + size)


def meet(one: Box, other: Box) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


@pytest.mark.parametrize(
    ("drawing", "places"),
    [
        (floor_plan(), spots()),
        (network.PLAN, network.spots()),
    ],
    ids=["morez", "network"],
)
def test_nothing_on_the_plan_stands_in_the_way_of_anything(drawing, places):
    plan = floorplan.parse(drawing)
    doors = [reach(feature, plan) for feature in plan.features if feature.kind == "door"]
    standing = [
        *map(footprint, places),
        *doors,
        *things(plan.features, {"plant"}),
    ]
    walls = list(things(plan.features, {"wall"}))
    furniture = list(things(plan.features, {"kitchen"}))
    for box in (*standing, *walls, *furniture):
        assert -MARGIN < box.left < box.right < plan.width + MARGIN
        assert -MARGIN < box.top < box.bottom < plan.height + MARGIN
    for one, other in combinations(standing, 2):
        assert not meet(one, other), (one, other)
    for one in standing:
        for other in (*walls, *furniture):
            assert not meet(one, other), (one, other)


def words(plan: floorplan.FloorPlan) -> Iterator[Box]:
    """Every word in both languages, in the middle of its rectangle."""
    for feature in plan.features:
        for text in filter(None, (feature.label, feature.label_en)):
            x, y = feature.x + feature.width // 2, feature.y + feature.height // 2
            wide, high = LETTER_WIDTH * len(text) // 2, LETTER_HEIGHT // 2
            yield Box(text, x - wide, y - high, x + wide, y + high)


def test_every_word_of_the_plan_has_room_on_a_phone():
    plan = floorplan.parse(floor_plan())
    in_the_way = [
        *map(footprint, spots()),
        *things(plan.features, {"wall", "window", "plant", "kitchen"}),
        *(reach(feature, plan) for feature in plan.features if feature.kind == "door"),
    ]
    found = list(words(plan))
    assert {word.name for word in found} >= {"Réunion", "Kitchen", "Entrée"}
    for word in found:
        assert [box for box in in_the_way if meet(word, box)] == []
