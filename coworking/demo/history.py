"""What the coworkers of the demonstration want: stays, meetings, calls, and when they ask for them.

Nothing is written here: `diary` asks the services for it, which may refuse.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random

from booking.availability import opening
from booking.models import Kind, Space
from booking.slots import Period, Slot, period_slots, to_instant
from coworking.demo.people import Coworker
from coworking.demo.seasons import crowd, is_bridge

DAY = timedelta(days=1)

Crowds = dict[date, float]  # the days on which the space is open, and how busy they are

LATE_IN = (time(8, 30), time(9), time(9, 30))
EARLY_OUT = (time(16, 30), time(17), time(17, 30))

MEETINGS_A_WEEK, MEETING_MINUTES = 4, (60, 60, 90, 120)
CALLS_A_WEEK, CALL_MINUTES = 5, (30, 30, 45, 60)
WEEKS_OF_APPOINTMENTS = 3
HOURS = (time(9), time(9, 30), time(10), time(11), time(13, 30), time(14), time(15), time(16))


@dataclass(frozen=True, slots=True)
class Wish:
    """What a coworker asks for at one moment: slots of some days, at a place of a kind.

    `reason` is why the team passes over the rules of the space for it; empty: it does not.
    """

    asked_at: datetime
    coworker: Coworker
    slots: tuple[Slot, ...]
    kind: str = Kind.DESK
    by_host: bool = False
    reason: str = ""


def wishes(
    space: Space, coworkers: Sequence[Coworker], first: date, last: date, rng: Random
) -> Iterator[Wish]:
    """All wishes for the days from `first`, a Monday, to `last`."""
    crowds = crowds_between(space, first, last, rng)
    for coworker in coworkers:
        yield from _stays(space, coworker, crowds, rng)
    yield from _appointments(space, coworkers, crowds, rng)
    yield from _evening_meetings(space, coworkers[1], crowds, rng)


def crowds_between(space: Space, first: date, last: date, rng: Random) -> Crowds:
    days = (first + offset * DAY for offset in range((last - first).days + 1))
    return {
        day: crowd_of(space, day) * rng.uniform(0.85, 1.15)
        for day in days
        if opening(space, day).is_open
    }


def crowd_of(space: Space, day: date) -> float:
    """How busy an open day is, 1 being a plain one."""
    bridge = is_bridge(
        day.weekday(),
        after_holiday=bool(space.holiday_on(day - DAY)),
        before_holiday=bool(space.holiday_on(day + DAY)),
    )
    return crowd(day, bridge=bridge)


def stay(space: Space, day: date, whole_days: float, rng: Random) -> Slot | None:
    """A day or half a day of an open day, as people book it; None when there is no such half."""
    hours = opening(space, day).slots
    if rng.random() < whole_days:
        if rng.random() < 0.5:
            return hours[0]
        some = Slot(
            to_instant(day, rng.choice(LATE_IN), space.zone),
            to_instant(day, rng.choice(EARLY_OUT), space.zone),
        )
        return hours[0].meets(some)
    half = rng.choice((Period.MORNING, Period.MORNING, Period.AFTERNOON))
    return next(iter(period_slots(half, day, hours, space.midday, space.zone)), None)


def _stays(space: Space, coworker: Coworker, crowds: Crowds, rng: Random) -> Iterator[Wish]:
    habit = coworker.habit
    slots = [
        slot
        for day, factor in crowds.items()
        if rng.random() < habit.chances[day.weekday()] * factor
        and (slot := stay(space, day, habit.whole_days, rng))
    ]
    for group in _at_once(space, slots, habit.weeks_at_once, rng):
        asked_at = _evening(space, group[0], rng.randint(1, 4 + 4 * habit.weeks_at_once), rng)
        yield Wish(asked_at, coworker, group, by_host=rng.random() < 0.03)


def _at_once(
    space: Space, slots: Iterable[Slot], weeks: int, rng: Random
) -> Iterator[tuple[Slot, ...]]:
    """The slots in groups of some weeks, not the same weeks for everyone; one by one if none."""
    if not weeks:
        yield from ((slot,) for slot in slots)
        return
    shift = rng.randrange(weeks)

    def number(slot: Slot) -> int:
        return (slot.local_day(space.zone).toordinal() // 7 + shift) // weeks

    yield from (tuple(group) for _number, group in groupby(slots, number))


def _appointments(
    space: Space, coworkers: Sequence[Coworker], crowds: Crowds, rng: Random
) -> Iterator[Wish]:
    """Meetings in the room and calls in the booth: the same hour for some weeks, then another."""
    for _number, group in groupby(
        crowds, lambda day: day.toordinal() // 7 // WEEKS_OF_APPOINTMENTS
    ):
        days = list(group)
        for kind, number, minutes in (
            (Kind.ROOM, MEETINGS_A_WEEK, MEETING_MINUTES),
            (Kind.BOOTH, CALLS_A_WEEK, CALL_MINUTES),
        ):
            for _time in range(number):
                coworker, weekday, at = rng.choice(coworkers), rng.randrange(5), rng.choice(HOURS)
                length = timedelta(minutes=rng.choice(minutes))
                starts = [
                    to_instant(day, at, space.zone)
                    for day in days
                    if day.weekday() == weekday and rng.random() < crowds[day]
                ]
                slots = tuple(Slot(start, start + length) for start in starts)
                if slots:
                    asked_at = _evening(space, slots[0], rng.randint(1, 12), rng)
                    yield Wish(asked_at, coworker, slots, kind)


def _evening_meetings(
    space: Space, coworker: Coworker, crowds: Crowds, rng: Random
) -> Iterator[Wish]:
    """Once a month the room serves the neighbours after closing: the team passes over the hours."""
    for day in crowds:
        if day.weekday() == 3 and day.day <= 7:
            start = to_instant(day, time(19), space.zone)
            slot = Slot(start, start + timedelta(hours=2))
            yield Wish(
                _evening(space, slot, rng.randint(20, 40), rng),
                coworker,
                (slot,),
                Kind.ROOM,
                by_host=True,
                reason="Rencontre mensuelle des indépendants, après la fermeture.",
            )


def _evening(space: Space, slot: Slot, days_before: int, rng: Random) -> datetime:
    """A moment at which people think of a slot, so many days before."""
    at = time(rng.randint(17, 21), rng.randrange(60))
    return to_instant(slot.local_day(space.zone) - days_before * DAY, at, space.zone)
