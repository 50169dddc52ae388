"""What a question leaves out: the conditions beside its words, in SQL."""

from dataclasses import dataclass
from math import radians
from typing import Any, Final

from django.db.models import Exists, F, FloatField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import ASin, Cos, Radians, Sin, Sqrt
from django.db.models.lookups import Exact, LessThanOrEqual

from directory.geography import EARTH_RADIUS_KM, Point, box_around
from directory.models import (
    DEGREE,
    FARTHEST_KM,
    LANGUAGE_BIT,
    Commune,
    Mode,
    Posting,
    Sector,
    SpokenLanguage,
    Term,
    Trade,
    facet,
)
from directory.search.asking import Query

NOBODY: Final = Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Place:
    """A commune with its parts, and the point of it if it is known."""

    pk: int
    slug: str
    communes: tuple[int, ...]
    point: Point | None
    name: str


def places(*, slugs: tuple[str, ...] = (), ids: tuple[int, ...] = ()) -> list[Place]:
    """The communes of these slugs or ids, in the order of their names; one query."""
    if not slugs and not ids:
        return []
    asked = Q(slug__in=slugs) | Q(pk__in=ids)
    rows = list(
        Commune.objects.filter(asked | Q(part_of__slug__in=slugs) | Q(part_of__in=ids)).order_by(
            "name", "pk"
        )
    )
    return [
        Place(
            one.pk,
            one.slug,
            tuple(row.pk for row in rows if one.pk in (row.pk, row.part_of_id)),
            one.point,
            one.name,
        )
        for one in rows
        if one.slug in slugs or one.pk in ids
    ]


def sieve(query: Query, place: Place | None, entry: str) -> Q:
    """The conditions on the columns of `Entry`; `entry` is the way to them ("provider__entry__"
    from a posting). Facets are `with_facets`."""
    found = Q()
    if query.commune:
        found &= _where(query, place, entry)
    if query.mode:
        found &= Q(**{f"{entry}mode__in": _modes(query.mode)})
    if query.language:
        found &= _speaks(query.language, entry)
    if query.available_on is not None:
        day = query.available_on
        found &= Q(**{f"{entry}available_from__lte": day, f"{entry}available_until__gt": day})
    return found


def _modes(mode: str) -> tuple[str, ...]:
    return (mode, Mode.BOTH) if mode in (Mode.ON_SITE, Mode.REMOTE) else (mode,)


def _speaks(language: str, entry: str) -> Q:
    if language not in SpokenLanguage.values:
        return NOBODY
    bit = LANGUAGE_BIT[SpokenLanguage(language)]
    return Q(Exact(F(f"{entry}languages").bitand(bit), bit))


def _where(query: Query, place: Place | None, entry: str) -> Q:
    if place is None:
        return NOBODY
    if query.within_km is None or place.point is None:
        return Q(**{f"{entry}commune__in": place.communes})
    km = min(max(query.within_km, 0), FARTHEST_KM)
    box = box_around(place.point, km)
    in_box = Q(
        **{
            f"{entry}south_north__gte": int(box.south * DEGREE) - 1,
            f"{entry}south_north__lte": int(box.north * DEGREE) + 1,
            f"{entry}west_east__gte": int(box.west * DEGREE) - 1,
            f"{entry}west_east__lte": int(box.east * DEGREE) + 1,
        }
    )
    return in_box & Q(LessThanOrEqual(distance(place.point, entry), Value(float(km))))


def with_facets(rows: "QuerySet[Any]", query: Query, provider: str) -> "QuerySet[Any]":
    """Only those of the trade and of the sector that were asked for; three queries at most."""
    asked: list[str] = []
    if query.trade:
        pk = Trade.objects.filter(slug=query.trade).values_list("pk", flat=True).first()
        asked.append(facet("trade", pk or 0))
    if query.sector:
        pk = Sector.objects.filter(slug=query.sector).values_list("pk", flat=True).first()
        asked.append(facet("sector", pk or 0))
    if not asked:
        return rows
    known = dict(Term.objects.filter(stem__in=asked).order_by().values_list("stem", "pk"))
    for stem in asked:
        said = Posting.objects.filter(term=known.get(stem, 0), provider=OuterRef(provider))
        rows = rows.filter(Exists(said))
    return rows


def distance(point: Point, entry: str) -> Any:
    """Kilometres from a point as the crow flies (haversine), as `directory.geography` has them."""
    south = radians(point.latitude)
    latitude = Radians(F(f"{entry}south_north") / Value(float(DEGREE), FloatField()))
    longitude = Radians(F(f"{entry}west_east") / Value(float(DEGREE), FloatField()))
    half_height = Sin((latitude - Value(south)) / Value(2.0))
    half_width = Sin((longitude - Value(radians(point.longitude))) / Value(2.0))
    chord = half_height * half_height + Cos(Value(south)) * Cos(latitude) * half_width * half_width
    return Value(2 * EARTH_RADIUS_KM) * ASin(Sqrt(chord))
