"""A map drawn from coordinates alone: no tiles, no outside service. Values in, numbers out.

Equirectangular, with the east–west degrees shortened by the cosine of the latitude: on the few tens
of kilometres of a territory the error is below that of a line's width.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sqrt
from typing import Final

from directory.geography import EARTH_RADIUS_KM, Point, distance_km

WIDTH: Final = 520
HEIGHT: Final = 500
MARGIN: Final = 52  # labels and marks of the places at the edge
SMALLEST_KM: Final = 6.0  # a single village is not blown up to fill the frame
FARTHEST_KM: Final = 60.0  # what is farther from the middle would squeeze the rest into a dot
KM_A_DEGREE: Final = EARTH_RADIUS_KM * radians(1)
BARS_KM: Final = (1, 2, 5, 10, 20, 50)
RINGS_KM: Final = (2, 5, 10, 20, 50)

LETTER: Final = 9.6  # average width of a letter of a label, in units of the drawing
LINE: Final = 20  # height of a label
DOT: Final = 5.0
HIT: Final = 26.0
SMALLEST_MARK: Final = 12.0
LARGEST_MARK: Final = 20.0


@dataclass(frozen=True, slots=True)
class Place:
    """What is to be drawn: `count` results stand there, and `url` leads to them.

    The frame is laid around the places that are `is_home`, and is widened for the others.
    """

    name: str
    point: Point
    count: int = 0
    url: str = ""
    is_home: bool = True
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the paper. `anchor` is the `text-anchor` of its label."""

    place: Place
    x: float
    y: float
    radius: float
    label_x: float
    label_y: float
    anchor: str

    @property
    def hit(self) -> float:
        """A finger needs more than the mark."""
        return max(self.radius, HIT)

    @property
    def foot(self) -> tuple[float, float]:
        """Where a badge touches the mark without hiding its figure."""
        away = (self.radius + 9) * 0.71
        return round(self.x - away, 1), round(self.y + away, 1)


@dataclass(frozen=True, slots=True)
class Ring:
    """So many kilometres around a place, as the crow flies."""

    x: float
    y: float
    radius: float
    km: int
    label_y: float


@dataclass(frozen=True, slots=True)
class Map:
    """The drawing: marks with the fullest last, so that it lies on top; `beyond` fell off it."""

    marks: tuple[Mark, ...]
    rings: tuple[Ring, ...]
    bar_km: int
    bar: float
    beyond: int
    width: int = WIDTH
    height: int = HEIGHT

    bar_left: int = 16
    bar_top: int = HEIGHT - 16

    @property
    def count(self) -> int:
        return sum(mark.place.count for mark in self.marks)


@dataclass(frozen=True, slots=True)
class _Paper:
    """From degrees to units of the drawing."""

    middle: Point
    unit: float  # units a kilometre

    def at(self, point: Point) -> tuple[float, float]:
        narrow = cos(radians(self.middle.latitude))
        east = (point.longitude - self.middle.longitude) * KM_A_DEGREE * narrow
        north = (point.latitude - self.middle.latitude) * KM_A_DEGREE
        return round(WIDTH / 2 + east * self.unit, 1), round(HEIGHT / 2 - north * self.unit, 1)


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    @property
    def is_inside(self) -> bool:
        return self.left >= 0 and self.top >= 0 and self.right <= WIDTH and self.bottom <= HEIGHT


def draw(places: Iterable[Place], *, around: Point | None = None) -> Map | None:
    """The map of these places, with rings around a point; None where there is nothing to draw."""
    given = list(places)
    if not given:
        return None
    middle = _middle(_points([place for place in given if place.is_home] or given))
    near = [place for place in given if distance_km(middle, place.point) <= FARTHEST_KM]
    if not near:
        return None
    paper = _paper(_points(near))
    marks = tuple(_marks(near, paper))
    return Map(
        marks=marks,
        rings=tuple(_rings(around, paper, marks)) if around else (),
        bar_km=(bar := max(km for km in BARS_KM if km == 1 or km * paper.unit <= WIDTH / 4)),
        bar=round(bar * paper.unit, 1),
        beyond=sum(place.count for place in given) - sum(place.count for place in near),
    )


