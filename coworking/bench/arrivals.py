"""A thousand people arrive: four processes note them, each with a connection of its own.

Half of them have booked, half walk in, over twenty spaces of fifty desks. Nobody may be lost:
who was told to be there is in the table, once.
"""

import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from multiprocessing import get_context
from typing import Final

import django
from django.db import connections, transaction

PROCESSES: Final = 4
SPACES, DESKS = 20, 50
A_MINUTE: Final = 1000.0  # wanted, on PostgreSQL
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """`lost`: people who were told to be there and are not in the table, or not once."""

    processes: int
    wanted: int
    noted: int
    lost: int
    seconds: float
    others: dict[str, int]  # refusals and faults, by code

    @property
    def a_minute(self) -> float:
        return self.noted / self.seconds * 60

    @property
    def is_safe(self) -> bool:
        return not self.lost and not self.others and self.noted == self.wanted

    def missed(self) -> list[str]:
        """The targets that were missed, in words."""
        missed = {
            "people lost": self.lost > 0,
            "unclean answers": bool(self.others) or self.noted < self.wanted,
            "arrivals a minute": self.a_minute < A_MINUTE,
        }
        return [words for words, is_missed in missed.items() if is_missed]


@dataclass(frozen=True, slots=True)
class Share:
    """What one process did: since when, until when, for whom, and what else it was told."""

    began: float
    ended: float
    noted: tuple[int, ...]
    others: tuple[str, ...]


def arrivals(now: datetime, *, spaces: int = SPACES, desks: int = DESKS) -> Arrivals:
    """Measure on the database of this process."""
    pairs = lay_out(now, spaces=spaces, desks=desks)
    connections.close_all()
    shares = [pairs[first::PROCESSES] for first in range(PROCESSES)]
    context = get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=django.setup) as pool:
        done = list(pool.map(note, shares, [now] * PROCESSES))
    return judged(pairs, done)


def lay_out(now: datetime, *, spaces: int, desks: int) -> list[tuple[int, int]]:
    """Spaces that never close, and who comes to which: keys of space and member, one after the
    other at each door. In bulk, around the services."""
    from booking.models import Booking, Kind, OpeningHours, Resource, Space
    from members.models import Member, State, User

    with transaction.atomic():
        places = Space.objects.bulk_create(
            Space(name=f"Arrivées {number}", slug=f"arrivals-{number}", email="a@bench.example")
            for number in range(spaces)
        )
        OpeningHours.objects.bulk_create(
            OpeningHours(space=space, weekday=day, opens=clock_time(0), closes=clock_time(0))
            for space in places
            for day in range(7)
        )
        Space.objects.filter(pk__in=[space.pk for space in places]).update(closed_on_holidays=False)
        seats = Resource.objects.bulk_create(
            Resource(space=space, kind=Kind.DESK, code=f"P{index}", name=f"Poste {index}")
            for index in range(desks)
            for space in places
        )
        users = User.objects.bulk_create(
            User(email=f"arrival{index}@bench.example", name=f"Arrive {index}", password="!")  # noqa: S106
            for index in range(len(seats))
        )
        members = Member.objects.bulk_create(
            Member(user=user, state=State.ACTIVE, joined_at=now - DAY, state_since=now - DAY)
            for user in users
        )
        start = now.replace(minute=0, second=0, microsecond=0)
        Booking.objects.bulk_create(
            Booking(
                resource=seat,
                member=member,
                kind=Kind.DESK,
                start=start,
                end=start + timedelta(hours=1),
                made_by=member.user,
                made_at=now - DAY,
            )
            for seat, member in list(zip(seats, members, strict=True))[::2]
        )
    return [(seat.space_id, member.pk) for seat, member in zip(seats, members, strict=True)]


def note(pairs: list[tuple[int, int]], now: datetime) -> Share:
    """Note these arrivals, one after the other: what a process of the server does."""
    from django.core.exceptions import ValidationError

    from booking.models import Space
    from booking.services.visits import check_in
    from members.models import Member

    noted: list[int] = []
    others: list[str] = []
    began = time.perf_counter()
    for space_id, member_id in pairs:
        space = Space.objects.get(pk=space_id)
        member = Member.objects.with_user().get(pk=member_id)
        try:
            check_in(space=space, member=member, by=member.user, now=now)
        except ValidationError as refusal:
            others += [str(error.code) for error in refusal.error_list]
        else:
            noted.append(member_id)
    return Share(began, time.perf_counter(), tuple(noted), tuple(others))


def judged(pairs: list[tuple[int, int]], shares: list[Share]) -> Arrivals:
    """Held against the table: each who was told so has one open visit, at the door of the space."""
    from booking.models import Visit

    told = [member for share in shares for member in share.noted]
    found = Counter(Visit.objects.open().order_by().values_list("space_id", "member_id"))
    lost = sum(found[pair] != 1 for pair in pairs if pair[1] in set(told))
    return Arrivals(
        processes=len(shares),
        wanted=len(pairs),
        noted=len(told),
        lost=lost + len(told) - len(set(told)),
        seconds=max(share.ended for share in shares) - min(share.began for share in shares),
        others=dict(Counter(code for share in shares for code in share.others)),
    )
