"""Opening, renewing and closing a member's secret calendar address."""

from datetime import datetime

from django.db import transaction

from booking.models import CalendarFeed
from booking.models.calendar_feed import new_token
from members.models import Member


@transaction.atomic
def open_feed(*, member: Member, now: datetime) -> CalendarFeed:
    """The member's feed, made if there is none. Asking twice changes nothing."""
    feed, _made = CalendarFeed.objects.get_or_create(member=member, defaults={"created_at": now})
    return feed


@transaction.atomic
def rotate_feed(*, member: Member, now: datetime) -> CalendarFeed:
    """A new secret; whoever holds the old address reads nothing from now on."""
    feed, _made = CalendarFeed.objects.update_or_create(
        member=member, defaults={"token": new_token(), "created_at": now}
    )
    return feed


@transaction.atomic
def close_feed(*, member: Member) -> None:
    CalendarFeed.objects.filter(member=member).delete()
