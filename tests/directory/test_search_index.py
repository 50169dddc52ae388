"""The index says what the tables say, whatever is renamed, and whoever writes at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction

from directory.models import Entry, Gram, Phrase, Posting, Provider, ProviderState, Term
from directory.search import Query, find
from directory.services.index import reindex, reindex_everything
from directory.services.reference import save_commune, save_sector, save_skill, save_trade
from tests.directory.rows import a_commune, a_provider, a_skill, a_trade
from tests.factories import MONDAY, NOW, a_user

pytestmark = pytest.mark.django_db


def found(words: str = "", **asked) -> list[int]:
    return list(find(Query(words=words, **asked), today=MONDAY).providers)


def everything() -> list[list[tuple]]:
    return [
        sorted(Posting.objects.values_list("term__stem", "entry", "weight")),
        sorted(Phrase.objects.values_list("stems", "kind", "facet__stem")),
        sorted(Term.objects.values_list("stem", "word")),
        sorted(Gram.objects.values_list("letters", "term__stem")),
        list(Entry.objects.order_by("pk").values()),
    ]


def test_what_is_written_is_found_and_what_is_taken_back_is_not():
    provider = a_provider("Atelier Sapin", trades=(a_trade("Menuisier"),))
    reindex_everything()
    provider.name, provider.description = "Atelier Chêne", "Parquets"
    provider.save()
    provider.activities.all().delete()
    reindex(provider=provider)
    assert found("sapin") == found("menuisier") == []
    assert found("chêne") == found("parquet") == [provider.pk]


def test_a_provider_that_was_never_seen_is_indexed_alone():
    reindex_everything()
    provider = a_provider("Atelier", trades=(a_trade("Menuisier"),))
    reindex(provider=provider)
    assert found("atelier") == [provider.pk]


@pytest.mark.parametrize("state", [ProviderState.DRAFT, ProviderState.SUSPENDED])
def test_who_is_not_published_has_no_row(state):
    provider = a_provider("Atelier", state=state)
    reindex(provider=provider)
    assert not Posting.objects.exists()
    assert not Entry.objects.exists()


def test_an_entry_has_the_place_of_the_provider_else_of_its_commune():
    commune = a_commune(latitude="46.5", longitude="6.1")
    own = a_provider(commune=commune, latitude="46.6", longitude="-0.00001")
    of_commune = a_provider(commune=commune)
    reindex_everything()
    assert (own.entry.south_north, own.entry.west_east) == (4_660_000, -1)
    assert (of_commune.entry.south_north, of_commune.entry.west_east) == (4_650_000, 610_000)


def test_the_command_is_idempotent_and_forgets_what_is_gone():
    gone = a_provider("Xylophone", trades=(a_trade("Menuisier"),))
    a_provider("Atelier", skills=(a_skill("WordPress"),), commune=a_commune("Morbier"))
    said = StringIO()
    call_command("reindex_directory", stdout=said)
    assert said.getvalue() == "providers read: 2\n"
    once = everything()
    call_command("reindex_directory", stdout=StringIO())
    assert everything() == once
    gone.state = ProviderState.SUSPENDED
    gone.save()
    call_command("reindex_directory", stdout=StringIO())
    stems = set(Term.objects.exclude(word="").values_list("stem", flat=True))
    assert "xylofon" not in stems
    assert {"menuis", "wordpres", "morb"} <= stems  # said by a trade, a skill, a commune
    assert not Gram.objects.filter(term__stem="xylofon").exists()
    gone.state = ProviderState.PUBLISHED
    gone.save()
    reindex(provider=gone)
    assert everything() == once


def test_indexing_one_by_one_and_all_at_once_is_the_same():
    providers = [
        a_provider("Atelier", skills=(a_skill("Escalier"),), trades=(a_trade("Menuisier"),)),
        a_provider("Forge", description="Fer et acier"),
    ]
    reindex_everything()
    at_once = everything()
    Posting.objects.all().delete()
    Entry.objects.all().delete()
    for provider in providers:
        reindex(provider=provider)
    assert everything() == at_once


def test_a_renamed_trade_is_found_by_its_new_name():
    trade, by = a_trade("Menuisier"), a_user()
    provider = a_provider(trades=(trade,))
    reindex_everything()
    trade.name = "Ébéniste"
    save_trade(trade=trade, by=by, now=NOW)
    assert found("menuisier") == []
    assert found("ebeniste") == [provider.pk]
    trade.is_active = False
    save_trade(trade=trade, by=by, now=NOW)
    assert found("ebeniste") == []


def test_a_trade_that_moves_takes_its_providers_along():
    trade, other = a_trade("Menuisier"), a_trade("Bijoutier")
    provider = a_provider(trades=(trade,))
    reindex_everything()
    trade.sector = other.sector
    save_trade(trade=trade, by=a_user(), now=NOW)
    assert found(sector=other.sector.slug) == [provider.pk]


def test_a_renamed_sector_commune_or_skill_is_found_by_its_new_name():
    by, skill, commune = a_user(), a_skill("Internet"), a_commune("Morbier")
    trade = a_trade("Menuisier")
    provider = a_provider(skills=(skill,), commune=commune, trades=(trade,))
    reindex_everything()
    skill.name, commune.name, trade.sector.name = "Toile", "Lamoura", "Ameublement"
    commune.latitude = "46.7"
    save_skill(skill=skill, by=by, now=NOW)
    save_commune(commune=commune, by=by, now=NOW)
    save_sector(sector=trade.sector, by=by, now=NOW)
    assert found("internet") == found("morbier") == []
    assert found("toile") == found("lamoura") == found("ameublement") == [provider.pk]
    provider.entry.refresh_from_db()
    assert provider.entry.south_north == 4_670_000


def test_merged_skills_find_the_providers_of_both_and_part_again():
    by, main, other = a_user(), a_skill("Soudure TIG"), a_skill("Argon")
    one, two = a_provider(skills=(main,)), a_provider(skills=(other,))
    reindex_everything()
    other.same_as = main
    save_skill(skill=other, by=by, now=NOW)
    assert found("argon") == found("soudure") == [one.pk, two.pk]
    other.same_as = None
    save_skill(skill=other, by=by, now=NOW)
    assert found("argon") == [two.pk]
    assert found("soudure") == [one.pk]


@pytest.mark.parametrize("twice", [Posting, Gram, Phrase, Term, Entry])
def test_the_database_keeps_each_row_once(twice):
    a_provider("Atelier", trades=(a_trade("Menuisier"),))
    reindex_everything()
    row = twice.objects.order_by("pk")[0]
    if twice is not Entry:
        row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_new_words_both_succeed():
    providers = [a_provider(f"Ornithologue {number} Xylophone") for number in range(2)]
    gate = threading.Barrier(2, timeout=10)

    def write(provider: Provider) -> None:
        try:
            gate.wait()
            reindex(provider=provider)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, providers))
    assert sorted(found("xylophone ornithologue")) == [one.pk for one in providers]
    assert Term.objects.filter(stem="xylofon").count() == 1
