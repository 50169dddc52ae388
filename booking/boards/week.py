"""The seven days of a week by half-days: free desks, my bookings, why it is closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from booking import availability
from booking.availability import HalfDay
from booking.models import Booking, Space
from booking.moments import Moment, period_moment
from booking.slots import Period, Slot, day_slot, period_slots, week_of
from members.models import Member


@dataclass(frozen=True, slots=True)
class HalfOfWeek:
    moment: Moment
    free: int
    total: int
    mine: tuple[Booking, ...]

    @property
    def is_bookable(self) -> bool:
        return not self.moment.problems

    @property
    def is_over(self) -> bool:
        return self._has("past")

    @property
    def is_too_far(self) -> bool:
        return self._has("too_far")

    def _has(self, code: str) -> bool:
        return any(problem.code == code for problem in self.moment.problems)


@dataclass(frozen=True, slots=True)
class DayOfWeek:
    day: date
    is_today: bool
    is_past: bool
    closed_because: str
    is_open: bool
    halves: tuple[HalfOfWeek, ...]


def week_board(space: Space, day: date, member: Member | None, now: datetime) -> list[DayOfWeek]:
    """The week of a date. Three queries, whatever it holds."""
    days = week_of(day)
    today = now.astimezone(space.zone).date()
    mine = _mine(space, days, member)
    return [
        DayOfWeek(
            day=board.opening.day,
            is_today=board.opening.day == today,
            is_past=board.opening.day < today,
            closed_because=board.opening.closed_because,
            is_open=board.opening.is_open,
            halves=tuple(_half(space, board.opening.day, half, mine, now) for half in board.halves),
        )
        for board in availability.days_board(space, days, now)
    ]


def _half(
    space: Space, day: date, half: HalfDay, mine: Iterable[Booking], now: datetime
) -> HalfOfWeek:
    moment = period_moment(space, day, half.period, now)
    return HalfOfWeek(moment, half.free, half.total, _of_half(space, day, half.period, mine))


def _of_half(
    space: Space, day: date, period: Period, bookings: Iterable[Booking]
) -> tuple[Booking, ...]:
    whole = period_slots(period, day, [day_slot(day, space.zone)], space.midday, space.zone)
    return tuple(
        booking for booking in bookings if any(booking.slot.overlaps(slot) for slot in whole)
    )


def _mine(space: Space, days: Sequence[date], member: Member | None) -> list[Booking]:
    """My bookings of the week, past ones and rooms included."""
    if member is None:
        return []
    whole = Slot(day_slot(days[0], space.zone).start, day_slot(days[-1], space.zone).end)
    found = Booking.objects.confirmed().filter(member=member, resource__space=space)
    return list(found.overlapping(whole).select_related("resource").order_by("start", "id"))
