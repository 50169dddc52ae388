"""The members' page: who agreed to be seen, found by words and by trade. Two queries, always.

One query brings the words of everybody, and the search runs over them in memory: with a few hundred
members that is nothing, with a thousand some tens of milliseconds. A network with many thousands
would want a folded column and an index instead.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator

from members.folding import fold, words_of
from members.models import Member

PER_PAGE = 24
TRADES_SHOWN = 8
SHARED = 2  # people: a chip for each trade of one person would push the list down
LONGEST_QUERY = 100

_COLUMNS = ("pk", "user__name", "trade")
_SEARCHED = ("skills", "can_help_with", "looks_for")


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade to filter by; `query` leads to it, or away from it when it is chosen."""

    label: str
    count: int
    is_chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class People:
    """A page of members, what was asked for, and the trades one may ask for.

    `everybody` counts all who agreed to be seen; `members` are those of this page.
    """

    query: str
    trade: str
    everybody: int
    found: int
    trades: tuple[Trade, ...]
    page: Page[int]
    members: tuple[Member, ...]

    @property
    def link(self) -> str:
        """What the links to other pages keep."""
        return f"&{kept}" if (kept := _query(self.query, self.trade)) else ""


def people(query: str, trade: str, page: str | None) -> People:
    """The members who agreed to be seen and match all the words and the trade, by name."""
    query, trade = query.strip()[:LONGEST_QUERY], trade.strip()[:LONGEST_QUERY]
    words, wanted = words_of(query), fold(trade)
    columns = (*_COLUMNS, *_SEARCHED) if words else _COLUMNS
    rows: list[tuple[Any, ...]] = list(Member.objects.visible().order_by().values_list(*columns))
    rows.sort(key=lambda row: (fold(row[1]), row[0]))
    matching = [row for row in rows if _has(row, words)]
    found = [row[0] for row in matching if not wanted or fold(row[2]) == wanted]
    shown = Paginator(found, PER_PAGE).get_page(page)
    keys = list(shown.object_list)
    by_key = Member.objects.visible().with_user().in_bulk(keys)
    return People(
        query=query,
        trade=trade,
        everybody=len(rows),
        found=len(found),
        trades=_trades(matching, wanted, trade, query),
        page=shown,
        members=tuple(by_key[key] for key in keys if key in by_key),
    )


def _has(row: tuple[Any, ...], words: list[str]) -> bool:
    if not words:
        return True
    text = fold(" ".join(row[1:]))
    return all(word in text for word in words)


def _trades(rows: list[tuple[Any, ...]], wanted: str, typed: str, query: str) -> tuple[Trade, ...]:
    """The most frequent of the trades that several of those found share, whatever their case and
    accents, and the chosen one. The search finds the others."""
    counts = Counter(key for row in rows if (key := fold(row[2])))
    labels = {fold(row[2]): row[2] for row in reversed(rows)}
    shared = [key for key, count in counts.items() if count >= SHARED]
    keys = sorted(shared, key=lambda key: (-counts[key], key))[:TRADES_SHOWN]
    if wanted and wanted not in keys:
        keys.insert(0, wanted)
    return tuple(
        Trade(
            label=labels.get(key, typed),
            count=counts[key],
            is_chosen=key == wanted,
            query=_query(query, "" if key == wanted else labels.get(key, typed)),
        )
        for key in keys
    )


def _query(query: str, trade: str) -> str:
    return urlencode({name: value for name, value in (("q", query), ("trade", trade)) if value})
