"""Who was found, as a page shows it: cards, what was asked as removable chips, a map, ways on."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.boards import map as drawing
from directory.boards.cards import Card
from directory.forms.search import address_of, without
from directory.models import Commune, Mode, Provider, Sector, SpokenLanguage, Trade
from directory.search import Query, find

PER_PAGE: Final = 20
# What a card says by itself, of every provider.
SHOWN: Final = frozenset({"place", "distance", "available"})


@dataclass(frozen=True, slots=True)
class Link:
    """A question that is one step from the one asked."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Board:
    """One page of results. `link` is what the links to its other pages keep."""

    query: Query
    path: str
    total: int
    cards: tuple[Card, ...]
    page: Page[int]
    chips: tuple[Link, ...]
    wider: tuple[Link, ...]
    did_you_mean: Link | None
    map: drawing.Map | None
    centre: str

    @property
    def address(self) -> str:
        return address_of(self.query)

    @property
    def link(self) -> str:
        return f"&{self.address}" if self.address else ""

    @property
    def providers(self) -> list[int]:
        return [card.provider.pk for card in self.cards]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The rows that a question names, read once for a page."""

    sectors: Sequence[Sector]
    trades: Sequence[Trade]
    communes: Sequence[Commune]

    def commune(self, slug: str) -> Commune | None:
        return next((row for row in self.communes if row.slug == slug), None)


def results(
    query: Query,
    *,
    number: int,
    today: date,
    known: Vocabulary,
    path: str,
    kept: Query | None = None,
) -> Board:
    """Search, and read what the cards show. Links lead to `path`, the page that searches. `kept` is
    what the address of another page says by itself: its pages are turned there, other questions
    are asked at the home."""
    found = find(query, page=number, size=PER_PAGE, today=today)
    rows = Provider.objects.published().for_cards().in_bulk(found.providers)
    cards = tuple(
        Card(
            rows[hit.provider],
            today,
            km=hit.distance_km,
            reasons=tuple(reason.words for reason in hit.reasons if reason.code not in SHOWN),
        )
        for hit in found.hits
        if hit.provider in rows  # unpublished in between
    )
    home = reverse("directory:home") if kept else path
    asked = minus(query, kept) if kept else query
    centre = known.commune(query.commune)
    return Board(
        query=asked,
        path=path,
        total=found.total,
        cards=cards,
        page=Paginator(range(found.total), PER_PAGE).get_page(found.page),
        chips=tuple(_chips(asked, known, path)),
        wider=tuple(Link(way.label, to(home, way.query)) for way in found.wider),
        did_you_mean=Link(found.did_you_mean, to(home, replace(query, words=found.did_you_mean)))
        if found.did_you_mean
        else None,
        map=chart(
            known.communes,
            Counter(card.provider.commune_id for card in cards),
            lambda commune: to(home, replace(query, commune=commune.slug, within_km=None)),
            centre=centre,
        ),
        centre=str(centre or ""),
    )


def to(path: str, query: Query) -> str:
    """The address of a question; « everybody » is asked by an empty word."""
    return f"{path}?{address_of(query) or 'q='}"


def minus(query: Query, kept: Query) -> Query:
    """The question without what another one says already."""
    return replace(
        query,
        trade="" if kept.trade else query.trade,
        sector="" if kept.sector else query.sector,
        commune="" if kept.commune else query.commune,
    )


def chart(
    communes: Iterable[Commune],
    counts: Mapping[int, int],
    url_of: Callable[[Commune], str],
    *,
    centre: Commune | None = None,
) -> drawing.Map | None:
    """The communes of the territory and those that hold somebody, on a map.

    A merged commune and its centre stand at the same point: they are one mark, named as the part
    is, and leading to the whole when somebody said only that.
    """
    spots: dict[drawing.Point, list[Commune]] = {}
    for commune in communes:
        if commune.point and (commune.in_territory or counts.get(commune.pk)):
            spots.setdefault(commune.point, []).append(commune)
    places = []
    for point, here in spots.items():
        here.sort(key=lambda commune: commune.part_of_id is None)
        leads = next((row for row in reversed(here) if counts.get(row.pk)), here[0])
        places.append(
            drawing.Place(
                name=here[0].name,
                point=point,
                count=sum(counts.get(row.pk, 0) for row in here),
                url=url_of(leads),
                is_home=here[0].in_territory,
                is_chosen=centre in here,
            )
        )
    return drawing.draw(places, around=centre.point if centre else None)


def _chips(query: Query, known: Vocabulary, path: str) -> Iterable[Link]:
    """What narrows the search besides the words, each with the address without it."""
    for part, label in _parts(query, known):
        yield Link(label, to(path, without(query, part)))


def _parts(query: Query, known: Vocabulary) -> Iterable[tuple[str, str]]:
    if query.sector:
        yield "sector", _name(query.sector, known.sectors)
    if query.trade:
        yield "trade", _name(query.trade, known.trades)
    if query.commune:
        yield "commune", _name(query.commune, known.communes)
    if query.within_km:
        yield "within_km", _("à %(km)s km au plus") % {"km": query.within_km}
    if query.mode:
        yield "mode", str(Mode(query.mode).label)
    if query.language:
        yield "language", str(SpokenLanguage(query.language).label)
    if query.available_on:
        yield "available_on", _("disponible")


def _name(slug: str, rows: Iterable[Sector | Trade | Commune]) -> str:
    return next((str(row) for row in rows if row.slug == slug), slug)
