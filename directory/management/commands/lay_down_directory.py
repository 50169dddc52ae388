"""The lists that the directory starts from."""

from typing import Any

from django.core.management.base import BaseCommand

from directory.services.reference import lay_down


class Command(BaseCommand):
    help = (
        "Add the communes, sectors, trades, everyday words and skills that the directory starts "
        "from and does not have yet. What the team edited stays. Safe to run twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        added = lay_down()
        self.stdout.write(", ".join(f"{name} added: {number}" for name, number in added.items()))
