"""The geometry of the range between methods: bars from zero, on one common scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

WIDTH = 1000
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in thousandths of the width of the picture: its left end, its width, its sign."""

    x: int
    width: int
    is_loss: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Where zero stands, and a bar per value in the order given."""

    zero: int
    bars: tuple[Bar, ...]


def draw(values: Sequence[Decimal]) -> Picture:
    """Place ``values`` on a scale that holds zero and all of them. A loss goes left of zero."""
    low, high = min(values, default=ZERO), max(values, default=ZERO)
    low, high = min(low, ZERO), max(high, ZERO)
    span = high - low or Decimal(1)

    def place(value: Decimal) -> int:
        return int(((value - low) / span * WIDTH).to_integral_value(ROUND_HALF_UP))

    zero = place(ZERO)
    bars = tuple(
        Bar(min(zero, place(value)), abs(place(value) - zero), value < 0) for value in values
    )
    return Picture(zero, bars)
