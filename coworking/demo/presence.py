"""Who really came: a visit for each desk that was booked, but for those that nobody took.

The last days are lived at the door by `door`, through the services. Those before are written at
one go: through the services they would take half a minute, and nobody asks how they were noted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from booking.availability import opening
from booking.models import Booking, Kind, Space, Status, Visit, Way
from booking.slots import MINUTE, to_instant
from members.models import Member

NO_SHOW: Final = 0.03
FORGETS: Final = 0.05
EARLIEST, LATEST = -12, 35  # minutes after the start of the booking
# Within the last step of the grid, so that no rest of the booking is left to give back.
LEAVES_FROM, LEAVES_UNTIL = -14, 20  # minutes after its end
WAYS: Final = (Way.PHONE, Way.PHONE, Way.KIOSK, Way.KIOSK, Way.KIOSK, Way.HOST)


@dataclass(slots=True)
class Coming:
    """How one booking is taken up, and whether the departure is forgotten. `waits`: the member has
    not said yet when it was."""

    booking: Booking
    arrives: datetime
    leaves: datetime
    closes: datetime
    way: Way
    forgets: bool = False
    waits: bool = False

    @property
    def member(self) -> Member:
        return self.booking.member

    @property
    def said_at(self) -> datetime:
        """When the member says how long a forgotten visit was: the next day."""
        return self.closes + timedelta(hours=20)


def comings(space: Space, until: datetime, rng: Random) -> tuple[list[Coming], list[Booking]]:
    """What becomes of the desks that were booked for before `until`, in the order of the hours;
    and those that nobody takes."""
    booked = Booking.objects.confirmed().filter(
        resource__space=space, kind=Kind.DESK, guest_name="", start__lt=until
    )
    found: list[Coming] = []
    empty: list[Booking] = []
    last: dict[int, Coming] = {}
    for booking in booked.select_related("member__user", "resource").order_by("start", "resource"):
        if rng.random() < NO_SHOW:
            empty.append(booking)
            continue
        coming = _coming(space, booking, rng)
        before = last.get(booking.member_id)
        if before is not None and coming.arrives <= before.leaves + 5 * MINUTE:
            before.leaves = max(before.leaves, coming.leaves)  # stayed from one to the next
            continue
        found.append(coming)
        last[booking.member_id] = coming
    return found, empty


def _coming(space: Space, booking: Booking, rng: Random) -> Coming:
    closes = closing(space, booking.slot.local_day(space.zone))
    leaves = booking.end + rng.randint(LEAVES_FROM, LEAVES_UNTIL) * MINUTE
    return Coming(
        booking,
        arrives=booking.start + rng.randint(EARLIEST, LATEST) * MINUTE,
        leaves=min(leaves, closes - rng.randint(1, 9) * MINUTE),
        closes=closes,
        way=rng.choice(WAYS),
        forgets=rng.random() < FORGETS,
    )


def closing(space: Space, day: date) -> datetime:
    """When the space closes on a day on which it opens."""
    slots = opening(space, day).slots
    return slots[-1].end if slots else to_instant(day, time(18), space.zone)


def write_visits(space: Space, found: Iterable[Coming], empty: Iterable[Booking]) -> None:
    """Visits of long ago, all over and said."""
    Visit.objects.bulk_create(
        [
            Visit(
                space=space,
                member=coming.member,
                booking=coming.booking,
                arrived_at=coming.arrives,
                left_at=coming.leaves,
                arrived_by=coming.way,
                left_by=Way.RULE if coming.forgets else coming.way,
                waits_for_word=coming.waits,
                confirmed_at=coming.said_at if coming.forgets and not coming.waits else None,
            )
            for coming in found
        ],
        batch_size=500,
    )
    freed = list(empty)
    for booking in freed:
        booking.status = Status.NO_SHOW
        booking.cancelled_at = booking.changed_at = booking.start + space.no_show_delay + MINUTE
        booking.sequence += 1
    fields = ["status", "cancelled_at", "changed_at", "sequence"]
    Booking.objects.bulk_update(freed, fields, batch_size=500)
