"""Who is expected at a space today. Bookings tell it, as long as nobody signs in at the door."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from booking import rules
from booking.models import Booking, Kind, Space, TrialDay
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

    @property
    def has_badge(self) -> bool:
        return self.is_here or self.is_over or self.is_first or self.is_trial


def expected(space: Space, now: datetime) -> list[Guest]:
    """The confirmed bookings that touch today, the first to come first. One query.

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
        .select_related("resource")
        .annotate(has_come=Exists(earlier), on_trial=Exists(trial))
        .order_by("start", "resource__position", "id")
    )
    return [_guest(space, booking, now) for booking in found]


def _guest(space: Space, booking: Booking, now: datetime) -> Guest:
    on_trial = bool(booking.on_trial)  # type: ignore[attr-defined]
    has_come = bool(booking.has_come)  # type: ignore[attr-defined]
    return Guest(
        booking=booking,
        name=str(booking.member),
        place=place_name(booking.resource),
        hours=rules.clock(space, booking.slot),
        is_here=booking.start <= now < booking.end,
        is_over=booking.end <= now,
        is_first=not has_come and not on_trial,
        is_trial=on_trial,
    )


def desks_in_use(guests: list[Guest]) -> int:
    """Desks that somebody has at this moment."""
    return len(
        {
            guest.booking.resource_id
            for guest in guests
            if guest.is_here and guest.booking.kind == Kind.DESK
        }
    )
