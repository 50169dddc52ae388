"""The drawing of a floor plan: its size and its fixed features, in centimetres.

Desks and rooms that one books are `Resource` rows with a position; what is here is the building
around them. Standard library only. The admin stores the JSON that `parse` accepts:

    {"width": 1000, "height": 800,
     "features": [{"kind": "wall", "x": 0, "y": 0, "width": 1000, "height": 12}]}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LARGEST = 20_000  # centimetres: a hall of 200 m


class PlanError(ValueError):
    """The place in the JSON that is wrong, such as `features[3].kind`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class FeatureKind(StrEnum):
    WALL = "wall"
    WINDOW = "window"
    DOOR = "door"
    KITCHEN = "kitchen"
    ROOM = "room"
    LABEL = "label"
    PLANT = "plant"


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the plan: a rectangle from its top-left corner, in centimetres."""

    kind: FeatureKind
    x: int
    y: int
    width: int
    height: int
    label: str = ""
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class FloorPlan:
    width: int
    height: int
    features: tuple[Feature, ...]


def parse(data: object) -> FloorPlan:
    """The plan in a JSON value. Raises PlanError with the place that is wrong."""
    plan = _mapping(data, "plan")
    width = _number(plan, "width", "plan", smallest=1)
    height = _number(plan, "height", "plan", smallest=1)
    features = plan.get("features", [])
    if not isinstance(features, list):
        raise PlanError("features")
    return FloorPlan(
        width, height, tuple(_feature(item, index) for index, item in enumerate(features))
    )


def _feature(data: object, index: int) -> Feature:
    path = f"features[{index}]"
    item = _mapping(data, path)
    unknown = set(item) - {"kind", "x", "y", "width", "height", "label", "label_en"}
    if unknown:
        raise PlanError(f"{path}.{min(unknown)}")
    try:
        kind = FeatureKind(item.get("kind", ""))
    except ValueError as error:
        raise PlanError(f"{path}.kind") from error
    return Feature(
        kind,
        _number(item, "x", path),
        _number(item, "y", path),
        _number(item, "width", path),
        _number(item, "height", path),
        _text(item, "label", path),
        _text(item, "label_en", path),
    )


def _mapping(data: object, path: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise PlanError(path)
    return data


def _number(data: Mapping[str, Any], key: str, path: str, smallest: int = 0) -> int:
    value = data.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not smallest <= value <= LARGEST:
        raise PlanError(f"{path}.{key}")
    return value


def _text(data: Mapping[str, Any], key: str, path: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str) or len(value) > 60:
        raise PlanError(f"{path}.{key}")
    return value
