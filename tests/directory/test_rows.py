"""What the database itself refuses of the directory, whoever writes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from directory.models import Need, NeedState, Provider, ProviderState, Solicitation
from tests.directory.rows import a_need, a_provider, a_solicitation
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def refused_by_database(row: Any, **values: Any) -> bool:
    """Whether the database refuses these values, written around the services."""
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**values)
    except IntegrityError:
        return True
    return False


LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    "dates",
    [
        {"opened_at": NOW - timedelta(seconds=1)},
        {"answered_at": LATER},
        {"declined_at": LATER, "decline_reason": "no_time"},
        {"opened_at": LATER, "answered_at": NOW},
        {"opened_at": LATER, "declined_at": LATER},
        {"opened_at": LATER, "awarded_at": LATER},
        {
            "opened_at": LATER,
            "answered_at": LATER,
            "declined_at": LATER,
            "decline_reason": "no_time",
        },
    ],
    ids=lambda dates: "-".join(dates),
)
def test_dates_of_a_funnel_follow_each_other(dates: dict[str, Any]) -> None:
    assert refused_by_database(a_solicitation(a_need(), a_provider()), **dates)


def test_a_funnel_goes_to_its_end() -> None:
    row = a_solicitation(a_need(), a_provider())
    assert not refused_by_database(row, opened_at=NOW)
    assert not refused_by_database(row, answered_at=LATER)
    assert not refused_by_database(row, awarded_at=LATER)


def test_a_provider_is_asked_once_about_a_need() -> None:
    row = a_solicitation(a_need(), a_provider())
    row.pk, row.key = None, row.key[::-1]
    with pytest.raises(IntegrityError), transaction.atomic():
        Solicitation.objects.bulk_create([row])


def test_a_need_is_awarded_once() -> None:
    need = a_need()
    done = {"opened_at": NOW, "answered_at": NOW, "awarded_at": NOW}
    a_solicitation(need, a_provider(), **done)
    assert refused_by_database(a_solicitation(need, a_provider()), **done)


@pytest.mark.parametrize(
    ("start", "to"),
    [
        (NeedState.DRAFT, NeedState.OPEN),
        (NeedState.SUBMITTED, NeedState.AWARDED_LOCAL),
        (NeedState.WITHDRAWN, NeedState.OPEN),
        (NeedState.REJECTED, NeedState.OPEN),
        (NeedState.EXPIRED, NeedState.OPEN),
        (NeedState.AWARDED_LOCAL, NeedState.UNFILLED),
    ],
)
def test_a_need_moves_by_the_table_only(start: str, to: str) -> None:
    assert refused_by_database(a_need(state=start), state=to, opened_at=NOW)


def test_a_need_is_born_before_anybody_has_read_it() -> None:
    need = a_need()
    need.pk, need.key = None, need.key[::-1]
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.bulk_create([need])


def test_a_profile_is_not_published_by_its_own_making() -> None:
    provider = a_provider()
    provider.pk, provider.slug = None, "autre"
    with pytest.raises(IntegrityError), transaction.atomic():
        Provider.objects.bulk_create([provider])


@pytest.mark.parametrize(
    ("start", "to"),
    [
        (ProviderState.PENDING, ProviderState.SUSPENDED),
        (ProviderState.DRAFT, ProviderState.SUSPENDED),
        (ProviderState.SUSPENDED, ProviderState.PENDING),
    ],
)
def test_a_profile_moves_by_the_table_only(start: str, to: str) -> None:
    assert refused_by_database(a_provider(state=start), state=to)


def test_the_work_starts_when_the_answers_are_there() -> None:
    need = a_need()
    assert refused_by_database(need, starts_on=need.deadline - timedelta(days=1))
    assert not refused_by_database(need, starts_on=need.deadline)


def test_an_order_that_leaves_says_why() -> None:
    assert refused_by_database(a_need(), state=NeedState.AWARDED_OUTSIDE)
    need = a_need()
    why = {"state": NeedState.AWARDED_OUTSIDE, "outside_reason": "price"}
    assert refused_by_database(need, awarded_to=a_provider(), **why)
    assert not refused_by_database(need, **why)


def test_an_expired_need_may_still_tell_what_became_of_it() -> None:
    assert not refused_by_database(a_need(state=NeedState.EXPIRED), state=NeedState.UNFILLED)
