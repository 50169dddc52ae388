"""The search's index, made again from what it is made of."""

from typing import Any

from django.core.management.base import BaseCommand

from directory.services.index import reindex_everything


class Command(BaseCommand):
    help = (
        "Make the search index of the directory again from the providers, trades, skills and "
        "synonyms. Safe to run at any time, twice, or while people search."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = reindex_everything()
        self.stdout.write(f"providers read: {number}")
