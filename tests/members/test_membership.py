"""The moves of a member: who may pause, leave and come back, when, and what the database holds."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from members import standing
from members.models import MOVES, Act, AuditEntry, Member, Pause, Role, State, Subscription
from members.services import membership, subscriptions
from tests.factories import MONDAY, NOW, a_member, a_plan, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def member() -> Member:
    return a_member("Aline Morel")


def again(member: Member) -> Member:
    return Member.objects.select_related("user").get(pk=member.pk)


def subscribe(member: Member, start: date = MONDAY, **plan) -> Subscription:
    return subscriptions.subscribe(
        member=member, plan=a_plan(**plan), start=start, by=a_user(role=Role.HOST), now=NOW
    )


@pytest.mark.parametrize("old", State)
@pytest.mark.parametrize("new", State)
def test_the_database_allows_the_moves_of_the_table_and_no_other(old, new) -> None:
    """Around the services, with `.update()`: Python cannot hide that a rule is missing."""
    member = a_member(state=State.APPLICANT)
    for step in (State.ACTIVE, old) if old == State.PAUSED else (old,):
        Member.objects.filter(pk=member.pk).update(state=step)
    allowed = old == new or (old, new) in MOVES
    if allowed:
        assert Member.objects.filter(pk=member.pk).update(state=new) == 1
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            Member.objects.filter(pk=member.pk).update(state=new)


def test_nobody_begins_as_a_former_member() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.bulk_create([Member(user=a_user(), state=State.FORMER)])


def test_a_pause_begins_today_or_with_the_calendar(member) -> None:
    membership.pause(
        member=member, start=MONDAY, end=MONDAY + 7 * DAY, by=member.user, now=NOW, reason="Congés"
    )
    assert again(member).state == State.PAUSED
    assert membership.follow_calendar(now=NOW + 6 * DAY) == 0
    assert membership.follow_calendar(now=NOW + 7 * DAY) == 1
    assert membership.follow_calendar(now=NOW + 7 * DAY) == 0
    assert again(member).state == State.ACTIVE
    entry = AuditEntry.objects.concerning(member).filter(act=Act.STATE).last()
    assert (entry.by, entry.reason) == (member.user, "Congés")


def test_a_pause_to_come_changes_the_state_on_its_day(member) -> None:
    start = MONDAY + 3 * DAY
    membership.pause(member=member, start=start, end=None, by=member.user, now=NOW)
    assert again(member).state == State.ACTIVE
    assert standing.refusals(again(member), [MONDAY]) == []
    [refusal] = standing.refusals(again(member), [MONDAY, start])
    assert refusal.code == "paused"
    assert membership.follow_calendar(now=NOW + 3 * DAY) == 1
    membership.resume(member=member, by=member.user, now=NOW + 5 * DAY)
    assert again(member).state == State.ACTIVE
    assert Pause.objects.get().end == MONDAY + 5 * DAY


def test_a_pause_to_come_is_called_off(member) -> None:
    membership.pause(member=member, start=MONDAY + DAY, end=None, by=member.user, now=NOW)
    membership.resume(member=member, by=member.user, now=NOW)
    assert not Pause.objects.exists()
    with refused("not_paused"):
        membership.resume(member=member, by=member.user, now=NOW)


def test_two_pauses_never_overlap(member) -> None:
    rest = {"member": member, "by": member.user, "now": NOW, "end": None}
    membership.pause(start=MONDAY + DAY, **rest)
    with refused("overlap"):
        membership.pause(start=MONDAY + 9 * DAY, **rest)


def test_one_leaves_when_the_notice_is_over(member) -> None:
    subscription = subscribe(member, notice_days=30)
    membership.leave(member=member, by=member.user, now=NOW)
    left = again(member)
    assert (left.state, left.leaves_on) == (State.ACTIVE, MONDAY + 30 * DAY)
    subscription.refresh_from_db()
    assert (subscription.end, subscription.notice_at) == (left.leaves_on, NOW)
    last = MONDAY + 29 * DAY
    assert standing.refusals(left, [last]) == []
    assert [error.code for error in standing.refusals(left, [last + DAY])] == ["leaving"]
    assert membership.follow_calendar(now=NOW + 29 * DAY) == 0
    assert membership.follow_calendar(now=NOW + 30 * DAY) == 1
    assert again(member).state == State.FORMER


def test_a_commitment_counts_from_the_first_day_on_the_plan(member) -> None:
    subscribe(member, commitment_months=6, notice_days=30)
    assert membership.earliest_leave(member=member, now=NOW) == date(2026, 9, 2)
    with refused("notice"):
        membership.leave(member=member, by=member.user, now=NOW, on=MONDAY + 40 * DAY)


def test_staff_may_let_somebody_go_at_once(member) -> None:
    subscription = subscribe(member, notice_days=30)
    host = a_user(role=Role.HOST)
    membership.leave(member=member, by=host, now=NOW, on=MONDAY, reason="Déménage")
    assert again(member).state == State.FORMER
    subscription.refresh_from_db()
    assert subscription.is_void  # it would have begun on the day of leaving


def test_who_changes_their_mind_stays_on_the_same_plan(member) -> None:
    subscription = subscribe(member, notice_days=30)
    membership.leave(member=member, by=member.user, now=NOW)
    membership.stay(member=member, by=member.user, now=NOW + DAY)
    subscription.refresh_from_db()
    assert (subscription.end, again(member).leaves_on) == (None, None)
    with refused("not_leaving"):
        membership.stay(member=member, by=member.user, now=NOW + DAY)


def test_a_stranger_moves_nobody(member) -> None:
    stranger = a_member().user
    with refused("not_yours"):
        membership.leave(member=member, by=stranger, now=NOW)
    with refused("not_yours"):
        membership.pause(member=member, start=MONDAY, end=None, by=stranger, now=NOW)


def test_a_change_of_plan_is_dated_and_the_past_keeps_its_plan(member) -> None:
    first = subscribe(member)
    other, on = a_plan(), MONDAY + 30 * DAY
    second = subscriptions.change_plan(member=member, plan=other, on=on, by=member.user, now=NOW)
    first.refresh_from_db()
    assert (first.end, second.start, second.end) == (on, on, None)
    assert list(Subscription.objects.on(on - DAY)) == [first]
    assert list(Subscription.objects.on(on)) == [second]
    same = subscriptions.change_plan(member=member, plan=other, on=on, by=member.user, now=NOW)
    assert same == second


def test_a_member_has_one_plan_at_a_time(member) -> None:
    first = subscribe(member)
    with refused("overlap"):
        subscribe(member, start=MONDAY + 90 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.bulk_create(
            [
                Subscription(
                    member=member,
                    plan=first.plan,
                    start=MONDAY - DAY,
                    end=MONDAY + DAY,
                    made_by=member.user,
                    made_at=NOW,
                )
            ]
        )


def test_a_plan_called_off_before_it_begins_leaves_room_for_another(member) -> None:
    first = subscribe(member, start=MONDAY + 30 * DAY)
    host = a_user(role=Role.HOST)
    subscriptions.end_plan(subscription=first, on=MONDAY, by=host, now=NOW)
    first.refresh_from_db()
    assert first.is_void
    subscribe(member, start=MONDAY + 30 * DAY)
    with refused("forbidden"):
        subscriptions.end_plan(subscription=first, on=MONDAY, by=member.user, now=NOW)


def test_who_leaves_in_a_pause_ends_it_and_the_audit_tells(member) -> None:
    membership.pause(member=member, start=MONDAY, end=None, by=member.user, now=NOW)
    host, later = a_user(role=Role.HOST), NOW + 3 * DAY
    membership.leave(member=member, by=host, now=later, on=later.date(), reason="Déménage")
    rest = Pause.objects.get()
    assert (again(member).state, rest.end) == (State.FORMER, later.date())
    entry = AuditEntry.objects.about(rest).first()
    assert (entry.act, entry.by, entry.changes) == (
        Act.ENDED,
        host,
        {"end": [None, later.date().isoformat()]},
    )
