"""What the calendar decides about needs: run each hour, or each minute."""

from collections.abc import Callable
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils import timezone

from directory.services import needs, outcome

# In this order; each takes `now`, returns how many rows it moved, and is safe to run twice or in
# two places at once.
STEPS: Final[tuple[tuple[str, Callable[..., int]], ...]] = (
    ("needs expired", needs.expire_due),
    ("outcomes asked", outcome.ask),
    ("outcomes recalled", outcome.remind),
)


class Command(BaseCommand):
    help = (
        "Close the needs whose last day is over, ask once what became of them, and recall it once. "
        "Safe to run at any time, twice, or in two places."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        done = [f"{name}: {step(now=now)}" for name, step in STEPS]
        self.stdout.write(", ".join(done))
