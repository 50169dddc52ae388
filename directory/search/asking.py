"""A question to the directory and its answer, as values."""

from dataclasses import dataclass, field
from datetime import date

from directory.search.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for; every part may be left out, and what is unknown finds nobody.

    `trade`, `sector` and `commune` are slugs; `mode` is a value of `Mode`, `language` one of
    `SpokenLanguage`. A commune includes its former communes. With `within_km` the commune is the
    centre of a circle; of a commune whose point is not known only its own providers are found.
    """

    words: str = ""
    trade: str = ""
    sector: str = ""
    commune: str = ""
    within_km: int | None = None
    mode: str = ""
    language: str = ""
    available_on: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A provider that was found, and why. `distance_km` is to the commune that was asked for, as
    the crow flies; None when none was, or when a point is missing."""

    provider: int
    score: int
    reasons: tuple[Reason, ...] = ()
    distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class Wider:
    """A way on when few were found: what it does, in words, and the question to ask then."""

    label: str
    query: Query


@dataclass(frozen=True, slots=True)
class Results:
    """One page of who was found, best first. `did_you_mean` is the corrected phrase, whole; empty
    when nothing was corrected."""

    hits: tuple[Hit, ...]
    total: int
    page: int
    pages: int
    did_you_mean: str = ""
    wider: tuple[Wider, ...] = field(default=())

    @property
    def providers(self) -> tuple[int, ...]:
        """The ids of this page, in order."""
        return tuple(hit.provider for hit in self.hits)
