"""What the directory did for the territory in a period, as counts that may be published.

A period is counted by the needs that were opened in it, as they stand today: so that every table
shares out the same needs. Small counts are hidden (`directory.suppression`); a table whose total is
a hidden cell of another one says nothing at all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import quantiles
from typing import Any, Final

from django.db import models
from django.db.models import Count, Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import (
    AmountBand,
    DeclineReason,
    Missed,
    Need,
    NeedKind,
    NeedState,
    OrganisationKind,
    Otherwise,
    OutsideReason,
    Solicitation,
)
from directory.suppression import SMALLEST, Cell, protect
from members.folding import fold
from members.models.plans import in_reader_language

MOST_WORDS: Final = 20  # of a list that has no total
DAY: Final = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    label: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Shares:
    """How a total is shared out. The lines add up to it."""

    lines: tuple[Line, ...]
    total: Cell

    def cell(self, key: str) -> Cell:
        """Raises KeyError."""
        return {line.key: line.cell for line in self.lines}[key]


@dataclass(frozen=True, slots=True)
class Delay:
    """Days from the opening of a need to its first answer: a quarter, half, three quarters."""

    quarter: float
    half: float
    three_quarters: float


@dataclass(frozen=True, slots=True)
class Often:
    """What was asked for at least five times, and how often."""

    name: str
    times: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A period, `[start, end)`. `delay` is None when too few needs were answered."""

    start: date
    end: date
    kinds: Shares
    organisations: Shares
    answers: Shares  # `answered`, `silent`
    delay: Delay | None
    outcomes: Shares  # by `NeedState`
    outside: Shares  # why an order left
    amounts_here: Shares
    amounts_outside: Shares
    otherwise: Shares  # of those awarded here: from where, without the directory
    asked: Shares  # providers: `answered`, `declined`, `silent`
    declined: Shares
    trades: Shares  # of needs that nobody filled
    skills: tuple[Often, ...]  # of the same needs
    missed: tuple[Often, ...]  # searches that found nobody

    @property
    def posted(self) -> Cell:
        return self.kinds.total


# The moves of an open need, in the order in which they are read.
OUTCOMES: Final = (
    NeedState.AWARDED_LOCAL,
    NeedState.AWARDED_OUTSIDE,
    NeedState.UNFILLED,
    NeedState.WITHDRAWN,
    NeedState.REJECTED,
    NeedState.EXPIRED,
    NeedState.OPEN,
)


def figures(start: date, end: date) -> Figures:
    """The figures of `[start, end)`, in the language that is active; four queries, however many."""
    opened = _opened(start, end)
    rows = list(
        opened.annotate(first=Min("solicitations__answered_at")).values(
            *("kind", "organisation__kind", "state", "opened_at", "first"),
            *("outside_reason", "amount", "otherwise", "trade__name", "trade__name_en"),
        )
    )
    here = [row for row in rows if row["state"] == NeedState.AWARDED_LOCAL]
    outside = [row for row in rows if row["state"] == NeedState.AWARDED_OUTSIDE]
    unfilled = [row for row in rows if row["state"] == NeedState.UNFILLED]
    outcomes = _shares(
        {state: str(state.label) for state in OUTCOMES}, (row["state"] for row in rows)
    )
    in_here = outcomes.cell(NeedState.AWARDED_LOCAL)
    in_outside = outcomes.cell(NeedState.AWARDED_OUTSIDE)
    in_unfilled = outcomes.cell(NeedState.UNFILLED)
    answers = _shares(
        {"answered": _("au moins une réponse"), "silent": _("pas de réponse")},
        ("answered" if row["first"] else "silent" for row in rows),
    )
    asked, declined = _solicitations(opened)
    return Figures(
        start=start,
        end=end,
        kinds=_shares(_labels(NeedKind), (row["kind"] for row in rows)),
        organisations=_shares(
            _labels(OrganisationKind), (row["organisation__kind"] for row in rows)
        ),
        answers=answers,
        delay=_delay(rows) if answers.cell("answered").value else None,
        outcomes=outcomes,
        outside=_shares(
            _labels(OutsideReason), (row["outside_reason"] for row in outside), part=in_outside
        ),
        amounts_here=_amounts(here, in_here),
        amounts_outside=_amounts(outside, in_outside),
        otherwise=_shares(
            _labels(Otherwise) | {"": _("sans réponse")},
            (row["otherwise"] for row in here),
            part=in_here,
        ),
        asked=asked,
        declined=declined,
        trades=_trades(unfilled, in_unfilled),
        skills=() if in_unfilled.hidden else _skills(opened),
        missed=_missed(start, end),
    )


