"""A day is closed while somebody books it: the warning misses nobody."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from booking.models import Booking, Closure
from booking.services import book, spaces
from tests.factories import NOW, TUESDAY, a_member, a_space, slot

pytestmark = pytest.mark.django_db(transaction=True)


def close_while_somebody_books() -> tuple[list[Booking], list[Booking]]:
    """What was booked, and what the closure saw; the booking commits half a second late."""
    space, member = a_space(), a_member()
    closure = Closure(space=space, starts_on=TUESDAY, ends_on=TUESDAY, reason="Inventaire")
    is_booked = threading.Event()

    def books() -> list[Booking]:
        try:
            with transaction.atomic():
                slots = [slot(9, 12, TUESDAY)]
                made = book(space=space, member=member, by=member.user, slots=slots, now=NOW)
                is_booked.set()
                time.sleep(0.5)
                return made
        finally:
            connection.close()

    def closes() -> list[Booking]:
        try:
            assert is_booked.wait(timeout=20)
            return spaces.save_closure(closure=closure, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made, seen = pool.submit(books), pool.submit(closes)
        return made.result(timeout=30), seen.result(timeout=30)


def test_a_closure_waits_for_the_booking_under_way_and_lists_it():
    made, seen = close_while_somebody_books()
    assert made == seen


def test_negative_control_without_the_lock_the_warning_misses_it(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite the transaction itself is the lock and cannot be taken away")
    monkeypatch.setattr(spaces, "_lock", lambda _space_id: None)
    made, seen = close_while_somebody_books()
    assert made
    assert seen == []
