"""Words about places and hours that templates need: `{% load booking_words %}`."""

from datetime import date

from django import template

from booking import places, rules
from booking.models import Booking, Space
from booking.places import Viewer
from booking.slots import Slot

register = template.Library()

register.filter("place_name", places.place_name)
register.filter("place_note", places.place_note)
register.filter("place_label", places.place_label)


@register.filter
def hours(stay: Slot | Booking, space: Space) -> str:
    """« 08:30–12:30 » by the clock of the space: `{{ booking|hours:space }}`."""
    return rules.clock(space, stay.slot if isinstance(stay, Booking) else stay)


@register.filter
def day_in(stay: Slot | Booking, space: Space) -> date:
    """The date on which a stay begins, in the zone of the space."""
    slot = stay.slot if isinstance(stay, Booking) else stay
    return slot.local_day(space.zone)


@register.filter
def named_for(booking: Booking, viewer: Viewer) -> str:
    """The name of who booked, for those who may read it; empty for others."""
    return viewer.name_of(booking)
