"""Series in wall time: weekdays between two dates, across both daylight-saving nights."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from booking.recurrence import (
    LONGEST,
    MOST,
    Odd,
    Recurrence,
    TooLong,
    TooMany,
    from_mask,
    occurrence,
    occurrences,
    to_mask,
)
from tests.factories import PARIS, TUESDAY

TUESDAYS_AND_THURSDAYS = frozenset({1, 3})
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)

weekdays = st.frozensets(st.integers(0, 6), min_size=1)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
lengths = st.integers(0, LONGEST.days).map(timedelta)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
zones = st.sampled_from(
    ["Europe/Paris", "Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "UTC"]
).map(ZoneInfo)


@st.composite
def rules(draw):
    start, end = draw(times), draw(times)
    assume(end > start or end == time.min)
    first = draw(days)
    return Recurrence(draw(weekdays), start, end, first, first + draw(lengths))


def test_every_tuesday_and_thursday_until_june():
    rule = Recurrence(TUESDAYS_AND_THURSDAYS, time(9), time(12), TUESDAY, date(2026, 5, 31))
    found = occurrences(rule, PARIS)
    assert len(found) == 26
    assert found[0].slot.start == datetime(2026, 3, 3, 8, tzinfo=UTC)
    # Summer time has begun: nine on the wall is an hour earlier in UTC.
    assert found[-1].slot.start == datetime(2026, 5, 28, 7, tzinfo=UTC)


@given(rules(), zones)
def test_the_wall_shows_the_same_time_on_each_day_in_order(rule, zone):
    try:
        found = occurrences(rule, zone)
    except TooMany:
        return
    for one in found:
        assert rule.first_day <= one.day <= rule.last_day
        assert one.day.weekday() in rule.weekdays
        assert (one.slot is None) == (one.odd is not None)
        if one.slot is not None:
            start, end = (at.astimezone(zone) for at in (one.slot.start, one.slot.end))
            assert (start.date(), start.time()) == (one.day, rule.start)
            assert end.time() == rule.end
    assert all(one.day < two.day for one, two in pairwise(found))


@given(rules())
def test_none_is_forgotten(rule):
    length = (rule.last_day - rule.first_day).days + 1
    every = (rule.first_day + timedelta(days=offset) for offset in range(length))
    wanted = [day for day in every if day.weekday() in rule.weekdays]
    if len(wanted) > MOST:
        with pytest.raises(TooMany):
            rule.days()
    else:
        assert rule.days() == wanted


def test_the_nights_when_the_clock_changes_are_named():
    assert occurrence(SPRING, time(2, 30), time(6), PARIS).odd is Odd.SKIPPED
    assert occurrence(AUTUMN, time(1), time(2, 30), PARIS).odd is Odd.TWICE
    assert occurrence(SPRING, time(1), time(4), PARIS).slot.length == timedelta(hours=2)
    assert occurrence(AUTUMN, time(1), time(4), PARIS).slot.length == timedelta(hours=4)


def test_midnight_ends_the_day():
    assert occurrence(TUESDAY, time(22), time.min, PARIS).slot.length == timedelta(hours=2)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"weekdays": frozenset()}, ValueError),
        ({"weekdays": frozenset({7})}, ValueError),
        ({"end": time(9)}, ValueError),
        ({"last_day": TUESDAY - timedelta(days=1)}, ValueError),
        ({"last_day": TUESDAY + timedelta(days=3650)}, TooLong),
        ({"last_day": date.max}, TooLong),
    ],
)
def test_a_rule_that_says_nothing_or_too_much_is_refused(fields, refusal):
    plain = {
        "weekdays": TUESDAYS_AND_THURSDAYS,
        "start": time(9),
        "end": time(12),
        "first_day": TUESDAY,
        "last_day": TUESDAY,
    }
    with pytest.raises(refusal):
        Recurrence(**(plain | fields))


def test_two_years_of_every_day_are_too_many():
    with pytest.raises(TooMany):
        Recurrence(frozenset(range(7)), time(9), time(12), TUESDAY, TUESDAY + LONGEST).days()


@given(weekdays)
def test_a_column_holds_the_weekdays(chosen):
    assert from_mask(to_mask(chosen)) == chosen
    assert 1 <= to_mask(chosen) <= 127


def test_at_the_end_of_the_calendar_there_is_no_day_after():
    rule = Recurrence(frozenset(range(7)), time(9), time(12), date.max - timedelta(1), date.max)
    assert rule.days()[-1] == date.max
