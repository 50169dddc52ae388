"""What is counted of a period, nothing small told; as fast for many needs as for few."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.figures import Delay, Often, figures
from directory.models import Missed, Need, NeedState
from tests.directory.rows import (
    a_need,
    a_provider,
    a_skill,
    a_solicitation,
    a_trade,
    an_organisation,
    saved,
)
from tests.factories import MONDAY, NOW

pytestmark = pytest.mark.django_db

START, END = date(2026, 1, 1), date(2027, 1, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def shown(shares) -> dict[str, int]:
    """The lines that are published and are not zero."""
    return {line.key: line.cell.value for line in shares.lines if line.cell.value}


def needs(many: int, state: str = NeedState.OPEN, **fields) -> list[Need]:
    return [a_need(state=state, **fields) for _number in range(many)]


def settle(rows: list[Need], **values) -> None:
    Need.objects.filter(pk__in=[row.pk for row in rows]).update(**values)


def test_needs_are_counted_by_kind_and_by_who_ordered():
    town = an_organisation(kind="public")
    needs(6, organisation=town, kind="public")
    needs(7)
    found = figures(START, END)
    assert found.posted.value == 13
    assert shown(found.kinds) == {"public": 6, "need": 7}
    assert shown(found.organisations) == {"public": 6, "business": 7}


def test_only_what_was_opened_within_the_period_by_the_local_calendar():
    rows = needs(6)
    midnight = NOW.replace(month=7, day=1, hour=0) - 2 * HOUR  # 1 July in Morez
    settle(rows[:1], opened_at=midnight, made_at=NOW)
    needs(5, state=NeedState.SUBMITTED)
    assert figures(date(2026, 3, 2), date(2026, 7, 1)).posted.value == 5
    assert figures(date(2026, 3, 2), date(2026, 7, 2)).posted.value == 6
    assert figures(date(2025, 1, 1), date(2026, 3, 2)).posted.value == 0


def test_where_orders_went_and_why_they_left():
    here = needs(6, "awarded_local")
    away = needs(7, "awarded_outside")
    settle(here, amount="to_2000", otherwise="abroad")
    settle(away[:6], outside_reason="price", amount="over_40000")
    settle(away[6:], outside_reason="delay")
    found = figures(START, END)
    assert shown(found.outcomes) == {"awarded_local": 6, "awarded_outside": 7}
    assert shown(found.amounts_here) == {"to_2000": 6}
    assert shown(found.otherwise) == {"abroad": 6}
    # One left for the delay: neither that nor the other reason is told.
    assert shown(found.outside) == shown(found.amounts_outside) == {}
    assert found.outside.total.value == 7


def test_a_table_whose_total_is_hidden_says_nothing():
    settle(needs(6, "awarded_local"), amount="to_2000", otherwise="same")
    needs(3, "awarded_outside")
    found = figures(START, END)
    assert found.posted.value == 9
    assert shown(found.outcomes) == {}
    assert found.amounts_here.total.hidden  # 6 there would give away the 3
    assert shown(found.amounts_here) == shown(found.otherwise) == {}


def test_how_many_were_answered_and_how_soon():
    provider, rows = a_provider(), needs(11)
    for days, need in enumerate(rows[:6], 1):
        at = NOW + days * DAY
        a_solicitation(need, provider, opened_at=at, answered_at=at)
        a_solicitation(need, a_provider(), opened_at=at + DAY, answered_at=at + DAY)
    found = figures(START, END)
    assert shown(found.answers) == {"answered": 6, "silent": 5}
    assert found.delay == Delay(2.2, 3.5, 4.8)


def test_too_few_answers_have_no_delay():
    provider, rows = a_provider(), needs(11)
    for need in rows[:4]:
        a_solicitation(need, provider, opened_at=NOW, answered_at=NOW)
    found = figures(START, END)
    assert found.delay is None
    assert shown(found.answers) == {}


def test_a_refusal_with_a_reason_counts_as_engagement():
    word = {"opened_at": NOW}
    rows = needs(1) + needs(18)
    for number, need in enumerate(rows):
        fields = {}
        if number < 6:
            fields = word | {"answered_at": NOW}
        elif number < 12:
            fields = word | {"declined_at": NOW, "decline_reason": "too_far"}
        a_solicitation(need, a_provider(), **fields)
    found = figures(START, END)
    assert shown(found.asked) == {"answered": 6, "declined": 6, "silent": 7}
    assert shown(found.declined) == {"too_far": 6}


def test_the_trades_and_skills_that_are_missing():
    baker, roofer, glazier = a_trade("Boulanger"), a_trade("Couvreur"), a_trade("Vitrier")
    skill, rare = a_skill("Ardoise"), a_skill("Chaume")
    rows = needs(6, "unfilled", trade=roofer) + needs(3, "unfilled", trade=glazier)
    needs(2, "unfilled", trade=baker)
    needs(5, trade=baker)
    for need in rows:
        need.skills_must.add(skill)
    rows[0].skills_must.add(rare)
    found = figures(START, END)
    assert [(line.label, line.cell.value) for line in found.trades.lines] == [
        *(("Couvreur", 6), ("Boulanger", None), ("Vitrier", None)),
    ]
    assert found.skills == (Often("Ardoise", 9),)


def test_searches_that_found_nobody_five_times_are_told():
    for day, words, times in (
        (MONDAY, "souffleur de verre", 3),
        (MONDAY + DAY, "souffleur de verre", 3),
        (MONDAY, "jean dupont", 4),
        (MONDAY, "", 40),
        (date(2025, 12, 31), "ramoneur", 9),
    ):
        saved(Missed(day=day, words=words, times=times))
    assert figures(START, END).missed == (Often("souffleur de verre", 6),)


@pytest.mark.parametrize("many", [20, 200])
def test_it_costs_four_queries(many):
    template = Need.objects.values().get(pk=a_need().pk) | {"state": NeedState.SUBMITTED}
    template.pop("id")
    keys = (f"{number:040}" for number in range(many - 1))
    Need.objects.bulk_create(Need(**(template | {"key": key})) for key in keys)
    for state in (NeedState.OPEN, NeedState.UNFILLED):
        Need.objects.update(state=state)
    with CaptureQueriesContext(connection) as queries:
        found = figures(START, END)
    assert shown(found.outcomes) == {"unfilled": many}
    assert len(queries) == 4
