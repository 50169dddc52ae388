"""Where a member stands, with what comes next and what can be asked from here."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from members import pricing
from members.models import Application, Member, Pause, Plan, State, Subscription
from members.offers import Offer
from members.services.membership import earliest_leave


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan of the member. `offer` is None when no price holds on its day; `category` in words."""

    subscription: Subscription
    offer: Offer | None
    category: str


@dataclass(frozen=True, slots=True)
class MembershipBoard:
    member: Member
    waiting: Application | None
    refused: Application | None
    present: PlanShown | None
    to_come: list[PlanShown]
    pause: Pause | None
    """The one that holds today."""
    pauses_to_come: list[Pause]
    earliest: date | None
    """First day without membership for who gives notice now; None when that means nothing."""

    @property
    def is_member(self) -> bool:
        return self.member.state in (State.ACTIVE, State.PAUSED)

    def category_for(self, plan: Plan, day: date) -> str:
        """The reduction of today's plan, where another plan gives it too."""
        held = self.present.subscription.category if self.present else ""
        version = pricing.version_on(plan, day) if held else None
        given = {cut.category for cut in version.reductions.all()} if version else set()
        return held if held in given else ""

    @property
    def may_apply(self) -> bool:
        return not self.is_member and self.waiting is None


def board(member: Member, now: datetime) -> MembershipBoard:
    today = timezone.localdate(now)
    is_member = member.state in (State.ACTIVE, State.PAUSED)
    last = member.applications.select_related("plan").first()
    rows = member.subscriptions.not_over(today).select_related("plan").order_by("start")
    plans = [_shown(row, today) for row in rows] if is_member else []
    pauses = list(member.pauses.not_over(today).order_by("start"))
    refused = member.state == State.REFUSED and last is not None and not last.is_waiting
    return MembershipBoard(
        member=member,
        waiting=last if last is not None and last.is_waiting else None,
        refused=last if refused else None,
        present=next((plan for plan in plans if plan.subscription.start <= today), None),
        to_come=[plan for plan in plans if plan.subscription.start > today],
        pause=next((rest for rest in pauses if rest.start <= today), None),
        pauses_to_come=[rest for rest in pauses if rest.start > today],
        earliest=earliest_leave(member=member, now=now) if is_member else None,
    )


def _shown(subscription: Subscription, today: date) -> PlanShown:
    version = pricing.version_on(subscription.plan, max(today, subscription.start))
    cuts = version.reductions.all() if version is not None else ()
    vat = pricing.vat_rates(version.vat_code) if version is not None else ()
    named = {cut.category: cut.label for cut in cuts}
    return PlanShown(
        subscription=subscription,
        offer=Offer.of(version, vat) if version is not None and vat else None,
        category=named.get(subscription.category, subscription.category),
    )
