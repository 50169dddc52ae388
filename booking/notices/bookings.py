"""The e-mails that follow a booking, a move, a cancellation. Called once it is committed.

Each is in the language of the member, in the local times of the space, as text and as HTML, with
the events attached. A mail server that is away is logged: the booking stands.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.mime.text import MIMEText
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking import ical
from booking.models import Booking
from booking.places import place_name
from members.models import User

logger = logging.getLogger(__name__)

ICS_NAME = "reservation.ics"

# The text and the HTML of each message.
BOOKED = ("booking/email/booked.txt", "booking/email/booked.html")
MOVED = ("booking/email/moved.txt", "booking/email/moved.html")
CHANGED = ("booking/email/series_changed.txt", "booking/email/series_changed.html")
CANCELLED = ("booking/email/cancelled.txt", "booking/email/cancelled.html")


@dataclass(frozen=True, slots=True)
class Stay:
    """A booking in the words of its reader: active language, zone of the space."""

    day: str
    hours: str
    place: str
    deadline: str
    url: str

    @classmethod
    def of(cls, booking: Booking) -> Self:
        zone = booking.resource.space.zone
        start, end = booking.start.astimezone(zone), booking.end.astimezone(zone)
        return cls(
            day=date_format(start, "l j F Y"),
            hours=_hours(start, end),
            place=place_name(booking.resource),
            deadline=ical.deadline(booking),
            url=ical.absolute_url(booking),
        )


def booked(bookings: Sequence[Booking]) -> None:
    """Tell a member what was booked at one go: one e-mail with all the events."""
    with translation.override(bookings[0].member.user.language):
        stays = [Stay.of(booking) for booking in bookings]
        if len(stays) == 1:
            subject = _("Réservé : %(stay)s") % {"stay": _in_a_line(stays[0])}
        else:
            subject = ngettext(
                "Réservé : %(count)s réservation à partir du %(day)s",
                "Réservé : %(count)s réservations à partir du %(day)s",
                len(stays),
            ) % {"count": len(stays), "day": stays[0].day}
        reason = bookings[0].override_reason
        send_about(
            BOOKED, subject, bookings, {"stays": stays}, by=bookings[0].made_by, reason=reason
        )


def moved(booking: Booking, *, by: User, before: Booking) -> None:
    """Tell a member where and when a booking is now.

    Args:
        by: who moved it.
        before: the booking as it was, for a reader who has several.
    """
    with translation.override(booking.member.user.language):
        stay = Stay.of(booking)
        context = {"stays": [stay], "before": Stay.of(before)}
        subject = _("Réservation déplacée : %(stay)s") % {"stay": _in_a_line(stay)}
        send_about(MOVED, subject, [booking], context, by=by, reason=booking.override_reason)


def cancelled(booking: Booking, *, reason: str) -> None:
    """Tell a member that a booking is cancelled; the reason is the one of whoever cancelled."""
    with translation.override(booking.member.user.language):
        stay = Stay.of(booking)
        subject = _("Réservation annulée : %(stay)s") % {"stay": _in_a_line(stay)}
        context = {"stays": [stay]}
        send_about(CANCELLED, subject, [booking], context, by=booking.cancelled_by, reason=reason)


def series_changed(bookings: Sequence[Booking], *, by: User) -> None:
    """Tell a member where the bookings of a series are now: one e-mail with all the events."""
    with translation.override(bookings[0].member.user.language):
        stays = [Stay.of(booking) for booking in bookings]
        subject = ngettext(
            "Série changée : %(count)s réservation à partir du %(day)s",
            "Série changée : %(count)s réservations à partir du %(day)s",
            len(stays),
        ) % {"count": len(stays), "day": stays[0].day}
        send_about(CHANGED, subject, bookings, {"stays": stays}, by=by, reason="")


def all_cancelled(bookings: Sequence[Booking]) -> None:
    """Tell a member that bookings of a series are cancelled: one e-mail takes all the events."""
    if len(bookings) == 1:
        cancelled(bookings[0], reason="")
        return
    with translation.override(bookings[0].member.user.language):
        stays = [Stay.of(booking) for booking in bookings]
        subject = ngettext(
            "Série annulée : %(count)s réservation à partir du %(day)s",
            "Série annulée : %(count)s réservations à partir du %(day)s",
            len(stays),
        ) % {"count": len(stays), "day": stays[0].day}
        by = bookings[0].cancelled_by
        send_about(CANCELLED, subject, bookings, {"stays": stays}, by=by, reason="")


def send_about(
    templates: tuple[str, str],
    subject: str,
    bookings: Sequence[Booking],
    context: Mapping[str, Any],
    by: User | None,
    reason: str,
) -> None:
    """Send one e-mail about bookings of one member in one space."""
    text, html = templates
    booking = bookings[0]
    user, space = booking.member.user, booking.resource.space
    by_team = by is not None and by.pk != user.pk
    context = {
        **context,
        "subject": " ".join(subject.splitlines()),  # whatever a place is called
        "name": user.get_short_name(),
        "space": space,
        "space_url": f"{settings.SITE_URL}{space.get_absolute_url()}",
        "where": ical.where(space),
        "by_team": by_team,
        "reason": reason if by_team else "",
    }
    message = EmailMultiAlternatives(
        subject=context["subject"],
        body=render_to_string(text, context),
        to=[user.email],
        reply_to=[space.email] if space.email else None,
        headers={"Auto-Submitted": "auto-generated"},  # RFC 3834: no holiday reply to this
    )
    message.attach_alternative(render_to_string(html, context), "text/html")
    message.attach(_calendar_part(bookings))
    try:
        message.send()
    except OSError:  # the mail server is away or refuses (SMTPException is one)
        logger.exception("no e-mail for booking %s", booking.pk)


def _calendar_part(bookings: Sequence[Booking]) -> MIMEText:
    part = MIMEText(ical.message(bookings).decode(), "calendar", "utf-8")
    part.set_param("method", ical.method(bookings))
    part.add_header("Content-Disposition", "attachment", filename=ICS_NAME)
    return part


def _hours(start: datetime, end: datetime) -> str:
    """« 09:00–12:30 »; with its date when the end is another day than the start."""
    if end.date() == start.date():
        return f"{start:%H:%M}–{end:%H:%M}"
    return f"{start:%H:%M} – {date_format(end, 'l j F, H:i')}"


def _in_a_line(stay: Stay) -> str:
    return _("%(place)s, %(day)s, %(hours)s") % {
        "place": stay.place,
        "day": stay.day,
        "hours": stay.hours,
    }
