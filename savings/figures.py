"""What a published figure is here: a value that never travels without unit, source and dates.

``Dated`` is one figure or one whole table. ``Series`` holds the successive editions of one and
answers for a year, or refuses: it never falls back on the nearest year.
"""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from savings.errors import Code, SavingsError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A published value.

    ``valid_from`` is ``None`` where the source gives no date, ``valid_to`` (included) is ``None``
    where nothing has replaced the figure. Neither is ever guessed.
    """

    name: str
    value: T
    unit: str
    source: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Series(Generic[T]):
    """The editions of one figure, oldest first. ``field`` names the input that picks the year.

    Each edition covers whole calendar years; two editions never cover the same year.
    """

    field: str
    editions: tuple[Dated[T], ...]

    def at(self, year: int) -> Dated[T]:
        """Return the edition in force in ``year``; raise ``SavingsError`` when there is none."""
        for edition in self.editions:
            first, last = _span(edition)
            if first <= year <= last:
                return edition
        raise SavingsError(self.field, Code.UNKNOWN_YEAR, self.known)

    @property
    def known(self) -> str:
        """The years on record: ``"2026"`` or ``"2023–2026"``."""
        first, last = _span(self.editions[0])[0], _span(self.editions[-1])[1]
        return str(first) if first == last else f"{first}–{last}"


def yearly(
    name: str, value: T, unit: str, source: str, first: int, last: int | None = None
) -> Dated[T]:
    """Build an edition that covers whole calendar years, one by default."""
    return Dated(name, value, unit, source, date(first, 1, 1), date(last or first, 12, 31))


def _span(edition: Dated[T]) -> tuple[int, int]:
    if edition.valid_from is None or edition.valid_to is None:
        raise ValueError(f"{edition.name}: an edition of a series needs both its dates")
    return edition.valid_from.year, edition.valid_to.year
