"""`manage.py retention`: what has been kept long enough goes, by the rules of docs/privacy.md."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from coworking.privacy import retention


class Command(BaseCommand):
    help = "Delete what has been kept long enough, and erase the people whom nothing keeps."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="print the table, change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        stay: list[str] = []
        for due in retention.plan(now=now):
            rule, count = due.rule, len(due.keys)
            line = f"{rule.key:<12}{rule.after:<11}{rule.then:<9}{count:>6}  {rule.what}"
            if not options["dry_run"]:
                done, reasons = retention.apply(due, now=now)
                stay += reasons
                # Meanwhile somebody may have come back, or another run have been here.
                line += f" ({done} done)" if done != count else ""
            self.stdout.write(line)
        for why in stay:
            self.stdout.write(f"stays: {why}")
