"""What staff changes about the places of a space. Closing them is in `closures`."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from booking.models import Resource
from booking.services.closures import lock_space


@transaction.atomic
def save_resource(*, resource: Resource) -> Resource:
    """Write a new or a changed resource.

    Once it is booked, its kind and its space are fixed: bookings carry a copy of the kind, and are
    found by the space of their resource. Raises ValidationError `booked` otherwise.
    """
    if resource.pk is not None:
        before = Resource.objects.get(pk=resource.pk)
        lock_space(before.space_id)
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
