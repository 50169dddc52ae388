"""Five years of visits of one member, for the page of presence."""

from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse

from booking.models import Space, Visit, Way
from coworking.bench.pages import Page
from members.models import Member

VISITS: Final = 1000
DAYS: Final = 5 * 365
LENGTH: Final = timedelta(hours=7)


def add_years_of_visits(member: Member, space: Space, now: datetime, number: int = VISITS) -> int:
    """So many visits in place of those there are, spread over five years up to yesterday. In bulk,
    around the services."""
    Visit.objects.filter(member=member).delete()
    made = Visit.objects.bulk_create(
        (
            Visit(
                space=space,
                member=member,
                arrived_at=(arrived := now - timedelta(days=1 + index * DAYS // number)),
                left_at=arrived + LENGTH,
                left_by=Way.PHONE,
            )
            for index in reversed(range(number))
        ),
        batch_size=500,
    )
    return len(made)


def presence_page() -> Page:
    return Page("presence", reverse("booking:presence"))
