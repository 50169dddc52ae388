"""Everyday questions, and the provider that must be among the first three."""

import sys

import pytest

from directory.search import Query, find
from tests.directory.territory import read, settle
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db


def test_everyday_questions_find_who_they_are_for(capsys):
    settled = {provider.pk: slug for slug, provider in settle().items()}
    cases = read("search_cases")
    ranks, missed = [], []
    for case in cases:
        found = find(Query(words=case["query"]), size=20, today=MONDAY)
        slugs = [settled[pk] for pk in found.providers]
        rank = slugs.index(case["provider"]) + 1 if case["provider"] in slugs else None
        ranks.append(rank)
        if rank is None or rank > 3:
            missed.append(f"{case['query']}: {rank}, {slugs[:4]}")
    recall = sum(rank is not None and rank <= 3 for rank in ranks) / len(ranks)
    mean_reciprocal_rank = sum(1 / rank for rank in ranks if rank) / len(ranks)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(cases)} questions: recall@3 {recall:.3f}, "
            f"mean reciprocal rank {mean_reciprocal_rank:.3f}; missed: {missed}\n"
        )
    assert len(cases) >= 60
    assert recall >= 0.95, missed
