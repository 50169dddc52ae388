"""How well a provider answers a need: a score of integers, and where each of its points comes from.

Pure: values in, values out. A criterion that gets better never lowers the score, and a candidate
is scored alone, so that nobody's coming or going changes what another one scores.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Criterion(StrEnum):
    """What points are given for. The values are stored with each solicitation."""

    TRADE = "trade"
    WORDS = "words"  # the need names no trade, and its words are those of one
    MUST = "must"
    NICE = "nice"
    NEAR = "near"
    COMMUNE = "commune"
    REMOTE = "remote"
    AVAILABLE = "available"
    LANGUAGE = "language"
    BUDGET = "budget"
    COWORKER = "coworker"
    ENGAGED = "engaged"


WEIGHTS: Final = {
    Criterion.TRADE: 40,
    Criterion.WORDS: 25,
    Criterion.MUST: 10,  # each; one that is missing excludes
    Criterion.NICE: 6,  # each
    Criterion.COMMUNE: 4,
    Criterion.REMOTE: 2,
    Criterion.AVAILABLE: 8,
    Criterion.LANGUAGE: 4,
    Criterion.BUDGET: 4,
    Criterion.COWORKER: 3,
    Criterion.ENGAGED: 5,  # in full for who answers every time, or was never asked
}
# The nearer, the more: at most so many kilometres, so many points. Beyond, but in reach: the last.
NEAR: Final = ((5.0, 14), (15.0, 10), (30.0, 6))
IN_REACH: Final = 3
NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Way:
    """How and where a provider does something."""

    on_site: bool
    remote: bool
    range_km: int


@dataclass(frozen=True, slots=True)
class Price:
    """From `low` to `high` (None: no upper end). `whole`: for a whole job, else by hour or day."""

    low: Decimal
    high: Decimal | None
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a provider brings. `trades`: how it does each of its trades; `way`: anything else."""

    id: int
    way: Way
    trades: tuple[tuple[int, Way], ...] = ()
    skills: frozenset[int] = frozenset()
    distance_km: float | None = None  # None: nobody knows where one of the two is
    commune: int = 0
    available: tuple[date, date] | None = None  # half-open
    languages: frozenset[str] = frozenset()
    price: Price | None = None
    coworker: bool = False
    asked: int = 0  # how often, long enough ago to have answered
    engaged: int = 0  # of these, how often it answered or declined
    last_solicited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a need asks for. `start`: the day on which one should be free."""

    on_site: bool
    remote: bool
    radius_km: int
    start: date
    trade: int | None = None
    guessed: frozenset[int] = frozenset()  # trades that its words are those of
    must: frozenset[int] = frozenset()
    nice: frozenset[int] = frozenset()
    commune: int = 0
    language: str = ""  # "": the one that everybody here speaks
    budget: tuple[Decimal, Decimal | None] | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """`breakdown`: (criterion, points), as stored in `Solicitation.breakdown`; points > 0."""

    candidate: Candidate
    breakdown: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(points for _criterion, points in self.breakdown)


def score(candidate: Candidate, wanted: Wanted) -> Score | None:
    """The points of a candidate; None for one that cannot do it: a skill that must be is missing,
    nothing of it is what the need is about, or it does not come that far."""
    if not wanted.must <= candidate.skills:
        return None
    found = [
        (subject, where)
        for subject, way in _subjects(candidate, wanted)
        if (where := _where(candidate, wanted, way)) is not None
    ]
    if not found:
        return None
    # Of several trades that fit, the one that fits best.
    subject, where = max(found, key=lambda both: _points(both[0]) + _points(both[1]))
    return Score(candidate, (*subject, *where, *_rest(candidate, wanted)))


def ranked(candidates: Iterable[Candidate], wanted: Wanted) -> list[Score]:
    """Those who can do it: the best first, then who waits the longest for a request, then by id."""
    scores = [found for each in candidates if (found := score(each, wanted)) is not None]
    return sorted(scores, key=_order)


_Points = list[tuple[str, int]]


def _order(found: Score) -> tuple[int, datetime, int]:
    candidate = found.candidate
    return (-found.total, candidate.last_solicited_at or NEVER, candidate.id)


def _points(part: _Points) -> int:
    return sum(points for _criterion, points in part)


def _one(criterion: Criterion, times: int = 1) -> tuple[str, int]:
    return (criterion.value, WEIGHTS[criterion] * times)


def _subjects(candidate: Candidate, wanted: Wanted) -> list[tuple[_Points, Way]]:
    """What of the candidate the need is about, and how it does that."""
    skills: _Points = []
    if wanted.must:
        skills.append(_one(Criterion.MUST, len(wanted.must)))
    if nice := len(wanted.nice & candidate.skills):
        skills.append(_one(Criterion.NICE, nice))
    found: list[tuple[_Points, Way]] = []
    for trade, way in candidate.trades:
        if trade == wanted.trade:
            found.append(([_one(Criterion.TRADE), *skills], way))
        elif trade in wanted.guessed:
            found.append(([_one(Criterion.WORDS), *skills], way))
    if not found and skills:
        found.append((skills, candidate.way))
    return found


def _where(candidate: Candidate, wanted: Wanted, way: Way) -> _Points | None:
    """The points of place and mode; None when the two cannot meet."""
    points: _Points = []
    remote = wanted.remote and way.remote
    if wanted.on_site and way.on_site:
        reach = max(way.range_km, wanted.radius_km)
        if candidate.distance_km is None or candidate.distance_km <= reach:
            points += _nearness(candidate, wanted)
        elif not remote:
            return None
    elif not remote:
        return None
    if remote:
        points.append(_one(Criterion.REMOTE))
    return points


def _nearness(candidate: Candidate, wanted: Wanted) -> _Points:
    points: _Points = []
    if candidate.distance_km is not None:
        steps = (weight for farthest, weight in NEAR if candidate.distance_km <= farthest)
        points.append((Criterion.NEAR.value, next(steps, IN_REACH)))
    if candidate.commune and candidate.commune == wanted.commune:
        points.append(_one(Criterion.COMMUNE))
    return points


def _rest(candidate: Candidate, wanted: Wanted) -> _Points:
    points: _Points = []
    if candidate.available and candidate.available[0] <= wanted.start < candidate.available[1]:
        points.append(_one(Criterion.AVAILABLE))
    if wanted.language and wanted.language in candidate.languages:
        points.append(_one(Criterion.LANGUAGE))
    if candidate.price and wanted.budget and _affordable(candidate.price, wanted.budget):
        points.append(_one(Criterion.BUDGET))
    if candidate.coworker:
        points.append(_one(Criterion.COWORKER))
    engaged = WEIGHTS[Criterion.ENGAGED]
    if candidate.asked:
        engaged = engaged * min(candidate.engaged, candidate.asked) // candidate.asked
    if engaged:
        points.append((Criterion.ENGAGED.value, engaged))
    return points


def _affordable(price: Price, budget: tuple[Decimal, Decimal | None]) -> bool:
    """Whether the two overlap. Of a price by the hour or the day only its lower end is known to
    fit: how many there will be is what the answer says."""
    low, high = budget
    fits = high is None or price.low <= high
    if not price.whole or price.high is None:
        return fits
    return fits and price.high >= low
