"""Years of bookings before the six months of `history`, for measurements only."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from booking.models import Booking, Kind, Resource, Space
from booking.slots import Slot
from coworking.demo.history import crowds_between, stay
from coworking.demo.people import Coworker

USUAL_CROWD = (5, 9, 5, 9, 5, 1)  # desks taken on a plain Monday, Tuesday… Saturday
BATCH = 1000


def bookings_before(
    space: Space, coworkers: Sequence[Coworker], first: date, last: date, rng: Random
) -> int:
    """Fill the days from `first` to `last`, both included; return how many bookings were made.

    Written at one go, without the services: they would take minutes, and the rules of a booking
    made years ago are nobody's question. The database still holds its constraints on each row.
    """
    desks = list(space.resources.of_kind(Kind.DESK).order_by("position", "id"))
    founders = [coworker for coworker in coworkers if coworker.since.date() < first]
    rows: list[Booking] = []
    for day, factor in crowds_between(space, first, last, rng).items():
        wanted = round(USUAL_CROWD[day.weekday()] * factor * rng.uniform(0.7, 1.2))
        number = min(wanted, len(desks))
        people, places = rng.sample(founders, number), rng.sample(desks, number)
        for coworker, desk in zip(people, places, strict=True):
            slot = stay(space, day, coworker.habit.whole_days, rng)
            if slot is not None:
                rows.append(_row(coworker, desk, slot, rng))
    Booking.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _row(coworker: Coworker, desk: Resource, slot: Slot, rng: Random) -> Booking:
    made_at = slot.start - timedelta(days=rng.randint(1, 9))
    return Booking(
        resource=desk,
        member=coworker.member,
        kind=desk.kind,
        start=slot.start,
        end=slot.end,
        made_by=coworker.member.user,
        made_at=made_at,
    )
