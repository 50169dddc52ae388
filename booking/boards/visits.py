"""What a member reads about being there: now, what waits for a word, the visits of a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from booking import rules, walk_in
from booking.models import Booking, Kind, Space, Visit
from booking.places import place_name
from booking.slots import Slot
from members.models import Member


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit in words, by the clock of its space."""

    visit: Visit
    space: Space
    day: date
    hours: str
    length: str
    place: str

    @property
    def who(self) -> str:
        return self.visit.guest_name


@dataclass(frozen=True, slots=True)
class Door:
    """A space where one may arrive now, and what one would sit at. Empty: as there is room."""

    space: Space
    booked: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Month:
    """The visits of a month, the latest first, and how long they were together."""

    first: date
    stays: tuple[Stay, ...]
    total: str

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


def unfinished(member: Member, now: datetime) -> tuple[list[Stay], list[Stay]]:
    """The open visits, one's own first, then those of one's guests; and those that a rule closed
    and that wait for the member's word. One query."""
    found = (Visit.objects.open() | Visit.objects.to_confirm()).filter(member=member)
    visits = found.with_people().order_by("guest_name", "arrived_at", "id")
    stays = [_stay(visit, now) for visit in visits]
    here = [stay for stay in stays if stay.visit.is_open]
    waiting = [stay for stay in stays if not stay.visit.is_open]
    return here, sorted(waiting, key=lambda stay: stay.visit.arrived_at)


def month_of(member: Member, first: date, now: datetime) -> Month:
    """The visits that began in a month, by the zone of the site. One query."""
    start = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(
        datetime.combine((first + timedelta(days=31)).replace(day=1), time.min)
    )
    found = Visit.objects.filter(
        member=member, left_at__isnull=False, arrived_at__gte=start, arrived_at__lt=end
    )
    visits = list(found.with_people().order_by("-arrived_at", "id"))
    spent = sum((visit.end_at(now) - visit.arrived_at for visit in visits), timedelta())
    return Month(first, tuple(_stay(visit, now) for visit in visits), rules.duration(spent))


def doors(spaces: Sequence[Space], member: Member, now: datetime) -> list[Door]:
    """The spaces where one may arrive. One query, given spaces with their calendars."""
    coming = Booking.objects.coming(now).filter(
        member=member, kind=Kind.DESK, guest_name="", resource__space__in=spaces
    )
    soon: dict[int, Booking] = {}
    for booking in coming.filter(start__lte=now + timedelta(hours=4)).select_related(
        "resource__space"
    ):
        space = booking.resource.space
        if booking.start - space.arrival_window <= now:
            soon.setdefault(space.pk, booking)
    return [_door(space, soon.get(space.pk), now) for space in spaces]


def _door(space: Space, booking: Booking | None, now: datetime) -> Door:
    booked = ""
    if booking is not None:
        booked = f"{place_name(booking.resource)}, {rules.clock(space, booking.slot)}"
    return Door(space, booked, walk_in.open_now(space, now) is not None)


def _stay(visit: Visit, now: datetime) -> Stay:
    zone = visit.space.zone
    end = visit.end_at(now)
    arrived = visit.arrived_at.astimezone(zone)
    if visit.left_at is None or end <= visit.arrived_at:
        hours = f"{arrived:%H:%M}"
    else:
        hours = rules.clock(visit.space, Slot(visit.arrived_at, end))
    return Stay(
        visit=visit,
        space=visit.space,
        day=arrived.date(),
        hours=hours,
        length=rules.duration(end - visit.arrived_at),
        place=place_name(visit.booking.resource) if visit.booking else "",
    )
