"""The map: drawn from coordinates alone, north up, nothing on top of a name."""

from math import dist, hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.boards.map import HEIGHT, WIDTH, Place, draw
from directory.geography import Point, distance_km

MOREZ = Point(46.5228, 6.0231)
TERRITORY = {
    "Morez": MOREZ,
    "La Mouille": Point(46.5028, 5.9792),
    "Lézat": Point(46.5081, 5.9558),
    "Morbier": Point(46.5375, 6.0175),
    "Bellefontaine": Point(46.5578, 6.0661),
    "Longchaumois": Point(46.4614, 5.9333),
}


def the_territory(**counts: int):
    places = [Place(name, point, counts.get(name, 0)) for name, point in TERRITORY.items()]
    drawn = draw(places, around=MOREZ)
    assert drawn is not None
    return drawn, {mark.place.name: mark for mark in drawn.marks}


def test_north_is_up_and_east_is_right() -> None:
    _drawn, marks = the_territory()
    assert marks["Morbier"].y < marks["Morez"].y < marks["Longchaumois"].y
    assert marks["Longchaumois"].x < marks["Morez"].x < marks["Bellefontaine"].x


def test_the_scale_and_the_rings_tell_the_distances() -> None:
    drawn, marks = the_territory()
    unit = drawn.bar / drawn.bar_km
    for name, point in TERRITORY.items():
        measured = dist((marks["Morez"].x, marks["Morez"].y), (marks[name].x, marks[name].y))
        assert measured / unit == pytest.approx(distance_km(MOREZ, point), abs=0.05)
    assert [ring.km for ring in drawn.rings] == [2, 5]
    for ring in drawn.rings:
        assert (ring.x, ring.y) == (marks["Morez"].x, marks["Morez"].y)
        assert ring.radius == pytest.approx(ring.km * unit, abs=0.3)


@given(
    st.lists(
        st.tuples(st.floats(46.3, 46.7), st.floats(5.8, 6.3), st.integers(0, 50)),
        min_size=1,
        max_size=12,
    )
)
def test_every_mark_is_on_the_paper(spots: list[tuple[float, float, int]]) -> None:
    drawn = draw([Place(f"P{i}", Point(a, o), n) for i, (a, o, n) in enumerate(spots)])
    assert drawn is not None
    assert len(drawn.marks) == len(spots)
    for mark in drawn.marks:
        assert mark.radius <= mark.x <= WIDTH - mark.radius
        assert mark.radius <= mark.y <= HEIGHT - mark.radius


def test_no_name_lies_on_a_mark() -> None:
    drawn, marks = the_territory(Morez=12, Morbier=6, Longchaumois=5)
    for name, mark in marks.items():
        wide = len(name) * 9
        left = {"start": 0, "end": wide, "middle": wide / 2}[mark.anchor]
        start, end = mark.label_x - left, mark.label_x - left + wide
        for other in drawn.marks:
            if other is not mark:
                nearest = min(max(other.x, start), end)
                away = hypot(other.x - nearest, other.y - mark.label_y)
                assert away > other.radius, f"{name} lies on {other.place.name}"


def test_a_mark_grows_with_its_count_and_the_fullest_lies_on_top() -> None:
    drawn, marks = the_territory(Morez=12, Morbier=3)
    assert marks["Morez"].radius > marks["Morbier"].radius > marks["Lézat"].radius
    assert drawn.marks[-1].place.name == "Morez"
    assert drawn.count == 15


def test_what_is_too_far_is_told_and_does_not_squeeze_the_rest() -> None:
    here = [Place("Morez", MOREZ, 2), Place("Morbier", TERRITORY["Morbier"])]
    paris = Place("Paris", Point(48.85, 2.35), 3, is_home=False)
    drawn = draw([*here, paris])
    assert drawn is not None
    assert drawn.beyond == 3
    assert drawn.marks == draw(here).marks  # type: ignore[union-attr]


def test_a_single_village_stands_in_the_middle() -> None:
    drawn = draw([Place("Morez", MOREZ, 1)])
    assert drawn is not None
    assert (drawn.marks[0].x, drawn.marks[0].y) == (WIDTH / 2, HEIGHT / 2)


def test_without_a_place_there_is_no_map() -> None:
    assert draw([]) is None
