"""What waits in the directory: things to read and decide, and needs that nobody answers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from coworking.desk.line import Hand, columns
from directory.models import Claim, Need, NeedState, Provider, ProviderState, Report, Solicitation

PATIENCE = timedelta(days=5)  # a need that is open for longer without an answer is shown


def _day(name: str) -> TruncDate:
    return TruncDate(name, tzinfo=timezone.get_current_timezone())


def _needs(now: datetime) -> "QuerySet[Any, Any]":
    return columns(
        Hand.NEED,
        Need,
        Need.objects.filter(state=NeedState.SUBMITTED).order_by("state_since", "pk"),
        title="title",
        detail="organisation__name",
        day=_day("state_since"),
    )


def _profiles(now: datetime) -> "QuerySet[Any, Any]":
    return columns(
        Hand.PROFILE,
        Provider,
        Provider.objects.filter(state=ProviderState.PENDING).order_by("state_since", "pk"),
        title="name",
        detail="commune__name",
        day=_day("state_since"),
    )


def _claims(now: datetime) -> "QuerySet[Any, Any]":
    return columns(
        Hand.CLAIM,
        Claim,
        Claim.objects.filter(decided_at=None).order_by("made_at", "pk"),
        title="provider__name",
        detail="user__name",
        day=_day("made_at"),
    )


def _reports(now: datetime) -> "QuerySet[Any, Any]":
    return columns(
        Hand.REPORT,
        Report,
        Report.objects.filter(handled_at=None).order_by("made_at", "pk"),
        title=Coalesce("provider__name", "need__title"),
        detail="reason",
        day=_day("made_at"),
    )


def _unanswered(now: datetime) -> "QuerySet[Any, Any]":
    """Open for some days, and nobody has answered: the host may introduce somebody."""
    answered = Solicitation.objects.answered().values("need")
    needs = Need.objects.open(timezone.localdate(now)).filter(opened_at__lt=now - PATIENCE)
    return columns(
        Hand.UNANSWERED,
        Need,
        needs.exclude(pk__in=answered).order_by("deadline", "pk"),
        title="title",
        detail="organisation__name",
        day=F("deadline"),
    )


DIRECTORY_RIGHTS: Final = {
    Hand.NEED: "directory.moderate_need",
    Hand.PROFILE: "directory.moderate_provider",
    Hand.CLAIM: "directory.view_claim",
    Hand.REPORT: "directory.view_report",
    Hand.UNANSWERED: "directory.moderate_need",
}
DIRECTORY_READS: Final[dict[Hand, Callable[[datetime], "QuerySet[Any, Any]"]]] = {
    Hand.NEED: _needs,
    Hand.PROFILE: _profiles,
    Hand.CLAIM: _claims,
    Hand.REPORT: _reports,
    Hand.UNANSWERED: _unanswered,
}
