"""From a need to scored providers: a sieve in the database, then `directory.scoring`.

The number of queries does not depend on how many providers there are.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Abs, Cast, Coalesce, Greatest

from directory.geography import Point, box_around, distance_km
from directory.matching.guess import guess
from directory.models import (
    FARTHEST_KM,
    Activity,
    AmountBand,
    Mode,
    Need,
    Origin,
    Ownership,
    PriceUnit,
    Provider,
    Skill,
    Solicitation,
    Speaks,
)
from directory.scoring import Candidate, Price, Score, Wanted, Way, ranked
from members.models import State

# Engagement looks at the requests of a year that had a week to be answered.
ENGAGEMENT: Final = (timedelta(days=365), timedelta(days=7))
# Swiss prices are read as they stand: bands are wider than the exchange rate.
BANDS: Final[dict[str, tuple[Decimal, Decimal | None]]] = {
    AmountBand.UNDER_500: (Decimal(0), Decimal(500)),
    AmountBand.TO_2000: (Decimal(500), Decimal(2000)),
    AmountBand.TO_10000: (Decimal(2000), Decimal(10000)),
    AmountBand.TO_40000: (Decimal(10000), Decimal(40000)),
    AmountBand.OVER_40000: (Decimal(40000), None),
}
EVERYBODY_SPEAKS: Final = "fr"
NO_LANGUAGE: Final[frozenset[str]] = frozenset()
WIDER: Final = 1.01  # a circle on a sphere bulges a little out of its box
_COLUMNS: Final = (
    "pk", "mode", "range_km", "place_latitude", "place_longitude", "commune_id",
    "available_from", "available_until", "price_unit", "price_low", "price_high",
    "last_solicited_at",
)  # fmt: skip


def candidates(
    *, need: Need, now: datetime, among: QuerySet[Provider] | None = None
) -> list[Score]:
    """The published providers who can do it, the best first.

    Args:
        need: with its commune.
        among: a further sieve; what is not published never passes.
    """
    wanted, skills = wanted_by(need)
    found = _sieved(need, wanted, skills, now, among)
    return ranked(_candidates(found, need, wanted, skills, now), wanted)


def score_of(*, need: Need, provider: Provider, now: datetime) -> Score | None:
    """The score of one; None when the need is not for it, or it is not published."""
    found = candidates(need=need, now=now, among=Provider.objects.filter(pk=provider.pk))
    return found[0] if found else None


def wanted_by(need: Need) -> tuple[Wanted, dict[int, int]]:
    """What a need asks for; and every skill that counts, with the one that it stands for."""
    must = _roots(need.skills_must.all())
    nice = _roots(need.skills_nice.all())
    guessed: frozenset[int] = frozenset()
    if need.trade_id is None:
        words = guess(need)
        guessed = words.trades
        nice |= _roots(Skill.objects.filter(pk__in=words.skills))
    roots = must | nice
    rows = Skill.objects.filter(Q(pk__in=roots) | Q(same_as__in=roots)) if roots else ()
    wanted = Wanted(
        on_site=need.mode != Mode.REMOTE,
        remote=need.mode != Mode.ON_SITE,
        radius_km=need.radius_km,
        start=need.starts_on or need.deadline,
        trade=need.trade_id,
        guessed=guessed,
        must=must,
        nice=nice - must,
        commune=need.commune_id,
        language=need.language if need.language != EVERYBODY_SPEAKS else "",
        budget=BANDS.get(need.budget),
    )
    return wanted, {skill.pk: skill.same_as_id or skill.pk for skill in rows}


def _roots(skills: QuerySet[Skill]) -> frozenset[int]:
    """The skills that these words stand for."""
    pairs = skills.values_list("pk", "same_as_id")
    return frozenset(same_as or pk for pk, same_as in pairs)


def _sieved(
    need: Need,
    wanted: Wanted,
    skills: dict[int, int],
    now: datetime,
    among: QuerySet[Provider] | None,
) -> QuerySet[Provider]:
    """The published whom it may be about, and who may come: some more than the score keeps."""
    everybody = Provider.objects.published() if among is None else among.published()  # type: ignore[attr-defined]
    found: QuerySet[Provider] = everybody.filter(pk__in=_about(wanted, skills)).annotate(
        place_latitude=_degrees("latitude"),
        place_longitude=_degrees("longitude"),
    )
    if (place := need.commune.point) is not None and not (wanted.remote and not wanted.on_site):
        found = _in_reach(found, place, wanted)
    return found


def _degrees(side: str) -> Cast:
    """Its own, else that of its commune."""
    return Cast(Coalesce(side, f"commune__{side}"), FloatField())


def _about(wanted: Wanted, skills: dict[int, int]) -> QuerySet[Any]:
    """The keys of providers with one of the trades or skills: each read by its index."""
    having = Provider.skills.through.objects.filter(skill_id__in=skills).order_by()
    by_trade = Activity.objects.filter(trade__in=_trades(wanted)).order_by()
    return by_trade.values("provider_id").union(having.values("provider_id"))


def _in_reach(found: QuerySet[Provider], place: Point, wanted: Wanted) -> QuerySet[Provider]:
    """Near enough by latitude and longitude, at a distance, of an unknown place, or of a trade
    for which it differs: the score looks closer."""
    far = box_around(place, FARTHEST_KM)
    reach = Greatest(F("range_km"), Value(wanted.radius_km), output_field=FloatField())
    differs = Activity.objects.filter(
        ~Q(mode="") | Q(range_km__isnull=False), provider=OuterRef("pk"), trade__in=_trades(wanted)
    )
    sides = {
        "latitude": (place.latitude, (far.north - place.latitude) * WIDER / FARTHEST_KM),
        "longitude": (place.longitude, (far.east - place.longitude) * WIDER / FARTHEST_KM),
    }
    for side, (degrees, per_km) in sides.items():
        away = Abs(F(f"place_{side}") - Value(degrees))
        most = ExpressionWrapper(reach * Value(per_km), output_field=FloatField())
        found = found.alias(**{f"{side}_away": away, f"{side}_most": most})
    near = Q(latitude_away__lte=F("latitude_most"), longitude_away__lte=F("longitude_most"))
    passes = near | Q(place_latitude=None) | Q(Exists(differs))
    return found.filter(passes | ~Q(mode=Mode.ON_SITE) if wanted.remote else passes)


def _trades(wanted: Wanted) -> frozenset[int]:
    return wanted.guessed if wanted.trade is None else wanted.guessed | {wanted.trade}


def _candidates(
    found: QuerySet[Provider], need: Need, wanted: Wanted, skills: dict[int, int], now: datetime
) -> Iterator[Candidate]:
    rows = list(found.order_by().values_list(*_COLUMNS))
    trades, held = _ways(wanted), _held(skills)
    about = _about(wanted, skills)
    coworkers, speakers = _coworkers(), _speakers(wanted, about)
    asked, place = _asked(about, now), need.commune.point
    for key, mode, km, latitude, longitude, commune, first, end, unit, low, high, last in rows:
        times, engaged = asked.get(key, (0, 0))
        there = None if latitude is None or longitude is None else Point(latitude, longitude)
        yield Candidate(
            id=key,
            way=_way(mode, km),
            trades=tuple(
                (trade, _way(own_mode or mode, km if own_km is None else own_km))
                for trade, own_mode, own_km in trades.get(key, ())
            ),
            skills=frozenset(held.get(key, ())),
            distance_km=_distance(place, there, same=commune == need.commune_id),
            commune=commune,
            available=(first, end) if first and end else None,
            languages=frozenset({wanted.language}) if key in speakers else NO_LANGUAGE,
            price=None if low is None else Price(low, high, whole=unit == PriceUnit.JOB),
            coworker=key in coworkers,
            asked=times,
            engaged=engaged,
            last_solicited_at=last,
        )


def _ways(wanted: Wanted) -> dict[int, list[tuple[int, str, int | None]]]:
    """How each provider does the trades that are asked for: (trade, mode or "", km or None)."""
    found: dict[int, list[tuple[int, str, int | None]]] = defaultdict(list)
    rows = Activity.objects.filter(trade__in=_trades(wanted)).order_by("trade_id")
    columns = ("provider_id", "trade_id", "mode", "range_km")
    for provider, trade, mode, km in rows.values_list(*columns):
        found[provider].append((trade, mode, km))
    return found


def _held(skills: dict[int, int]) -> dict[int, set[int]]:
    """Which of the skills that count each provider has, by the skill that it stands for."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Provider.skills.through.objects.filter(skill_id__in=skills).order_by()
    for provider, skill in rows.values_list("provider_id", "skill_id"):
        found[provider].add(skills[skill])
    return found


