"""Providers in a number that no territory has, so that the search shows how it grows.

Written in bulk, around the services, as drafts that are then published, and indexed by the service
that indexes them in earnest. Always the same for the same number.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from random import Random
from typing import Final

from django.db import connection, transaction

from directory.models import (
    Activity,
    Commune,
    CommuneKind,
    Provider,
    ProviderState,
    Skill,
    Speaks,
    SpokenLanguage,
    Trade,
)
from directory.services.index import reindex_everything
from directory.services.reference import lay_down

BATCH: Final = 2000
COMMUNES: Final = 120
WORDS: Final = 4000
# Said of so many providers out of a hundred: what is popular, and must hold all the same.
POPULAR: Final = {"artisanal": 5, "tradition": 5, "local": 10}
POPULAR_TRADE: Final = ("menuisier", 5)
LANGUAGES: Final = (SpokenLanguage.ENGLISH, SpokenLanguage.GERMAN, SpokenLanguage.ITALIAN)

_SYLLABLES: Final = (
    *("ba", "bel", "bri", "cho", "cla", "cor", "dan", "del", "fla", "fon", "gra", "jou", "lam"),
    *("lin", "mar", "mou", "nal", "noir", "pal", "per", "pla", "qui", "rem", "ron", "sal", "sor"),
    *("tal", "tin", "tru", "val", "ver", "vou"),
)


def settle(number: int, now: datetime) -> int:
    """Add so many published providers and index them; returns how many there are to find."""
    lay_down()
    draw = Random(number)  # noqa: S311 - nothing secret
    communes = _communes(draw)
    with transaction.atomic():
        _add(number, communes, draw, now)
    reindex_everything()
    # As the database does by itself after a while. In a test's transaction it only counts rows.
    is_vacuumed = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_vacuumed else "ANALYZE")
    return Provider.objects.published().count()


def _communes(draw: Random) -> list[Commune]:
    return Commune.objects.bulk_create(
        [
            Commune(
                code=f"B{number:04}",
                kind=CommuneKind.COM,
                name=f"{_word(draw).capitalize()}-sur-Bief {number}",
                slug=f"bench-{number}",
                latitude=round(45.6 + draw.random() * 2, 5),
                longitude=round(4.9 + draw.random() * 2, 5),
            )
            for number in range(COMMUNES)
        ]
    )


def _word(draw: Random) -> str:
    return "".join(draw.choice(_SYLLABLES) for _syllable in range(draw.randint(2, 4)))


def _add(number: int, communes: Sequence[Commune], draw: Random, now: datetime) -> None:
    words = [_word(draw) for _number in range(WORDS)]
    trades = list(Trade.objects.in_use().order_by("pk"))
    popular = next(trade for trade in trades if trade.slug == POPULAR_TRADE[0])
    skills = list(Skill.objects.order_by("pk"))
    rows = _providers(communes, words, draw, now)
    for begin in range(0, number, BATCH):
        some = Provider.objects.bulk_create(islice(rows, min(BATCH, number - begin)))
        activities, held, spoken = [], [], []
        for provider in some:
            chosen = set(draw.sample(trades, 2))
            if draw.random() * 100 < POPULAR_TRADE[1]:
                chosen.add(popular)
            activities += [
                Activity(provider=provider, trade=trade, details=draw.choice(words))
                for trade in sorted(chosen, key=lambda trade: trade.pk)
            ]
            held += [
                Provider.skills.through(provider=provider, skill=skill)
                for skill in draw.sample(skills, 2)
            ]
            spoken.append(Speaks(provider=provider, language=SpokenLanguage.FRENCH))
            if draw.random() < 0.2:
                spoken.append(Speaks(provider=provider, language=draw.choice(LANGUAGES)))
        Activity.objects.bulk_create(activities, batch_size=BATCH)
        Provider.skills.through.objects.bulk_create(held, batch_size=BATCH)
        Speaks.objects.bulk_create(spoken, batch_size=BATCH)
    Provider.objects.filter(state=ProviderState.DRAFT).update(
        state=ProviderState.PUBLISHED, first_published_at=now, confirmed_at=now
    )


def _providers(
    communes: Sequence[Commune], words: Sequence[str], draw: Random, now: datetime
) -> Iterator[Provider]:
    """Some words are common and most are rare, as in any language."""
    ranks = [1 / (rank + 20) for rank in range(len(words))]
    number = 0
    while True:
        number += 1
        commune = draw.choice(communes)
        said = draw.choices(words, ranks, k=12)
        said += [word for word, percent in POPULAR.items() if draw.random() * 100 < percent]
        free = draw.random() < 0.3
        yield Provider(
            name=f"{draw.choice(words).capitalize()} {draw.choice(words)}",
            slug=f"bench-{number}",
            headline=" ".join(draw.choices(words, ranks, k=4)),
            description=" ".join(said),
            commune=commune,
            latitude=round(float(commune.latitude or 0) + draw.uniform(-0.03, 0.03), 5),
            longitude=round(float(commune.longitude or 0) + draw.uniform(-0.03, 0.03), 5),
            mode=draw.choice(("on_site", "remote", "both")),
            range_km=draw.choice((10, 20, 30, 50, 100)),
            available_from=now.date() if free else None,
            available_until=now.date().replace(year=now.year + 1) if free else None,
            made_at=now,
            changed_at=now,
        )
