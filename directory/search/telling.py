"""The hits of one page, each with its reasons: read for these providers alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from directory import stems
from directory.geography import Point, distance_km
from directory.models import (
    DEGREE,
    Commune,
    Entry,
    Mode,
    PhraseKind,
    Posting,
    Provider,
    ProviderState,
    Sector,
    Skill,
    Trade,
)
from directory.search import weights
from directory.search.asking import Hit, Query
from directory.search.meaning import Meaning, Word
from directory.search.reasons import Reason
from directory.search.sieve import Place

# A skill and the stems it is found by.
Skilled = tuple[str, set[str]]

_PLACES: Final = {
    weights.NAME: "name",
    weights.DETAILS: "details",
    weights.HEADLINE: "description",
    weights.DESCRIPTION: "description",
}


def tell(
    found: Sequence[tuple[int, int]],
    meant: Meaning,
    place: Place | None,
    query: Query,
    today: date,
) -> tuple[Hit, ...]:
    """Five queries at most. Whoever is not published any more is left out."""
    keys = [provider for provider, _score in found]
    if not keys:
        return ()
    entries = {
        entry.provider_id: entry
        for entry in Entry.objects.filter(
            provider__in=keys, provider__state=ProviderState.PUBLISHED
        ).order_by("provider")
    }
    said = _said(keys, meant)
    names = _names(meant)
    skills = _skills(keys, said)
    hits = []
    for provider, score in found:
        entry = entries.get(provider)
        if entry is None:
            continue
        km = _km(entry, place)
        reasons = [
            *_of_words(meant.words, said[provider], names, skills.get(provider, ())),
            *_of_place(entry, place, km),
            *_of_time(entry, query.available_on or today),
        ]
        once = [one for number, one in enumerate(reasons) if one not in reasons[:number]]
        hits.append(Hit(provider, score, tuple(once), km))
    return tuple(hits)


def _said(keys: Sequence[int], meant: Meaning) -> dict[int, dict[int, int]]:
    """For each provider, the terms that were looked for and the best weight of each."""
    said: dict[int, dict[int, int]] = defaultdict(dict)
    if not meant.words:
        return said
    rows = Posting.objects.filter(provider__in=keys, term__in=meant.terms).order_by("weight")
    for provider, term, weight in rows.values_list("provider", "term", "weight"):
        said[provider][term] = weight
    return said


def _names(meant: Meaning) -> dict[int, str]:
    """The names of the trades, sectors and communes that the words may stand for, by term."""
    asked: dict[str, dict[int, int]] = defaultdict(dict)
    for word in meant.words:
        for term, (facet, _kind, _phrase) in word.facets.items():
            kind, _colon, key = facet.removeprefix("@").partition(":")
            asked[kind][int(key)] = term
    found: dict[int, str] = {}
    for kind, table in (("trade", Trade), ("sector", Sector), ("commune", Commune)):
        if asked[kind]:
            for row in table._default_manager.filter(pk__in=asked[kind]).order_by("pk"):
                name = str(row)
                found[asked[kind][row.pk]] = name if kind == "commune" else _inside(name)
    return found


def _inside(name: str) -> str:
    """A name inside a sentence: « Menuisier » loses its capital, « DJ » does not."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _skills(keys: Sequence[int], said: dict[int, dict[int, int]]) -> dict[int, list[Skilled]]:
    """The skills of those who were found by one, each with the stems it is found by."""
    asked = [key for key in keys if weights.SKILL in said[key].values()]
    if not asked:
        return {}
    held = (
        Provider.skills.through.objects.filter(provider__in=asked)
        .select_related("skill__same_as")
        .order_by("provider", "skill__name", "skill")
    )
    rows = list(held)
    others: dict[int, set[str]] = defaultdict(set)
    firsts = {row.skill.same_as_id or row.skill_id for row in rows}
    for skill in Skill.objects.filter(same_as__in=firsts).order_by("pk"):
        others[skill.same_as_id or skill.pk].update(_stems(skill))
    found: dict[int, list[Skilled]] = defaultdict(list)
    for row in rows:
        first = row.skill.same_as or row.skill
        found[row.provider_id].append(
            (str(row.skill), _stems(row.skill) | _stems(first) | others[first.pk])
        )
    return found


def _stems(skill: Skill) -> set[str]:
    return {*stems.stems(skill.name), *stems.stems(skill.name_en)}


def _of_words(
    words: Iterable[Word],
    said: dict[int, int],
    names: dict[int, str],
    skills: Sequence[Skilled],
) -> Iterator[Reason]:
    """One reason for each word that was found: the best."""
    for word in words:
        found = [
            (said[term] * quality, term) for term, quality in word.terms.items() if term in said
        ]
        if not found:
            continue
        _score, term = max(found)
        if term in word.facets:
            yield _of_facet(word, *word.facets[term], names.get(term, ""))
        elif said[term] == weights.SKILL:
            yield _of_skill(word, skills)
        else:
            yield Reason(_PLACES[said[term]], {"word": word.corrected or word.said})


def _of_facet(word: Word, _facet: str, kind: str, phrase: str, name: str) -> Reason:
    if kind == PhraseKind.SYNONYM:
        return Reason("synonym", {"word": phrase, "name": name})
    if kind == PhraseKind.SECTOR:
        return Reason("sector", {"name": name})
    if kind == PhraseKind.COMMUNE:
        return Reason("place", {"name": name})
    return Reason("trade", {"name": name})


def _of_skill(word: Word, skills: Sequence[Skilled]) -> Reason:
    asked = {word.stem, *word.beginnings}
    named = next((name for name, known in skills if asked & known), word.corrected or word.said)
    return Reason("skill", {"name": named})


def _km(entry: Entry, place: Place | None) -> float | None:
    if place is None or place.point is None or entry.south_north is None:
        return None
    own = Point(entry.south_north / DEGREE, (entry.west_east or 0) / DEGREE)
    return distance_km(place.point, own)


def _of_place(entry: Entry, place: Place | None, km: float | None) -> Iterator[Reason]:
    if place is None:
        return
    if entry.commune_id in place.communes:
        yield Reason("place", {"name": place.name})
    elif km is not None:
        yield Reason("distance", {"km": round(km)})
        if entry.mode != Mode.REMOTE and km <= entry.range_km:
            yield Reason("range", {"km": entry.range_km})


def _of_time(entry: Entry, today: date) -> Iterator[Reason]:
    if entry.available_from and entry.available_until and entry.available_from <= today:
        last = entry.available_until - timedelta(days=1)
        if last >= today:
            yield Reason("available", {"day": last})