def _coworkers() -> set[int]:
    """The providers that an active member speaks for."""
    active = Ownership.objects.filter(user__member__state=State.ACTIVE)
    return set(active.order_by().values_list("provider_id", flat=True))


def _speakers(wanted: Wanted, about: QuerySet[Any]) -> set[int]:
    if not wanted.language:
        return set()
    rows = Speaks.objects.filter(language=wanted.language, provider__in=about)
    return set(rows.order_by().values_list("provider_id", flat=True))


def _asked(about: QuerySet[Any], now: datetime) -> dict[int, tuple[int, int]]:
    """How often each was asked, and how often it answered or declined."""
    year, week = ENGAGEMENT
    rows = Solicitation.objects.filter(
        provider__in=about, sent_at__gte=now - year, sent_at__lt=now - week
    ).exclude(origin=Origin.VOLUNTEER)
    said = Q(answered_at__isnull=False) | Q(declined_at__isnull=False)
    counted = (
        rows.order_by()
        .values("provider_id")
        .annotate(times=Count("pk"), engaged=Count("pk", filter=said))
    )
    columns = ("provider_id", "times", "engaged")
    return {key: (times, engaged) for key, times, engaged in counted.values_list(*columns)}


@cache
def _way(mode: str, km: int) -> Way:
    """One object for each of the few that there are."""
    return Way(on_site=mode != Mode.REMOTE, remote=mode != Mode.ON_SITE, range_km=km)


def _distance(place: Point | None, there: Point | None, *, same: bool) -> float | None:
    if place is None or there is None:
        return 0.0 if same else None
    return distance_km(place, there)
