"""A member's plan: begun, changed at a date, ended."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members import audit, notices, pricing
from members.models import Act, Member, Plan, PlanVersion, State, Subscription, User
from members.services.membership import check_author, check_day, earliest_leave, lock


@transaction.atomic
def subscribe(
    *,
    member: Member,
    plan: Plan,
    start: date,
    by: User,
    now: datetime,
    category: str = "",
    end: date | None = None,
) -> Subscription:
    """Put a member on a plan for the days `[start, end)`.

    Raises ValidationError: `not_yours`, `not_a_member`, `no_price` when the plan has none on the
    first day, `unknown_category`, `overlap`, `end_before_start`, `leaving`.
    """
    check_author(member=member, by=by)
    current = lock(member)
    return start_plan(
        member=current, plan=plan, start=start, by=by, now=now, category=category, end=end
    )


def start_plan(
    *,
    member: Member,
    plan: Plan,
    start: date,
    by: User,
    now: datetime,
    category: str = "",
    end: date | None = None,
    version: PlanVersion | None = None,
) -> Subscription:
    """`subscribe` for a member who is locked already, by an author who was checked.

    `version`: the one that holds on `start`, when it was read already.
    """
    if member.state not in (State.ACTIVE, State.PAUSED):
        raise ValidationError(_("Cette personne n’est pas membre."), code="not_a_member")
    if member.leaves_on is not None and (end is None or end > member.leaves_on):
        raise ValidationError(
            _("L’adhésion prend fin le %(day)s."),
            code="leaving",
            params={"day": date_format(member.leaves_on, "j F Y")},
        )
    if version is None:
        version = pricing.version_on(plan, start)
    check_version(version=version, plan=plan, start=start, category=category)
    subscription = Subscription(
        member=member,
        plan=plan,
        start=start,
        end=end,
        category=category,
        made_by=by,
        made_at=now,
    )
    subscription.full_clean()
    subscription.save()
    audit.record(act=Act.CREATED, subject=subscription, by=by, now=now, before={})
    return subscription


def check_offer(*, plan: Plan, start: date, category: str) -> None:
    """Refuse a plan without a price on that day (`no_price`), or a reduction that it does not give
    (`unknown_category`)."""
    version = pricing.version_on(plan, start)
    check_version(version=version, plan=plan, start=start, category=category)


def check_version(*, version: PlanVersion | None, plan: Plan, start: date, category: str) -> None:
    """`check_offer` for who has read the version that holds on that day."""
    if version is None:
        raise ValidationError(
            _("« %(plan)s » n’a pas de tarif le %(day)s."),
            code="no_price",
            params={"plan": plan.label, "day": date_format(start, "j F Y")},
        )
    if category and category not in {cut.category for cut in version.reductions.all()}:
        raise ValidationError(
            _("« %(plan)s » n’a pas de réduction pour cette catégorie."),
            code="unknown_category",
            params={"plan": plan.label},
        )


@transaction.atomic
def change_plan(
    *,
    member: Member,
    plan: Plan,
    on: date,
    by: User,
    now: datetime,
    category: str = "",
) -> Subscription:
    """From that day on the member is on this plan; the present one ends the day before.

    Changing to what already holds that day changes nothing. A plan still to begin is void.
    Raises ValidationError as `subscribe`, `past`, `too_far`; when the member asks alone,
    `not_offered`, and `notice` while the present plan's commitment or notice is not over.
    """
    check_author(member=member, by=by)
    current = lock(member)
    check_day(on, timezone.localdate(now))
    is_staff = by.has_perm("members.change_subscription")
    holding = current.subscriptions.on(on).first()
    if holding is not None and (holding.plan_id, holding.category) == (plan.pk, category):
        return holding
    if not plan.is_offered and not is_staff:
        raise ValidationError(_("Cette formule n’est pas proposée."), code="not_offered")
    earliest = earliest_leave(member=current, now=now)
    if holding is not None and on < earliest and not is_staff:
        raise ValidationError(
            _("Avec le préavis et l’engagement, votre formule peut changer le %(day)s."),
            code="notice",
            params={"day": date_format(earliest, "j F Y")},
        )
    for subscription in current.subscriptions.not_over(on).order_by("start"):
        before = audit.snapshot(subscription)
        if subscription.start >= on:
            subscription.is_void = True
        else:
            subscription.end = on
        subscription.full_clean()
        subscription.save(update_fields=["end", "is_void"])
        audit.record(act=Act.ENDED, subject=subscription, by=by, now=now, before=before)
    changed = start_plan(
        member=current,
        plan=plan,
        start=on,
        by=by,
        now=now,
        category=category,
        end=current.leaves_on,
    )
    transaction.on_commit(lambda: notices.plan_changed(changed), robust=True)
    return changed


@transaction.atomic
def end_plan(
    *, subscription: Subscription, on: date, by: User, now: datetime, reason: str = ""
) -> Subscription:
    """End a plan on a day, or make it void when it has not begun then: staff only.

    The member stays a member, without a plan. Raises ValidationError `forbidden`, `over`.
    """
    if not by.has_perm("members.change_subscription"):
        raise ValidationError(_("Seule l’équipe met fin à une formule."), code="forbidden")
    lock(subscription.member)
    current = Subscription.objects.select_related("member__user", "plan").get(pk=subscription.pk)
    if current.is_void or (current.end is not None and current.end <= on):
        raise ValidationError(_("Cette formule a déjà pris fin."), code="over")
    before = audit.snapshot(current)
    if on <= current.start:
        current.is_void = True
    else:
        current.end = on
    current.notice_at = now
    current.full_clean()
    current.save(update_fields=["end", "is_void", "notice_at"])
    audit.record(act=Act.ENDED, subject=current, by=by, now=now, before=before, reason=reason)
    return current
