"""The day sheet of a space: who is expected, who is there, who is gone, what is to be confirmed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from booking import rules
from booking.models import Booking, Kind, Space, Status, Visit
from booking.places import place_name
from booking.slots import Slot, day_slot
from members.models import Member

LATELY = timedelta(days=90)
MOST_NAMES = 200  # offered where the team types who has come


class Being(StrEnum):
    """Where a person of the sheet is."""

    EXPECTED = "expected"
    PRESENT = "present"
    GONE = "gone"
    TO_CONFIRM = "to_confirm"
    NO_SHOW = "no_show"


@dataclass(frozen=True, slots=True)
class Line:
    """A person and a day, in words: by a visit, or by a booking that nobody has taken up yet."""

    being: Being
    member: Member
    who: str
    of: str
    place: str
    hours: str
    came: str
    went: str
    booking: Booking | None
    visit: Visit | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a day, each group in the order of the hours."""

    expected: tuple[Line, ...]
    present: tuple[Line, ...]
    gone: tuple[Line, ...]
    to_confirm: tuple[Line, ...]
    no_shows: tuple[Line, ...]

    @property
    def is_empty(self) -> bool:
        groups = (self.expected, self.present, self.gone, self.to_confirm, self.no_shows)
        return not any(groups)


def day_sheet(space: Space, day: date, now: datetime) -> Sheet:
    """Everybody of a day. Two queries."""
    whole = day_slot(day, space.zone)
    visits = list(
        Visit.objects.filter(space=space)
        .meeting(whole)
        .with_people()
        .order_by("arrived_at", "member__user__name", "id")
    )
    desks = (
        Booking.objects.exclude(status=Status.CANCELLED)
        .filter(resource__space=space, kind=Kind.DESK)
        .overlapping(whole)
    )
    bookings = desks.with_people().select_related("resource").order_by("start", "id")
    lines = [_of_visit(visit) for visit in visits]
    lines += [
        _of_booking(space, booking)
        for booking in bookings
        if not any(_takes_up(visit, booking, space, now) for visit in visits)
    ]

    def group(*beings: Being) -> tuple[Line, ...]:
        return tuple(line for line in lines if line.being in beings)

    return Sheet(
        expected=group(Being.EXPECTED),
        present=group(Being.PRESENT),
        gone=group(Being.GONE),
        to_confirm=group(Being.TO_CONFIRM),
        no_shows=group(Being.NO_SHOW),
    )


def known_here(space: Space, now: datetime) -> list[Member]:
    """Members who came or booked here lately: offered where the team types a name. One query."""
    since = now - LATELY
    booked = Booking.objects.filter(resource__space=space, end__gt=since).values("member_id")
    found = Member.objects.inside().filter(pk__in=booked).with_user()
    return list(found.order_by("user__name", "pk")[:MOST_NAMES])


def _takes_up(visit: Visit, booking: Booking, space: Space, now: datetime) -> bool:
    """Whether the booking needs no line of its own: its member was there then."""
    if (visit.member_id, visit.guest_name) != (booking.member_id, booking.guest_name):
        return False
    early = booking.start - space.arrival_window
    return visit.arrived_at < booking.end and visit.end_at(now) > early


def _of_visit(visit: Visit) -> Line:
    zone, left = visit.space.zone, visit.left_at
    if left is None:
        being = Being.PRESENT
    else:
        being = Being.TO_CONFIRM if visit.waits_for_word else Being.GONE
    booking = visit.booking
    return Line(
        being=being,
        member=visit.member,
        who=visit.who,
        of=str(visit.member) if visit.guest_name else "",
        place=place_name(booking.resource) if booking else "",
        hours=rules.clock(visit.space, booking.slot) if booking else "",
        came=f"{visit.arrived_at.astimezone(zone):%H:%M}",
        went=f"{left.astimezone(zone):%H:%M}" if left else "",
        booking=booking,
        visit=visit,
    )


def _of_booking(space: Space, booking: Booking) -> Line:
    return Line(
        being=Being.NO_SHOW if booking.is_no_show else Being.EXPECTED,
        member=booking.member,
        who=booking.guest_name or str(booking.member),
        of=str(booking.member) if booking.guest_name else "",
        place=place_name(booking.resource),
        hours=rules.clock(space, Slot(booking.start, booking.end)),
        came="",
        went="",
        booking=booking,
        visit=None,
    )
