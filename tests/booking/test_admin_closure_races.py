"""A day is closed while somebody books it, or by two hosts at once: nobody is missed, nobody is
told twice."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection, transaction

from booking.models import Booking, Closure, Status
from booking.services import book, closures
from members.models import Role
from tests.booking.test_races import together
from tests.factories import NOW, TUESDAY, a_member, a_space, a_user, slot

pytestmark = pytest.mark.django_db(transaction=True)


def close_while_somebody_books() -> tuple[list[Booking], list[Booking]]:
    """What was booked, and what the closure saw; the booking commits half a second late."""
    space, member, host = a_space(), a_member(), a_user(role=Role.HOST)
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
            return closures.close(closure=closure, by=host, now=NOW).standing
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
    monkeypatch.setattr(closures, "lock_space", lambda _space_id: None)
    made, seen = close_while_somebody_books()
    assert made
    assert seen == []


def two_hosts_close_the_day() -> list[str]:
    """What each of them got; three people have a desk that day."""
    space, hosts = a_space(), [a_user(role=Role.HOST), a_user(role=Role.HOST)]
    for hour in (9, 11, 13):
        member = a_member()
        slots = [slot(hour, hour + 1, TUESDAY)]
        book(space=space, member=member, by=member.user, slots=slots, now=NOW)
    mail.outbox.clear()

    def closes(host):
        days = {"starts_on": TUESDAY, "ends_on": TUESDAY}
        closure = Closure(space=space, reason="Inventaire", **days)
        return lambda: closures.close(closure=closure, by=host, now=NOW, cancels=True)

    return together(*(closes(host) for host in hosts))


def test_two_hosts_close_one_day_once_and_nobody_is_told_twice():
    assert two_hosts_close_the_day() == ["done", "done"]
    assert Closure.objects.count() == 1
    assert Booking.objects.filter(status=Status.CANCELLED, closure__isnull=False).count() == 3
    told = [message.to[0] for message in mail.outbox]
    assert len(told) == len(set(told)) == 3


def test_negative_control_without_the_lock_only_the_database_keeps_one(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite the transaction itself is the lock and cannot be taken away")
    look, both = closures._twin, threading.Barrier(2)

    def look_together(closure):
        found = look(closure)
        both.wait(timeout=20)
        return found

    monkeypatch.setattr(closures, "lock_space", lambda _space_id: None)
    monkeypatch.setattr(closures, "_twin", look_together)
    got = two_hosts_close_the_day()
    assert got.count("done") == 1  # the other one meets the constraint, as a refusal or an error
    assert Closure.objects.count() == 1


def test_two_hosts_open_a_day_again_and_nobody_is_told_twice():
    two_hosts_close_the_day()
    mail.outbox.clear()
    closure, hosts = Closure.objects.get(), [a_user(role=Role.HOST), a_user(role=Role.HOST)]

    def opens(host):
        return lambda: closures.reopen(closure=closure, by=host, now=NOW)

    assert together(*(opens(host) for host in hosts)) == ["done", "done"]
    assert len(mail.outbox) == 3
