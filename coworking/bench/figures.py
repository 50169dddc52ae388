"""The figures of a page, the targets they are held against, and the arithmetic of both."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

MOST_QUERIES = 12
P50_BELOW = 25.0  # ms
P95_BELOW = 60.0  # ms
# Two passes over one page differ by less than this, whatever else the machine does.
SAME_WITHIN = 1.2


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of the values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(math.ceil(percent / 100 * len(values)), 1) - 1]


@dataclass(frozen=True, slots=True)
class Speed:
    """Times in milliseconds for one client; answers per second for eight."""

    p50: float
    p95: float
    rate: float

    @classmethod
    def of(cls, seconds: Sequence[float], rate: float) -> "Speed":
        return cls(percentile(seconds, 50) * 1000, percentile(seconds, 95) * 1000, rate)


@dataclass(frozen=True, slots=True)
class Work:
    """Of one answer: queries, milliseconds spent in them, milliseconds of processor for all."""

    queries: int
    sql: float
    cpu: float

    def least(self, other: "Work") -> "Work":
        """The smaller of the times: what a neighbour on the machine adds is no work of ours."""
        return Work(self.queries, min(self.sql, other.sql), min(self.cpu, other.cpu))


@dataclass(frozen=True, slots=True)
class PageFigures:
    """`few`, `many`: the number of queries with 10 and with 1,000 bookings.

    `p50_below` is the page's own target in milliseconds; `empty_views`, how many answers of the
    empty view one of its answers costs, is held against `most_empty_views` if it has one.
    """

    name: str
    speed: Speed
    work: Work
    few: int
    many: int
    p50_below: float = P50_BELOW
    empty_views: float = 0.0
    most_empty_views: float | None = None

    def missed(self) -> list[str]:
        """The targets that this page misses, in words."""
        most = max(self.work.queries, self.few, self.many)
        targets = {
            f"{most} queries": most <= MOST_QUERIES,
            f"{self.few} queries become {self.many}": self.few == self.many,
            "p50": self.speed.p50 < self.p50_below,
            "p95": self.speed.p95 < P95_BELOW,
            "empty views": self.empty_views <= (self.most_empty_views or math.inf),
        }
        return [words for words, is_met in targets.items() if not is_met]


def slower_by(old: Speed, old_work: Work, young: Speed, young_work: Work) -> list[str]:
    """In what an old table is slower than a young one: by the clock, by the work, or in nothing.

    People wait by the clock; the two are timed minutes apart, so the work stands beside it.
    """
    by = []
    if old.p50 > young.p50 * SAME_WITHIN:
        by.append("p50")
    if old_work.sql + old_work.cpu > (young_work.sql + young_work.cpu) * SAME_WITHIN:
        by.append("SQL and CPU")
    return by
