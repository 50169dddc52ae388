"""`manage.py send_announcements`: the letters of announcements that are due. For cron."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from members.services.deliveries import BATCH, deliver


class Command(BaseCommand):
    help = "Send the announcements that wait, by e-mail. Safe to run twice, and several at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--limit", type=int, default=BATCH, help="at most so many letters (%(default)s)"
        )

    def handle(self, *args: Any, limit: int, **options: Any) -> None:
        done = deliver(limit=limit)
        if done.sent or done.failed or done.dropped:  # cron mails what a job prints
            self.stdout.write(f"{done.sent} sent, {done.failed} failed, {done.dropped} dropped")
