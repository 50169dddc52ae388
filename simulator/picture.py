"""The geometry of the pictures: bars from zero on one common scale, the scale of a slider."""

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


@dataclass(frozen=True, slots=True)
class Ends:
    """What a slider of days goes to, and where a ceiling stands on it, if one does."""

    most: int
    ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A whole number of days, in percent of the width, as SVG writes it."""

    x: str
    label: int


@dataclass(frozen=True, slots=True)
class Scale:
    """The ticks of a slider; `ceiling` and `beyond` are "" where nothing is forbidden."""

    ticks: tuple[Tick, ...]
    ceiling: str = ""
    beyond: str = ""


def scale(ends: Ends) -> Scale:
    """Place whole days, and the ceiling with what lies beyond it."""

    def percent(days: Decimal | int) -> str:
        share = (Decimal(days) * 100 / ends.most).quantize(Decimal("0.1"), ROUND_HALF_UP)
        return f"{share}%"

    ticks = tuple(Tick(percent(day), day) for day in range(ends.most + 1))
    if ends.ceiling is None or ends.ceiling >= ends.most:
        return Scale(ticks)
    return Scale(ticks, percent(ends.ceiling), percent(ends.most - ends.ceiling))
