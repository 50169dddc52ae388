"""The thousand arrivals of the benchmark, in small and in one process: is nobody lost unnoticed."""

from dataclasses import replace

import pytest

from booking.models import Booking, Visit
from booking.services import presence_jobs
from coworking.bench import ground
from coworking.bench.arrivals import Arrivals, judged, lay_out, note
from coworking.bench.years_of_visits import add_years_of_visits
from tests.factories import MONDAY, NOW, a_member, a_space, at

FOUR = Arrivals(processes=4, wanted=4, noted=4, lost=0, seconds=0.12, others={})


def test_arrivals_are_told_by_the_minute_and_name_the_targets_they_miss():
    assert FOUR.a_minute == pytest.approx(2000)
    assert (FOUR.missed(), FOUR.is_safe) == ([], True)
    assert replace(FOUR, seconds=60.0).missed() == ["arrivals a minute"]
    assert replace(FOUR, lost=1).missed() == ["people lost"]
    assert not replace(FOUR, lost=1).is_safe
    assert replace(FOUR, others={"full": 1}).missed() == ["unclean answers"]
    assert not replace(FOUR, noted=3).is_safe


@pytest.mark.django_db
def test_half_have_booked_the_others_walk_in_and_all_are_found():
    pairs = lay_out(NOW, spaces=2, desks=4)
    assert (len(pairs), Booking.objects.count()) == (8, 4)
    found = judged(pairs, [note(pairs[::2], NOW), note(pairs[1::2], NOW)])
    assert (found.processes, found.wanted, found.noted, found.lost) == (2, 8, 8, 0)
    assert found.is_safe
    assert Booking.objects.count() == 8


@pytest.mark.django_db
def test_who_was_told_to_be_there_and_is_not_is_lost():
    pairs = lay_out(NOW, spaces=1, desks=3)
    share = note(pairs, NOW)
    Visit.objects.filter(member=pairs[0][1]).delete()
    assert judged(pairs, [share]).lost == 1
    assert judged(pairs, [share, replace(share, noted=share.noted[1:2])]).lost == 2


@pytest.mark.django_db
def test_a_refusal_is_counted_apart():
    pairs = lay_out(NOW, spaces=1, desks=2)
    _space, member = pairs[1]
    share = note([*pairs, (a_space(desks=0).pk, member)], NOW)
    assert judged(pairs, [share]).others == {"elsewhere": 1}


@pytest.mark.django_db
def test_five_years_of_visits_are_over_and_apart():
    member, space = a_member(), a_space()
    assert add_years_of_visits(member, space, NOW, number=300) == 300
    assert Visit.objects.counted().filter(arrived_at__lt=NOW).count() == 300
    assert (NOW - Visit.objects.earliest("arrived_at").arrived_at).days > 4.9 * 365
    assert presence_jobs.close_forgotten(now=NOW) == 0


@pytest.mark.django_db(transaction=True)  # VACUUM runs outside of transactions
def test_the_bookings_of_the_demo_are_forgotten_with_their_visits():
    pairs = lay_out(NOW, spaces=1, desks=3)
    note(pairs, NOW)
    assert ground.forget_before(at(23, day=MONDAY)) == 0
    assert not Visit.objects.exists()
