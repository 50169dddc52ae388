"""Who is expected at a space today, and who is there.

Visits tell who is there, where the space notes them; bookings tell it as long as nobody signs in.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from booking import rules
from booking.models import Booking, Kind, Space, TrialDay, Visit
from booking.places import place_name
from booking.slots import day_slot


@dataclass(frozen=True, slots=True)
class Guest:
    """One booking of today, in words."""

    booking: Booking
    name: str
    place: str
    hours: str
    is_here: bool
    is_over: bool
    is_first: bool
    is_trial: bool
    is_awaited: bool = False

    @property
    def has_badge(self) -> bool:
        return self.is_here or self.is_over or self.is_first or self.is_trial or self.is_awaited


@dataclass(frozen=True, slots=True)
class Presence:
    """The visits of a day."""

    visits: tuple[Visit, ...]

    @property
    def open(self) -> int:
        """How many people are there now, guests included."""
        return sum(visit.is_open for visit in self.visits)

    def is_there(self, booking: Booking) -> bool:
        return any(visit.is_open and _is_of(visit, booking) for visit in self.visits)

    def has_come(self, booking: Booking) -> bool:
        """Whether who booked was there at some moment since the booking could be taken up."""
        early = booking.start - booking.resource.space.arrival_window
        return any(
            _is_of(visit, booking)
            and visit.arrived_at < booking.end
            and (visit.left_at is None or visit.left_at > early)
            for visit in self.visits
        )


def _is_of(visit: Visit, booking: Booking) -> bool:
    return (visit.member_id, visit.guest_name) == (booking.member_id, booking.guest_name)


def presence(space: Space, now: datetime) -> Presence:
    """The visits that touch today. One query."""
    whole = day_slot(now.astimezone(space.zone).date(), space.zone)
    found = Visit.objects.filter(space=space).meeting(whole)
    return Presence(tuple(found.order_by("arrived_at", "id")))


def expected(space: Space, now: datetime, there: Presence | None = None) -> list[Guest]:
    """The confirmed bookings that touch today, the first to come first. One query.

    `there`: the visits of the day, which then tell who is here; a desk that nobody has taken yet
    is awaited. None: bookings tell it. A room or a booth is in use by its booking in any case.

    A first-timer has never had a booking before today; on a trial day that goes without saying.
    """
    day = now.astimezone(space.zone).date()
    whole = day_slot(day, space.zone)
    earlier = Booking.objects.confirmed().filter(member=OuterRef("member"), end__lte=whole.start)
    trial = TrialDay.objects.filter(member=OuterRef("member"), space=space, day=day)
    found = (
        Booking.objects.confirmed()
        .filter(resource__space=space)
        .overlapping(whole)
        .with_people()
        .select_related("resource__space")
        .annotate(has_come=Exists(earlier), on_trial=Exists(trial))
        .order_by("start", "resource__position", "id")
    )
    return [_guest(space, booking, now, there) for booking in found]


def _guest(space: Space, booking: Booking, now: datetime, there: Presence | None) -> Guest:
    on_trial = bool(booking.on_trial)  # type: ignore[attr-defined]
    has_come = bool(booking.has_come)  # type: ignore[attr-defined]
    is_here, is_over = booking.start <= now < booking.end, booking.end <= now
    is_awaited = False
    if there is not None and booking.kind == Kind.DESK:
        is_awaited = is_here and not there.has_come(booking)
        is_here = there.is_there(booking) and not is_over
    return Guest(
        booking=booking,
        name=booking.guest_name or str(booking.member),
        place=place_name(booking.resource),
        hours=rules.clock(space, booking.slot),
        is_here=is_here,
        is_over=is_over,
        is_first=not has_come and not on_trial,
        is_trial=on_trial,
        is_awaited=is_awaited,
    )


def desks_in_use(guests: list[Guest], now: datetime) -> int:
    """Desks that somebody has booked for this moment, come or not."""
    return len(
        {
            guest.booking.resource_id
            for guest in guests
            if guest.booking.kind == Kind.DESK and guest.booking.start <= now < guest.booking.end
        }
    )
