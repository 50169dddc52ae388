"""Which desk somebody may take who comes without a booking. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from booking import availability
from booking.models import Booking, Kind, Resource, Space
from booking.slots import Slot, grid_step, subtract


@dataclass(frozen=True, slots=True)
class FreeDesk:
    """A desk, and for how long it is nobody else's."""

    resource: Resource
    slot: Slot


def open_now(space: Space, now: datetime) -> Slot | None:
    """The opening interval in which one may arrive now: it has begun, or does within the time that
    the space lets people come early. None: closed."""
    day = now.astimezone(space.zone).date()
    for slot in availability.opening(space, day).slots:
        if slot.start - space.arrival_window <= now < slot.end:
            return slot
    return None


def free_desk(
    space: Space, interval: Slot, now: datetime, usual: int | None = None
) -> FreeDesk | None:
    """The desk that is free now for longest, the usual one first among equals. Two queries.

    None when each is taken now, or soon enough that nobody could book the time that is left.
    """
    start = max(grid_step(now, space.grid_minutes, space.zone), interval.start)
    found = [
        FreeDesk(desk, parts[0])
        for desk, parts in _free_parts(space, Slot(start, interval.end))
        if parts and parts[0].start == start and _is_worth(space, parts[0], interval)
    ]
    return min(
        found,
        key=lambda free: (
            -free.slot.end.timestamp(),
            free.resource.pk != usual,
            free.resource.position,
            free.resource.pk,
        ),
        default=None,
    )


def next_free(space: Space, interval: Slot, now: datetime) -> datetime | None:
    """When the next desk gets free for a stay, before the interval ends. Two queries."""
    start = max(grid_step(now, space.grid_minutes, space.zone), interval.start)
    coming = (
        part.start
        for _desk, parts in _free_parts(space, Slot(start, interval.end))
        for part in parts
        if _is_worth(space, part, interval)
    )
    return min(coming, default=None)


def _free_parts(space: Space, span: Slot) -> list[tuple[Resource, list[Slot]]]:
    """What of the span is free at each bookable desk, in the order of the lists."""
    desks = list(space.resources.bookable().of_kind(Kind.DESK).order_by("position", "id"))
    taken: dict[int, list[Slot]] = {desk.pk: [] for desk in desks}
    bookings = Booking.objects.confirmed().of_desks(space).overlapping(span).order_by()
    for desk, is_whole, *stay in bookings.values_list("resource_id", "is_whole", "start", "end"):
        for met in taken if is_whole else {desk} & taken.keys():
            taken[met].append(Slot(*stay))
    closed = availability.closed_places(space, [span])
    return [(desk, subtract([span], taken[desk.pk])) for desk in desks if desk.pk not in closed]


def _is_worth(space: Space, part: Slot, interval: Slot) -> bool:
    """Long enough for a stay; the last minutes before closing always are."""
    return part.length >= space.shortest_stay or part.end == interval.end
