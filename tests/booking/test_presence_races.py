"""Arrivals at once, jobs in two places, a worker killed in the middle: nothing doubled or lost."""

import os
import signal
import threading
from collections import Counter

import pytest
from django.core import mail
from django.db import connection, connections

from booking import walk_in
from booking.models import ArrivalCode, Booking, Status, Visit
from booking.services import book, kiosk, presence_jobs, visits
from booking.services.locking import Locked
from booking.services.presence_jobs import close_forgotten, free_no_shows
from booking.services.visits import check_in
from members.models import Role
from tests.booking.test_races import overlaps, together
from tests.factories import NOW, a_member, a_space, a_user, at, slot

pytestmark = pytest.mark.django_db(transaction=True)


def arrivals(space, count):
    def arrive(member):
        return lambda: check_in(space=space, member=member, by=member.user, now=at(9))

    return [arrive(a_member()) for _person in range(count)]


def test_twelve_people_come_and_three_desks_are_free():
    assert Counter(together(*arrivals(a_space(), 12))) == {"done": 3, "full": 9}
    assert (Visit.objects.count(), overlaps()) == (3, 0)


def test_negative_control_without_the_lock_the_constraint_has_to_refuse(monkeypatch):
    """Everyone looks before anyone writes. On SQLite the transaction is the lock and stays."""
    looked = threading.Barrier(1 if connection.vendor == "sqlite" else 3)
    look = walk_in.free_desk

    def look_together(*args, **kwargs):
        found = look(*args, **kwargs)
        looked.wait(timeout=20)
        return found

    monkeypatch.setattr(
        visits, "lock", lambda spaces, member: Locked({s.pk: s for s in spaces}, member)
    )
    monkeypatch.setattr(walk_in, "free_desk", look_together)
    results = Counter(together(*arrivals(a_space(desks=1), 3)))
    refused = "full" if connection.vendor == "sqlite" else "taken"
    assert results == {"done": 1, refused: 2}
    assert (Visit.objects.count(), overlaps()) == (1, 0)


def test_one_member_clicks_six_times_at_once():
    space, member = a_space(), a_member()
    clicks = [lambda: check_in(space=space, member=member, by=member.user, now=at(9))] * 6
    assert together(*clicks) == ["done"] * 6
    assert (Visit.objects.count(), Booking.objects.count()) == (1, 1)


def test_a_booking_and_an_arrival_want_the_last_desk():
    space, booker = a_space(desks=1), a_member()
    results = together(
        lambda: book(space=space, member=booker, by=booker.user, slots=[slot(9, 12)], now=at(9)),
        *arrivals(space, 1),
    )
    assert results in (["done", "full"], ["taken", "done"])
    assert overlaps() == 0


def test_a_code_typed_at_two_kiosks_at_once_serves_once():
    space, member, host = a_space(), a_member(), a_user(role=Role.HOST)
    devices = [kiosk.add_device(space=space, name=n, by=host, now=NOW)[0] for n in ("A", "B")]
    code = kiosk.new_code(member=member, now=at(9)).code

    def typed(device):
        return lambda: kiosk.use_code(device=device, code=code, now=at(9))

    assert Counter(together(*map(typed, devices))) == {"done": 1, "bad_code": 1}
    assert Visit.objects.get().is_open
    assert not ArrivalCode.objects.exists()


def test_two_workers_close_and_free_each_row_once():
    space = a_space(desks=6, no_show_minutes=30)
    for index in range(6):
        member = a_member()
        book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
        if index < 3:
            check_in(space=space, member=member, by=member.user, now=at(9))
    mail.outbox.clear()
    freed: list[int] = []
    together(*[lambda: freed.append(free_no_shows(now=at(10)))] * 2)
    assert (sum(freed), Booking.objects.filter(status=Status.NO_SHOW).count()) == (3, 3)
    closed: list[int] = []
    together(*[lambda: closed.append(close_forgotten(now=at(19)))] * 2)
    assert (sum(closed), Visit.objects.to_confirm().count()) == (3, 3)
    assert len(mail.outbox) == 6


def test_a_worker_killed_between_two_rows_loses_and_repeats_nothing():
    space = a_space()
    for _person in range(3):
        member = a_member()
        check_in(space=space, member=member, by=member.user, now=at(9))
    connections.close_all()  # a connection must not be shared with a child
    child = os.fork()
    if child == 0:
        end, ended = visits.end, []

        def die_at_the_second(visit, **rest):
            end(visit, **rest)
            ended.append(visit)
            if len(ended) == 2:  # written, and not committed yet
                os.kill(os.getpid(), signal.SIGKILL)

        presence_jobs.visits.end = die_at_the_second
        close_forgotten(now=at(19))
        os._exit(0)  # never reached: the parent sees that it was
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert Visit.objects.to_confirm().count() == 1
    assert close_forgotten(now=at(19)) == 2
    assert {visit.left_at for visit in Visit.objects.all()} == {at(18, 30)}
    assert Booking.objects.filter(end=at(18, 30)).count() == 3
