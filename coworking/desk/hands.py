"""What waits for somebody's hand, in one question to the database.

Each kind is a queryset of the same six columns; a union asks for all of them at once, so that the
page costs the same whatever the reader may see and however much waits.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from coworking.desk.directory_hands import DIRECTORY_READS, DIRECTORY_RIGHTS
from coworking.desk.line import Hand, Line, columns
from members.models import (
    Announcement,
    Application,
    Decision,
    Delivery,
    Member,
    Pause,
    PlanVersion,
    State,
    Subscription,
    WelcomeDone,
    WelcomeStep,
)

SOON = timedelta(days=14)
NEW = timedelta(days=30)


# Who may read each kind.
RIGHTS: Final = {
    Hand.APPLICATION: "members.view_application",
    Hand.NO_PLAN: "members.view_subscription",
    Hand.DEPARTURE: "members.view_member",
    Hand.PAUSE_END: "members.view_pause",
    Hand.WELCOME: "members.view_welcomedone",
    Hand.LETTER: "members.view_delivery",
    Hand.DRAFT: "members.view_planversion",
    **DIRECTORY_RIGHTS,
}


def hands(wanted: Collection[Hand], now: datetime) -> dict[Hand, list[Line]]:
    """The lines of each kind, the most pressing first. One query; none when nothing is wanted."""
    parts = [_READS[hand](now) for hand in Hand if hand in wanted]
    found: dict[Hand, list[Line]] = {hand: [] for hand in Hand if hand in wanted}
    if not parts:
        return found
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    for kind, key, title, detail, day, number in rows:
        found[Hand(kind)].append(Line(Hand(kind), key, title, detail, day, number))
    for lines in found.values():
        lines.sort(key=lambda line: (line.day or date.max, line.title, line.key))
    return found


def _applications(now: datetime) -> "QuerySet[Any, Any]":
    return columns(
        Hand.APPLICATION,
        Application,
        Application.objects.waiting(),
        key="member_id",
        title="member__user__name",
        detail="plan__name",
        day=TruncDate("submitted_at", tzinfo=timezone.get_current_timezone()),
    )


def _without_plan(now: datetime) -> "QuerySet[Any, Any]":
    held = Subscription.objects.on(timezone.localdate(now)).filter(member=OuterRef("pk"))
    members = Member.objects.active().filter(~Exists(held)).order_by("state_since", "pk")
    return columns(
        Hand.NO_PLAN,
        Member,
        members,
        title="user__name",
        day=TruncDate("state_since", tzinfo=timezone.get_current_timezone()),
    )


def _departures(now: datetime) -> "QuerySet[Any, Any]":
    today = timezone.localdate(now)
    leaving = Member.objects.filter(
        state__in=(State.ACTIVE, State.PAUSED), leaves_on__range=(today, today + SOON)
    ).order_by("leaves_on", "pk")
    return columns(Hand.DEPARTURE, Member, leaving, title="user__name", day=F("leaves_on"))


def _pause_ends(now: datetime) -> "QuerySet[Any, Any]":
    today = timezone.localdate(now)
    ending = Pause.objects.filter(
        end__range=(today, today + SOON), member__state__in=(State.ACTIVE, State.PAUSED)
    ).order_by("end", "pk")
    return columns(
        Hand.PAUSE_END, Pause, ending, key="member_id", title="member__user__name", day=F("end")
    )


def _to_welcome(now: datetime) -> "QuerySet[Any, Any]":
    """Who became a member lately, whenever the account was opened, and has steps to go."""
    lately = now - NEW
    admitted = Application.objects.filter(
        member=OuterRef("pk"), decision=Decision.APPROVED, decided_at__gte=lately
    )
    done = WelcomeDone.objects.filter(member=OuterRef(OuterRef("pk")), step=OuterRef("pk"))
    left = WelcomeStep.objects.filter(~Exists(done), is_active=True)
    newcomers = Member.objects.active().filter(
        Q(joined_at__gte=lately) | Exists(admitted), Exists(left)
    )
    number: Any = WelcomeDone.objects.filter(member=OuterRef("pk"), step__is_active=True)
    number = number.order_by().values("member").annotate(number=Count("pk")).values("number")
    return columns(
        Hand.WELCOME,
        Member,
        newcomers.order_by("joined_at", "pk"),
        title="user__name",
        day=TruncDate("joined_at", tzinfo=timezone.get_current_timezone()),
        number=Coalesce(Subquery(number), 0),
    )


def _letters(now: datetime) -> "QuerySet[Any, Any]":
    failed: Any = Delivery.objects.filter(
        announcement=OuterRef("pk"), sent_at=None, failed_at__isnull=False
    ).order_by()
    by_letter = failed.values("announcement")
    last = TruncDate(
        Subquery(by_letter.annotate(last=Max("failed_at")).values("last")),
        tzinfo=timezone.get_current_timezone(),
    )
    return columns(
        Hand.LETTER,
        Announcement,
        Announcement.objects.filter(Exists(failed)).order_by("-pk"),
        title="title",
        day=last,
        number=Subquery(by_letter.annotate(number=Count("pk")).values("number")),
    )


def _drafts(now: datetime) -> "QuerySet[Any, Any]":
    soon = timezone.localdate(now) + SOON
    drafts = PlanVersion.objects.filter(published_at=None, valid_from__lte=soon)
    return columns(
        Hand.DRAFT,
        PlanVersion,
        drafts.order_by("valid_from", "pk"),
        title="plan__name",
        day=F("valid_from"),
    )


_READS: Final[dict[Hand, Callable[[datetime], "QuerySet[Any, Any]"]]] = {
    Hand.APPLICATION: _applications,
    Hand.NO_PLAN: _without_plan,
    Hand.DEPARTURE: _departures,
    Hand.PAUSE_END: _pause_ends,
    Hand.WELCOME: _to_welcome,
    Hand.LETTER: _letters,
    Hand.DRAFT: _drafts,
    **DIRECTORY_READS,
}
