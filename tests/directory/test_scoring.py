"""The points of a provider for a need: properties that hold for any, and what each is given for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.scoring import (
    NEAR,
    WEIGHTS,
    Candidate,
    Criterion,
    Price,
    Score,
    Wanted,
    Way,
    ranked,
    score,
)

DAY = date(2026, 3, 16)
SOON = datetime(2026, 3, 1, tzinfo=UTC)

ways = st.builds(Way, on_site=st.booleans(), remote=st.booleans(), range_km=st.integers(0, 60))
few = st.frozensets(st.integers(1, 5), max_size=3)
money = st.integers(0, 50_000).map(Decimal)
prices = st.builds(
    lambda low, more, whole: Price(low, None if more is None else low + more, whole),
    money,
    st.none() | money,
    st.booleans(),
)
days = st.integers(0, 40).map(lambda number: DAY - timedelta(days=20) + timedelta(days=number))
candidates = st.builds(
    Candidate,
    id=st.integers(1, 1000),
    way=ways,
    trades=st.dictionaries(st.integers(1, 4), ways, max_size=3).map(lambda d: tuple(d.items())),
    skills=few,
    distance_km=st.none() | st.floats(0, 80),
    commune=st.integers(1, 3),
    available=st.none() | days.map(lambda day: (day, day + timedelta(days=10))),
    languages=st.frozensets(st.sampled_from(["fr", "en", "de"])),
    price=st.none() | prices,
    coworker=st.booleans(),
    asked=st.integers(0, 9),
    engaged=st.integers(0, 9),
    last_solicited_at=st.none() | st.integers(0, 9).map(lambda n: SOON - timedelta(days=n)),
)
needs = st.builds(
    Wanted,
    on_site=st.booleans(),
    remote=st.booleans(),
    radius_km=st.integers(0, 60),
    start=st.just(DAY),
    trade=st.none() | st.integers(1, 4),
    guessed=few,
    must=st.frozensets(st.integers(1, 5), max_size=1),
    nice=few,
    commune=st.integers(1, 3),
    language=st.sampled_from(["", "en", "de"]),
    budget=st.none() | st.tuples(money, st.none()),
)
companies = st.lists(candidates, max_size=8, unique_by=lambda each: each.id)


def total(candidate: Candidate, wanted: Wanted) -> int:
    """Its points; less than none for who is excluded."""
    found = score(candidate, wanted)
    return -1 if found is None else found.total


def wider(way: Way, **more: Any) -> Way:
    return replace(way, **more)


BETTER = {
    "one more skill": lambda c, w: replace(c, skills=c.skills | w.must | w.nice),
    "nearer": lambda c, w: replace(c, distance_km=(c.distance_km or 0) / 2),
    "in the commune": lambda c, w: replace(c, commune=w.commune),
    "available": lambda c, w: replace(c, available=(w.start, w.start + timedelta(days=1))),
    "speaks it": lambda c, w: replace(c, languages=c.languages | {w.language}),
    "affordable": lambda c, w: replace(c, price=Price(Decimal(0), None, whole=True)),
    "a coworker": lambda c, w: replace(c, coworker=True),
    "answers more": lambda c, w: replace(c, engaged=c.engaged + 1),
    "goes farther": lambda c, w: replace(
        c,
        way=wider(c.way, range_km=c.way.range_km + 10),
        trades=tuple((t, wider(way, range_km=way.range_km + 10)) for t, way in c.trades),
    ),
    "remote too": lambda c, w: replace(
        c,
        way=wider(c.way, remote=True),
        trades=tuple((t, wider(way, remote=True)) for t, way in c.trades),
    ),
    "on site too": lambda c, w: replace(
        c,
        way=wider(c.way, on_site=True),
        trades=tuple((t, wider(way, on_site=True)) for t, way in c.trades),
    ),
    # Of the trade itself, where the profile says how and where for all of it.
    "of the trade": lambda c, w: (
        c
        if w.trade is None or any(trade == w.trade for trade, _way in c.trades)
        else replace(c, trades=(*((t, c.way) for t, _way in c.trades), (w.trade, c.way)))
    ),
}


@pytest.mark.parametrize("better", BETTER)
@given(candidate=candidates, wanted=needs)
def test_a_criterion_that_gets_better_never_lowers_the_score(
    better: str, candidate: Candidate, wanted: Wanted
) -> None:
    if better == "nearer" and candidate.distance_km is None:
        candidate = replace(candidate, distance_km=79.0)
    if better == "of the trade":
        candidate = replace(
            candidate, trades=tuple((t, candidate.way) for t, _w in candidate.trades)
        )
    assert total(BETTER[better](candidate, wanted), wanted) >= total(candidate, wanted)


@given(company=companies, newcomer=candidates, wanted=needs)
def test_one_more_provider_removes_nobody_and_changes_no_score(
    company: list[Candidate], newcomer: Candidate, wanted: Wanted
) -> None:
    company = [each for each in company if each.id != newcomer.id]
    before = ranked(company, wanted)
    after = ranked([*company, newcomer], wanted)
    assert [found for found in after if found.candidate.id != newcomer.id] == before


@given(company=companies, wanted=needs, data=st.data())
def test_the_order_of_arrival_does_not_matter(
    company: list[Candidate], wanted: Wanted, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(company))
    assert ranked(shuffled, wanted) == ranked(company, wanted)


@given(company=companies, wanted=needs)
def test_the_order_is_by_score_then_by_the_longest_wait_then_by_id(
    company: list[Candidate], wanted: Wanted
) -> None:
    def place(found: Score) -> Any:
        last = found.candidate.last_solicited_at
        return (-found.total, last is not None, last or SOON, found.candidate.id)

    found = ranked(company, wanted)
    assert [place(each) for each in found] == sorted(place(each) for each in found)


@given(candidate=candidates, wanted=needs)
def test_a_missing_must_skill_excludes(candidate: Candidate, wanted: Wanted) -> None:
    lacking = replace(wanted, must=wanted.must | {99})
    assert score(candidate, lacking) is None


@given(candidate=candidates, wanted=needs)
def test_the_breakdown_is_the_whole_score_in_integers(candidate: Candidate, wanted: Wanted) -> None:
    found = score(candidate, wanted)
    if found is not None:
        assert all(type(points) is int and points > 0 for _name, points in found.breakdown)
        assert {name for name, _points in found.breakdown} <= {each.value for each in Criterion}
        assert len({name for name, _points in found.breakdown}) == len(found.breakdown)


@given(candidate=candidates, wanted=needs)
def test_who_shares_nothing_with_the_need_is_not_asked(
    candidate: Candidate, wanted: Wanted
) -> None:
    stranger = replace(candidate, trades=(), skills=frozenset())
    assert score(stranger, wanted) is None


HERE = Way(on_site=True, remote=False, range_km=10)
JOINER = Candidate(id=1, way=HERE, trades=((1, HERE),), distance_km=12.0)
WANTED = Wanted(on_site=True, remote=False, radius_km=5, start=DAY, trade=1)


def points(candidate: Candidate = JOINER, wanted: Wanted = WANTED) -> dict[str, int] | None:
    found = score(candidate, wanted)
    return None if found is None else dict(found.breakdown)


def test_the_reach_is_the_wider_of_the_two() -> None:
    assert points() is None
    assert points(wanted=replace(WANTED, radius_km=12)) is not None
    there = Way(on_site=True, remote=False, range_km=12)
    assert points(replace(JOINER, trades=((1, there),))) is not None
    # What the activity says counts for the activity, whatever the profile says.
    assert points(replace(JOINER, way=there)) is None


def test_at_a_distance_the_distance_excludes_nobody() -> None:
    far = replace(JOINER, trades=((1, Way(on_site=False, remote=True, range_km=0)),))
    far = replace(far, distance_km=400.0)
    assert points(far) is None  # who is needed on site does not work from afar
    found = points(far, replace(WANTED, remote=True))
    assert found == {"trade": 40, "remote": 2, "engaged": 5}


def test_nearer_is_more() -> None:
    wide = replace(WANTED, radius_km=100)
    found = [points(replace(JOINER, distance_km=km), wide)["near"] for km in (0.0, 5.1, 15.1, 30.1)]
    assert found == [*(weight for _km, weight in NEAR), 3]


def test_an_unknown_place_is_neither_near_nor_excluded() -> None:
    assert points(replace(JOINER, distance_km=None)) == {"trade": 40, "engaged": 5}


def test_of_several_trades_that_fit_the_best_counts() -> None:
    wanted = replace(WANTED, guessed=frozenset({2}), radius_km=20)
    both = replace(JOINER, trades=((2, HERE), (1, HERE)))
    assert points(both, wanted)["trade"] == 40
    assert "words" not in points(both, wanted)
    # The better trade does not come that far; the other does.
    near = replace(wanted, radius_km=0)
    far = Way(on_site=True, remote=False, range_km=50)
    assert points(replace(JOINER, trades=((1, HERE), (2, far))), near)["words"] == 25


def test_each_nice_skill_counts() -> None:
    wanted = replace(WANTED, nice=frozenset({7, 8, 9}), radius_km=20)
    assert points(replace(JOINER, skills=frozenset({7, 9})), wanted)["nice"] == 12


def test_the_last_day_of_an_availability_is_not_in_it() -> None:
    wanted = replace(WANTED, radius_km=20)
    first = DAY - timedelta(days=5)
    assert "available" not in points(replace(JOINER, available=(first, DAY)), wanted)
    assert "available" in points(replace(JOINER, available=(DAY, DAY + timedelta(1))), wanted)


@pytest.mark.parametrize(
    ("low", "high", "whole", "fits"),
    [
        (100, 400, True, False),
        (100, 500, True, True),
        (2000, None, True, True),
        (2001, None, True, False),
        (45, 60, False, True),  # by the hour: nobody knows how many
        (2001, 3000, False, False),
    ],
)
def test_a_budget_and_a_price_that_meet(
    low: int, high: int | None, whole: bool, fits: bool
) -> None:
    wanted = replace(WANTED, radius_km=20, budget=(Decimal(500), Decimal(2000)))
    price = Price(Decimal(low), None if high is None else Decimal(high), whole)
    assert ("budget" in points(replace(JOINER, price=price), wanted)) == fits


def test_engagement_is_the_share_of_requests_that_got_a_word() -> None:
    wanted = replace(WANTED, radius_km=20)
    shares = [(0, 0), (4, 4), (5, 3), (5, 0)]
    found = [
        points(replace(JOINER, asked=a, engaged=e), wanted).get("engaged", 0) for a, e in shares
    ]
    assert found == [5, 5, 3, 0]


def test_every_criterion_has_a_weight() -> None:
    assert set(WEIGHTS) | {Criterion.NEAR} == set(Criterion)
