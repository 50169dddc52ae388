"""The moves of a member: paused, back, leaving, gone; by oneself, by staff, or by the calendar.

The allowed moves are `members.models.MOVES`, held by the database too. Each is in the audit with
its date, author and reason. Bookings to come are never deleted here: staff is shown them.
"""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members import audit, notices, pricing
from members.models import MOVES, Act, Member, Pause, State, Subscription, User
from members.tariff import add_months

FURTHEST = 24  # months: a date typed wrong is refused


def lock(member: Member) -> Member:
    """The member as it stands, behind every other writer of this member. Needs a transaction."""
    rows = Member.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    return rows.get(pk=member.pk)


def check_author(*, member: Member, by: User) -> None:
    """Refuse (`not_yours`) whoever is neither the member nor staff who may change members."""
    if by.pk != member.user_id and not by.has_perm("members.change_member"):
        raise ValidationError(_("Cette adhésion n’est pas la vôtre."), code="not_yours")


def move_state(
    *, member: Member, to: State, by: User | None, now: datetime, reason: str = ""
) -> Member:
    """Write one move of a locked member. Moving to where one is changes nothing.

    Raises ValidationError `move_not_allowed`.
    """
    if member.state == to:
        return member
    if (State(member.state), to) not in MOVES:
        raise ValidationError(
            _("On ne passe pas de « %(old)s » à « %(new)s »."),
            code="move_not_allowed",
            params={"old": State(member.state).label, "new": to.label},
        )
    old = member.state
    member.state, member.state_since = to, now
    if to not in (State.ACTIVE, State.PAUSED, State.FORMER):
        member.leaves_on = None
    member.full_clean()
    member.save(update_fields=["state", "state_since", "leaves_on"])
    audit.record(
        act=Act.STATE,
        subject=member,
        by=by,
        now=now,
        changes={"state": (old, to.value)},
        reason=reason,
    )
    return member


@transaction.atomic
def pause(
    *,
    member: Member,
    start: date,
    end: date | None,
    by: User,
    now: datetime,
    reason: str = "",
) -> Pause:
    """Rest for the days `[start, end)`; without `end`, until `resume`.

    Raises ValidationError: `not_yours`, `not_a_member`, `past`, `too_far`, `end_before_start`,
    `overlap`, `leaving` when it would begin after the member has left.
    """
    check_author(member=member, by=by)
    current = lock(member)
    if current.state not in (State.ACTIVE, State.PAUSED):
        raise ValidationError(_("Seul un membre peut faire une pause."), code="not_a_member")
    today = timezone.localdate(now)
    check_day(start, today)
    if current.leaves_on is not None and start >= current.leaves_on:
        raise ValidationError(_("L’adhésion aura pris fin avant."), code="leaving")
    rest = Pause(member=current, start=start, end=end, reason=reason.strip())
    rest.full_clean()
    rest.save()
    audit.record(
        act=Act.CREATED, subject=rest, by=by, now=now, before={}, member=current, reason=reason
    )
    if start <= today:
        move_state(member=current, to=State.PAUSED, by=by, now=now, reason=reason)
    transaction.on_commit(lambda: notices.paused(rest), robust=True)
    return rest


@transaction.atomic
def resume(*, member: Member, by: User, now: datetime, reason: str = "") -> Member:
    """End the pause that holds, as of today, or call off the next one.

    Raises ValidationError: `not_yours`, `not_paused`.
    """
    check_author(member=member, by=by)
    current = lock(member)
    today = timezone.localdate(now)
    rest = current.pauses.not_over(today).order_by("start").first()
    if rest is None:
        raise ValidationError(_("Il n’y a pas de pause à terminer."), code="not_paused")
    _end_pause(rest, by=by, now=now, reason=reason)
    if current.state == State.PAUSED:
        move_state(member=current, to=State.ACTIVE, by=by, now=now, reason=reason)
        transaction.on_commit(lambda: notices.resumed(current), robust=True)
    return current


def _end_pause(rest: Pause, *, by: User | None, now: datetime, reason: str) -> None:
    """End a pause today; one that has not begun is called off, and only the audit knows of it."""
    today, before = timezone.localdate(now), audit.snapshot(rest)
    if rest.start >= today:
        gone = {name: (value, None) for name, value in before.items()}
        audit.record(act=Act.CANCELLED, subject=rest, by=by, now=now, changes=gone, reason=reason)
        rest.delete()
        return
    rest.end = today
    rest.full_clean()
    rest.save(update_fields=["end"])
    audit.record(act=Act.ENDED, subject=rest, by=by, now=now, before=before, reason=reason)


def earliest_leave(*, member: Member, now: datetime) -> date:
    """The first day without membership for who gives notice now, by the plan's own terms."""
    today = timezone.localdate(now)
    subscription = (
        member.subscriptions.not_over(today).select_related("plan").order_by("-start").first()
    )
    if subscription is None:
        return today
    version = pricing.version_on(subscription.plan, max(today, subscription.start))
    if version is None:
        return today
    since = _since(subscription)
    committed = add_months(since, version.commitment_months)
    return max(committed, today + timedelta(days=version.notice_days))


def _since(subscription: Subscription) -> date:
    """Since when the member has been on this plan without a break: renewals count."""
    start = subscription.start
    while True:
        previous = Subscription.objects.filter(
            member_id=subscription.member_id, plan_id=subscription.plan_id, end=start, is_void=False
        ).first()
        if previous is None:
            return start
        start = previous.start


