"""Whether a member may still move or cancel a booking, in words for the page.

The service decides (`services.bookings`); this says the same before the button is pressed.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from booking import rules
from booking.models import Booking


def why_fixed(booking: Booking, now: datetime) -> str:
    """Why its member can no longer change it; empty when it can be changed."""
    if booking.is_cancelled:
        return _("Cette réservation est annulée.")
    if booking.end <= now:
        return _("Cette réservation est passée.")
    if booking.start <= now:
        return _("Cette réservation a déjà commencé.")
    if now > booking.start - booking.resource.space.cancel_delay:
        return str(rules.too_late(booking.resource.space).messages[0])
    return ""
