"""Which rows are the demonstration's, what else there is, and how the demonstration goes away."""

from django.db import transaction
from django.db.models import Q, QuerySet

from booking.models import Booking, Resource, Space
from coworking.demo import DOMAIN
from members.models import User

OURS = Q(email__endswith=f"@{DOMAIN}")


def demo_users() -> QuerySet[User]:
    return User.objects.filter(OURS).order_by("pk")


def demo_spaces() -> QuerySet[Space]:
    return Space.objects.filter(OURS).order_by("pk")


def demo_exists() -> bool:
    return demo_users().exists() or demo_spaces().exists()


def real_data() -> dict[str, int]:
    """How many rows are not the demonstration's, by what they are; empty when there are none."""
    counts = {
        "spaces": Space.objects.exclude(OURS).count(),
        "accounts": User.objects.exclude(OURS).count(),
    }
    return {what: count for what, count in counts.items() if count}


@transaction.atomic
def remove_demo() -> None:
    """Remove the demonstration, and what could not stay without it.

    That is every booking in its spaces, also of real people who tried it out, and every booking
    that its people hold, made or cancelled elsewhere. Other accounts and spaces stay.
    """
    users, spaces = demo_users(), demo_spaces()
    Booking.objects.filter(
        Q(resource__space__in=spaces)
        | Q(member__user__in=users)
        | Q(made_by__in=users)
        | Q(cancelled_by__in=users)
    ).delete()
    Resource.objects.filter(space__in=spaces).delete()
    spaces.delete()
    users.delete()
