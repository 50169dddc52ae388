"""Keeps the search's index true: called by the services that write what is searched.

`reindex` inside the transaction that changed a provider; `learn` inside the one that changed a
trade, a sector, a synonym or a commune; `reindex_those` for the providers of a renamed skill.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone

from directory import stems
from directory.models import (
    DEGREE,
    LANGUAGE_BIT,
    Entry,
    Phrase,
    Posting,
    Provider,
    Skill,
    SpokenLanguage,
    facet,
)
from directory.models.providers import ProviderQuerySet
from directory.search import weights
from directory.services.phrases import learn
from directory.services.terms import ROWS, forget_unused, terms_of

BATCH: Final = 500

# (stem or facet, how it is written, weight of where it stands)
Said = tuple[str, str, int]


@transaction.atomic
def reindex(*, provider: Provider) -> None:
    """Make one provider findable as it now stands in the database, or no longer."""
    _index([provider.pk])


@transaction.atomic
def reindex_those(*, providers: ProviderQuerySet) -> int:
    """The same for many; returns how many."""
    keys = sorted(set(providers.order_by().values_list("pk", flat=True)))
    for some in _batches(keys):
        _index(some)
    return len(keys)


def reindex_everything() -> int:
    """Make the whole index again, a batch of providers to a transaction; safe at any time and to
    run twice. Returns how many providers were read."""
    learn()
    keys = list(Provider.objects.order_by("pk").values_list("pk", flat=True))
    for some in _batches(keys):
        with transaction.atomic():
            _index(some)
    with transaction.atomic():
        forget_words()
    return len(keys)


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(keys), BATCH):
        yield keys[begin : begin + BATCH]


def _index(keys: Sequence[int]) -> None:
    # The row is locked first: who indexes it at the same time comes after, and reads what is new.
    list(
        Provider.objects.select_for_update(no_key=True)
        .filter(pk__in=keys)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    published = list(
        Provider.objects.published()
        .filter(pk__in=keys)
        .select_related("commune")
        .prefetch_related("activities__trade", "skills__same_as", "spoken")
        .order_by("pk")
    )
    said = {provider.pk: set(_said(provider)) for provider in published}
    _add_skills(published, said)
    Entry.objects.filter(provider__in=set(keys) - said.keys()).delete()
    Entry.objects.bulk_create(
        [_entry(provider) for provider in published],
        update_conflicts=True,
        unique_fields=["provider"],
        update_fields=[field.name for field in Entry._meta.fields if not field.primary_key],
        batch_size=ROWS,
    )
    _write_postings(said)


def _said(provider: Provider) -> Iterator[Said]:
    yield from _words(provider.name, weights.NAME)
    yield from _words(provider.headline, weights.HEADLINE)
    yield from _words(provider.description, weights.DESCRIPTION)
    for activity in provider.activities.all():
        yield facet("trade", activity.trade_id), "", weights.TRADE
        yield facet("sector", activity.trade.sector_id), "", weights.SECTOR
        yield from _words(activity.details, weights.DETAILS)
    yield facet("commune", provider.commune_id), "", weights.COMMUNE
    if provider.commune.part_of_id:
        yield facet("commune", provider.commune.part_of_id), "", weights.COMMUNE


def _words(text: str, weight: int) -> Iterator[Said]:
    for stem, word in stems.stems(text).items():
        yield stem, word, weight


def _add_skills(providers: Sequence[Provider], said: dict[int, set[Said]]) -> None:
    """A skill is found by all the words that stand for it."""
    firsts = {
        skill.same_as_id or skill.pk for provider in providers for skill in provider.skills.all()
    }
    names: dict[int, list[str]] = {first: [] for first in firsts}
    for skill in Skill.objects.filter(pk__in=firsts).order_by("pk"):
        names[skill.pk] += [skill.name, skill.name_en]
    for skill in Skill.objects.filter(same_as__in=firsts).order_by("pk"):
        names[skill.same_as_id or skill.pk] += [skill.name, skill.name_en]
    for provider in providers:
        for skill in provider.skills.all():
            for name in names[skill.same_as_id or skill.pk]:
                said[provider.pk].update(_words(name, weights.SKILL))


def _write_postings(said: dict[int, set[Said]]) -> None:
    """Add what is new and remove what is gone; what stays is not touched."""
    written = {stem: word for of_one in said.values() for stem, word, _weight in of_one}
    known = terms_of(written)
    wanted = {
        (known[stem], provider, weight)
        for provider, of_one in said.items()
        for stem, _word, weight in of_one
    }
    kept: set[tuple[int, int, int]] = set()
    gone: list[int] = []
    rows = Posting.objects.filter(entry__in=said).order_by()
    for pk, term, provider, weight in rows.values_list("pk", "term", "entry", "weight"):
        found = (term, provider, weight)
        if found in wanted:
            kept.add(found)
        else:
            gone.append(pk)
    for begin in range(0, len(gone), ROWS):
        Posting.objects.filter(pk__in=gone[begin : begin + ROWS]).delete()
    Posting.objects.bulk_create(
        [
            Posting(term_id=term, entry_id=provider, weight=weight)
            for term, provider, weight in sorted(wanted - kept)
        ],
        batch_size=ROWS,
    )


def _entry(provider: Provider) -> Entry:
    own = (provider.latitude, provider.longitude)
    if own[0] is None:
        own = (provider.commune.latitude, provider.commune.longitude)
    published = provider.first_published_at or provider.made_at
    return Entry(
        provider=provider,
        commune_id=provider.commune_id,
        south_north=_whole(own[0]),
        west_east=_whole(own[1]),
        range_km=provider.range_km,
        mode=provider.mode,
        languages=sum(LANGUAGE_BIT[SpokenLanguage(one.language)] for one in provider.spoken.all()),
        available_from=provider.available_from,
        available_until=provider.available_until,
        fresh_on=timezone.localdate(max(published, provider.confirmed_at or published)),
    )


def _whole(degrees: Decimal | None) -> int | None:
    return None if degrees is None else round(Decimal(str(degrees)) * DEGREE)


def forget_words() -> None:
    """Drop the terms of nobody: words that were taken back, and those of who left."""
    spoken = Phrase.objects.order_by().values_list("stems", flat=True)
    forget_unused({stem for said in spoken for stem in said.split()})
