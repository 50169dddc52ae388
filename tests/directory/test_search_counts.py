"""Searches are counted by day, and nothing else of them is kept."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from directory.models import Found, Missed, ProviderState
from directory.search.found import FoundBy, times_found, words_that_found
from directory.services.counts import count_search
from tests.directory.rows import a_provider
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db


def counted(table) -> list[tuple]:
    return sorted(table.objects.values_list("words", "day", "times"))


def test_a_search_counts_for_each_provider_it_showed():
    one, two = a_provider(), a_provider()
    count_search(words="Menuisier, Morez !", found_ids=[one.pk, two.pk, one.pk], today=MONDAY)
    count_search(words="menuisier morez", found_ids=[two.pk], today=MONDAY)
    count_search(words="", found_ids=[two.pk], today=MONDAY + timedelta(days=1))
    assert words_that_found(one, MONDAY) == [FoundBy("menuisier morez", 1)]
    assert words_that_found(two, MONDAY) == [FoundBy("menuisier morez", 2), FoundBy("", 1)]
    assert words_that_found(two, MONDAY + timedelta(days=1)) == [FoundBy("", 1)]
    assert times_found(two, MONDAY) == 3
    assert times_found(two, MONDAY + timedelta(days=2)) == 0
    assert not Missed.objects.exists()


def test_a_search_that_found_nobody_is_missed():
    for _time in range(2):
        count_search(words="Souffleur de verre", found_ids=[], today=MONDAY)
    assert counted(Missed) == [("souffleur de verre", MONDAY, 2)]
    assert not Found.objects.exists()


def test_who_is_not_published_or_not_there_is_not_counted():
    draft = a_provider(state=ProviderState.DRAFT)
    count_search(words="x", found_ids=[draft.pk, 10**9], today=MONDAY)
    assert not Found.objects.exists()
    assert not Missed.objects.exists()


@pytest.mark.parametrize("words", ["é" * 5000, "mot " * 2000, "\0" * 10, "<b>'; --", "🪵" * 500])
def test_whatever_was_typed_is_cut_and_kept_plain(words):
    count_search(words=words, found_ids=[], today=MONDAY)
    [(kept, _day, _times)] = counted(Missed)
    assert len(kept) <= 80
    assert kept.replace(" ", "").isalnum() or kept == ""


@pytest.mark.django_db(transaction=True)
def test_searches_at_once_are_all_counted():
    providers = [a_provider().pk for _number in range(3)]
    gate = threading.Barrier(4, timeout=20)

    def search(number: int) -> None:
        try:
            gate.wait()
            order = providers if number % 2 else providers[::-1]
            for _time in range(3):
                count_search(words="menuisier", found_ids=order, today=MONDAY)
                count_search(words="personne", found_ids=[], today=MONDAY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(search, range(4)))
    assert counted(Found) == [("menuisier", MONDAY, 12)] * 3
    assert counted(Missed) == [("personne", MONDAY, 12)]
