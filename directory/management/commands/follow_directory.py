"""What the calendar decides about needs and profiles: run each hour, or each minute."""

from collections.abc import Callable
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils import timezone

from directory.services import confirmations, needs, outcome, solicitations, telling

# In this order; each takes `now`, returns how many rows it moved, and is safe to run twice or in
# two places at once.
STEPS: Final[tuple[tuple[str, Callable[..., int]], ...]] = (
    ("needs expired", needs.expire_due),
    ("providers asked", solicitations.ask_due),
    ("requests recalled", solicitations.remind_due),
    ("authors told", telling.tell_authors),
    ("outcomes asked", outcome.ask),
    ("outcomes recalled", outcome.remind),
    ("profiles asked", confirmations.ask_for_confirmation),
)


class Command(BaseCommand):
    help = (
        "Close the needs whose last day is over, ask the next providers, recall requests, tell the "
        "authors of answers, ask once what became of a need, recall it once, and ask owners twice "
        "a year whether a profile still holds. Safe to run at any time, twice, or in two places."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        done = [f"{name}: {step(now=now)}" for name, step in STEPS]
        self.stdout.write(", ".join(done))
