"""What this floor forgets of a person who is erased. Bookings and visits stay: attendance."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from booking.models import ArrivalCode, Booking, CalendarFeed, Visit, Wait
from members.models import Member

# A reason may name the person. What was written becomes this, and not nothing: a booking made over
# a rule is allowed to stand beside another one of the same member, one without a reason is not.
FORGOTTEN = "–"


def refusals(member: Member, now: datetime) -> list[ValidationError]:
    """`coming_bookings` while a place is kept for the person, `still_here` before a visit ends."""
    if Visit.objects.open().filter(member=member).exists():
        return [ValidationError(_("Une visite n’est pas terminée."), code="still_here")]
    # A wait that stands would become a booking.
    if Wait.objects.standing().filter(member=member).exists():
        return [ValidationError(_("Une attente de place est en cours."), code="waiting")]
    if not Booking.objects.coming(now).filter(member=member).exists():
        return []
    return [
        ValidationError(
            _("Des réservations sont à venir : annulez-les d’abord."), code="coming_bookings"
        )
    ]


def empty_person(*, member: Member) -> None:
    """Blank what was written about a locked member, and close the calendar address."""
    Booking.objects.filter(member=member).exclude(override_reason="").update(
        override_reason=FORGOTTEN
    )
    # The name of a guest is that of another person, whom nothing else ties to the place.
    for table in (Booking, Visit):
        table.objects.filter(member=member).exclude(guest_name="").update(guest_name=FORGOTTEN)
    ArrivalCode.objects.filter(member=member).delete()
    CalendarFeed.objects.filter(member=member).delete()
