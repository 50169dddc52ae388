"""Series made at once, and one cut off in the middle: no desk twice, nothing half-made."""

import os
import signal
import threading
import uuid
from collections import Counter
from datetime import date, time

import pytest
from django.db import connection, connections

from booking.models import Booking, Series
from booking.services import book, series, series_changes
from booking.services.locking import Locked
from booking.services.series_changes import Scope
from booking.services.series_days import rule_of
from members import audit
from tests.booking.test_races import overlaps, together
from tests.factories import NOW, TUESDAY, a_member, a_space, slot

pytestmark = pytest.mark.django_db(transaction=True)

RULE = rule_of(
    weekdays=(1, 3), start=time(9), end=time(12), first_day=TUESDAY, last_day=date(2026, 3, 31)
)
DAYS = 9


def makers(space, count, **more):
    def maker(member):
        return lambda: series.make(
            space=space, member=member, rule=RULE, by=member.user, now=NOW, **more
        )

    return [maker(a_member()) for _person in range(count)]


def test_six_people_make_the_same_series_and_two_desks_are_free():
    space = a_space(desks=2)
    assert Counter(together(*makers(space, 6))) == {"done": 2, "no_day": 4}
    assert (Booking.objects.confirmed().count(), overlaps()) == (2 * DAYS, 0)


def test_negative_control_without_the_lock_the_constraint_has_to_refuse(monkeypatch):
    """Everyone looks before anyone writes. On SQLite the transaction is the lock and stays."""
    looked = threading.Barrier(1 if connection.vendor == "sqlite" else 3)
    look = series.preview

    def look_together(*args, **kwargs):
        found = look(*args, **kwargs)
        looked.wait(timeout=20)
        return found

    monkeypatch.setattr(
        series, "lock", lambda spaces, member: Locked({s.pk: s for s in spaces}, member)
    )
    monkeypatch.setattr(series, "preview", look_together)
    results = Counter(together(*makers(a_space(desks=1), 3)))
    refused = "no_day" if connection.vendor == "sqlite" else "taken"
    assert results == {"done": 1, refused: 2}
    assert (Series.objects.count(), Booking.objects.count(), overlaps()) == (1, DAYS, 0)


def test_a_series_and_single_bookings_at_once():
    space = a_space(desks=1)

    def single(member, day):
        return lambda: book(
            space=space, member=member, by=member.user, slots=[slot(10, 11, day)], now=NOW
        )

    singles = [single(a_member(), day) for day in RULE.days()[:4]]
    results = together(*makers(space, 1), *singles)
    assert set(results) <= {"done", "taken"}
    # Every day is somebody's, and nobody's twice.
    assert (Booking.objects.count(), overlaps()) == (DAYS, 0)


def test_a_double_click_makes_one_series():
    [click] = makers(a_space(), 1, request_key=uuid.uuid4())
    assert together(click, click, click) == ["done"] * 3
    assert (Series.objects.count(), Booking.objects.count()) == (1, DAYS)


def test_a_series_changed_and_cancelled_at_once_is_in_one_clear_state():
    space, member = a_space(desks=1), a_member()
    args = {"by": member.user, "now": NOW}
    made = series.make(space=space, member=member, rule=RULE, **args)
    hours = {"start": time(14), "end": time(16)}
    results = together(
        lambda: series_changes.cancel(series=made, scope=Scope.ALL, **args),
        lambda: series_changes.change(series=made, scope=Scope.ALL, **hours, **args),
    )
    assert results[0] == "done"
    assert results[1] in {"done", "no_day"}
    assert not Booking.objects.confirmed().exists()


@pytest.mark.parametrize("what", ["make", "cancel"])
def test_a_process_killed_in_the_middle_does_nothing_and_leaves_no_lock(what):
    space, member = a_space(), a_member()
    args = {"by": member.user, "now": NOW}

    def make():
        return series.make(space=space, member=member, rule=RULE, **args)

    made = make() if what == "cancel" else None

    def act():
        if made is None:
            return make()
        return series_changes.cancel(series=made, scope=Scope.ALL, **args)

    before = Booking.objects.confirmed().count()
    connections.close_all()  # a connection must not be shared with a child
    child = os.fork()
    if child == 0:
        record, written = audit.record, []

        def die_at_the_third(**kwargs):
            written.append(kwargs)
            if len(written) == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            return record(**kwargs)

        audit.record = die_at_the_third
        act()
        os._exit(0)  # never reached: the parent sees that it was
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert Booking.objects.confirmed().count() == before
    assert Series.objects.filter(ended_at=None).count() == (1 if what == "cancel" else 0)
    act()
    assert Booking.objects.confirmed().count() == (0 if what == "cancel" else DAYS)
