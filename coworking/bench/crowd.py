"""A network of the size that the operator's desk must bear: many members, many more bookings.

Written in bulk, around the services and their mail: for measurements alone. What the database
holds of a booking and of a plan, it holds here too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, cycle, islice

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction

from booking.models import Booking, Kind, OpeningHours, Resource, Space
from coworking.bench.ground import DAY
from members.models import Member, Plan, Role, State, Subscription, User

SPACES, DESKS = 5, 40
HALVES = ((time(9), time(12)), (time(14), time(17)))
AHEAD = 20  # days to come that are booked
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who asks, and the member whose page is asked for."""

    operator: User
    member: Member


def gather(*, members: int, bookings: int, now: datetime) -> Crowd:
    """Add so many members, and their bookings on every day around now."""
    with transaction.atomic():
        people = _members(members, now)
        desks = _desks()
        _book(people, desks, bookings, now)
    operator = User.objects.create_user("desk@bench.example", name="Desk", is_staff=True)
    # The admin opens to a second factor only.
    Authenticator.objects.create(user=operator, type=Authenticator.Type.TOTP, data={})
    operator.groups.add(Group.objects.get(name=Role.OPERATOR))
    return Crowd(operator, people[0])


def _members(number: int, now: datetime) -> list[Member]:
    users = User.objects.bulk_create(
        [
            User(email=f"crowd{index}@bench.example", name=f"Membre {index:05}", password="!")  # noqa: S106
            for index in range(number)
        ],
        batch_size=BATCH,
    )
    members = Member.objects.bulk_create(
        [
            Member(
                user=user,
                state=State.APPLICANT if index % 500 == 7 else State.ACTIVE,
                joined_at=now - (index % 1000) * DAY,
                state_since=now - (index % 1000) * DAY,
                trade=f"Métier {index % 97}",
            )
            for index, user in enumerate(users)
        ],
        batch_size=BATCH,
    )
    plan = Plan.objects.create(code="bench", name="Mensuel")
    today = now.date()
    Subscription.objects.bulk_create(
        [
            Subscription(
                member=member,
                plan=plan,
                start=today - timedelta(days=400),
                made_by=member.user,
                made_at=now,
            )
            for index, member in enumerate(members)
            if member.state == State.ACTIVE and index % 50
        ],
        batch_size=BATCH,
    )
    return members


def _desks() -> list[Resource]:
    desks = []
    for number in range(SPACES):
        space = Space.objects.create(
            name=f"Espace {number}", slug=f"bench-{number}", commune="Morez"
        )
        OpeningHours.objects.bulk_create(
            OpeningHours(space=space, weekday=weekday, opens=time(8), closes=time(19))
            for weekday in range(7)
        )
        desks += Resource.objects.bulk_create(
            Resource(space=space, kind=Kind.DESK, name=f"Poste {index}", code=f"B{index}")
            for index in range(DESKS)
        )
    return desks


def _book(people: list[Member], desks: list[Resource], number: int, now: datetime) -> None:
    """Every desk of every half-day, the members in turn, up to the last of the days ahead.

    Old bookings first: the database checks each new row against those that come after it.
    """
    days = -(-number // (len(desks) * len(HALVES)))
    first = now.astimezone(desks[0].space.zone).date() + timedelta(days=AHEAD + 1 - days)
    rows = _rows(people, desks, first, now)
    for begin in range(0, number, BATCH):
        Booking.objects.bulk_create(islice(rows, min(BATCH, number - begin)))


def _rows(
    people: list[Member], desks: list[Resource], first: date, now: datetime
) -> Iterator[Booking]:
    zone, turn = desks[0].space.zone, cycle(people)
    for offset in count():
        day = first + timedelta(days=offset)
        for opens, closes in HALVES:
            start, end = (datetime.combine(day, at, zone) for at in (opens, closes))
            for desk in desks:
                member = next(turn)
                yield Booking(
                    resource=desk,
                    member=member,
                    kind=Kind.DESK,
                    start=start,
                    end=end,
                    made_by=member.user,
                    made_at=now,
                )
