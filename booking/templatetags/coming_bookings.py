"""What a member has booked, for pages of lower floors: `{% load coming_bookings %}`."""

from django import template
from django.utils import timezone

from booking.models import Booking
from members.models import Member

register = template.Library()


@register.simple_tag
def coming_bookings(member: Member) -> list[Booking]:
    """Not over, the next one first: `{% coming_bookings member as coming %}`."""
    return list(Booking.objects.coming(timezone.now()).filter(member=member).with_place())
