"""The search itself."""

from datetime import date
from math import ceil

from directory.models import Provider
from directory.search.asking import Hit, Query, Results
from members.folding import fold, words_of


def find(query: Query, *, page: int = 1, size: int = 20, today: date) -> Results:
    """The published providers that answer best, `size` to a page; an impossible page is the last
    one that is. The number of database queries is bounded, whatever is found."""
    found = Provider.objects.published()
    if query.trade:
        found = found.filter(activities__trade__slug=query.trade)
    if query.sector:
        found = found.filter(activities__trade__sector__slug=query.sector)
    if query.commune:
        found = found.filter(commune__slug=query.commune)
    if query.mode:
        found = found.filter(mode__in=(query.mode, "both"))
    if query.language:
        found = found.filter(spoken__language=query.language)
    if query.available_on:
        found = found.available_on(query.available_on)
    words = words_of(query.words[:200].replace("\0", " "))
    hits = []
    for one in found.distinct().for_cards().order_by("id"):
        text = fold(
            " ".join(
                [one.name, one.headline, one.description, one.commune.name]
                + [f"{a.trade.name} {a.trade.sector_id} {a.details}" for a in one.activities.all()]
                + [skill.name for skill in one.skills.all()]
            )
        )
        score = sum(word in text for word in words)
        if score or not words:
            hits.append(Hit(one.pk, score))
    hits.sort(key=lambda hit: (-hit.score, hit.provider))
    pages = max(1, ceil(len(hits) / size))
    page = min(max(page, 1), pages)
    return Results(tuple(hits[(page - 1) * size : page * size]), len(hits), page, pages)
