"""What the clock decides about presence: forgotten departures, desks that nobody took."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from booking.services import presence_jobs, waiting


class Command(BaseCommand):
    help = (
        "Close the visits that nobody ended, free the desks that nobody took, and offer places to "
        "who waits. Run it every minute; safe at any time, twice, or in two places."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        closed = presence_jobs.close_forgotten(now=now)
        freed = presence_jobs.free_no_shows(now=now)
        ended = waiting.follow_line(now=now)
        self.stdout.write(f"visits closed: {closed}, desks freed: {freed}, waits ended: {ended}")
