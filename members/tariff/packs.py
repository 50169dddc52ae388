"""Packs: prepaid units drawn oldest expiry first, never below zero.

The ledger is append-only: a purchase opens a pack, each use is a `Draw`, nothing is edited. Units
are those of `Unit.in_ledger`: minutes, half-days or days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from members.tariff.days import Days
from members.tariff.shape import DESK, PackOffer, Unit


class Overdrawn(ValueError):
    """A draw takes more than the pack holds, or on a day on which it does not serve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One pack as it stands: what is left, and the days on which it serves."""

    code: str  # names this pack in the ledger, unique among the packs of a member
    unit: Unit
    left: int
    days: Days
    kind: str = DESK

    def __post_init__(self) -> None:
        if self.left < 0:
            raise Overdrawn(f"pack {self.code} is below zero")


@dataclass(frozen=True, slots=True)
class Draw:
    """One use in the ledger: so many units of a pack on a local day."""

    pack: str
    day: date
    units: int


def bought(offer: PackOffer, *, code: str, on: date) -> Pack:
    """The pack that a purchase opens."""
    return Pack(
        code=code,
        kind=offer.kind,
        unit=offer.unit,
        left=offer.unit.in_ledger(offer.quantity),
        days=offer.validity(on),
    )


def usable(packs: Iterable[Pack], kind: str, day: date) -> list[Pack]:
    """The packs that serve for a kind on a day, the one that expires first in front."""
    serving = (pack for pack in packs if pack.kind == kind and day in pack.days and pack.left)
    return sorted(serving, key=lambda pack: (pack.days.end, pack.days.start, pack.code))


def after(packs: Sequence[Pack], draws: Iterable[Draw]) -> list[Pack]:
    """The packs once the draws are written.

    Raises Overdrawn when a draw finds too little or falls outside the days of its pack, KeyError
    when it names a pack that is not there.
    """
    held = {pack.code: pack for pack in packs}
    for draw in draws:
        pack = held[draw.pack]
        if draw.units <= 0 or draw.day not in pack.days:
            raise Overdrawn(f"pack {draw.pack} does not serve on {draw.day}")
        held[draw.pack] = replace(pack, left=pack.left - draw.units)
    return [held[pack.code] for pack in packs]


def take(unit: Unit, left: int, halves: list[int]) -> int:
    """Cover the minutes of the two halves of a day, in place; the units that it took.

    A day takes one whole, a half-day each half that was used, hours the minutes there are: as far
    as what is `left` goes.
    """
    if unit is Unit.DAY:
        taken = min(left, 1 if any(halves) else 0)
        if taken:
            halves[:] = [0, 0]
        return taken
    taken = 0
    for half, minutes in enumerate(halves):
        if unit is Unit.HOUR:
            covered = used = min(minutes, left - taken)
        else:
            used = min(1 if minutes else 0, left - taken)
            covered = minutes if used else 0
        halves[half] -= covered
        taken += used
    return taken