def _opened(start: date, end: date) -> "models.QuerySet[Need]":
    def instant(day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day, time.min))

    rows = Need.objects.filter(opened_at__gte=instant(start), opened_at__lt=instant(end))
    return rows.order_by("pk")


def _labels(choices: type[models.TextChoices]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


def _shares(labels: Mapping[str, str], keys: Iterable[str], *, part: Cell | None = None) -> Shares:
    """What was counted, line by line, as far as it may be published.

    Args:
        part: the cell of another table that is the total of this one.
    """
    counts = Counter(keys)
    found = protect(
        [counts[key] for key in labels], total_is_hidden=part is not None and part.hidden
    )
    lines = zip(labels.items(), found.cells, strict=True)
    return Shares(tuple(Line(key, label, cell) for (key, label), cell in lines), found.total)


def _amounts(rows: Sequence[Mapping[str, Any]], part: Cell) -> Shares:
    labels = _labels(AmountBand) | {"": _("non précisé")}
    return _shares(labels, (row["amount"] for row in rows), part=part)


def _delay(rows: Sequence[Mapping[str, Any]]) -> Delay:
    days = [(row["first"] - row["opened_at"]).total_seconds() / DAY for row in rows if row["first"]]
    return Delay(*(round(day, 1) for day in quantiles(days, n=4, method="inclusive")))


def _solicitations(opened: "models.QuerySet[Need]") -> tuple[Shares, Shares]:
    """What those who were asked did, and why they declined."""
    rows = (
        Solicitation.objects.filter(need__in=opened.order_by())
        .order_by()
        .annotate(has_answered=Q(answered_at__isnull=False))
        .values_list("decline_reason", "has_answered")
        .annotate(many=Count("pk"))
    )
    words, reasons = Counter[str](), Counter[str]()
    for reason, answered, many in rows:
        words["answered" if answered else "declined" if reason else "silent"] += many
        if reason:
            reasons[reason] += many
    labels = {
        "answered": _("ont répondu"),
        "declined": _("ont décliné en disant pourquoi"),
        "silent": _("n’ont rien dit"),
    }
    asked = _shares(labels, words.elements())
    part = asked.cell("declined")
    return asked, _shares(_labels(DeclineReason), reasons.elements(), part=part)


def _trades(rows: Sequence[Mapping[str, Any]], part: Cell) -> Shares:
    """The trades of these needs, the most wanted first; the order of those hidden says nothing."""
    names = [
        in_reader_language(row["trade__name"] or "", row["trade__name_en"] or "") for row in rows
    ]
    labels = {name: name or _("métier non précisé") for name in sorted(set(names), key=fold)}
    found = _shares(labels, names, part=part)
    lines = sorted(found.lines, key=lambda line: -(line.cell.value or 0))
    return Shares(tuple(lines), found.total)


def _skills(opened: "models.QuerySet[Need]") -> tuple[Often, ...]:
    unfilled = opened.filter(state=NeedState.UNFILLED).order_by()
    through = Need.skills_must.through.objects.filter(need__in=unfilled)
    rows = through.order_by().values_list("skill__name").annotate(many=Count("pk"))
    return _often(rows)


def _missed(start: date, end: date) -> tuple[Often, ...]:
    rows = Missed.objects.filter(day__gte=start, day__lt=end).exclude(words="").order_by()
    return _often(rows.values_list("words").annotate(many=Sum("times")))


def _often(rows: "models.QuerySet[Any, Any]") -> tuple[Often, ...]:
    """Counts of a list without a total: the small ones are left out, nothing gives them away."""
    name = rows.query.values_select[0]
    most = rows.filter(many__gte=SMALLEST).order_by("-many", name)[:MOST_WORDS]
    return tuple(Often(*row) for row in most)
