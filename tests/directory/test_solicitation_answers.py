"""A request is read, answered, answered otherwise or declined; its author is told in time."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from directory.models import Need, NeedState, Provider, ProviderState, Solicitation
from directory.services.answering import answer, change_answer, decline, open_request
from directory.services.telling import tell_authors, wait_after
from members.models import AuditEntry
from tests.directory.rows import a_need, a_provider, a_solicitation
from tests.factories import MONDAY, NOW, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAID: dict[str, Any] = {
    "text": "Trois jours de travail.",
    "price": Decimal("1450.00"),
    "currency": "CHF",
    "starts_on": MONDAY + 20 * DAY,
}


@pytest.fixture
def row() -> Solicitation:
    return a_solicitation(a_need(), a_provider(owner=a_user()))


@pytest.fixture
def opened(row: Solicitation) -> Solicitation:
    return open_request(solicitation=row, by=None, now=NOW)


def dates(row: Solicitation) -> list[Any]:
    row.refresh_from_db()
    return [row.sent_at, row.opened_at, row.answered_at, row.declined_at, row.awarded_at]


def test_reading_is_noted_once(row: Solicitation) -> None:
    reader = a_user()
    open_request(solicitation=row, by=reader, now=NOW + HOUR)
    open_request(solicitation=row, by=None, now=NOW + DAY)
    assert dates(row) == [NOW, NOW + HOUR, None, None, None]
    assert [entry.by for entry in AuditEntry.objects.about(row)] == [reader]


def test_an_answer_has_a_price_and_a_start(opened: Solicitation) -> None:
    answer(solicitation=opened, by=None, now=NOW + HOUR, **SAID)
    opened.refresh_from_db()
    assert (opened.answer, opened.price) == ("Trois jours de travail.", Decimal("1450.00"))
    assert (opened.currency, opened.starts_on) == ("CHF", MONDAY + 20 * DAY)
    assert dates(opened) == [NOW, NOW, NOW + HOUR, None, None]
    entry = AuditEntry.objects.about(opened).first()
    assert entry.changes["price"] == [None, "1450.00"]
    assert "answer" not in entry.changes  # the words are not kept longer than the answer


def test_an_answer_changes_until_the_last_day(opened: Solicitation) -> None:
    with refused("not_answered"):
        change_answer(solicitation=opened, by=None, now=NOW, **SAID)
    answer(solicitation=opened, by=None, now=NOW, **SAID)
    cheaper = SAID | {"price": Decimal(1200), "text": "Deux jours."}
    last = NOW + 14 * DAY
    change_answer(solicitation=opened, by=None, now=last, **cheaper)
    opened.refresh_from_db()
    assert (opened.answer, opened.price) == ("Deux jours.", Decimal(1200))
    assert opened.answered_at == NOW
    with refused("closed"):
        change_answer(solicitation=opened, by=None, now=last + DAY, **SAID)


def test_declining_has_a_reason_and_perhaps_a_word(opened: Solicitation) -> None:
    with refused("required"):
        decline(solicitation=opened, reason="", by=None, now=NOW)
    with refused("invalid_choice"):
        decline(solicitation=opened, reason="lazy", by=None, now=NOW)
    decline(solicitation=opened, reason="no_time", words=" En juin. ", by=None, now=NOW)
    opened.refresh_from_db()
    assert (opened.decline_reason, opened.answer) == ("no_time", "En juin.")
    assert opened in Solicitation.objects.engaged()


def test_one_says_one_thing(opened: Solicitation) -> None:
    other = a_solicitation(opened.need, a_provider())
    answer(solicitation=opened, by=None, now=NOW, **SAID)
    open_request(solicitation=other, by=None, now=NOW)
    decline(solicitation=other, reason="budget", by=None, now=NOW)
    for row, code in ((opened, "already_answered"), (other, "already_declined")):
        with refused(code):
            answer(solicitation=row, by=None, now=NOW, **SAID)
        with refused(code):
            decline(solicitation=row, reason="no_time", by=None, now=NOW)
    with refused("not_answered"):
        change_answer(solicitation=other, by=None, now=NOW, **SAID)


def test_what_was_not_read_is_not_answered(row: Solicitation) -> None:
    with refused("not_opened"):
        answer(solicitation=row, by=None, now=NOW, **SAID)
    with refused("not_opened"):
        decline(solicitation=row, reason="no_time", by=None, now=NOW)
    assert dates(row) == [NOW, None, None, None, None]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": "  \n "}, "required"),
        ({"text": "a" * 1_000_000}, "max_length"),
        ({"text": "a\0b"}, "unprintable"),
        ({"price": Decimal(-1)}, "min_value"),
        ({"price": Decimal("1e9")}, "max_digits"),
        ({"currency": "XBT"}, "invalid_choice"),
        ({"starts_on": MONDAY - DAY}, "past_start"),
    ],
)
def test_answers_that_are_refused(opened: Solicitation, change: Any, code: str) -> None:
    with refused(code):
        answer(solicitation=opened, by=None, now=NOW, **(SAID | change))
    assert dates(opened) == [NOW, NOW, None, None, None]


@pytest.mark.parametrize("state", [s for s in NeedState if s not in ("open", "draft", "submitted")])
def test_a_need_that_is_over_takes_no_word(state: str) -> None:
    row = a_solicitation(a_need(state=state), a_provider(), opened_at=NOW)
    with refused("closed"):
        answer(solicitation=row, by=None, now=NOW, **SAID)
    with refused("closed"):
        decline(solicitation=row, reason="no_time", by=None, now=NOW)


@pytest.mark.parametrize("state", [NeedState.WITHDRAWN, NeedState.REJECTED])
def test_what_was_taken_back_is_not_read_any_more(state: str) -> None:
    row = a_solicitation(a_need(state=state), a_provider())
    with refused("closed"):
        open_request(solicitation=row, by=None, now=NOW)


def test_a_suspended_profile_does_not_answer(opened: Solicitation) -> None:
    Provider.objects.update(state=ProviderState.SUSPENDED)
    with refused("not_published"):
        answer(solicitation=opened, by=None, now=NOW, **SAID)


# ---- telling the author


@pytest.fixture
def need() -> Need:
    return a_need(answers_wanted=5, contact_email="fournil@morez.example")


def an_answer(need: Need, now: Any) -> None:
    row = a_solicitation(need, a_provider())
    open_request(solicitation=row, by=None, now=now)
    answer(solicitation=row, by=None, now=now, **SAID)


def test_the_author_is_told_at_once_then_less_and_less(
    need: Need, django_capture_on_commit_callbacks: Any
) -> None:
    def told(now: Any) -> int:
        """How many answers the letters know of, after the job ran at this time."""
        with django_capture_on_commit_callbacks(execute=True):
            tell_authors(now=now)
        need.refresh_from_db()
        return need.answers_told

    with django_capture_on_commit_callbacks(execute=True):
        an_answer(need, NOW)  # the first does not wait for the job
    assert told(NOW) == 1
    an_answer(need, NOW + HOUR / 4)
    an_answer(need, NOW + HOUR / 2)
    assert told(NOW + HOUR - timedelta(seconds=1)) == 1
    assert told(NOW + HOUR) == 3  # both in one letter
    an_answer(need, NOW + 2 * HOUR)
    assert told(NOW + 24 * HOUR) == 3
    assert told(NOW + 25 * HOUR) == 4
    assert told(NOW + 90 * HOUR) == 4  # nothing new, nothing sent
    with django_capture_on_commit_callbacks(execute=True):
        an_answer(need, NOW + 90 * HOUR)  # the last one that was wanted: at once
    assert told(NOW + 90 * HOUR) == 5
    assert [letter.to for letter in mail.outbox] == [["fournil@morez.example"]] * 4
    assert need.author_path in mail.outbox[0].body
    assert mail.outbox[1].subject.startswith("2 réponses")


def test_the_waits_grow() -> None:
    assert [wait_after(told) / HOUR for told in (0, 1, 2, 3, 4, 9)] == [0, 1, 6, 24, 24, 24]


def test_answers_to_a_need_that_is_settled_are_not_told(need: Need) -> None:
    row = a_solicitation(need, a_provider(), opened_at=NOW, answered_at=NOW)
    Need.objects.filter(pk=need.pk).update(state=NeedState.WITHDRAWN)
    assert tell_authors(now=NOW + DAY) == 0
    assert row.need.answers_told == 0


def test_an_expired_need_is_told_of_its_last_answers(need: Need) -> None:
    a_solicitation(need, a_provider(), opened_at=NOW, answered_at=NOW)
    Need.objects.filter(pk=need.pk).update(state=NeedState.EXPIRED)
    assert tell_authors(now=NOW + 20 * DAY) == 1
    assert tell_authors(now=NOW + 20 * DAY) == 0
