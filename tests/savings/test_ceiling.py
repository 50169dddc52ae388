"""A cross-border worker may telework 40 % of the year, missions included."""

from decimal import Decimal

import pytest

from savings import compute
from tests.savings.commuter import commuter


@pytest.mark.parametrize(
    ("remote", "missions", "days", "per_week", "exceeded"),
    [
        ("2", "0", "92", "2", False),
        ("2.5", "0", "92", "2", True),
        ("2", "3", "89", "1.5", True),
        ("1.5", "10", "82", "1.5", False),
    ],
    ids=["at the ceiling", "above it", "missions lower it", "well below"],
)
def test_days_allowed_over_46_weeks(
    remote: str, missions: str, days: str, per_week: str, exceeded: bool
) -> None:
    ceiling = compute(
        commuter(
            cross_border=True,
            remote_days_per_week=Decimal(remote),
            coworking_days_per_week=Decimal(0),
            mission_days=Decimal(missions),
        )
    ).ceiling
    assert ceiling is not None
    assert (ceiling.days, ceiling.days_per_week) == (Decimal(days), Decimal(per_week))
    assert ceiling.exceeded is exceeded


def test_it_follows_the_weeks_worked() -> None:
    ceiling = compute(commuter(cross_border=True, weeks=Decimal(40))).ceiling
    assert ceiling is not None
    assert (ceiling.days, ceiling.exceeded) == (Decimal(80), False)


def test_missions_longer_than_the_allowance_leave_no_day_rather_than_less_than_none() -> None:
    ceiling = compute(
        commuter(cross_border=True, weeks=Decimal(2), mission_days=Decimal(10))
    ).ceiling
    assert ceiling is not None
    assert ceiling.days == ceiling.days_per_week == 0
    assert ceiling.exceeded


def test_a_year_without_a_week_of_work_has_no_day_to_telework() -> None:
    ceiling = compute(commuter(cross_border=True, weeks=Decimal(0))).ceiling
    assert ceiling is not None
    assert ceiling.days == ceiling.days_per_week == 0
    assert not ceiling.exceeded


def test_someone_who_stays_on_their_side_of_the_border_has_no_ceiling() -> None:
    assert compute(commuter()).ceiling is None
