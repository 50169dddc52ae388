"""What stands near a trade or a commune: related trades, neighbours and parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from directory.boards.shelves import CommuneShelf, Counts, TradeShelf
from directory.geography import distance_km
from directory.models import Commune, Need, Trade

NEIGHBOURS_SHOWN: Final = 6
RELATED_SHOWN: Final = 12
NEEDS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another commune with somebody in it, so many kilometres away as the crow flies."""

    commune: Commune
    km: float
    count: int


def related(trade: Trade, trades: Iterable[Trade], told: Counts) -> list[TradeShelf]:
    """The other trades of the sector that somebody exercises here, the most frequent first."""
    shelves = [
        TradeShelf(other, count)
        for other in trades
        if other.sector_id == trade.sector_id and other.pk != trade.pk
        if (count := told.by_trade.get(other.pk, 0))
    ]
    return sorted(shelves, key=lambda shelf: -shelf.count)[:RELATED_SHOWN]


def parts(commune: Commune, communes: Iterable[Commune], told: Counts) -> list[CommuneShelf]:
    """The former communes of a merged one."""
    return [
        CommuneShelf(part, told.by_commune.get(part.pk, 0))
        for part in communes
        if part.part_of_id == commune.pk
    ]


def neighbours(commune: Commune, communes: Iterable[Commune], told: Counts) -> list[Neighbour]:
    """The nearest communes that hold somebody, but for what it is a part of and its own parts."""
    here = commune.point
    if here is None:
        return []
    found = [
        Neighbour(other, distance_km(here, there), count)
        for other in communes
        if other.pk not in {commune.pk, commune.part_of_id} and other.part_of_id != commune.pk
        if (count := told.by_commune.get(other.pk, 0)) and (there := other.point)
    ]
    return sorted(found, key=lambda neighbour: neighbour.km)[:NEIGHBOURS_SHOWN]


def open_needs(today: date, **about: Any) -> list[Need]:
    """The needs about it that still take answers, the latest first."""
    needs = Need.objects.open(today).filter(**about).for_cards()
    return list(needs.order_by("-opened_at", "-id")[:NEEDS_SHOWN])
