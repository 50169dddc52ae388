"""From the places of a day to the cells of a table: a column per quarter of an hour.

The table begins and ends on a full hour, whatever the opening hours, so that its head reads like a
clock. Columns count elapsed time: on a night of daylight saving a day has 23 or 25 hours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.availability import Opening, Place
from booking.models import Booking, Resource, Space
from booking.moments import exact_moment
from booking.places import KIND_PLURALS
from booking.slots import MINUTE, Slot, grid_step, subtract

STEP = 15 * MINUTE
PER_HOUR = 4
HOUR = timedelta(hours=1)
HOURS_SHOWN = 6  # at least, however late it is


class CellState(StrEnum):
    FREE = "free"
    BOOKED = "booked"
    PAST = "past"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Cell:
    """Some columns of a row: a booking, or time that is free, past or closed."""

    state: CellState
    slot: Slot
    columns: int
    booking: Booking | None = None
    query: str = ""  # to book it, when it is free


@dataclass(frozen=True, slots=True)
class Row:
    resource: Resource
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one kind, under its name."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class HourHead:
    start: datetime
    is_now: bool


@dataclass(frozen=True, slots=True)
class DayGrid:
    columns: int
    hours: tuple[HourHead, ...]
    groups: tuple[Group, ...]


def day_grid(
    space: Space, opening: Opening, places: Sequence[Place], now: datetime
) -> DayGrid | None:
    """The table of a day, today from an hour ago; None when it is closed and nobody is there."""
    taken = [booking.slot for place in places for booking in place.bookings]
    shown = [*opening.slots, *taken]
    if not shown:
        return None
    frame = _from_now(_full_hours(shown, space.zone), space.zone, now)
    columns = _ceil(frame.end - frame.start, STEP)
    rows: dict[str, list[Row]] = {kind: [] for kind in KIND_PLURALS}
    for place in places:
        cells = tuple(_cells(space, opening, place, frame, now))
        rows[place.resource.kind].append(Row(place.resource, cells))
    groups = tuple(
        Group(str(KIND_PLURALS[kind]), tuple(found)) for kind, found in rows.items() if found
    )
    hours = tuple(
        HourHead(start, start <= now < start + HOUR)
        for start in (frame.start + n * HOUR for n in range(columns // PER_HOUR))
    )
    return DayGrid(columns, hours, groups)


def _full_hours(slots: Sequence[Slot], zone: ZoneInfo) -> Slot:
    """The shortest interval of full hours of the wall clock around all the slots."""
    first, last = min(slot.start for slot in slots), max(slot.end for slot in slots)
    start = grid_step(first, 60, zone)
    return Slot(start, start + _ceil(last - start, HOUR) * HOUR)


def _from_now(frame: Slot, zone: ZoneInfo, now: datetime) -> Slot:
    """Without the hours that are over, but the last: on a phone they would fill the screen."""
    since = min(grid_step(now, 60, zone) - HOUR, frame.end - HOURS_SHOWN * HOUR)
    return Slot(max(frame.start, since), frame.end)


def _ceil(length: timedelta, unit: timedelta) -> int:
    return -(-length // unit)


def _cells(
    space: Space, opening: Opening, place: Place, frame: Slot, now: datetime
) -> Iterator[Cell]:
    """The cells of a row, side by side from the first column to the last."""
    column, total = 0, _ceil(frame.end - frame.start, STEP)
    pieces = sorted(_pieces(space, opening, place, frame, now), key=lambda cell: cell.slot)
    for position, piece in enumerate(pieces):
        # What is off the quarters of an hour is rounded in favour of bookings.
        if position == len(pieces) - 1:
            end = total
        elif piece.booking is None:
            end = (piece.slot.end - frame.start) // STEP
        else:
            end = min(max(_ceil(piece.slot.end - frame.start, STEP), column + 1), total)
        if end > column:
            yield replace(piece, columns=end - column)
            column = end


def _pieces(
    space: Space, opening: Opening, place: Place, frame: Slot, now: datetime
) -> Iterator[Cell]:
    taken = [booking.slot for booking in place.bookings]
    opened = [part for slot in opening.slots if (part := slot.meets(frame))]
    for booking in place.bookings:
        if part := booking.slot.meets(frame):
            yield Cell(CellState.BOOKED, part, 0, booking)
    for closed in subtract([frame], [*opened, *taken]):
        yield Cell(CellState.CLOSED, closed, 0)
    since = grid_step(now, space.grid_minutes, space.zone)
    gaps = subtract(opened, [*taken, *place.held])
    for buffer in subtract(opened, [*taken, *gaps]):
        yield Cell(CellState.CLOSED, buffer, 0)
    for gap in gaps:
        if gap.start < since:
            yield Cell(CellState.PAST, Slot(gap.start, min(gap.end, since)), 0)
        if gap.end > since:
            yield from _free_cells(space, place, Slot(max(gap.start, since), gap.end))


def _free_cells(space: Space, place: Place, gap: Slot) -> Iterator[Cell]:
    """A free interval, hour by hour; what is too short to be booked joins its neighbour."""
    if gap.length < space.shortest_stay or not place.is_bookable:
        yield Cell(CellState.CLOSED, gap, 0)
        return
    start = gap.start
    while start < gap.end:
        end = grid_step(start, 60, space.zone) + HOUR
        while end - start < space.shortest_stay:
            end += HOUR
        if gap.end - end < space.shortest_stay:
            end = gap.end
        piece = Slot(start, end)
        query = exact_moment(space, piece).for_place(place.resource.pk)
        yield Cell(CellState.FREE, piece, 0, query=query)
        start = end
