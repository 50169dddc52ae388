"""Two people at once: real threads, real connections, on the database of the run.

Each race has its negative control: the same writers without the protection must collide, or the
race would prove nothing.
"""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection

from booking import availability
from booking.models import Booking, Kind
from booking.services import book, bookings, cancel, move
from booking.services.locking import Locked
from booking.slots import Slot
from members.constraints import NoOverlap, violated_by
from tests.factories import NOW, a_member, a_space, slot

pytestmark = pytest.mark.django_db(transaction=True)

NO_OVERLAP = next(c for c in Booking._meta.constraints if c.name == "booking_no_overlap")


def together(*writers: Callable[[], object]) -> list[str]:
    """Run every writer at the same moment on a connection of its own; what each one got.

    "done", the code of a refusal, or the name of an error of the database.
    """
    ready = threading.Barrier(len(writers))

    def run(write: Callable[[], object]) -> str:
        try:
            ready.wait(timeout=20)
            write()
        except ValidationError as refusal:
            return refusal.error_list[0].code
        except IntegrityError as error:
            return "constraint" if violated_by(error, NO_OVERLAP) else str(error)
        except OperationalError as error:
            return f"{type(error).__name__}: {error}"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(writers)) as pool:
        return list(pool.map(run, writers))


@contextmanager
def without(constraint: NoOverlap) -> Iterator[None]:
    """The table of bookings without its protection, for a negative control."""
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            for name in constraint.trigger_names():
                editor.execute(f"DROP TRIGGER {name}")
        else:
            editor.remove_constraint(Booking, constraint)
    try:
        yield
    finally:
        Booking.objects.all().delete()
        with connection.schema_editor() as editor:
            if connection.vendor == "sqlite":
                constraint.constraint_sql(Booking, editor)
            else:
                editor.add_constraint(Booking, constraint)


def overlaps() -> int:
    """Pairs of confirmed bookings that hold one place at one time."""
    rows = list(Booking.objects.confirmed().order_by("start", "pk"))
    return sum(
        one.resource_id == two.resource_id and one.slot.overlaps(two.slot)
        for index, one in enumerate(rows)
        for two in rows[index + 1 :]
    )


def check_then_insert(resource, hours: Slot, everyone_has_looked: threading.Barrier):
    """What a booking system without a lock does: look, see that it is free, write."""

    def writer(member):
        def write():
            taken = Booking.objects.confirmed().filter(resource=resource).overlapping(hours)
            is_free = not taken.exists()
            everyone_has_looked.wait(timeout=20)
            if is_free:
                Booking.objects.create(
                    resource=resource,
                    member=member,
                    kind=resource.kind,
                    start=hours.start,
                    end=hours.end,
                    made_by=member.user,
                    made_at=NOW,
                )

        return write

    return writer


def test_negative_control_without_lock_and_constraint_one_desk_is_booked_twice():
    desk, hours = a_space(desks=1).resources.get(code="P1"), slot(9, 12)
    writer = check_then_insert(desk, hours, threading.Barrier(6))
    with without(NO_OVERLAP):
        assert together(*(writer(a_member()) for _ in range(6))) == ["done"] * 6
        assert overlaps() == 15


def test_the_constraint_alone_lets_one_of_them_win():
    desk, hours = a_space(desks=1).resources.get(code="P1"), slot(9, 12)
    writer = check_then_insert(desk, hours, threading.Barrier(6))
    results = Counter(together(*(writer(a_member()) for _ in range(6))))
    assert results["done"] == 1
    assert Booking.objects.count() == 1
    # On PostgreSQL writers that wait for each other may be told of a deadlock instead: the lock
    # of the service is what makes it a clean refusal.
    deadlocks = sum(times for what, times in results.items() if "deadlock" in what)
    assert results["constraint"] + deadlocks == 5


def test_negative_control_without_the_lock_the_service_meets_the_constraint(monkeypatch):
    """The lock off, everyone looks before anyone writes, and the constraint has to refuse."""
    # On SQLite the transaction is the lock: inside it, one would wait for the others in vain.
    looked = threading.Barrier(1 if connection.vendor == "sqlite" else 3)
    look = availability.free_resources

    def look_together(*args, **kwargs):
        found = look(*args, **kwargs)
        looked.wait(timeout=20)
        return found

    monkeypatch.setattr(
        bookings, "lock", lambda spaces, member: Locked({s.pk: s for s in spaces}, member)
    )
    monkeypatch.setattr(availability, "free_resources", look_together)
    space = a_space(desks=1)
    results = Counter(together(*booking_writers(space, 3)))
    assert results == {"done": 1, "taken": 2}
    assert overlaps() == 0


