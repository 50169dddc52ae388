"""A moment that somebody may ask for: what it is made of, and why it may not be booked.

Built from a date and a half-day, a day or exact local times; nothing here writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from booking import availability, rules
from booking.models import Booking, Space
from booking.slots import (
    AmbiguousTime,
    NonexistentTime,
    Period,
    Slot,
    period_slots,
    to_instant,
)

CUSTOM = "custom"  # a period of exact times, beside those of `Period`


@dataclass(frozen=True, slots=True)
class Moment:
    """What was asked: the local times, the slots they stand for, and why it may not be booked."""

    day: date
    period: str
    start: time
    end: time
    slots: tuple[Slot, ...]
    problems: tuple[ValidationError, ...] = ()

    @property
    def problem(self) -> str:
        """The first reason why nothing can be booked then; empty when it can."""
        return str(self.problems[0].messages[0]) if self.problems else ""

    @property
    def bookable_slots(self) -> tuple[Slot, ...]:
        return () if self.problems else self.slots

    @property
    def is_custom(self) -> bool:
        return self.period == CUSTOM

    def on(self, day: date) -> str:
        """The query string of the same half-day or hours on another date."""
        return self._query({"date": day.isoformat()})

    @property
    def query(self) -> str:
        """The query string that asks for this moment again, without the question mark."""
        return self.on(self.day)

    def for_place(self, resource_id: int) -> str:
        return self._query({"resource": resource_id})

    def _query(self, more: Mapping[str, object]) -> str:
        data = self.as_data()
        if not self.is_custom:
            del data["from"], data["to"]
        return urlencode({**data, **more})

    def as_initial(self) -> dict[str, object]:
        """For a form that has not been sent yet."""
        return {"day": self.day, "period": self.period, "start": self.start, "end": self.end}

    def as_data(self) -> dict[str, str]:
        """As a browser would send it."""
        return {
            "date": self.day.isoformat(),
            "period": self.period,
            "from": f"{self.start:%H:%M}",
            "to": f"{self.end:%H:%M}",
        }


def first_period(space: Space, day: date, now: datetime) -> Period:
    """The half-day of that date which can be booked first; the morning when none can."""
    if availability.slots_for(space, day, Period.MORNING, now):
        return Period.MORNING
    if availability.slots_for(space, day, Period.AFTERNOON, now):
        return Period.AFTERNOON
    return Period.MORNING


def period_moment(space: Space, day: date, period: Period, now: datetime) -> Moment:
    slots = availability.slots_for(space, day, period, now)
    problems = (
        [error for slot in slots for error in rules.refusals(space, slot, now)]
        if slots
        else [_nothing_left(space, day, period)]
    )
    start, end = _local_bounds(space, slots or availability.opening(space, day).slots)
    return Moment(day, period.value, start, end, tuple(slots), tuple(problems))


def custom_moment(space: Space, day: date, start: time, end: time, now: datetime) -> Moment:
    """From one local time to another; 00:00 as an end is the midnight that ends the day.

    Raises ValidationError on `start` or `end`: `nonexistent_time`, `ambiguous_time`.
    """
    closing_day = day + timedelta(days=1) if end == time.min else day
    instants, errors = [], {}
    for name, at_day, at in (("start", day, start), ("end", closing_day, end)):
        try:
            instants.append(to_instant(at_day, at, space.zone))
        except NonexistentTime:
            errors[name] = ValidationError(
                _("Cette heure n’existe pas ce jour-là : l’horloge passe à l’heure d’été."),
                code="nonexistent_time",
            )
        except AmbiguousTime:
            errors[name] = ValidationError(
                _("Cette heure revient deux fois ce jour-là : l’horloge passe à l’heure d’hiver."),
                code="ambiguous_time",
            )
    if errors:
        raise ValidationError(errors)
    slot = Slot(*instants)
    problems = tuple(rules.refusals(space, slot, now))
    return Moment(day, CUSTOM, start, end, (slot,), problems)


def moment_of(booking: Booking) -> Moment:
    """The moment of a booking, to start from when it is moved."""
    return exact_moment(booking.resource.space, booking.slot)


def exact_moment(space: Space, slot: Slot) -> Moment:
    """The hours of a slot that is known to be good."""
    start, end = _local_bounds(space, [slot])
    return Moment(slot.local_day(space.zone), CUSTOM, start, end, (slot,))


def _nothing_left(space: Space, day: date, period: Period) -> ValidationError:
    """Why a half-day or a day has nothing to book."""
    opening = availability.opening(space, day)
    if opening.closed_because:
        return ValidationError(
            _("L’espace est fermé ce jour-là : %(reason)s."),
            code="closed",
            params={"reason": opening.closed_because},
        )
    if not opening.is_open:
        return ValidationError(_("L’espace est fermé ce jour-là."), code="closed")
    if not period_slots(period, day, opening.slots, space.midday, space.zone):
        return ValidationError(_("L’espace est fermé à ce moment-là."), code="closed")
    return ValidationError(_("Ce moment est déjà passé."), code="past")


def _local_bounds(space: Space, slots: Sequence[Slot]) -> tuple[time, time]:
    """First and last local time of the slots, for the fields `from` and `to`."""
    if not slots:
        return time(9), time(12)
    first, last = slots[0].start, slots[-1].end
    return first.astimezone(space.zone).time(), last.astimezone(space.zone).time()
