"""The last days at the door, lived through the services: arrivals, guests, what is forgotten."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any, Final, Protocol

from django.core.exceptions import ValidationError

from booking.availability import opening
from booking.models import Booking, Space, Visit, Way
from booking.services import kiosk, visits
from booking.services.presence_jobs import close_forgotten, free_no_shows
from booking.slots import MINUTE, to_instant
from coworking.demo.memberships import LEFT, PAUSED
from coworking.demo.people import MEMBER, Coworker
from coworking.demo.presence import Coming, closing, comings, write_visits
from members.models import Member, Use, User
from members.services.consents import agree

LIVED_DAYS: Final = 9
WALK_IN, GUEST = 0.5, 0.3  # chances of a day
GUESTS: Final = ("Solène Vuez", "Marc Bouillet", "Anaïs Perrot-Minnot", "Luc Tissot")
# What one meets with at the door. Any other refusal is a mistake of the demonstration.
EXPECTED: Final = {"full", "closed"}


class Event(Protocol):
    def __call__(self, *, now: datetime) -> Any: ...


def tell_presence(
    *,
    space: Space,
    coworkers: Sequence[Coworker],
    team: tuple[User, User],
    today: datetime,
    until: datetime,
    rng: Random,
) -> None:
    """Who came since the first booking, up to `until`; today's visits are open when it is today.

    Args:
        team: the operator, who has set up the kiosk, and the host at the door.
        today: its first minute.
    """
    operator, host = team
    since = today - timedelta(days=LIVED_DAYS)
    kiosk.add_device(space=space, name="Borne de l’entrée", by=operator, now=since)
    _agree_to_be_seen(coworkers, since)
    found, empty = comings(space, until, rng)
    _forget(found, today)
    write_visits(
        space,
        [coming for coming in found if coming.booking.start < since],
        [booking for booking in empty if booking.start < since],
    )
    away = {coworker.member.pk for coworker in coworkers if _is_away(coworker)}
    door = Door(space, host, until, rng)
    for coming in found:
        if coming.booking.start >= today and coming.member.pk in away:
            empty.append(coming.booking)
        elif coming.booking.start >= since:
            door.expect(coming)
    for booking in empty:
        if booking.start >= since:
            door.leave_empty(booking)
    for number in range(LIVED_DAYS + 1):
        door.open_on(since + timedelta(days=number), coworkers, away)
    door.live()


def _is_away(coworker: Coworker) -> bool:
    return coworker.member.user.name in (PAUSED, LEFT)


def _agree_to_be_seen(coworkers: Sequence[Coworker], since: datetime) -> None:
    """Two in three are named at the kiosk, and in the list of who is here."""
    for number, coworker in enumerate(coworkers):
        if number % 3 != 2:
            user = coworker.member.user
            agree(user=user, use=Use.PRESENCE, now=max(since, coworker.since), by=user)


def _forget(found: Sequence[Coming], today: datetime) -> None:
    """The member of the demonstration finds a visit that waits for a word."""
    own = [
        coming
        for coming in found
        if coming.member.user.email == MEMBER.email and coming.booking.start < today
    ]
    for coming in own[-1:]:
        coming.forgets = coming.waits = True
        coming.leaves = coming.closes


@dataclass(slots=True)
class Door:
    """What happens at the door of a space, in the order of the hours, until `until`."""

    space: Space
    host: User
    until: datetime
    rng: Random
    _agenda: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _serial: int = 0

    def expect(self, coming: Coming) -> None:
        self._at(coming.arrives, partial(self._arrive, coming))

    def leave_empty(self, booking: Booking) -> None:
        due = booking.start + self.space.no_show_delay + MINUTE
        self._at(due, partial(free_no_shows, space=self.space))

    def open_on(self, midnight: datetime, coworkers: Sequence[Coworker], away: set[int]) -> None:
        """Somebody passes by, a member brings a guest, and the rule closes what is left open."""
        day = midnight.astimezone(self.space.zone).date()
        if not opening(self.space, day).is_open:
            return
        self._at(closing(self.space, day) + MINUTE, partial(close_forgotten, space=self.space))
        passing = self.rng.choice([one for one in coworkers if one.member.pk not in away])
        walks_in, brings = self.rng.random() < WALK_IN, self.rng.random() < GUEST
        minutes = self.rng.randint(0, 180)
        comes = to_instant(day, time(9, 40), self.space.zone) + minutes * MINUTE
        if walks_in and passing.since < comes:
            self._at(comes, partial(self._walk_in, passing.member))
        if brings:
            comes = to_instant(day, time(10, 5), self.space.zone) + minutes * MINUTE
            self._at(comes, partial(self._bring, self.rng.choice(GUESTS)))

    def live(self) -> None:
        while self._agenda:
            at, _serial, event = heapq.heappop(self._agenda)
            event(now=at)

    def _at(self, at: datetime, event: Event) -> None:
        if at <= self.until:
            self._serial += 1
            heapq.heappush(self._agenda, (at, self._serial, event))

    def _arrive(self, coming: Coming, *, now: datetime) -> None:
        visit = self._check_in(coming.member, now, coming.way)
        if visit is None:
            return
        if not coming.forgets:
            self._leaves(visit, coming.leaves, coming.way)
        elif not coming.waits:
            says = partial(self._say, visit, coming.leaves)
            self._at(coming.said_at, says)

    def _walk_in(self, member: Member, *, now: datetime) -> None:
        if Visit.objects.open().own().filter(member=member).exists():
            return
        visit = self._check_in(member, now, Way.PHONE)
        if visit is not None:
            self._leaves(visit, now + self.rng.randint(70, 190) * MINUTE, Way.PHONE)

    def _bring(self, guest: str, *, now: datetime) -> None:
        """Of a member who is there."""
        here = Visit.objects.open().own().filter(space=self.space).order_by("arrived_at")
        with_whom = here.with_people().first()
        if with_whom is None:
            return
        visit = self._check_in(with_whom.member, now, Way.PHONE, guest)
        if visit is not None:
            self._leaves(visit, now + self.rng.randint(50, 120) * MINUTE, Way.PHONE)

    def _check_in(
        self, member: Member, now: datetime, way: Way, guest_name: str = ""
    ) -> Visit | None:
        by = self.host if way == Way.HOST else member.user
        try:
            return visits.check_in(
                space=self.space, member=member, by=by, now=now, way=way, guest_name=guest_name
            )
        except ValidationError as refusal:
            if not {error.code for error in refusal.error_list} <= EXPECTED:
                raise
            return None

    def _leaves(self, visit: Visit, at: datetime, way: Way) -> None:
        self._at(at, partial(self._leave, visit, way))

    def _leave(self, visit: Visit, way: Way, *, now: datetime) -> None:
        by = self.host if way == Way.HOST else visit.member.user
        visits.check_out(visit=visit, by=by, now=now, way=way)

    def _say(self, visit: Visit, left_at: datetime, *, now: datetime) -> None:
        visits.confirm(visit=visit, left_at=left_at, by=visit.member.user, now=now)
