"""From a floor plan and the places on it to the numbers of an SVG.

One unit is one centimetre. Every coordinate is a whole number or a ready string: templates write
decimals with the comma of the language, which SVG does not read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language

from booking.boards.plan import ShownPlace
from booking.floorplan import Feature, FeatureKind, FloorPlan
from booking.models import Kind, Resource

MARGIN = 10
SEAT_RADIUS = 24
SEAT_GAP = 8  # between the table and the seat
MARK = 30
# Rooms under walls, walls under what is cut into them, words on top.
LAYERS = {
    FeatureKind.ROOM: 0,
    FeatureKind.KITCHEN: 1,
    FeatureKind.PLANT: 1,
    FeatureKind.WALL: 2,
    FeatureKind.WINDOW: 3,
    FeatureKind.DOOR: 3,
    FeatureKind.LABEL: 4,
}


class Look(StrEnum):
    """The class of a place on the plan: its state, or how it stands out on its own."""

    FREE = "free"
    MINE = "mine"
    TAKEN = "taken"
    CLOSED = "closed"
    SELECTED = "selected"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class DrawnFeature:
    """A rectangle of the building; a plant is an ellipse in it, a door has the arc it swings."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    label: str
    swing: str = ""

    @property
    def center_x(self) -> int:
        return self.x + self.width // 2

    @property
    def center_y(self) -> int:
        return self.y + self.height // 2

    @property
    def radius_x(self) -> int:
        return self.width // 2

    @property
    def radius_y(self) -> int:
        return self.height // 2

    @property
    def has_shape(self) -> bool:
        return self.kind != FeatureKind.LABEL


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """Table and seat of a resource; a room or a booth has no seat and carries its mark inside."""

    resource: Resource
    look: str
    shown: ShownPlace | None  # None on a plan that only shows where one place is
    turn: str
    mark_turn: str
    center_x: int
    center_y: int
    code_y: int
    seat_x: int
    seat_y: int
    mark_x: int
    mark_y: int
    hit_height: int
    has_seat: bool

    @property
    def is_link(self) -> bool:
        return self.shown is not None and bool(self.shown.query or self.shown.mine)

    @property
    def has_mark(self) -> bool:
        return self.look != Look.PLAIN


@dataclass(frozen=True, slots=True)
class Drawing:
    view_box: str
    width: int
    height: int
    features: tuple[DrawnFeature, ...]
    places: tuple[DrawnPlace, ...]


def draw(plan: FloorPlan, places: Iterable[ShownPlace]) -> Drawing:
    """The plan with each place in its state. Equipment is booked, but stands nowhere."""
    return _drawing(plan, [_place(p.resource, Look(p.state), p) for p in places])


def draw_one(plan: FloorPlan, resources: Iterable[Resource], chosen: Resource) -> Drawing:
    """The plan with one place standing out, to find it by."""
    looks = ((r, Look.SELECTED if r.pk == chosen.pk else Look.PLAIN) for r in resources)
    return _drawing(plan, [_place(resource, look, None) for resource, look in looks])


def _drawing(plan: FloorPlan, places: Sequence[DrawnPlace]) -> Drawing:
    features = sorted(plan.features, key=lambda feature: LAYERS[feature.kind])
    return Drawing(
        view_box=f"{-MARGIN} {-MARGIN} {plan.width + 2 * MARGIN} {plan.height + 2 * MARGIN}",
        width=plan.width,
        height=plan.height,
        features=tuple(_feature(feature, plan) for feature in features),
        places=tuple(place for place in places if place.resource.kind != Kind.EQUIPMENT),
    )


def _feature(feature: Feature, plan: FloorPlan) -> DrawnFeature:
    english = (get_language() or "").startswith("en")
    return DrawnFeature(
        kind=feature.kind.value,
        x=feature.x,
        y=feature.y,
        width=feature.width,
        height=feature.height,
        label=(english and feature.label_en) or feature.label,
        swing=_swing(feature, plan) if feature.kind is FeatureKind.DOOR else "",
    )


def _swing(door: Feature, plan: FloorPlan) -> str:
    """The quarter circle of a door leaf that opens towards the middle of the plan."""
    if door.width >= door.height:
        radius, inward = door.width, 1 if door.y * 2 < plan.height else -1
        hinge_y = door.y + (door.height if inward > 0 else 0)
        sweep = 0 if inward > 0 else 1
        return (
            f"M{door.x} {hinge_y}v{inward * radius}"
            f"A{radius} {radius} 0 0 {sweep} {door.x + radius} {hinge_y}"
        )
    radius, inward = door.height, 1 if door.x * 2 < plan.width else -1
    hinge_x = door.x + (door.width if inward > 0 else 0)
    sweep = 1 if inward > 0 else 0
    return (
        f"M{hinge_x} {door.y}h{inward * radius}"
        f"A{radius} {radius} 0 0 {sweep} {hinge_x} {door.y + radius}"
    )


def _place(resource: Resource, look: Look, shown: ShownPlace | None) -> DrawnPlace:
    center_x = resource.x + resource.width // 2
    center_y = resource.y + resource.height // 2
    has_seat = resource.kind == Kind.DESK
    seat_y = resource.y + resource.height + SEAT_GAP + SEAT_RADIUS
    code_y = center_y if has_seat or look == Look.PLAIN else center_y - MARK
    mark_center = seat_y if has_seat else center_y + MARK // 2
    turn = resource.rotation
    return DrawnPlace(
        resource=resource,
        look=look.value,
        shown=shown,
        turn=f"rotate({turn} {center_x} {center_y})",
        mark_turn=f"rotate({-turn} {center_x} {mark_center})",
        center_x=center_x,
        center_y=center_y,
        code_y=code_y,
        seat_x=center_x,
        seat_y=seat_y,
        mark_x=center_x - MARK // 2,
        mark_y=mark_center - MARK // 2,
        hit_height=resource.height + (2 * SEAT_RADIUS + SEAT_GAP + 4 if has_seat else 0),
        has_seat=has_seat,
    )
