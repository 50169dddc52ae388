"""What a member's days at the space really spared this year, beside what the simulator promised.

The same module with the same tables answers twice for one commute: for the days of the visits,
and for the year of the simulator. Only the number of days differs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from booking.attendance import days_there
from members.models import Means, Member, Use
from savings import Currency, Result, compute
from simulator import prices, words
from simulator.forms import QuestionForm

# `savings` counts days a week times weeks: so many days of a year are five a week for a fifth as
# many weeks.
A_WEEK: Final = Decimal(5)
MOST_DAYS: Final = 260


class Missing(StrEnum):
    """Why there is nothing to count."""

    CONSENT = "consent"
    COMMUTE = "commute"
    TOO_FAR = "too_far"  # farther or longer than the simulator counts


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity: so far, promised for a year, and the part of the promise in thousandths."""

    name: str
    real: str
    promised: str
    part: int


@dataclass(frozen=True, slots=True)
class Savings:
    """The page. `method` says how the money is counted, "" when only road and time are."""

    year: int
    days: int
    promised_days: str
    lines: tuple[Line, ...]
    method: str
    question: str


def savings_of(member: Member, now: datetime) -> Savings | Missing:
    """What the days of this year spared, or why it cannot be said. Three queries."""
    if not Member.objects.agreed(Use.COMMUTE).filter(pk=member.pk).exists():
        return Missing.CONSENT
    if not (member.commute_km and member.commute_minutes and member.commute_means):
        return Missing.COMMUTE
    days, currency, today = _days(member, now)
    form = _promise(member, currency, today)
    if not form.is_valid():
        return Missing.TOO_FAR
    promised, real = form.result, _real(form.result, min(len(days), MOST_DAYS))
    by_car = member.commute_means == Means.CAR
    return Savings(
        year=today.year,
        days=len(days),
        promised_days=words.days(promised.remote_days),
        lines=tuple(_lines(real, promised, by_car=by_car)),
        method=f"{words.METHODS[promised.commute.method]}, {words.dated(promised)}"
        if by_car
        else "",
        question=form.query,
    )


def _days(member: Member, now: datetime) -> tuple[set[date], str, date]:
    """The local days of this year at a space; the currency of the last one; the day it is there."""
    since = datetime(now.year - 1, 12, 31, tzinfo=UTC)  # the local year may begin before ours
    there = days_there(member, since, now)
    if not there:
        return set(), Currency.EUR, now.date()
    last = there[-1].space
    today = now.astimezone(last.zone).date()
    return {each.day for each in there if each.day.year == today.year}, last.currency, today


def _promise(member: Member, currency: str, today: date) -> QuestionForm:
    """The question that the simulator starts from, for this commute."""
    told = {
        "distance": f"{member.commute_km:f}",
        "minutes": str(member.commute_minutes),
        "currency": currency,
    }
    return QuestionForm(told, today=today, prices=prices.current())


def _real(promised: Result, days: int) -> Result:
    weeks = Decimal(days) / A_WEEK
    return compute(
        replace(
            promised.commute,
            remote_days_per_week=A_WEEK,
            coworking_days_per_week=A_WEEK,
            weeks=weeks,
            # Such a year may be more than the simulator supposed.
            annual_km=max(
                promised.commute.annual_km or Decimal(0),
                2 * promised.commute.distance_km * A_WEEK * weeks,
            ),
        )
    )


def _lines(real: Result, promised: Result, *, by_car: bool) -> Iterator[Line]:
    """Money is that of the road: the price of the space is in neither column."""
    currency = promised.commute.currency
    yield _line(_("Kilomètres évités"), real.km, promised.km, _("km"))
    yield _line(_("Heures de route évitées"), real.hours, promised.hours, _("h"))
    if not by_car:
        return
    yield _line(_("CO₂ évité"), real.co2_kg, promised.co2_kg, _("kg"))
    yield Line(
        _("Argent de la route"),
        words.money(real.gross, currency),
        words.money(promised.gross, currency),
        _part(real.gross, promised.gross),
    )


def _line(name: str, real: Decimal, promised: Decimal, unit: str) -> Line:
    real_shown, promised_shown = (
        f"{words.whole(amount)}\u00a0{unit}" for amount in (real, promised)
    )
    return Line(name, real_shown, promised_shown, _part(real, promised))


def _part(real: Decimal, promised: Decimal) -> int:
    """In thousandths, between nothing and the whole promise."""
    if promised <= 0:
        return 0
    return int(max(Decimal(0), min(Decimal(1), real / promised)) * 1000)
