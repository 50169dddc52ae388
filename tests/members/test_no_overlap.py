"""Periods that have no end yet: a subscription runs until somebody ends it."""

from datetime import date

import pytest
from django.db import models

from members.constraints import NoOverlap
from tests.members import throwaway
from tests.members.throwaway import change, refused, refused_in_words

pytestmark = pytest.mark.django_db

made = throwaway.tables(
    throwaway.table(
        "Plan",
        NoOverlap(
            name="throwaway_one_plan",
            same=("person",),
            start="starts_on",
            end="ends_on",
            range_type="daterange",
            where=(("kind", "plan"),),
            violation_error_message="Un seul abonnement à la fois.",
            violation_error_code="one_plan",
        ),
        person=models.IntegerField(),
        kind=models.CharField(max_length=10, default="plan"),
        starts_on=models.DateField(null=True, blank=True),
        ends_on=models.DateField(null=True, blank=True),
    )
)

JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))


@pytest.fixture
def plan(made):
    def a_plan(start, end, **fields):
        return made("Plan")(**{"person": 1, "starts_on": start, "ends_on": end} | fields)

    return a_plan


CLASHES = [
    ((FEBRUARY, None), (MARCH, None)),
    ((FEBRUARY, None), (JANUARY, None)),
    ((FEBRUARY, None), (JANUARY, MARCH)),
    ((FEBRUARY, None), (MARCH, APRIL)),
    ((FEBRUARY, MARCH), (JANUARY, None)),
    ((FEBRUARY, APRIL), (MARCH, None)),
    ((FEBRUARY, APRIL), (MARCH, APRIL)),
    ((None, MARCH), (FEBRUARY, APRIL)),
    ((None, MARCH), (None, None)),
]


@pytest.mark.parametrize(("first", "second"), CLASHES)
def test_what_has_no_end_is_in_the_way_of_all_that_follows(plan, first, second):
    plan(*first).save()
    refused_in_words(plan(*second), "one_plan")
    refused(type(plan(*second)), "one_plan", plan(*second).save)
    free = plan(*second, person=2)
    free.save()
    refused(type(free), "one_plan", lambda: change("update", free, person=1))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((FEBRUARY, None), (JANUARY, FEBRUARY)),
        ((FEBRUARY, MARCH), (MARCH, None)),
        ((None, FEBRUARY), (FEBRUARY, None)),
    ],
)
def test_periods_that_touch_are_allowed(plan, first, second):
    plan(*first).save()
    second = plan(*second)
    second.full_clean()
    second.save()


def test_other_people_and_other_kinds_are_not_in_the_way(plan):
    plan(FEBRUARY, None).save()
    for other in (plan(FEBRUARY, None, person=2), plan(FEBRUARY, None, kind="pack")):
        other.full_clean()
        other.save()


def test_a_period_is_not_in_its_own_way(plan):
    running = plan(FEBRUARY, None)
    running.save()
    running.full_clean()
    change("update", running, ends_on=APRIL)
    change("update", running, ends_on=None)