@transaction.atomic
def leave(
    *,
    member: Member,
    by: User,
    now: datetime,
    on: date | None = None,
    reason: str = "",
) -> Member:
    """Leave on a day: the first one without membership; None: the earliest that the plan allows.

    The plan ends with it. Staff may choose any day from today on; the member not before the
    notice and the commitment are over.
    Raises ValidationError: `not_yours`, `not_a_member`, `past`, `too_far`, `notice`.
    """
    check_author(member=member, by=by)
    current = lock(member)
    if current.state == State.APPLICANT:
        return move_state(member=current, to=State.FORMER, by=by, now=now, reason=reason)
    if current.state not in (State.ACTIVE, State.PAUSED):
        raise ValidationError(_("Cette personne n’est pas membre."), code="not_a_member")
    today = timezone.localdate(now)
    earliest = earliest_leave(member=current, now=now)
    day = on or earliest
    check_day(day, today)
    if day < earliest and not by.has_perm("members.change_member"):
        raise ValidationError(
            _("Avec le préavis et l’engagement, votre adhésion peut prendre fin le %(day)s."),
            code="notice",
            params={"day": date_format(earliest, "j F Y")},
        )
    _end_plans(current, day, by, now, reason)
    before = audit.snapshot(current)
    current.leaves_on = day
    current.full_clean()
    current.save(update_fields=["leaves_on"])
    audit.record(act=Act.CHANGED, subject=current, by=by, now=now, before=before, reason=reason)
    if day <= today:
        _depart(current, by=by, now=now, reason=reason)
    transaction.on_commit(lambda: notices.leaving(current), robust=True)
    return current


@transaction.atomic
def stay(*, member: Member, by: User, now: datetime) -> Member:
    """Call off a departure before its day: the plan goes on as before.

    Raises ValidationError: `not_yours`, `not_leaving`.
    """
    check_author(member=member, by=by)
    current = lock(member)
    today = timezone.localdate(now)
    if current.state not in (State.ACTIVE, State.PAUSED) or current.leaves_on is None:
        raise ValidationError(_("Aucun départ n’est prévu."), code="not_leaving")
    day, before = current.leaves_on, audit.snapshot(current)
    current.leaves_on = None
    current.full_clean()
    current.save(update_fields=["leaves_on"])
    audit.record(act=Act.CHANGED, subject=current, by=by, now=now, before=before)
    for subscription in current.subscriptions.filter(end=day, is_void=False, end__gt=today):
        old = audit.snapshot(subscription)
        subscription.end, subscription.notice_at = None, None
        subscription.full_clean()
        subscription.save(update_fields=["end", "notice_at"])
        audit.record(act=Act.CHANGED, subject=subscription, by=by, now=now, before=old)
    return current


def _end_plans(member: Member, day: date, by: User | None, now: datetime, reason: str) -> None:
    """End what runs on that day, and make void what would begin later."""
    for subscription in member.subscriptions.not_over(day).order_by("start"):
        before = audit.snapshot(subscription)
        if subscription.start >= day:
            subscription.is_void = True
        else:
            subscription.end = day
        subscription.notice_at = now
        subscription.full_clean()
        subscription.save(update_fields=["end", "is_void", "notice_at"])
        audit.record(
            act=Act.ENDED, subject=subscription, by=by, now=now, before=before, reason=reason
        )


def _depart(member: Member, *, by: User | None, now: datetime, reason: str = "") -> None:
    """The day has come: pauses end, and the member is a former one."""
    today = timezone.localdate(now)
    for rest in member.pauses.not_over(today).order_by("start"):
        _end_pause(rest, by=by, now=now, reason=reason)
    move_state(member=member, to=State.FORMER, by=by, now=now, reason=reason)


def follow_calendar(*, now: datetime) -> int:
    """What the calendar has decided: departures, pauses that begin or end. Returns how many moved.

    Safe to run at any time, twice, or in two places: each member is locked and looked at again.
    """
    today = timezone.localdate(now)
    resting = Q(pauses__start__lte=today) & (Q(pauses__end=None) | Q(pauses__end__gt=today))
    due = Member.objects.filter(
        Q(state__in=(State.ACTIVE, State.PAUSED), leaves_on__lte=today)
        | Q(state=State.ACTIVE) & resting
        | Q(state=State.PAUSED)
    )
    # All keys first: on SQLite a reader that is still open may not become a writer.
    keys = list(due.distinct().order_by("pk").values_list("pk", flat=True))
    return sum(_follow(Member(pk=key), now) for key in keys)


@transaction.atomic
def _follow(member: Member, now: datetime) -> bool:
    current, today = lock(member), timezone.localdate(now)
    if current.state not in (State.ACTIVE, State.PAUSED):
        return False
    if current.leaves_on is not None and current.leaves_on <= today:
        _depart(current, by=None, now=now)
        return True
    wanted = State.PAUSED if current.pauses.on(today).exists() else State.ACTIVE
    if current.state == wanted:
        return False
    move_state(member=current, to=wanted, by=None, now=now)
    return True


def check_day(day: date, today: date) -> None:
    """Refuse a day that is `past` or `too_far`."""
    if day < today:
        raise ValidationError(_("Cette date est passée."), code="past")
    if day > add_months(today, FURTHEST):
        raise ValidationError(_("Cette date est trop lointaine."), code="too_far")