def booking_writers(space, count: int, **fields) -> list[Callable[[], object]]:
    def writer(member):
        return lambda: book(
            space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW, **fields
        )

    return [writer(a_member()) for _ in range(count)]


def test_thirty_people_and_three_desks():
    space = a_space(desks=3)
    results = Counter(together(*booking_writers(space, 30)))
    assert results == {"done": 3, "taken": 27}
    assert overlaps() == 0


def test_thirty_people_and_this_very_desk():
    space = a_space(desks=3)
    desk = space.resources.get(code="P2")
    results = Counter(together(*booking_writers(space, 30, resource=desk)))
    assert results == {"done": 1, "taken": 29}


def test_one_member_in_two_spaces_at_once_gets_one_desk():
    member = a_member()

    def writer(space):
        return lambda: book(
            space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW
        )

    results = Counter(together(*(writer(a_space()) for _ in range(6))))
    assert results == {"done": 1, "own_overlap": 5}


def test_the_limit_of_open_bookings_holds_at_once():
    space, member = a_space(open_bookings_limit=2), a_member()
    room = space.resources.get(kind=Kind.ROOM)

    def writer(hour):
        return lambda: book(
            space=space,
            member=member,
            by=member.user,
            slots=[slot(hour, hour + 1)],
            now=NOW,
            resource=room,
        )

    results = Counter(together(*(writer(hour) for hour in range(9, 17))))
    assert results == {"done": 2, "too_many_open": 6}


def test_a_double_click_books_once():
    space, member, key = a_space(), a_member(), uuid.uuid4()

    def click():
        book(
            space=space,
            member=member,
            by=member.user,
            slots=[slot(9, 12)],
            now=NOW,
            request_key=key,
        )

    assert together(click, click, click) == ["done"] * 3
    assert Booking.objects.count() == 1


def test_two_members_swap_into_one_free_desk_and_one_of_them_gets_it():
    space = a_space(desks=3)
    moves = []
    for code in ("P1", "P2"):
        member, desk = a_member(), space.resources.get(code=code)
        args = {"by": member.user, "now": NOW}
        [booking] = book(space=space, member=member, slots=[slot(9, 12)], resource=desk, **args)
        moves.append((booking, args))
    free = space.resources.get(code="P3")
    results = Counter(
        together(
            *(
                lambda booking=booking, args=args: move(
                    booking=booking, slot=booking.slot, resource=free, **args
                )
                for booking, args in moves
            )
        )
    )
    assert results == {"done": 1, "taken": 1}
    assert overlaps() == 0


def test_moving_between_two_spaces_in_both_directions_does_not_deadlock():
    one, two = a_space(desks=8), a_space(desks=8)
    moves = []
    for index in range(1, 9):
        here, there = (one, two) if index % 2 else (two, one)
        member, code = a_member(), f"P{index}"
        args = {"by": member.user, "now": NOW}
        [booking] = book(
            space=here,
            member=member,
            slots=[slot(9, 12)],
            resource=here.resources.get(code=code),
            **args,
        )
        moves.append((booking, there.resources.get(code=code), args))
    results = together(
        *(
            lambda booking=booking, target=target, args=args: move(
                booking=booking, slot=booking.slot, resource=target, **args
            )
            for booking, target, args in moves
        )
    )
    assert results == ["done"] * 8


def test_cancelling_and_moving_at_once_leaves_one_clear_state():
    space, member = a_space(), a_member()
    args = {"by": member.user, "now": NOW}
    [booking] = book(space=space, member=member, slots=[slot(9, 12)], **args)
    results = together(
        lambda: cancel(booking=booking, **args),
        lambda: move(booking=booking, slot=slot(14, 16), **args),
    )
    booking.refresh_from_db()
    assert results[0] == "done"
    assert results[1] in {"done", "cancelled"}
    assert booking.is_cancelled
    assert booking.sequence == (2 if results[1] == "done" else 1)
