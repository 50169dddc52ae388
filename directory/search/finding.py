"""The search itself: candidates by their words, sieved and sorted by the database."""

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any, Final

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import Power
from django.db.models.lookups import LessThanOrEqual

from directory.geography import EARTH_RADIUS_KM, Point, box_around
from directory.models import DEGREE, Entry, Mode, Posting
from directory.search import weights
from directory.search.asking import Query, Results
from directory.search.meaning import Meaning, Word, meaning
from directory.search.sieve import Place, as_float, chord, places, sieve, with_facets
from directory.search.telling import tell
from directory.search.widening import wider

LARGEST_PAGE: Final = 100
DEEPEST_PAGE: Final = 1_000_000

_ENTRY: Final = "entry__"  # the way from a posting

# (provider, score)
Found = tuple[int, int]


def find(query: Query, *, page: int = 1, size: int = 20, today: date) -> Results:
    """The published providers that answer best, `size` to a page; an impossible page is the last
    one that is. The number of database queries does not depend on what is found."""
    size = min(max(size, 1), LARGEST_PAGE)
    page = min(max(page, 1), DEEPEST_PAGE)
    meant = meaning(query.words)
    communes = (query.commune,) if query.commune else ()
    known = places(slugs=communes, ids=meant.places)
    centre = next((one for one in known if one.slug == query.commune), None)
    named = [one for one in known if one.pk in meant.places]
    rows = _by_words(query, meant, centre, named) if meant.words else _by_freshness(query, centre)
    found, total, page = _page(rows, page, size)
    hits = tell(found, meant, centre or next(iter(named), None), query, today)
    return Results(
        hits=hits,
        total=total,
        page=page,
        pages=max(1, ceil(total / size)),
        did_you_mean=meant.did_you_mean,
        wider=wider(query, meant, total),
    )


def _by_words(
    query: Query, meant: Meaning, centre: Place | None, named: Sequence[Place]
) -> "QuerySet[Any, Any]":
    rows = Posting.objects.filter(term__in=meant.terms)
    rows = rows.filter(sieve(query, centre, _ENTRY))
    rows = with_facets(rows, query, "entry")
    score = sum((_weight(word) for word in meant.words), start=Value(0))
    if named:
        score = score + Max(_nearness(named))
    found = rows.order_by().values(provider=F("entry")).annotate(score=score)
    return found.order_by("-score", "provider")


def _weight(word: Word) -> Any:
    """How much a provider answers to one word: the best of the places where it is said."""
    by_quality: dict[int, list[int]] = {}
    for term, quality in word.terms.items():
        by_quality.setdefault(quality, []).append(term)
    cases = [
        When(term__in=terms, then=F("weight") * Value(quality) + Value(weights.EVERY_WORD))
        for quality, terms in sorted(by_quality.items())
    ]
    return Max(Case(*cases, default=Value(0), output_field=IntegerField()))


def _nearness(named: Sequence[Place]) -> Case:
    """There, or near enough to come."""
    communes = [commune for place in named for commune in place.communes]
    comes = [
        When(_in_reach(place.point), then=Value(weights.COMES))
        for place in named
        if place.point is not None
    ]
    return Case(
        When(entry__commune__in=communes, then=Value(weights.THERE)),
        When(entry__mode=Mode.REMOTE, then=Value(0)),
        *comes,
        default=Value(0),
        output_field=IntegerField(),
    )


def _in_reach(point: Point) -> Q:
    """Whether somebody comes so far: a box in whole numbers first, which spares most the sines."""
    box = box_around(point, 1.1)  # for each kilometre, and some more
    in_box = Q()
    for column, middle, edge in (
        ("south_north", point.latitude, box.north),
        ("west_east", point.longitude, box.east),
    ):
        centre, step = round(middle * DEGREE), ceil((edge - middle) * DEGREE)
        reach = F(f"{_ENTRY}range_km") * Value(step)
        in_box &= Q(**{f"{_ENTRY}{column}__range": (Value(centre) - reach, Value(centre) + reach)})
    # Of so short an arc, the sine is the arc.
    arc = as_float(f"{_ENTRY}range_km") * Value(1 / (2 * EARTH_RADIUS_KM))
    return in_box & Q(LessThanOrEqual(chord(point, _ENTRY), Power(arc, 2.0)))


def _by_freshness(query: Query, centre: Place | None) -> "QuerySet[Any, Any]":
    """Without a word: whoever said last that all of it is true. Around a place, the nearest."""
    entries = with_facets(Entry.objects.filter(sieve(query, centre, "")), query, "provider")
    rows: QuerySet[Any, Any] = entries.annotate(score=Value(0)).values("provider", "score")
    if query.within_km is not None and centre is not None and centre.point is not None:
        return rows.order_by(chord(centre.point, ""), "provider")
    return rows.order_by("-fresh_on", "provider")


def _page(rows: "QuerySet[Any, Any]", page: int, size: int) -> tuple[list[Found], int, int]:
    """The rows of a page, how many there are in all, and the page that it is."""
    begin = (page - 1) * size
    if rows.model is Entry:
        total = rows.order_by().count()
        page = min(page, max(1, ceil(total / size)))
        begin = (page - 1) * size
        return [(row["provider"], row["score"]) for row in rows[begin : begin + size]], total, page
    counted = rows.annotate(total=Window(Count("*")))
    found = list(counted[begin : begin + size])
    if not found and page > 1:
        total = rows.count()
        page = max(1, ceil(total / size))
        begin = (page - 1) * size
        found = list(counted[begin : begin + size])
    total = found[0]["total"] if found else 0
    return [(row["provider"], row["score"]) for row in found], total, page
