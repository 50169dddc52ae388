"""What staff changes about a space that bookings depend on: its resources, its closures."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from booking.models import Booking, Closure, Resource, Space
from booking.slots import Slot, day_slot


@transaction.atomic
def save_resource(*, resource: Resource) -> Resource:
    """Write a new or a changed resource.

    Once it is booked, its kind and its space are fixed: bookings carry a copy of the kind, and are
    found by the space of their resource. Raises ValidationError `booked` otherwise.
    """
    if resource.pk is not None:
        before = Resource.objects.get(pk=resource.pk)
        _lock(before.space_id)
        is_other = (before.kind, before.space_id) != (resource.kind, resource.space_id)
        if is_other and resource.bookings.exists():
            raise ValidationError(
                _("« %(place)s » a des réservations : son genre et son espace ne changent plus."),
                code="booked",
                params={"place": before.name},
            )
    resource.full_clean()
    resource.save()
    return resource


@transaction.atomic
def save_closure(*, closure: Closure, now: datetime) -> list[Booking]:
    """Write a closure. Returns the coming bookings it leaves without an open space, in order.

    They stand until somebody moves or cancels them: nobody loses a booking by surprise.
    """
    _lock(closure.space_id)
    closure.full_clean()
    closure.save()
    closed = closed_slot(closure)
    bookings = Booking.objects.coming(now).filter(resource__space=closure.space)
    return list(bookings.overlapping(closed).with_place().with_people())


def closed_slot(closure: Closure) -> Slot:
    """From midnight to midnight, by the clock of the space."""
    zone = closure.space.zone
    return Slot(day_slot(closure.starts_on, zone).start, day_slot(closure.ends_on, zone).end)


def _lock(space_id: int) -> None:
    """Wait for the bookings under way in this space, and let later ones see what is written."""
    list(Space.objects.select_for_update(no_key=True).filter(pk=space_id).order_by("pk"))
