"""The questions to the directory that are measured, and what an answer may cost."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.test.utils import CaptureQueriesContext

from coworking.bench.figures import percentile
from coworking.bench.territory import settle
from directory.models import Commune, Mode, Provider, SpokenLanguage
from directory.search import Query, find

P95_BELOW: Final = 50.0  # milliseconds
MOST_QUERIES: Final = 12


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """Times in milliseconds of `find` alone, in one process."""

    name: str
    found: int
    queries: int
    p50: float
    p95: float

    def missed(self) -> list[str]:
        """The targets that this question misses, in words."""
        missed = {"queries": self.queries > MOST_QUERIES, "p95": self.p95 >= P95_BELOW}
        return [name for name, is_missed in missed.items() if is_missed]


@dataclass(frozen=True, slots=True)
class Searched:
    providers: int
    questions: list[SearchFigures]


def searched(providers: int, times: int, now: datetime) -> Searched:
    """Add so many providers and ask each question so many times."""
    there = settle(providers, now)
    return Searched(there, [_ask(name, one, times, now) for name, one in questions(now).items()])


def questions(now: datetime) -> dict[str, Query]:
    last = Provider.objects.published().order_by("-pk")[0]
    commune = Commune.objects.get(pk=last.commune_id)
    rare = last.name.split()[0]
    near = {"commune": commune.slug, "within_km": 20}
    return {
        "a trade of 5 % of all": Query(words="menuisier"),
        "a word of 10 % of all": Query(words="local"),
        "three popular words": Query(words="menuisier local tradition"),
        "a rare word": Query(words=rare),
        "a typo": Query(words="menuisire"),
        "half a word": Query(words="menuis"),
        "an everyday word": Query(words="compta"),
        "two words": Query(words="charpente local"),
        "a trade and a commune": Query(words=f"menuisier {commune.name}"),
        "a popular word within 20 km": Query(words="local", **near),  # type: ignore[arg-type]
        "a popular word, every filter": Query(
            words="local",
            mode=Mode.ON_SITE,
            language=SpokenLanguage.ENGLISH,
            available_on=now.date(),
            **near,  # type: ignore[arg-type]
        ),
        "a popular word and a trade": Query(words="local", trade="menuisier"),
        "no word": Query(),
        "no word, a trade": Query(trade="menuisier"),
        "no word, within 20 km": Query(**near),  # type: ignore[arg-type]
        "no word, German": Query(language=SpokenLanguage.GERMAN),
        "nobody's words": Query(words="xylophoniste ornithologue zzz"),
    }


def _ask(name: str, query: Query, times: int, now: datetime) -> SearchFigures:
    today = now.date()
    with CaptureQueriesContext(connection) as asked:
        found = find(query, today=today).total
    seconds = []
    for _time in range(times):
        began = time.perf_counter()
        find(query, today=today)
        seconds.append(time.perf_counter() - began)
    return SearchFigures(
        name, found, len(asked), percentile(seconds, 50) * 1000, percentile(seconds, 95) * 1000
    )
