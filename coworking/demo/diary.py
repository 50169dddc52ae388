"""Books what people want in the order in which they ask; now and then they change their minds."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.core.exceptions import ValidationError
from django.db import connection

from booking.availability import opening
from booking.models import Booking, Kind, Resource, Space
from booking.services import book, cancel, move
from booking.slots import Slot
from coworking.demo.history import Wish
from members.models import User

# What people meet with in real life. Any other refusal is a mistake of the demonstration.
EXPECTED = {"taken", "own_overlap", "too_many_open", "closed"}

CANCELLED = 0.06
MOVED = 0.04
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ChangeOfMind:
    booking: Booking
    cancels: bool


@dataclass(slots=True)
class Diary:
    """The bookings of a space until `now`. What is asked for later never happens."""

    space: Space
    host: User
    now: datetime
    rng: Random
    _agenda: list[tuple[datetime, int, Wish | ChangeOfMind]] = field(default_factory=list)
    _serial: int = 0
    _known: set[int] = field(default_factory=set)
    _rows: int = 0
    _rows_planned_for: int = 50

    def play(self, wishes: Iterable[Wish]) -> None:
        for wish in wishes:
            if wish.asked_at >= wish.coworker.since:
                self._plan(wish.asked_at, wish)
        while self._agenda:
            at, _serial, event = heapq.heappop(self._agenda)
            if isinstance(event, Wish):
                for booking in self._book(event):
                    self._plan_change(booking, since=at)
                    self._count_rows()
            else:
                self._change(event, at)
        refresh_statistics()

    def _plan(self, at: datetime, event: Wish | ChangeOfMind) -> None:
        if at < self.now:
            self._serial += 1
            heapq.heappush(self._agenda, (at, self._serial, event))

    def _plan_change(self, booking: Booking, since: datetime) -> None:
        chance = self.rng.random()
        latest = booking.start - self.space.cancel_delay
        if chance < CANCELLED + MOVED and not booking.override_reason:
            at = since + (latest - since) * self.rng.uniform(0.3, 0.98)
            at = at.replace(microsecond=0)
            self._plan(at, ChangeOfMind(booking, cancels=chance < CANCELLED))

    def _count_rows(self) -> None:
        self._rows += 1
        if self._rows == self._rows_planned_for:
            refresh_statistics()
            self._rows_planned_for *= 4

    def _book(self, wish: Wish) -> list[Booking]:
        """Everything at one go; else each day on which there is room; else nothing."""
        made = self._ask(wish, wish.slots)
        if made or len(wish.slots) == 1:
            return made
        return [booking for slot in wish.slots for booking in self._ask(wish, (slot,))]

    def _ask(self, wish: Wish, slots: tuple[Slot, ...]) -> list[Booking]:
        member = wish.coworker.member
        try:
            return book(
                space=self.space,
                member=member,
                by=self.host if wish.by_host else member.user,
                slots=slots,
                now=wish.asked_at,
                resource=self._first_choice(wish),
                kind=wish.kind,
                override_reason=wish.reason,
            )
        except ValidationError as refusal:
            _expect(refusal)
            return []

    def _first_choice(self, wish: Wish) -> Resource | None:
        """The favourite desk, the first time; it then is the usual one, which `book` looks for."""
        coworker = wish.coworker
        if wish.kind != Kind.DESK or coworker.member.pk in self._known:
            return None
        self._known.add(coworker.member.pk)
        return coworker.desk

    def _change(self, change: ChangeOfMind, at: datetime) -> None:
        booking, user = change.booking, change.booking.member.user
        try:
            if change.cancels:
                cancel(booking=booking, by=user, now=at)
            else:
                move(booking=booking, slot=self._other_slot(booking), by=user, now=at)
        except ValidationError as refusal:
            _expect(refusal)

    def _other_slot(self, booking: Booking) -> Slot:
        """The next day at the same hours when the space is open then, else an hour later."""
        slot = booking.slot
        tomorrow = Slot(slot.start + 24 * HOUR, slot.end + 24 * HOUR)
        if opening(self.space, tomorrow.local_day(self.space.zone)).covers(tomorrow):
            return tomorrow
        return Slot(slot.start + HOUR, max(slot.end, slot.start + 2 * HOUR))


def refresh_statistics() -> None:
    """Have PostgreSQL plan for the rows there are: within a transaction nobody else counts them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(Booking._meta.db_table)}")


def _expect(refusal: ValidationError) -> None:
    codes = {error.code for error in refusal.error_list}
    if not codes <= EXPECTED:
        raise refusal
