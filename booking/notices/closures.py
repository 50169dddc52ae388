"""The letters about closed days: what is cancelled and what there is instead, what opens again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.models import Booking, Closure
from booking.notices.bookings import Stay, send_about
from booking.offers import Hit
from booking.places import in_words, place_name
from members.mail import Letter
from members.notices.readers import write_to

CLOSED = ("booking/email/closed.txt", "booking/email/closed.html")


@dataclass(frozen=True, slots=True)
class OfferedStay:
    """A cancelled booking in the words of its reader, and what there is instead."""

    day: str
    hours: str
    place: str
    offer: str
    url: str  # where that is booked

    @classmethod
    def of(cls, hit: Hit) -> Self:
        stay, booking = Stay.of(hit.booking), hit.booking
        offer, path = "", reverse("booking:book", args=[booking.resource.space.slug])
        if hit.place is not None:
            offer = _("À la même heure, « %(place)s » est libre.") % {
                "place": place_name(hit.place)
            }
            path = path_to_book(booking, resource_id=hit.place.pk)
        elif hit.days:
            days = ", ".join(date_format(day, "l j F") for day in hit.days)
            offer = _("Prochains jours ouverts : %(days)s.") % {"days": days}
            path = path_to_book(booking, day=hit.days[0])
        return cls(stay.day, stay.hours, stay.place, offer, f"{settings.SITE_URL}{path}")


def closed(closure: Closure, hits: Sequence[Hit]) -> None:
    """Tell one person what a closure cancels, with what is offered for each: one letter."""
    bookings = [hit.booking for hit in hits]
    with translation.override(bookings[0].member.user.language):
        subject = ngettext(
            "Réservation annulée, fermeture : %(reason)s",
            "Réservations annulées, fermeture : %(reason)s",
            len(bookings),
        ) % {"reason": closure.reason_shown}
        stays = [OfferedStay.of(hit) for hit in hits]
        context = {"stays": stays, "closed_because": closure.reason_shown}
        # The reason is in the letter itself: the host's own booking is told like any other.
        send_about(CLOSED, subject, bookings, context, by=None, reason="")


def reopened(bookings: Sequence[Booking], free: Collection[object]) -> None:
    """Tell one person that days are open again.

    Args:
        bookings: of that person, cancelled by the closure.
        free: keys of those whose very place can still be had.
    """
    user, space = bookings[0].member.user, bookings[0].resource.space

    def line(booking: Booking) -> str:
        if booking.pk in free:
            return _("%(stay)s : la même place est libre.") % {"stay": in_words(booking)}
        return _("%(stay)s : cette place est prise, il en reste peut-être d’autres.") % {
            "stay": in_words(booking)
        }

    def link(booking: Booking) -> str:
        return path_to_book(booking, booking.resource_id if booking.pk in free else None)

    def write() -> Letter:
        first, *others = bookings
        return Letter(
            subject=_("De nouveau ouvert : %(space)s") % {"space": space.name},
            greeting=user.get_short_name(),
            paragraphs=(
                _(
                    "Une fermeture avait annulé ce que vous aviez réservé ; elle est levée. Rien "
                    "n’est réservé de nouveau sans vous :"
                ),
                *(line(booking) for booking in bookings),
            ),
            action=(_("Réserver de nouveau"), link(first)),
            more=tuple((in_words(booking), link(booking)) for booking in others),
        )

    write_to(user, write)


def path_to_book(booking: Booking, resource_id: int | None = None, day: date | None = None) -> str:
    """The form that books the same hours, of another day or at another place if given."""
    space = booking.resource.space
    start, end = (at.astimezone(space.zone) for at in (booking.start, booking.end))
    query = {
        "date": (day or start.date()).isoformat(),
        "period": "custom",
        "from": f"{start:%H:%M}",
        "to": f"{end:%H:%M}",
    }
    if resource_id is not None:
        query["resource"] = str(resource_id)
    return f"{reverse('booking:book', args=[space.slug])}?{urlencode(query)}"
