"""Two workers at the same instant: each provider is asked once, and no week gets too full."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from directory.matching import candidates
from directory.models import Need, Provider, Solicitation
from directory.services import awards, solicitations
from directory.services.solicitations import BATCH, MOST_A_WEEK
from tests.directory.crowds import many_providers
from tests.directory.rows import (
    a_commune,
    a_need,
    a_provider,
    a_solicitation,
    a_trade,
)
from tests.factories import NOW, a_user
from tests.members.refusals import codes_of
from tests.members.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def need() -> Need:
    """Open, with two batches of equal providers to ask."""
    trade = a_trade()
    many_providers(2 * BATCH, trade=trade, commune=a_commune(), owner=a_user())
    return a_need(trade=trade)


def asked(need: Need) -> str:
    """How many were asked, or how it failed."""
    mine = Need.objects.select_related("commune").get(pk=need.pk)
    try:
        return str(len(solicitations.ask_next(need=mine, now=NOW)))
    except ValidationError as refusal:
        return codes_of(refusal).pop()
    except IntegrityError:
        return "refused by the database"


def both_ask(need: Need) -> list[str]:
    return sorted(at_once(lambda: asked(need), lambda: asked(need)))


def test_two_workers_ask_one_batch(need: Need) -> None:
    assert both_ask(need) == ["0", "10"]
    assert Solicitation.objects.count() == BATCH


def test_negative_control_without_the_lock_both_ask(
    need: Need, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Barrier(2, timeout=10)
    ask_now = solicitations.ask_next

    def after_the_other(**arguments: Any) -> list[Solicitation]:
        gate.wait()  # both have read the need; neither has asked
        return ask_now(**arguments)

    monkeypatch.setattr(solicitations, "lock_need", lambda row: row)
    monkeypatch.setattr(solicitations, "ask_next", after_the_other)
    assert both_ask(need) != ["0", "10"]
    # Even so nobody is asked twice: the database holds that.
    keys = list(Solicitation.objects.values_list("provider", flat=True))
    assert len(keys) == len(set(keys))


@pytest.fixture
def two_needs(monkeypatch: pytest.MonkeyPatch) -> list[Need]:
    """One provider with room for one more request this week, found for both by two workers."""
    trade = a_trade()
    provider = a_provider(trades=(trade,), owner=a_user())
    for _each in range(MOST_A_WEEK - 1):
        a_solicitation(a_need(), provider, sent_at=NOW - timedelta(days=1))
    found = [a_need(trade=trade), a_need(trade=trade)]
    ranking = candidates(need=found[0], now=NOW)
    assert len(ranking) == 1
    monkeypatch.setattr(solicitations, "candidates", lambda **_arguments: ranking)
    return found


def test_two_needs_do_not_fill_a_week_beyond_its_cap(two_needs: list[Need]) -> None:
    one, other = two_needs
    assert sorted(at_once(lambda: asked(one), lambda: asked(other))) == ["0", "1"]
    assert Solicitation.objects.count() == MOST_A_WEEK


def test_negative_control_without_counting_behind_the_lock_the_week_overflows(
    two_needs: list[Need], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        solicitations, "_full", lambda now: Solicitation.objects.none().values("provider")
    )
    one, other = two_needs
    assert at_once(lambda: asked(one), lambda: asked(other)) == ["1", "1"]
    assert Solicitation.objects.count() == MOST_A_WEEK + 1


def test_two_clicks_award_once() -> None:
    need = a_need()
    said = {"opened_at": NOW, "answered_at": NOW, "answer": "Oui."}
    rows = [a_solicitation(need, a_provider(), **said) for _each in range(2)]

    def choose(row: Solicitation) -> str:
        try:
            awards.award(solicitation=row, by=None, now=NOW)
        except ValidationError as refusal:
            return codes_of(refusal).pop()
        return "awarded"

    answers = at_once(lambda: choose(rows[0]), lambda: choose(rows[1]))
    assert sorted(answers) == ["already_awarded", "awarded"]
    assert Provider.objects.filter(awards=need).count() == 1
