"""Which counts may be published: none of one to four, and none that the others give away.

A cell that is hidden alone is the total less the others. So the smallest other one is hidden with
it, and further ones until what is left of the total can be shared out in more than one way. Zeros
are published. Values in, values out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SMALLEST: Final = 5  # the first count that is published


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, or None when it is hidden."""

    value: int | None

    @property
    def hidden(self) -> bool:
        return self.value is None


HIDDEN: Final = Cell(None)


@dataclass(frozen=True, slots=True)
class Protected:
    """Counts that share out a total, in the order in which they were given."""

    cells: tuple[Cell, ...]
    total: Cell


def protect(counts: Sequence[int], *, total_is_hidden: bool = False) -> Protected:
    """Hide what may not be published of counts that add up to their total.

    Args:
        counts: whole numbers, none negative.
        total_is_hidden: the total is a hidden cell of another table; it would be given away here.

    A total of one to four is hidden, and everything with it. So is everything but the total when
    nothing less would do.
    """
    total = sum(counts)
    everything = (HIDDEN,) * len(counts)
    if total_is_hidden or 0 < total < SMALLEST:
        return Protected(everything, HIDDEN)
    hidden = _hidden(counts)
    if hidden is None:
        return Protected(everything, Cell(total))
    cells = (HIDDEN if place in hidden else Cell(count) for place, count in enumerate(counts))
    return Protected(tuple(cells), Cell(total))


def _hidden(counts: Sequence[int]) -> set[int] | None:
    """The places to hide, smallest counts first; None: all of them do not suffice."""
    places = sorted(
        (place for place, count in enumerate(counts) if count), key=lambda place: counts[place]
    )
    small = sum(counts[place] < SMALLEST for place in places)
    if not small:
        return set()
    for many in range(max(small, 2), len(places) + 1):
        left = sum(counts[place] for place in places[:many])
        # Whoever knows the rule knows that each is at least 1 and at most the smallest published.
        is_tight = many < len(places) and left >= many * counts[places[many]]
        if left > many and not is_tight:
            return set(places[:many])
    return None
