"""The directory before one searches: sectors, trades, communes with their counts; who is new.

The counts are of the published, at most a minute old: with many providers counting them costs more
than the rest of the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.cache import caches
from django.db.models import Count

from directory.boards.cards import Card, cards
from directory.models import Activity, Commune, Provider, ProviderState, Sector, Trade

KEPT_FOR: Final = 60  # seconds
NEWEST_SHOWN: Final = 6
TRADES_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Counts:
    """Published providers by row: a provider with two trades of a sector counts once for it."""

    by_trade: Mapping[int, int]
    by_sector: Mapping[int, int]
    by_commune: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.by_commune.values())


@dataclass(frozen=True, slots=True)
class TradeShelf:
    trade: Trade
    count: int


@dataclass(frozen=True, slots=True)
class SectorShelf:
    """A sector with the trades that somebody exercises, the most frequent first."""

    sector: Sector
    count: int
    trades: tuple[TradeShelf, ...]

    @property
    def fullest(self) -> tuple[TradeShelf, ...]:
        return self.trades[:TRADES_SHOWN]

    @property
    def more(self) -> int:
        """How many trades are not shown."""
        return len(self.trades[TRADES_SHOWN:])


@dataclass(frozen=True, slots=True)
class CommuneShelf:
    """A commune; `count` holds its parts as well."""

    commune: Commune
    count: int
    parts: tuple["CommuneShelf", ...] = ()


def counts() -> Counts:
    """Three queries, or none."""
    kept: Counts | None = caches["process"].get("directory.counts")
    if kept is None:
        kept = _counted()
        caches["process"].set("directory.counts", kept, KEPT_FOR)
    return kept


def sectors(told: Counts) -> list[SectorShelf]:
    """The sectors that somebody works in, in their order. Two queries."""
    found = []
    for sector in Sector.objects.prefetch_related("trades"):
        trades = [
            TradeShelf(trade, number)
            for trade in sector.trades.all()
            if trade.is_active and (number := told.by_trade.get(trade.pk, 0))
        ]
        trades.sort(key=lambda shelf: -shelf.count)
        count = told.by_sector.get(sector.pk, 0)
        if count:
            found.append(SectorShelf(sector, count, tuple(trades)))
    return found


def communes(told: Counts) -> list[CommuneShelf]:
    """The communes of the territory, with their parts; and those around that hold somebody."""
    rows = list(Commune.objects.order_by("name", "id"))
    parts: dict[int, list[CommuneShelf]] = {}
    for row in rows:
        if row.part_of_id is not None:
            shelf = CommuneShelf(row, told.by_commune.get(row.pk, 0))
            parts.setdefault(row.part_of_id, []).append(shelf)
    found = []
    for row in rows:
        if row.part_of_id is None:
            inside = tuple(parts.get(row.pk, ()))
            count = told.by_commune.get(row.pk, 0) + sum(part.count for part in inside)
            if row.in_territory or count:
                found.append(CommuneShelf(row, count, inside))
    found.sort(key=lambda shelf: not shelf.commune.in_territory)
    return found


def newest(today: date) -> list[Card]:
    """Who was published last."""
    rows = Provider.objects.published().for_cards().order_by("-first_published_at", "-id")
    return list(cards(rows[:NEWEST_SHOWN], today))


def _counted() -> Counts:
    shown = Activity.objects.filter(provider__state=ProviderState.PUBLISHED).order_by()
    published = Provider.objects.published().order_by()
    return Counts(
        by_trade=_pairs(shown.values_list("trade").annotate(Count("id"))),
        by_sector=_pairs(
            shown.values_list("trade__sector").annotate(Count("provider", distinct=True))
        ),
        by_commune=_pairs(published.values_list("commune").annotate(Count("id"))),
    )


def _pairs(rows: Any) -> dict[int, int]:
    return dict(rows)
