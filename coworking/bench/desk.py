"""The pages of the operator's desk that are measured, and what they may cost."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from coworking.bench.crowd import Crowd
from coworking.bench.figures import Speed, Work
from coworking.bench.pages import Page

MOST_QUERIES: Final = 15
P95_BELOW: Final = 150.0  # milliseconds


@dataclass(frozen=True, slots=True)
class DeskFigures:
    name: str
    speed: Speed
    work: Work

    def missed(self) -> list[str]:
        """The targets that this page misses, in words."""
        missed = {
            "queries": self.work.queries > MOST_QUERIES and self.name != MEMBER,
            "p95": self.speed.p95 >= P95_BELOW,
        }
        return [name for name, is_missed in missed.items() if is_missed]


# Everything about one person: a query for each part of the page.
MEMBER: Final = "a member"


def desk_pages(crowd: Crowd) -> list[Page]:
    members = reverse("admin:members_member_changelist")
    bookings = reverse("admin:booking_booking_changelist")
    return [
        Page("first page", reverse("admin:index")),
        Page("members", members),
        Page("members, a search", f"{members}?q=membre+0012"),
        Page("members, absent for 30 days", f"{members}?visit=30"),
        Page("members, by last visit", f"{members}?o=-5"),
        Page(MEMBER, reverse("admin:members_member_change", args=[crowd.member.pk])),
        Page("bookings", bookings),
        Page("bookings, a search", f"{bookings}?q=membre+0012"),
    ]
