"""Which space the first page is about: the only one, the one asked for, or the busiest today."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from booking.models import Booking, Space, Visit
from booking.slots import Slot

AROUND = timedelta(hours=12)  # today, in whatever zone the space lies


def spaces(now: datetime) -> list[Space]:
    """The active spaces with their calendar, the busiest first; `notes_visits` tells those where
    arrivals are noted. Three queries."""
    near = Slot(now - AROUND, now + AROUND)
    stays: Any = Booking.objects.confirmed().overlapping(near).order_by()
    stays = stays.filter(resource__space=OuterRef("pk")).values("resource__space")
    number = Subquery(stays.annotate(number=Count("pk")).values("number"))
    visits = Visit.objects.filter(space=OuterRef("pk"))
    found = (
        Space.objects.active()
        .with_calendar()
        .annotate(stays_today=Coalesce(number, 0), notes_visits=Exists(visits))
    )
    return list(found.order_by("-stays_today", "name", "pk"))


def chosen(found: Sequence[Space], slug: str) -> Space | None:
    """The space of that address; the first where there is no such one."""
    return next((space for space in found if space.slug == slug), found[0] if found else None)
