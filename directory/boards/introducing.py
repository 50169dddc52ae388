"""Whom the host may introduce for a need: those the directory finds, and those the host names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from directory.geography import distance_km
from directory.matching import candidates, why
from directory.models import Need, Ownership, Provider, Solicitation
from directory.scoring import Score
from members.folding import fold

MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Possible:
    """A provider who was not asked yet. `score`: 0 when nothing of the need is for it."""

    provider: Provider
    score: int
    reasons: list[str]
    km: int | None
    has_owner: bool


def possible_for(*, need: Need, now: datetime, name: str = "") -> list[Possible]:
    """The best first, at most `MOST`; with a name, those of that name, whatever their score.

    A constant number of queries.
    """
    asked = Solicitation.objects.filter(provider=OuterRef("pk"), need=need)
    among = Provider.objects.published().filter(~Exists(asked))
    if name:
        keys = _named(among, name)
        found = {
            score.candidate.id: score
            for score in candidates(need=need, now=now, among=among.filter(pk__in=keys))
        }
        keys.sort(key=lambda key: (-found[key].total if key in found else 0, key))
    else:
        ranking = candidates(need=need, now=now, among=among)[:MOST]
        found = {score.candidate.id: score for score in ranking}
        keys = list(found)
    return _told(need, keys, found)


def _named(among: QuerySet[Provider], name: str) -> list[int]:
    """By any part of the name: the names are few enough to be folded here."""
    wanted = fold(name)
    pairs = among.order_by("name", "pk").values_list("pk", "name")
    return [key for key, each in pairs if wanted in fold(each)][:MOST]


def _told(need: Need, keys: list[int], found: dict[int, Score]) -> list[Possible]:
    rows = Provider.objects.select_related("commune").in_bulk(keys)
    owners = Ownership.objects.filter(provider__in=keys, user__is_active=True)
    owned = set(owners.values_list("provider", flat=True))
    here = need.commune.point
    told = []
    for key in keys:
        provider, score = rows[key], found.get(key)
        there = provider.point
        told.append(
            Possible(
                provider=provider,
                score=score.total if score else 0,
                reasons=why(score.breakdown) if score else [],
                km=round(distance_km(here, there)) if here and there else None,
                has_owner=key in owned,
            )
        )
    return told
