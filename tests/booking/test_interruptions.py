"""Cut off in the middle, a process or its database: nothing half-written, nothing locked."""

import os
import signal
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection, connections
from django.test import Client
from django.urls import reverse

from booking.models import Booking
from booking.services import book, bookings
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_space, slot

pytestmark = pytest.mark.django_db(transaction=True)

TWO_DAYS = [slot(9, 12), slot(9, 12, TUESDAY)]


def test_a_process_killed_between_two_bookings_leaves_neither_and_no_lock():
    space, member = a_space(), a_member()
    connections.close_all()  # a connection must not be shared with a child
    child = os.fork()
    if child == 0:
        write = bookings._clean
        written: list[Booking] = []

        def die_at_the_second(booking: Booking) -> None:
            if written:
                os.kill(os.getpid(), signal.SIGKILL)
            written.append(booking)
            write(booking)

        bookings._clean = die_at_the_second
        book(space=space, member=member, by=member.user, slots=TWO_DAYS, now=NOW)
        os._exit(0)  # never reached: the parent sees that it was
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert not Booking.objects.exists()
    made = book(space=space, member=member, by=member.user, slots=TWO_DAYS, now=NOW)
    assert len(made) == 2


def test_a_database_lost_between_two_bookings_is_a_503_and_nothing_is_written():
    space, member = a_space(), a_member()
    client = Client(raise_request_exception=False)
    client.force_login(member.user)
    inserts = 0

    def lose_it_at_the_second(execute, sql, params, many, context):
        nonlocal inserts
        if sql.startswith('INSERT INTO "booking_booking"'):
            inserts += 1
            if inserts == 2:
                raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    form = {
        "date": MONDAY.isoformat(),
        "period": "day",
        "days": [(MONDAY + timedelta(days=1)).isoformat()],
        "resource": "",
        "weeks": "",
        "request_key": str(uuid.uuid4()),
    }
    address = reverse("booking:book", args=[space.slug])
    with time_machine.travel(NOW, tick=False):
        with connection.execute_wrapper(lose_it_at_the_second):
            response = client.post(address, form)
        assert response.status_code == 503
        assert inserts == 2
        assert not Booking.objects.exists()
        # The same page sent again, once the database is back.
        assert client.post(address, form).status_code == 302
    assert Booking.objects.count() == 2
