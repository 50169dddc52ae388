"""The bars of the range stand on one scale, around one zero."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from simulator.picture import WIDTH, Bar, Picture, draw

AMOUNTS = st.integers(-(10**6), 10**6).map(lambda cents: Decimal(cents) / 100)


def drawn(*values: int) -> Picture:
    return draw([Decimal(value) for value in values])


def test_savings_start_at_the_left() -> None:
    assert drawn(250, 1000) == Picture(0, (Bar(0, 250, False), Bar(0, 1000, False)))


def test_losses_end_at_the_right() -> None:
    assert drawn(-500, -1000) == Picture(1000, (Bar(500, 500, True), Bar(0, 1000, True)))


def test_losses_and_savings_part_at_zero() -> None:
    assert drawn(-250, 750) == Picture(250, (Bar(0, 250, True), Bar(250, 750, False)))


def test_nothing_saved_draws_nothing() -> None:
    assert drawn(0, 0).bars == (Bar(0, 0, False), Bar(0, 0, False))
    assert drawn() == Picture(0, ())


@given(st.lists(AMOUNTS, min_size=1, max_size=8))
def test_every_bar_touches_zero_and_stays_in_the_picture(values: list[Decimal]) -> None:
    picture = draw(values)
    for value, bar in zip(values, picture.bars, strict=True):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert picture.zero == (bar.x + bar.width if bar.is_loss else bar.x)
        assert bar.is_loss is (value < 0)


@given(st.lists(AMOUNTS, min_size=2, max_size=8))
def test_a_greater_saving_never_has_a_shorter_bar(values: list[Decimal]) -> None:
    bars = draw(sorted(max(value, Decimal(0)) for value in values)).bars
    widths = [bar.width for bar in bars]
    assert widths == sorted(widths)
