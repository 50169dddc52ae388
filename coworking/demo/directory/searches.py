"""What people look for: counted by day, without anybody's name."""

from collections import Counter
from datetime import timedelta
from typing import Final

from django.utils import timezone

from coworking.demo.directory.agenda import Agenda
from coworking.demo.directory.sheets import rows
from directory.search import Query, find
from directory.services.counts import count_search

DAYS: Final = 90
MOST_A_DAY: Final = 5  # of the same words: some days are busy


def look_around(agenda: Agenda) -> None:
    """Have every phrase been searched as often as its row says, over the past `DAYS`."""
    today = timezone.localdate(agenda.now)
    for row in rows("searches.csv"):
        found = find(Query(words=row["words"]), today=today).providers
        for days, times in _spread(int(row["times"]), agenda).items():
            on = today - timedelta(days=days)
            for _time in range(times):
                count_search(words=row["words"], found_ids=found, today=on)


def _spread(times: int, agenda: Agenda) -> Counter[int]:
    """So many times on some days: {days ago: times}."""
    days = agenda.rng.sample(range(1, DAYS), max(times // MOST_A_DAY, 2))
    return Counter(agenda.rng.choice(days) for _time in range(times))
