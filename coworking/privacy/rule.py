"""What a rule of retention is: what, after how long, why, what happens, and which rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import models
from django.utils import timezone

from members.tariff import add_months

# The row goes; its words go and it stays; the person goes; the audit lets it go.
DELETED: Final = "deleted"
EMPTIED: Final = "emptied"
ERASED: Final = "erased"
PURGED: Final = "purged"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is due is `find(before)`: rows that were left alone since before that instant."""

    key: str
    what: str
    months: int
    days: int
    why: str
    then: str
    find: Callable[[datetime], models.QuerySet[Any]]
    empty: Callable[[list[Any], datetime], int] | None = None  # when it is `EMPTIED`

    @property
    def after(self) -> str:
        """How long, in words: `6 months`, `30 days`, `at once`."""
        if self.months:
            return f"{self.months} months"
        return f"{self.days} days" if self.days else "at once"

    def before(self, now: datetime) -> datetime:
        day: date = timezone.localdate(now) - timedelta(days=self.days)
        start = datetime.combine(add_months(day, -self.months), time.min)
        return timezone.make_aware(start) if self.months or self.days else now

    def due(self, now: datetime) -> models.QuerySet[Any]:
        return self.find(self.before(now)).order_by("pk")
