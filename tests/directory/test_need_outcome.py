"""What became of a need, and the job that follows the calendar."""

import re
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from directory.models import NeedState
from directory.services import needs, outcome
from directory.services.moves import lock_need, move_need
from tests.directory.rows import a_need, a_provider, a_solicitation, in_two_weeks
from tests.factories import NOW, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)
AFTER = datetime.combine(
    in_two_weeks() + timedelta(days=1), datetime.min.time(), ZoneInfo("Europe/Paris")
)


def test_an_order_that_left_says_why_and_what_it_was_worth() -> None:
    need = a_need()
    with refused("no_reason"):
        outcome.tell_outcome(need=need, to=NeedState.AWARDED_OUTSIDE, by=None, now=LATER)
    done = outcome.tell_outcome(
        need=need,
        to=NeedState.AWARDED_OUTSIDE,
        by=None,
        now=LATER,
        outside_reason="price",
        amount="to_2000",
        otherwise="region",
        words=" Dommage. ",
    )
    assert (done.outside_reason, done.amount, done.otherwise) == ("price", "to_2000", "region")
    assert (done.outcome_words, done.outcome_at) == ("Dommage.", LATER)


def test_it_may_go_to_somebody_here_who_was_asked_or_is_in_no_directory() -> None:
    need, asked = a_need(), a_provider()
    a_solicitation(need, asked)
    with refused("not_asked"):
        outcome.tell_outcome(
            need=need, to=NeedState.AWARDED_LOCAL, by=None, now=LATER, provider=a_provider()
        )
    done = outcome.tell_outcome(
        need=need, to=NeedState.AWARDED_LOCAL, by=None, now=LATER, provider=asked
    )
    assert done.awarded_to == asked
    other = outcome.tell_outcome(need=a_need(), to=NeedState.AWARDED_LOCAL, by=None, now=LATER)
    assert (other.state, other.awarded_to) == (NeedState.AWARDED_LOCAL, None)


def test_naming_who_answered_awards_the_answer_with_its_letters(committed) -> None:
    need, provider = a_need(), a_provider(owner=a_user())
    answer = a_solicitation(need, provider, opened_at=NOW, answered_at=NOW)
    with committed():
        done = outcome.tell_outcome(
            need=need,
            to=NeedState.AWARDED_LOCAL,
            by=None,
            now=LATER,
            provider=provider,
            amount="to_2000",
        )
    answer.refresh_from_db()
    assert (done.awarded_to, done.amount, answer.awarded_at) == (provider, "to_2000", LATER)
    assert len(mail.outbox) == 2


def test_after_an_award_the_outcome_completes_what_is_missing() -> None:
    need, provider = a_need(), a_provider()
    a_solicitation(need, provider)
    move_need(
        need=lock_need(need), to=NeedState.AWARDED_LOCAL, by=None, now=NOW, awarded_to=provider
    )
    done = outcome.tell_outcome(
        need=need, to=NeedState.AWARDED_LOCAL, by=None, now=LATER, amount="under_500"
    )
    assert (done.awarded_to, done.amount, done.outcome_at) == (provider, "under_500", LATER)
    with refused("move_not_allowed"):
        outcome.tell_outcome(need=need, to=NeedState.UNFILLED, by=None, now=LATER)


def test_without_follow_up_there_is_no_amount() -> None:
    done = outcome.tell_outcome(
        need=a_need(), to=NeedState.UNFILLED, by=None, now=LATER, amount="to_2000", otherwise="same"
    )
    assert (done.amount, done.otherwise) == ("", "")


@pytest.mark.parametrize("state", [NeedState.DRAFT, NeedState.SUBMITTED, NeedState.WITHDRAWN])
def test_what_was_not_open_has_no_outcome(state) -> None:
    with refused("move_not_allowed"):
        outcome.tell_outcome(need=a_need(state=state), to=NeedState.UNFILLED, by=None, now=LATER)


# The calendar


def test_a_need_expires_when_its_last_day_is_over_in_the_zone_of_the_space() -> None:
    need = a_need()
    assert needs.expire_due(now=AFTER - timedelta(seconds=1)) == 0
    assert needs.expire_due(now=AFTER) == 1
    assert needs.expire_due(now=AFTER) == 0
    need.refresh_from_db()
    assert (need.state, need.state_since, need.next_batch_at) == ("expired", AFTER, None)


@pytest.mark.parametrize("state", [NeedState.DRAFT, NeedState.SUBMITTED, NeedState.UNFILLED])
def test_only_an_open_need_expires(state) -> None:
    a_need(state=state)
    assert needs.expire_due(now=AFTER) == 0


def test_the_outcome_is_asked_once_and_recalled_once() -> None:
    need = a_need(state=NeedState.EXPIRED)
    assert [outcome.ask(now=AFTER), outcome.ask(now=AFTER)] == [1, 0]
    [letter] = mail.outbox
    assert letter.to == [need.contact_email]
    for suite in ("awarded_local", "awarded_outside", "unfilled"):
        assert f"{need.author_path}?suite={suite}#suite" in str(letter.body)
    week = AFTER + outcome.REMIND_AFTER
    assert outcome.remind(now=week - timedelta(seconds=1)) == 0
    assert [outcome.remind(now=week), outcome.remind(now=week + timedelta(days=30))] == [1, 0]
    assert len(mail.outbox) == 2


def test_who_told_is_not_asked() -> None:
    need = a_need(state=NeedState.EXPIRED)
    outcome.tell_outcome(need=need, to=NeedState.UNFILLED, by=None, now=AFTER)
    assert outcome.ask(now=AFTER) == 0
    assert outcome.remind(now=AFTER + timedelta(days=30)) == 0


def test_after_an_award_only_the_amount_is_asked() -> None:
    need = a_need(state=NeedState.AWARDED_LOCAL)
    assert outcome.ask(now=NOW) == 0  # answers may still come to others: not yet
    assert outcome.ask(now=AFTER) == 1
    assert "suite=" not in str(mail.outbox[0].body)
    outcome.tell_outcome(
        need=need, to=NeedState.AWARDED_LOCAL, by=None, now=AFTER, amount="to_2000"
    )
    assert outcome.remind(now=AFTER + timedelta(days=8)) == 0


def test_a_letter_that_could_not_leave_is_due_again(monkeypatch) -> None:
    a_need(state=NeedState.EXPIRED)
    with monkeypatch.context() as away:
        away.setattr("directory.notices.needs.send", lambda letter, to: False)
        assert outcome.ask(now=AFTER) == 0
    assert outcome.ask(now=AFTER) == 1


def test_the_job_does_all_of_it_and_running_it_again_changes_nothing() -> None:
    a_need()
    said = []
    with time_machine.travel(AFTER, tick=False):
        for _run in range(2):
            out = StringIO()
            call_command("follow_directory", stdout=out)
            said.append(out.getvalue())
    assert re.search(r"needs expired: 1, .*outcomes asked: 1", said[0])
    assert re.search(r"needs expired: 0, .*outcomes asked: 0", said[1])
    assert len(mail.outbox) == 1
