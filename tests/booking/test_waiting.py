"""The line for a full day: who is offered a place, for how long, and who is next."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import Booking, Ending, Status, Wait
from booking.services import book, cancel, waiting
from booking.services.presence_jobs import free_no_shows
from booking.services.visits import check_in, check_out
from booking.services.waiting import accept, ask, follow_line, leave, offered_until
from tests.booking.test_races import overlaps, together
from tests.factories import NOW, TUESDAY, a_member, a_resource, a_space, at, slot
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

MORNING = slot(9, 12, TUESDAY)
HOUR = timedelta(hours=1)


@pytest.fixture
def space():
    return a_space(desks=1)


@pytest.fixture
def taken(space):
    """The only desk, booked for the morning."""
    holder = a_member("Titulaire")
    return book(space=space, member=holder, by=holder.user, slots=[MORNING], now=NOW)[0]


def in_line(space, now=NOW, hours=MORNING):
    member = a_member()
    return ask(space=space, member=member, slot=hours, by=member.user, now=now)


def freed(booking, now=NOW + HOUR):
    return cancel(booking=booking, by=booking.member.user, now=now)


def test_the_first_in_line_has_the_place_for_a_while(
    space, taken, django_capture_on_commit_callbacks
):
    first, second = in_line(space), in_line(space, NOW + timedelta(minutes=1))
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        freed(taken)
    for wait in (first, second):
        wait.refresh_from_db()
    assert (first.offer.slot, first.offer_until) == (MORNING, NOW + 3 * HOUR)
    assert second.offer is None
    assert first.member.user.email in [letter.to[0] for letter in mail.outbox]


def test_who_takes_it_keeps_it(space, taken):
    wait = in_line(space)
    freed(taken)
    wait.refresh_from_db()
    booking = accept(wait=wait, by=wait.member.user, now=NOW + 2 * HOUR)
    assert accept(wait=wait, by=wait.member.user, now=NOW + 2 * HOUR) == booking
    assert follow_line(now=NOW + 4 * HOUR) == 0
    booking.refresh_from_db()
    assert booking.status == Status.CONFIRMED


def test_without_an_answer_it_goes_to_the_next(space, taken):
    first, second = in_line(space), in_line(space, NOW + timedelta(minutes=1))
    freed(taken)
    assert follow_line(now=NOW + 3 * HOUR - timedelta(seconds=1)) == 0
    assert follow_line(now=NOW + 3 * HOUR) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.ending, first.offer.status) == (Ending.LAPSED, Status.LAPSED)
    assert second.has_offer
    with refused("no_offer"):
        accept(wait=first, by=first.member.user, now=NOW + 3 * HOUR)


def test_who_gives_up_passes_it_on(space, taken):
    first, second = in_line(space), in_line(space, NOW + timedelta(minutes=1))
    freed(taken)
    first.refresh_from_db()
    leave(wait=first, by=first.member.user, now=NOW + 2 * HOUR)
    leave(wait=first, by=first.member.user, now=NOW + 2 * HOUR)
    second.refresh_from_db()
    assert second.has_offer
    assert Booking.objects.confirmed().count() == 1


def test_a_wait_whose_moment_has_come_ends(space, taken):
    wait = in_line(space)
    assert follow_line(now=at(9, day=TUESDAY)) == 1
    wait.refresh_from_db()
    assert wait.ending == Ending.PASSED


def test_who_comes_early_has_taken_it(space, taken):
    wait = in_line(space)
    freed(taken, now=at(7, day=TUESDAY))
    member = wait.member
    check_in(space=space, member=member, by=member.user, now=at(8, 40, day=TUESDAY))
    assert follow_line(now=at(9, day=TUESDAY)) == 1
    wait.refresh_from_db()
    assert (wait.ending, wait.offer.status) == (Ending.TAKEN, Status.CONFIRMED)


def test_a_departure_and_a_no_show_free_a_place_for_the_line():
    for go in ("leave", "no show"):
        space = a_space(desks=1, no_show_minutes=30)
        holder = a_member()
        book(space=space, member=holder, by=holder.user, slots=[slot(9, 17)], now=NOW)
        wait = in_line(space, at(8), slot(14, 16))
        if go == "leave":
            visit = check_in(space=space, member=holder, by=holder.user, now=at(9))
            check_out(visit=visit, by=holder.user, now=at(10))
        else:
            free_no_shows(now=at(9, 30))
        wait.refresh_from_db()
        assert wait.has_offer, go


def test_a_desk_that_is_added_is_found_by_the_job(space, taken):
    wait = in_line(space)
    a_resource(space, code="P9")
    follow_line(now=NOW + HOUR)
    wait.refresh_from_db()
    assert wait.offer.resource.code == "P9"


def test_who_has_a_desk_meanwhile_is_passed_over(space, taken):
    first, second = in_line(space), in_line(space, NOW + timedelta(minutes=1))
    member, other = first.member, a_space()
    book(space=other, member=member, by=member.user, slots=[MORNING], now=NOW)
    freed(taken)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.has_offer, second.has_offer) == (False, True)


def test_asking_twice_is_one_wait(space, taken):
    member = a_member()
    asked = [
        ask(space=space, member=member, slot=MORNING, by=member.user, now=NOW) for _ in range(2)
    ]
    assert asked[0] == asked[1]
    assert Wait.objects.count() == 1


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        (slot(14, 16, TUESDAY), "free"),
        (slot(5, 6, TUESDAY), "closed"),
        (slot(5, 6), "past"),
    ],
)
def test_what_cannot_be_waited_for(space, taken, hours, code):
    with refused(code):
        in_line(space, hours=hours)


def test_who_has_a_desk_does_not_wait_for_one(space, taken):
    with refused("own_overlap"):
        ask(space=space, member=taken.member, slot=MORNING, by=taken.member.user, now=NOW)


def test_a_wait_is_its_members(space, taken):
    wait, other = in_line(space), a_member().user
    for service in (accept, leave):
        with refused("not_yours"):
            service(wait=wait, by=other, now=NOW)


@pytest.mark.parametrize(
    ("ahead", "kept"),
    [(timedelta(days=3), 120), (3 * HOUR, 90), (timedelta(minutes=20), 15), (HOUR / 6, 10)],
)
def test_an_offer_lasts_as_long_as_the_moment_allows(ahead, kept):
    assert offered_until(NOW + ahead, NOW) == NOW + timedelta(minutes=kept)


def test_a_cancellation_costs_the_same_when_nobody_waits(space):
    def cost(member):
        [booking] = book(space=space, member=member, by=member.user, slots=[MORNING], now=NOW)
        with CaptureQueriesContext(connection) as found:
            freed(booking)
        return len([query for query in found if "booking_wait" in query["sql"]])

    assert cost(a_member()) == 1


@pytest.mark.django_db(transaction=True)
def test_exactly_one_of_the_line_gets_a_place_that_two_free_at_once():
    space = a_space(desks=2)
    holders = [a_member(), a_member()]
    bookings = [
        book(space=space, member=each, by=each.user, slots=[MORNING], now=NOW)[0]
        for each in holders
    ]
    waits = [in_line(space, NOW + timedelta(minutes=index)) for index in range(4)]
    late = a_member()
    results = Counter(
        together(
            *[lambda booking=booking: freed(booking) for booking in bookings],
            lambda: follow_line(now=NOW + HOUR),
            lambda: book(space=space, member=late, by=late.user, slots=[MORNING], now=NOW + HOUR),
        )
    )
    assert results == {"done": 3, "taken": 1}
    follow_line(now=NOW + HOUR)
    for wait in waits:
        wait.refresh_from_db()
    assert [wait.has_offer for wait in waits] == [True, True, False, False]
    assert (Booking.objects.confirmed().count(), overlaps()) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_taking_and_lapsing_at_once_have_one_end():
    space = a_space(desks=1)
    holder = a_member()
    [booking] = book(space=space, member=holder, by=holder.user, slots=[MORNING], now=NOW)
    wait, following = in_line(space), in_line(space, NOW + timedelta(minutes=1))
    freed(booking)
    wait.refresh_from_db()
    end = wait.offer_until
    together(
        lambda: accept(wait=wait, by=wait.member.user, now=end - timedelta(seconds=1)),
        lambda: follow_line(now=end),
    )
    wait.refresh_from_db()
    following.refresh_from_db()
    is_taken = wait.ending == Ending.TAKEN
    assert (wait.offer.status == Status.CONFIRMED) == is_taken
    assert following.has_offer is not is_taken
    assert overlaps() == 0


@pytest.mark.django_db(transaction=True)
def test_negative_control_without_the_line_a_passer_by_takes_the_place(monkeypatch):
    monkeypatch.setattr(waiting, "offer_freed", lambda **_: [])
    space, late = a_space(desks=1), a_member()
    holder = a_member()
    [booking] = book(space=space, member=holder, by=holder.user, slots=[MORNING], now=NOW)
    wait = in_line(space)
    freed(booking)
    book(space=space, member=late, by=late.user, slots=[MORNING], now=NOW + HOUR)
    wait.refresh_from_db()
    assert not wait.has_offer
