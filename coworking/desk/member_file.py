"""Everything about one member on one screen, as far as the reader may read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from booking.models import Booking, TrialDay
from booking.notices import Stay
from coworking.desk.visits import visits_by_month
from members.acting import members_open_to
from members.admin.audit import audit_of
from members.admin.changes import told
from members.admin.moves import Standing, offered
from members.models import Invitation, Member, WelcomeDone, WelcomeStep

BOOKINGS_SHOWN = 20
ENTRIES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Tick:
    """A step of the welcome, and when it was done with this member."""

    step: WelcomeStep
    done: WelcomeDone | None


def member_file(member: Member, reader: Any, now: datetime) -> dict[str, Any]:
    """The parts of the page by name; a part that the reader may not read is None."""
    parts: dict[str, Any] = dict.fromkeys(_NAMES) | {
        "acts": offered(Standing.of(member, now), reader),
        "may_act_as": members_open_to(reader).filter(pk=member.pk).exists(),
        "today": timezone.localdate(now),
    }
    for right, read in _PARTS.items():
        if reader.has_perm(right):
            parts |= read(member, now)
    return parts


def _bookings(member: Member, now: datetime) -> dict[str, Any]:
    own = Booking.objects.filter(member=member).with_place().with_people()
    coming, past = own.coming(now)[:BOOKINGS_SHOWN], own.past(now)[:BOOKINGS_SHOWN]
    return {
        "coming": [(booking, Stay.of(booking)) for booking in coming],
        "past": [(booking, Stay.of(booking)) for booking in past],
        "visits": visits_by_month(member, now),
        "trial": TrialDay.objects.filter(member=member).select_related("space").first(),
    }


def _welcome(member: Member) -> list[Tick]:
    """The steps in use, and those done before they went out of use."""
    done = {row.step_id: row for row in member.welcome.select_related("done_by")}
    steps = WelcomeStep.objects.order_by("position", "pk")
    return [Tick(step, done.get(step.pk)) for step in steps if step.is_active or step.pk in done]


def _invitations(member: Member) -> dict[str, Any]:
    """By whom this member was invited, and whom this member has brought."""
    return {
        "invited": Invitation.objects.filter(accepted_by=member)
        .select_related("invited_by")
        .first(),
        "brought": Invitation.objects.filter(
            invited_by=member.user, accepted_by__isnull=False
        ).select_related("accepted_by__user"),
    }


# What each right opens, and how it is read.
_PARTS: Final[dict[str, Callable[[Member, datetime], dict[str, Any]]]] = {
    "members.view_subscription": lambda member, now: {
        "subscriptions": member.subscriptions.select_related("plan")
    },
    "members.view_pause": lambda member, now: {"pauses": member.pauses.all()},
    "members.view_application": lambda member, now: {
        "applications": member.applications.select_related("plan", "decided_by")
    },
    "booking.view_booking": _bookings,
    "members.view_note": lambda member, now: {"notes": member.notes.select_related("author")},
    "members.view_document": lambda member, now: {
        "documents": member.documents.defer("content").select_related("added_by")
    },
    "members.view_welcomedone": lambda member, now: {"welcome": _welcome(member)},
    "members.view_consent": lambda member, now: {
        "consents": member.user.consents.order_by("-given_at", "-pk")
    },
    "members.view_invitation": lambda member, now: _invitations(member),
    "members.view_auditentry": lambda member, now: {
        "entries": told(audit_of(member)[:ENTRIES_SHOWN])
    },
}

_NAMES: Final = (
    "subscriptions",
    "pauses",
    "applications",
    "coming",
    "past",
    "visits",
    "trial",
    "notes",
    "documents",
    "welcome",
    "consents",
    "invited",
    "brought",
    "entries",
)
