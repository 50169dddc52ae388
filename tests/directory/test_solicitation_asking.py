"""Small batches, in turn, each provider once: asking, introducing, coming forward, recalling."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db.models import F

from directory.models import Need, NeedState, Origin, Provider, ProviderState, Solicitation, Trade
from directory.services.answering import answer, decline, open_request
from directory.services.solicitations import (
    BATCH,
    MOST_A_WEEK,
    WAIT,
    ask_due,
    ask_next,
    introduce,
    remind_due,
    volunteer,
)
from members.models import AuditEntry, User
from tests.directory.crowds import many_needs, many_providers
from tests.directory.rows import (
    a_commune,
    a_need,
    a_provider,
    a_solicitation,
    a_trade,
    an_organisation,
)
from tests.factories import MONDAY, NOW, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def joiner() -> Trade:
    return a_trade("Menuisier")


@pytest.fixture
def crowd(joiner: Trade) -> list[Provider]:
    """Twenty-five equal providers with somebody to write to."""
    return many_providers(25, trade=joiner, commune=a_commune(), owner=a_user())


@pytest.fixture
def host() -> User:
    user = a_user("Hugo")
    user.user_permissions.add(Permission.objects.get(codename="moderate_need"))
    return User.objects.get(pk=user.pk)


def a_job(trade: Trade, **fields: Any) -> Need:
    return a_need(trade=trade, **fields)


def answered(row: Solicitation, now: Any = NOW) -> Solicitation:
    open_request(solicitation=row, by=None, now=now)
    said = {"text": "Oui.", "price": None, "currency": "EUR", "starts_on": None}
    return answer(solicitation=row, by=None, now=now, **said)


def keys(rows: list[Solicitation]) -> list[int]:
    return [row.provider_id for row in rows]


# ---- batches


def test_a_first_batch_is_asked_with_the_reasons(
    joiner: Trade, crowd: list[Provider], django_capture_on_commit_callbacks: Any
) -> None:
    need = a_job(joiner)
    with django_capture_on_commit_callbacks(execute=True):
        made = ask_next(need=need, now=NOW)
    assert keys(made) == [each.pk for each in crowd[:BATCH]]
    for row in made:
        assert (row.origin, row.batch, row.sent_at) == (Origin.MATCHED, 1, NOW)
        assert row.score == sum(points for _criterion, points in row.breakdown) > 0
        assert row.breakdown[0] == ["trade", 40]
    assert len({row.key for row in made}) == BATCH
    assert set(Provider.objects.filter(last_solicited_at=NOW)) == set(crowd[:BATCH])
    need.refresh_from_db()
    assert need.next_batch_at == NOW + WAIT
    assert len(mail.outbox) == BATCH
    letter = mail.outbox[0]
    assert need.title in letter.subject
    assert made[0].get_absolute_url() in letter.body
    assert "le métier demandé" in letter.body
    assert need.organisation.name in letter.body
    entry = AuditEntry.objects.about(made[0]).get()
    assert entry.by is None
    assert entry.changes["provider_id"] == [None, made[0].provider_id]


def test_the_next_batch_waits_and_asks_nobody_twice(joiner: Trade, crowd: list[Provider]) -> None:
    need = a_job(joiner)
    first = ask_next(need=need, now=NOW)
    assert ask_next(need=need, now=NOW + WAIT - HOUR) == []
    second = ask_next(need=need, now=NOW + WAIT)
    third = ask_next(need=need, now=NOW + 2 * WAIT)
    assert [len(each) for each in (first, second, third)] == [10, 10, 5]
    assert [row.batch for row in (second[0], third[0])] == [2, 3]
    assert sorted(keys([*first, *second, *third])) == [each.pk for each in crowd]
    assert ask_next(need=need, now=NOW + 3 * WAIT) == []  # everybody was asked


def test_who_comes_later_is_asked_later_and_nobody_goes(joiner: Trade) -> None:
    need, owner = a_job(joiner), a_user()
    first = a_provider(trades=(joiner,), owner=owner)
    ask_next(need=need, now=NOW)
    Provider.objects.filter(pk=first.pk).update(state=ProviderState.DRAFT)
    second = a_provider(trades=(joiner,), owner=owner)
    ask_next(need=need, now=NOW + WAIT)
    rows = Solicitation.objects.filter(need=need).order_by("pk")
    assert keys(list(rows)) == [first.pk, second.pk]


@pytest.mark.usefixtures("crowd")
def test_enough_answers_end_the_asking(joiner: Trade) -> None:
    need = a_job(joiner, answers_wanted=2)
    first, second, third, *_others = ask_next(need=need, now=NOW)
    open_request(solicitation=third, by=None, now=NOW)
    decline(solicitation=third, reason="no_time", by=None, now=NOW)  # no answer
    answered(first)
    answered(second)
    assert ask_next(need=need, now=NOW + WAIT) == []
    need.refresh_from_db()
    assert need.next_batch_at is None


@pytest.mark.usefixtures("crowd")
def test_one_missing_answer_goes_on(joiner: Trade) -> None:
    need = a_job(joiner, answers_wanted=2)
    answered(ask_next(need=need, now=NOW)[0])
    assert len(ask_next(need=need, now=NOW + WAIT)) == BATCH


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    "state", [s for s in NeedState if s != NeedState.OPEN], ids=lambda state: state.value
)
def test_only_an_open_need_asks(joiner: Trade, state: str) -> None:
    need = a_job(joiner, state=state)
    Need.objects.update(next_batch_at=NOW)
    assert ask_next(need=need, now=NOW) == []
    assert ask_due(now=NOW) == 0


@pytest.mark.usefixtures("crowd")
def test_the_last_day_is_the_last(joiner: Trade) -> None:
    need = a_job(joiner, deadline=MONDAY)
    assert ask_next(need=need, now=NOW + DAY) == []
    assert len(ask_next(need=need, now=NOW + 15 * HOUR)) == BATCH  # ten to midnight in Morez


@pytest.mark.usefixtures("crowd")
def test_the_job_asks_about_every_need_that_is_due(joiner: Trade) -> None:
    for _each in range(2):
        a_job(joiner)
    later = a_job(joiner)
    Need.objects.filter(pk=later.pk).update(next_batch_at=NOW + HOUR)
    assert ask_due(now=NOW) == 20
    assert ask_due(now=NOW) == 0
    assert ask_due(now=NOW + HOUR) == 10


# ---- who is asked


def test_without_an_owner_nobody_is_asked(joiner: Trade) -> None:
    a_provider(trades=(joiner,), legal_contact="contact@menuiserie.example")
    gone = a_user()
    a_provider(trades=(joiner,), owner=gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert ask_next(need=a_job(joiner), now=NOW) == []


def test_one_is_not_asked_about_ones_own_need(joiner: Trade) -> None:
    owner = a_user()
    a_provider(trades=(joiner,), owner=owner)
    organisation = an_organisation()
    organisation.agents.create(user=owner, since=NOW)
    own = (
        a_job(joiner, author=owner),
        a_job(joiner, contact_email=owner.email),
        a_job(joiner, organisation=organisation),
    )
    assert [ask_next(need=need, now=NOW) for need in own] == [[], [], []]
    assert len(ask_next(need=a_job(joiner), now=NOW)) == 1


def test_the_best_are_asked_first(joiner: Trade) -> None:
    many_providers(BATCH, trade=joiner, commune=a_commune(), owner=a_user())
    need = a_job(joiner)
    best = a_provider(trades=(joiner,), owner=a_user(), commune=need.commune)
    assert keys(ask_next(need=need, now=NOW))[0] == best.pk


def test_a_week_has_so_many_requests_to_one_provider(joiner: Trade) -> None:
    provider = a_provider(trades=(joiner,), owner=a_user())
    times = [NOW + number * DAY for number in range(10)]
    asked = [bool(ask_next(need=a_job(joiner), now=moment)) for moment in times]
    # The first three days, then none until the first of them is a week old.
    assert asked == [True] * MOST_A_WEEK + [False] * 4 + [True] * 3
    sent = sorted(Solicitation.objects.values_list("sent_at", flat=True))
    for start in sent:
        assert sum(start <= each < start + 7 * DAY for each in sent) <= MOST_A_WEEK
    assert provider.solicitations.count() == 6


def test_coming_forward_takes_nothing_from_the_week(joiner: Trade) -> None:
    owner = a_user()
    provider = a_provider(trades=(joiner,), owner=owner)
    for _each in range(MOST_A_WEEK):
        volunteer(need=a_job(joiner), provider=provider, by=owner, now=NOW)
    assert len(ask_next(need=a_job(joiner), now=NOW)) == 1


@pytest.mark.parametrize("reply", [True, False], ids=["all reply", "nobody replies"])
def test_a_hundred_equal_needs_spread_over_twelve_equal_providers(
    joiner: Trade, reply: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.services.solicitations.BATCH", 2)
    organisation = an_organisation()
    many_providers(12, trade=joiner, commune=organisation.commune, owner=a_user())
    for number, need in enumerate(many_needs(100, trade=joiner, organisation=organisation)):
        made = ask_next(need=need, now=NOW + number * DAY)
        assert len(made) == 2
        if reply:
            Solicitation.objects.filter(need=need).update(
                opened_at=F("sent_at"), declined_at=F("sent_at"), decline_reason="no_time"
            )
    spread = Counter(Solicitation.objects.values_list("provider", flat=True))
    assert len(spread) == 12
    assert max(spread.values()) - min(spread.values()) <= 1


# ---- by the host, by oneself


def test_the_host_introduces_somebody_whatever_the_score(
    joiner: Trade, host: User, django_capture_on_commit_callbacks: Any
) -> None:
    other = a_provider(trades=(a_trade(),), owner=a_user())
    fitting = a_provider(trades=(joiner,), owner=a_user())
    need = a_job(joiner)
    with django_capture_on_commit_callbacks(execute=True):
        row = introduce(need=need, provider=other, by=host, now=NOW)
    assert (row.origin, row.score, row.breakdown, row.opened_at) == (Origin.HOST, 0, [], None)
    assert "L’équipe de l’espace a pensé à vous." in mail.outbox[0].body
    assert introduce(need=need, provider=fitting, by=host, now=NOW).score > 0
    assert AuditEntry.objects.about(row).get().by == host
    with refused("unique"):
        introduce(need=need, provider=other, by=host, now=NOW)


def test_introductions_that_are_refused(joiner: Trade, host: User) -> None:
    need, provider = a_job(joiner), a_provider(owner=a_user())
    with refused("forbidden"):
        introduce(need=need, provider=provider, by=a_user(), now=NOW)
    with refused("no_owner"):
        introduce(need=need, provider=a_provider(), by=host, now=NOW)
    hidden = a_provider(owner=a_user(), state=ProviderState.SUSPENDED)
    with refused("not_published"):
        introduce(need=need, provider=hidden, by=host, now=NOW)
    with refused("own_need"):
        own = a_job(joiner, author=provider.ownerships.get().user)
        introduce(need=own, provider=provider, by=host, now=NOW)
    for over in (a_job(joiner, state=NeedState.WITHDRAWN), a_job(joiner, deadline=MONDAY - DAY)):
        with refused("closed"):
            introduce(need=over, provider=provider, by=host, now=NOW)
    assert not Solicitation.objects.exists()


def test_who_comes_forward_has_read_it(joiner: Trade) -> None:
    owner = a_user()
    provider = a_provider(trades=(joiner,), owner=owner)
    need = a_job(joiner)
    row = volunteer(need=need, provider=provider, by=owner, now=NOW)
    assert (row.origin, row.sent_at, row.opened_at) == (Origin.VOLUNTEER, NOW, NOW)
    assert row.score > 0
    assert ask_next(need=need, now=NOW) == []  # met already
    provider.refresh_from_db()
    assert provider.last_solicited_at is None
    assert mail.outbox == []


def test_coming_forward_that_is_refused(joiner: Trade) -> None:
    owner = a_user()
    provider, need = a_provider(owner=owner), a_job(joiner, answers_wanted=1)
    with refused("not_yours"):
        volunteer(need=need, provider=provider, by=a_user(), now=NOW)
    draft = a_provider(owner=owner, state=ProviderState.DRAFT)
    with refused("not_published"):
        volunteer(need=need, provider=draft, by=owner, now=NOW)
    with refused("own_need"):
        volunteer(need=a_job(joiner, author=owner), provider=provider, by=owner, now=NOW)
    with refused("closed"):
        over = a_job(joiner, state=NeedState.EXPIRED)
        volunteer(need=over, provider=provider, by=owner, now=NOW)
    answered(a_solicitation(need, a_provider()))
    with refused("enough"):
        volunteer(need=need, provider=provider, by=owner, now=NOW)
    other = a_job(joiner)
    volunteer(need=other, provider=provider, by=owner, now=NOW)
    with refused("unique"):
        volunteer(need=other, provider=provider, by=owner, now=NOW)


# ---- the reminder


def test_a_request_is_recalled_once(joiner: Trade, django_capture_on_commit_callbacks: Any) -> None:
    row = a_solicitation(a_job(joiner), a_provider(owner=a_user()))
    assert remind_due(now=NOW + 3 * DAY - HOUR) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert remind_due(now=NOW + 5 * DAY) == 1  # late is not never
    assert remind_due(now=NOW + 6 * DAY) == 0
    row.refresh_from_db()
    assert row.reminded_at == NOW + 5 * DAY
    [letter] = mail.outbox
    assert "attend votre mot" in letter.subject


def test_whoever_said_a_word_or_cannot_any_more_is_left_alone(joiner: Trade) -> None:
    soon = NOW + 3 * DAY
    need = a_job(joiner)
    answered(a_solicitation(need, a_provider()))
    no = a_solicitation(need, a_provider())
    open_request(solicitation=no, by=None, now=NOW)
    decline(solicitation=no, reason="no_time", by=None, now=NOW)
    volunteer_row = {"origin": Origin.VOLUNTEER, "opened_at": NOW}
    a_solicitation(need, a_provider(), **volunteer_row)
    a_solicitation(a_job(joiner, state=NeedState.WITHDRAWN), a_provider())
    full = a_job(joiner, answers_wanted=1)
    answered(a_solicitation(full, a_provider()))
    a_solicitation(full, a_provider())
    assert remind_due(now=soon) == 0


def test_not_in_the_last_hours(joiner: Trade) -> None:
    a_solicitation(a_job(joiner, deadline=MONDAY + 3 * DAY), a_provider())
    # Midnight in Morez is 23:00 UTC; twelve hours before it is 11:00.
    eleven = NOW.replace(hour=11) + 3 * DAY
    assert remind_due(now=eleven) == 0
    assert remind_due(now=eleven - timedelta(minutes=1)) == 1
