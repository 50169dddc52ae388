"""A line of what waits for somebody's hand, and the columns that a union makes it of."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import CharField, DateField, F, IntegerField, Model, QuerySet, Value
from django.db.models.functions import Cast

SHOWN = 6  # of each kind; one more says that there are others


class Hand(StrEnum):
    """The kinds, in the order of the page."""

    APPLICATION = "application"
    NO_PLAN = "no_plan"
    DEPARTURE = "departure"
    PAUSE_END = "pause_end"
    WELCOME = "welcome"
    LETTER = "letter"
    DRAFT = "draft"
    NEED = "need"
    PROFILE = "profile"
    CLAIM = "claim"
    REPORT = "report"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: about whom or what, since or until which day."""

    hand: Hand
    key: int  # of the member, or of the row that `MODELS` of the first page says
    title: str
    detail: str
    day: date | None
    number: int


def columns(
    hand: Hand,
    model: type[Model],
    chosen: "QuerySet[Any]",
    *,
    key: str = "pk",
    title: Any,
    detail: Any = None,
    day: Any = None,
    number: Any = None,
) -> "QuerySet[Any, Any]":
    """The first rows of `chosen`, as the columns of a `Line`."""
    first = model._default_manager.filter(pk__in=chosen.values("pk")[: SHOWN + 1])
    rows: QuerySet[Any, Any] = (
        first.order_by()
        .annotate(
            kind_=Value(hand.value, CharField()),
            key_=F(key),
            title_=F(title) if isinstance(title, str) else title,
            detail_=F(detail) if detail else Value("", CharField()),
            day_=day if day is not None else Cast(Value(None), DateField()),
            number_=number if number is not None else Value(0, IntegerField()),
        )
        .values_list("kind_", "key_", "title_", "detail_", "day_", "number_")
    )
    return rows
