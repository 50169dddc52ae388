"""The arithmetic of slots: half-open, by the local clock, on both daylight-saving days."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.slots import (
    AmbiguousTime,
    Hours,
    NonexistentTime,
    Period,
    Slot,
    day_slot,
    grid,
    grid_step,
    merge,
    on_grid,
    open_slots,
    period_slots,
    remaining,
    subtract,
    to_instant,
    week_of,
)

PARIS = ZoneInfo("Europe/Paris")
SPRING = date(2026, 3, 29)  # 2:00 becomes 3:00
AUTUMN = date(2026, 10, 25)  # 3:00 becomes 2:00
ZONES = [PARIS, ZoneInfo("Europe/Zurich"), ZoneInfo("America/Santiago"), ZoneInfo("Asia/Kolkata")]

minutes = st.integers(0, 3 * 24 * 60)
origin = datetime(2026, 3, 28, tzinfo=UTC)


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    first, second = sorted(draw(st.lists(minutes, min_size=2, max_size=2, unique=True)))
    return Slot(origin + timedelta(minutes=first), origin + timedelta(minutes=second))


def instants(found: list[Slot]) -> set[int]:
    """Every minute of the slots, as a set: the model that the arithmetic is compared with."""
    return {
        minute
        for slot in found
        for minute in range(
            int((slot.start - origin).total_seconds() // 60),
            int((slot.end - origin).total_seconds() // 60),
        )
    }


def test_a_slot_ends_after_it_starts():
    with pytest.raises(ValueError, match="after"):
        Slot(origin, origin)


def test_a_slot_needs_a_zone():
    with pytest.raises(ValueError, match="zone"):
        Slot(datetime(2026, 3, 28), datetime(2026, 3, 29))


def test_touching_slots_do_not_overlap():
    noon = origin + timedelta(hours=12)
    assert not Slot(origin, noon).overlaps(Slot(noon, noon + timedelta(hours=1)))


def test_a_slot_over_the_spring_night_is_an_hour_shorter_than_the_clock_says():
    start = datetime.combine(SPRING, time(1), PARIS)
    end = datetime.combine(SPRING, time(4), PARIS)
    assert Slot(start, end).length == timedelta(hours=2)


def test_the_skipped_hour_does_not_exist():
    with pytest.raises(NonexistentTime):
        to_instant(SPRING, time(2, 30), PARIS)


def test_the_repeated_hour_is_ambiguous():
    with pytest.raises(AmbiguousTime):
        to_instant(AUTUMN, time(2, 30), PARIS)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 7, 1), 24)])
def test_a_local_day_has_as_many_hours_as_the_clock_gives_it(day, hours):
    assert day_slot(day, PARIS).length == timedelta(hours=hours)


def test_the_last_day_of_the_year_ends_with_the_year():
    year_end = day_slot(date(2026, 12, 31), PARIS).end.astimezone(PARIS)
    assert year_end == datetime(2027, 1, 1, tzinfo=PARIS)


def test_a_day_that_begins_in_the_gap_begins_after_it():
    santiago = ZoneInfo("America/Santiago")
    day = date(2026, 9, 6)  # midnight becomes 1:00
    assert day_slot(day, santiago).start.astimezone(santiago).hour == 1
    assert day_slot(day, santiago).length == timedelta(hours=23)


@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)), zone=st.sampled_from(ZONES))
def test_days_follow_each_other_without_gap_or_overlap(day, zone):
    assert day_slot(day, zone).end == day_slot(day + timedelta(days=1), zone).start


@given(
    day=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    at=st.times(),
    zone=st.sampled_from(ZONES),
)
def test_a_local_time_reads_back_the_same_or_is_refused(day, at, zone):
    try:
        instant = to_instant(day, at, zone)
    except (NonexistentTime, AmbiguousTime):
        local = datetime.combine(day, at, zone)
        assert local.utcoffset() != local.replace(fold=1).utcoffset()
    else:
        local = instant.astimezone(zone)
        assert (local.date(), local.time()) == (day, at)


def test_two_opening_intervals_make_a_lunch_break():
    hours = [Hours(0, time(13, 30), time(18)), Hours(0, time(9), time(12))]
    monday = date(2026, 3, 2)
    found = open_slots(monday, hours, PARIS)
    assert [slot.length for slot in found] == [timedelta(hours=3), timedelta(hours=4.5)]
    assert open_slots(date(2026, 3, 3), hours, PARIS) == []


def test_touching_opening_intervals_are_one():
    hours = [Hours(0, time(9), time(12)), Hours(0, time(12), time(18))]
    assert len(open_slots(date(2026, 3, 2), hours, PARIS)) == 1


def test_closing_at_midnight_is_the_end_of_the_day():
    whole = open_slots(AUTUMN, [Hours(6, time(0), time(0))], PARIS)
    assert whole == [day_slot(AUTUMN, PARIS)]


def test_the_day_is_its_two_halves_even_with_a_lunch_break():
    monday = date(2026, 3, 2)
    hours = [Hours(0, time(9), time(12)), Hours(0, time(12, 30), time(18))]
    opening = open_slots(monday, hours, PARIS)
    halves = [
        slot
        for period in (Period.MORNING, Period.AFTERNOON)
        for slot in period_slots(period, monday, opening, time(13), PARIS)
    ]
    assert merge(halves) == period_slots(Period.DAY, monday, opening, time(13), PARIS)


@given(st.lists(slots(), max_size=6))
def test_merging_keeps_every_minute_and_leaves_no_two_that_touch(found):
    merged = merge(found)
    assert instants(merged) == instants(found)
    assert all(one.end < two.start for one, two in itertools.pairwise(merged))


@given(st.lists(slots(), max_size=5), st.lists(slots(), max_size=5))
def test_subtracting_leaves_what_was_not_taken(whole, taken):
    assert instants(subtract(whole, taken)) == instants(whole) - instants(taken)


@given(slots(), slots())
def test_the_meeting_is_what_both_share(one, two):
    shared = one.meets(two)
    assert instants([shared] if shared else []) == instants([one]) & instants([two])
    assert one.overlaps(two) == (shared is not None)


@given(slots(), st.sampled_from([5, 10, 15, 20, 30, 60]))
def test_the_grid_cuts_a_slot_without_losing_a_minute(slot, step):
    pieces = grid(slot, step)
    assert pieces[0].start == slot.start
    assert pieces[-1].end == slot.end
    assert all(one.end == two.start for one, two in itertools.pairwise(pieces))


@given(
    st.integers(0, 15 * 366 * 86400).map(lambda seconds: origin + timedelta(seconds=seconds)),
    st.sampled_from([5, 15, 30, 60]),
    st.sampled_from(ZONES),
)
def test_the_current_step_begins_on_the_grid_and_holds_now(now, step, zone):
    start = grid_step(now, step, zone)
    assert (
        on_grid(start, step, zone)
        or start.astimezone(zone).utcoffset() != now.astimezone(zone).utcoffset()
    )
    assert start <= now < start + timedelta(minutes=step)


def test_what_remains_of_today_leaves_out_an_end_too_short_to_book():
    day = Slot(origin, origin + timedelta(hours=8))
    late = origin + timedelta(hours=7, minutes=45)
    assert remaining([day], late, timedelta(minutes=30)) == []
    assert remaining([day], late, timedelta(minutes=15)) == [Slot(late, day.end)]


def test_a_week_starts_on_monday():
    assert week_of(date(2026, 11, 22))[0] == date(2026, 11, 16)
    assert week_of(date(2026, 11, 23))[-1] == date(2026, 11, 29)


@pytest.mark.parametrize("fold", [0, 1])
def test_a_fold_that_a_time_carries_does_not_hide_the_nights_of_the_clock(fold):
    with pytest.raises(NonexistentTime):
        to_instant(date(2020, 3, 29), time(2, fold=fold), PARIS)
    with pytest.raises(AmbiguousTime):
        to_instant(date(2020, 10, 25), time(2, 30, fold=fold), PARIS)
