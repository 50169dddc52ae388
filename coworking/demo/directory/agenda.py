"""What happens in the directory, in the order of time: what comes later knows what came before."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from booking.slots import to_instant

Act = Callable[[datetime], object]


@dataclass(slots=True)
class Agenda:
    """Acts at their moments. What would come after `now` never happens."""

    now: datetime
    zone: ZoneInfo
    rng: Random
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _serial: int = 0

    def plan(self, at: datetime, act: Act) -> None:
        """Have `act` called with its moment, in its turn; of two at once the first planned."""
        if at < self.now:
            self._serial += 1
            heapq.heappush(self._acts, (at, self._serial, act))

    def play(self) -> None:
        while self._acts:
            at, _serial, act = heapq.heappop(self._acts)
            act(at)

    def ago(self, weeks: float) -> datetime:
        """An hour of work of a day so many weeks ago, or of the day before `now`."""
        days = max(round(weeks * 7) + self.rng.randint(-2, 2), 1)
        return self._at_work(self.now - timedelta(days=days))

    def after(self, moment: datetime, days: float) -> datetime:
        """An hour of work about so many days after a moment, always later than it."""
        later = self._at_work(moment + timedelta(days=days * self.rng.uniform(0.7, 1.3)))
        return later if later > moment else moment + timedelta(minutes=self.rng.randint(5, 90))

    def _at_work(self, moment: datetime) -> datetime:
        day = moment.astimezone(self.zone).date()
        clock = time(self.rng.randint(8, 18), self.rng.randrange(60))
        return to_instant(day, clock, self.zone)
