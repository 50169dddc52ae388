"""No count under five is published, and none can be found out from what is."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.suppression import HIDDEN, SMALLEST, Cell, Protected, protect

counts = st.lists(st.integers(0, 9), min_size=1, max_size=5)
long_counts = st.lists(st.integers(0, 400), min_size=1, max_size=30)


def shown(found: Protected) -> list[int | None]:
    return [cell.value for cell in found.cells]


def possible(found: Protected) -> list[tuple[int, ...]]:
    """What the hidden cells may be, to somebody who knows the rule and can add up."""
    many = sum(cell.hidden for cell in found.cells)
    published = [cell.value for cell in found.cells if cell.value]
    assert found.total.value is not None
    left = found.total.value - sum(published)
    least = 0 if many == len(found.cells) else 1  # a zero is published, unless nothing is
    most = min([left, *published])
    return [
        values
        for values in product(range(least, most + 1), repeat=many)
        if sum(values) == left and any(value < SMALLEST for value in values)
    ]


def given_away(found: Protected) -> bool:
    """Whether some hidden cell can be one number only."""
    if found.total.hidden or not any(cell.hidden for cell in found.cells):
        return False
    ways = possible(found)
    return any(len({way[place] for way in ways}) < 2 for place in range(len(ways[0])))


def hidden_alone(values: Sequence[int]) -> Protected:
    """Without the second step: only what is small is hidden."""
    cells = tuple(HIDDEN if 0 < value < SMALLEST else Cell(value) for value in values)
    return Protected(cells, Cell(sum(values)))


@pytest.mark.parametrize(
    ("values", "cells", "total"),
    [
        ([12, 7, 0], [12, 7, 0], 19),
        ([0, 0], [0, 0], 0),
        ([20, 3, 6], [20, None, None], 29),  # the smallest other one goes too
        ([20, 3, 4], [20, None, None], 27),  # two hide each other
        ([20, 1, 1, 9], [20, None, None, None], 31),  # two make two in one way only
        ([30, 4, 4, 5], [30, None, None, 5], 43),
        ([0, 3, 0], [None, None, None], None),
        ([1, 1, 1, 1, 1, 0], [None] * 6, 5),
        ([5, 0, 0], [5, 0, 0], 5),
    ],
)
def test_examples(values, cells, total):
    found = protect(values)
    assert (shown(found), found.total.value) == (cells, total)


def test_where_the_total_is_hidden_elsewhere_nothing_is_published():
    assert protect([30, 40], total_is_hidden=True) == Protected((HIDDEN, HIDDEN), HIDDEN)


@given(long_counts)
def test_nothing_from_one_to_four_is_published(values):
    found = protect(values)
    for cell in (*found.cells, found.total):
        assert cell.hidden or cell.value == 0 or cell.value >= SMALLEST


@given(long_counts)
def test_what_is_published_is_true_and_adds_up(values):
    found = protect(values)
    assert all(cell.value in (None, value) for cell, value in zip(found.cells, values, strict=True))
    assert found.total.value in (None, sum(values))
    if not any(cell.hidden for cell in found.cells):
        assert sum(shown(found)) == found.total.value


@given(counts)
def test_no_hidden_count_can_be_found_out_with_the_total(values):
    assert not given_away(protect(values))


@given(long_counts)
def test_none_is_hidden_alone_beside_a_total(values):
    found = protect(values)
    assert found.total.hidden or sum(cell.hidden for cell in found.cells) != 1


@given(long_counts)
def test_nothing_is_hidden_where_nothing_is_small(values):
    found = protect([value for value in values if value == 0 or value >= SMALLEST])
    assert not any(cell.hidden for cell in found.cells)


def test_negative_control_hiding_small_counts_alone_gives_them_away():
    assert given_away(hidden_alone([20, 3, 6]))
    assert given_away(hidden_alone([20, 1, 1]))
    assert not given_away(hidden_alone([20, 3, 2]))
