"""What the calendar decides about members: departures, pauses, and hosts who have not answered."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from members.services import applications, membership


class Command(BaseCommand):
    help = (
        "Move the members whose pause or departure has come, and remind the hosts once of each "
        "application that waits. Safe to run at any time, twice, or in two places."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        moved = membership.follow_calendar(now=now)
        reminded = applications.remind(now=now)
        self.stdout.write(f"members moved: {moved}, applications recalled to hosts: {reminded}")