def _points(places: Sequence[Place]) -> list[Point]:
    return [place.point for place in places]


def _middle(points: Sequence[Point]) -> Point:
    south, north = _ends([point.latitude for point in points])
    west, east = _ends([point.longitude for point in points])
    return Point((south + north) / 2, (west + east) / 2)


def _ends(degrees: list[float]) -> tuple[float, float]:
    return min(degrees), max(degrees)


def _paper(points: Sequence[Point]) -> _Paper:
    """As large as the frame allows, the farthest places on its margin."""
    middle = _middle(points)
    narrow = cos(radians(middle.latitude))
    south, north = _ends([point.latitude for point in points])
    west, east = _ends([point.longitude for point in points])
    high = max((north - south) * KM_A_DEGREE, SMALLEST_KM)
    wide = max((east - west) * KM_A_DEGREE * narrow, SMALLEST_KM)
    return _Paper(middle, min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high))


def _rings(around: Point, paper: _Paper, marks: Sequence[Mark]) -> Iterable[Ring]:
    x, y = paper.at(around)
    for km in RINGS_KM:
        radius = round(km * paper.unit, 1)
        ends = (round(y - radius, 1), round(y + radius, 1))
        # Its figure stands at its top, else at its foot; a ring without one says nothing.
        free = (end for end in ends if _is_free(x, end, marks))
        if (label := next(free, None)) is not None:
            yield Ring(x, y, radius, km, label)


def _is_free(x: float, y: float, marks: Sequence[Mark]) -> bool:
    """A short figure fits here: on the paper, above the scale, on no mark."""
    inside = LINE <= y <= HEIGHT - 2 * LINE
    return inside and all(hypot(mark.x - x, mark.y - y) > mark.radius + LINE for mark in marks)


def _marks(places: Sequence[Place], paper: _Paper) -> list[Mark]:
    most = max(place.count for place in places)
    spots = [(place, *paper.at(place.point), _radius(place.count, most)) for place in places]
    taken = [_Box(x - r, y - r, x + r, y + r) for _place, x, y, r in spots]
    marks = []
    # The fullest choose the side of their label first.
    for place, x, y, radius in sorted(spots, key=lambda spot: (-spot[0].count, spot[0].name)):
        label_x, label_y, anchor, box = _label(place.name, x, y, radius, taken)
        taken.append(box)
        marks.append(Mark(place, x, y, radius, label_x, label_y, anchor))
    return marks[::-1]


def _radius(count: int, most: int) -> float:
    """The area of a mark grows with the count, from the size that holds a figure."""
    if not count:
        return DOT
    return round(SMALLEST_MARK + (LARGEST_MARK - SMALLEST_MARK) * sqrt((count - 1) / most), 1)


def _label(
    name: str, x: float, y: float, radius: float, taken: Sequence[_Box]
) -> tuple[float, float, str, _Box]:
    """Beside the mark, on the first side that is free; on the right when none is."""
    wide, gap = len(name) * LETTER, radius + 6
    sides = [
        (x + gap, y, "start", _box(x + gap, y, wide)),
        (x - gap, y, "end", _box(x - gap - wide, y, wide)),
        (x, y + gap + LINE / 2, "middle", _box(x - wide / 2, y + gap + LINE / 2, wide)),
        (x, y - gap - LINE / 2, "middle", _box(x - wide / 2, y - gap - LINE / 2, wide)),
    ]
    free = (
        side for side in sides if side[3].is_inside and not any(side[3].meets(b) for b in taken)
    )
    label_x, label_y, anchor, box = next(free, sides[0])
    return round(label_x, 1), round(label_y, 1), anchor, box


def _box(left: float, middle: float, wide: float) -> _Box:
    return _Box(left, middle - LINE / 2, left + wide, middle + LINE / 2)
