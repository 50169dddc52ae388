"""Arriving and leaving: the desk that is taken, the rest that is given back, the forgotten end."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from booking.models import Booking, Closure, Status, Visit, Way
from booking.services import book
from booking.services.presence_jobs import close_forgotten, free_no_shows, give_back
from booking.services.visits import check_in, check_out, confirm, correct
from booking.slots import MINUTE
from members.models import AuditEntry, Member, Role, State
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_space, a_user, at, slot
from tests.members.refusals import codes_of, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return a_space(desks=2)


@pytest.fixture
def member():
    return a_member()


@pytest.fixture
def host():
    return a_user(role=Role.HOST)


def arrive(space, member, when, **rest):
    return check_in(space=space, member=member, by=member.user, now=when, **rest)


def leave(visit, when, **rest):
    return check_out(visit=visit, by=visit.member.user, now=when, **rest)


def test_a_booking_is_taken_up(space, member):
    [booking] = book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
    visit = arrive(space, member, at(9, 4))
    assert (visit.booking, visit.arrived_at, visit.left_at) == (booking, at(9, 4), None)
    assert Booking.objects.count() == 1


def test_one_may_come_a_little_early(space, member):
    [booking] = book(space=space, member=member, by=member.user, slots=[slot(10, 12)], now=NOW)
    assert arrive(space, member, at(9, 30)).booking == booking


def test_much_too_early_is_a_stay_of_its_own(space, member):
    [booking] = book(
        space=space,
        member=member,
        by=member.user,
        slots=[slot(14, 18)],
        now=NOW,
        resource=space.resources.get(code="P2"),
    )
    visit = arrive(space, member, at(9, 7))
    walk_in = visit.booking
    assert (walk_in.start, walk_in.end, walk_in.resource.code) == (at(9), at(14), "P2")
    leave(visit, at(16))
    booking.refresh_from_db()
    assert booking.end == at(16)


def test_who_comes_without_a_booking_gets_a_desk_until_closing(space, member):
    booking = arrive(space, member, at(9, 7)).booking
    assert (booking.start, booking.end) == (at(9), at(18, 30))
    assert mail.outbox == []


def test_the_desk_that_is_free_for_longest_is_taken(space, member):
    other = a_member()
    book(space=space, member=other, by=other.user, slots=[slot(11, 18)], now=NOW)
    assert arrive(space, member, at(9)).booking.resource.code == "P2"
    third = arrive(space, a_member(), at(9)).booking
    assert (third.resource.code, third.end) == ("P1", at(11))


def test_a_full_house_says_when_a_place_is_free(space, member):
    for end in (15, 17):
        other = a_member()
        book(space=space, member=other, by=other.user, slots=[slot(9, end)], now=NOW)
    with pytest.raises(ValidationError, match="15:00") as caught:
        arrive(space, member, at(10))
    assert codes_of(caught.value) == {"full"}
    assert not Visit.objects.exists()


def test_a_second_click_finds_the_visit(space, member):
    first = arrive(space, member, at(9))
    assert arrive(space, member, at(9, 1)) == first
    assert Visit.objects.count() == 1


def test_nobody_is_at_two_spaces(space, member):
    arrive(space, member, at(9))
    with refused("elsewhere"):
        arrive(a_space(), member, at(10))


@pytest.mark.parametrize("when", [at(7, 30), at(18, 30), at(9, day=MONDAY + timedelta(days=5))])
def test_a_closed_space_receives_nobody(space, member, when):
    with refused("closed"):
        arrive(space, member, when)


def test_before_the_doors_open_one_may_come(space, member):
    visit = arrive(space, member, at(8, 5))
    assert (visit.arrived_at, visit.booking.start) == (at(8, 5), at(8, 30))


def test_a_closed_day_receives_nobody(space, member):
    Closure.objects.create(space=space, starts_on=MONDAY, ends_on=MONDAY)
    with refused("closed"):
        arrive(space, member, at(9))


@pytest.mark.parametrize("state", [State.FORMER, State.REFUSED])
def test_who_is_no_member_does_not_walk_in(space, state):
    way = {State.FORMER: State.ACTIVE, State.REFUSED: State.APPLICANT}
    nobody = a_member(state=way[state])
    Member.objects.filter(pk=nobody.pk).update(state=state)
    with refused(state):
        arrive(space, nobody, at(9))


def test_an_applicant_walks_in_for_the_trial_day_once(space):
    applicant = a_member(state=State.APPLICANT)
    leave(arrive(space, applicant, at(9)), at(12))
    with refused("trial_used"):
        arrive(space, applicant, at(9, day=TUESDAY))


def test_another_person_notes_nothing_for_me(space, member):
    with refused("not_yours"):
        check_in(space=space, member=member, by=a_member().user, now=at(9))


def test_the_host_notes_for_a_member(space, member, host):
    visit = check_in(space=space, member=member, by=host, now=at(9), way=Way.HOST)
    assert visit.arrived_by == Way.HOST
    assert AuditEntry.objects.filter(subject_id=str(visit.pk)).get().by == host


def test_a_guest_comes_with_a_member_and_takes_a_desk(space, member):
    mine = arrive(space, member, at(9))
    guest = arrive(space, member, at(9), guest_name="Une cliente")
    assert {mine.booking.resource.code, guest.booking.resource.code} == {"P1", "P2"}
    with refused("full"):
        arrive(space, a_member(), at(9))
    leave(guest, at(10))
    assert arrive(space, a_member(), at(10, 30)).booking.resource == guest.booking.resource


def test_leaving_gives_back_the_rest(space, member):
    visit = leave(arrive(space, member, at(9)), at(11, 7))
    booking = Booking.objects.get()
    assert (visit.left_at, visit.left_by, booking.end) == (at(11, 7), Way.PHONE, at(11, 15))
    assert (booking.sequence, booking.changed_at) == (1, at(11, 7))


def test_leaving_twice_changes_nothing(space, member):
    visit = leave(arrive(space, member, at(9)), at(11))
    assert leave(visit, at(12)).left_at == at(11)
    assert AuditEntry.objects.filter(subject_type="booking.visit").count() == 2


def test_leaving_in_the_same_second_is_a_minute(space, member):
    assert leave(arrive(space, member, at(9)), at(9)).left_at == at(9, 1)


def test_a_day_later_it_is_a_departure_that_was_forgotten(space, member):
    visit = leave(arrive(space, member, at(9)), at(10, day=TUESDAY))
    assert (visit.left_at, visit.waits_for_word) == (at(9, day=TUESDAY), True)


def test_leaving_after_the_end_leaves_the_booking_alone(space, member):
    [booking] = book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
    leave(arrive(space, member, at(9)), at(12, 40))
    booking.refresh_from_db()
    assert booking.end == at(12)


def test_back_from_lunch_is_a_second_visit(space, member):
    book(space=space, member=member, by=member.user, slots=[slot(9, 18)], now=NOW)
    leave(arrive(space, member, at(9)), at(12))
    leave(arrive(space, member, at(13, 30)), at(17))
    assert [
        visit.end_at(NOW) - visit.arrived_at for visit in Visit.objects.order_by("arrived_at")
    ] == [
        timedelta(hours=3),
        timedelta(hours=3, minutes=30),
    ]


class TestForgotten:
    def test_closing_time_ends_a_visit_and_asks(
        self, space, member, django_capture_on_commit_callbacks
    ):
        visit = arrive(space, member, at(9))
        assert close_forgotten(now=at(18, 29)) == 0
        with django_capture_on_commit_callbacks(execute=True):
            assert close_forgotten(now=at(18, 30)) == 1
        visit.refresh_from_db()
        assert (visit.left_at, visit.left_by, visit.waits_for_word) == (at(18, 30), Way.RULE, True)
        assert not Visit.objects.counted().exists()
        assert [letter.to for letter in mail.outbox] == [[member.user.email]]

    def test_twice_closes_once(self, space, member):
        arrive(space, member, at(9))
        assert [close_forgotten(now=at(19)), close_forgotten(now=at(20))] == [1, 0]

    def test_the_member_says_it_is_right(self, space, member):
        visit = arrive(space, member, at(9))
        close_forgotten(now=at(19))
        said = confirm(visit=visit, left_at=None, by=member.user, now=at(20))
        assert (said.left_at, said.waits_for_word) == (at(18, 30), False)
        assert Visit.objects.counted().get() == visit

    def test_the_member_says_when_it_was(self, space, member):
        visit = arrive(space, member, at(9))
        close_forgotten(now=at(19))
        confirm(visit=visit, left_at=at(12), by=member.user, now=at(20))
        assert Visit.objects.counted().get().left_at == at(12)

    @pytest.mark.parametrize("left", [at(9), at(8), at(18, 31)])
    def test_a_departure_lies_in_the_visit(self, space, member, left):
        visit = arrive(space, member, at(9))
        close_forgotten(now=at(19))
        with refused("bad_departure"):
            confirm(visit=visit, left_at=left, by=member.user, now=at(20))

    def test_one_word_is_enough(self, space, member):
        visit = arrive(space, member, at(9))
        close_forgotten(now=at(19))
        confirm(visit=visit, left_at=None, by=member.user, now=at(20))
        with refused("nothing_to_confirm"):
            confirm(visit=visit, left_at=at(12), by=member.user, now=at(20))

    def test_the_autumn_night_is_longer_and_nothing_breaks(self, member):
        space = a_space()
        day = MONDAY.replace(month=10, day=25)  # Sunday: the clock goes back at 3
        space.opening_hours.create(weekday=6, opens="00:00", closes="23:00")
        visit = arrive(space, member, at(1, day=day))
        close_forgotten(now=at(23, 30, day=day))
        visit.refresh_from_db()
        assert visit.left_at - visit.arrived_at == timedelta(hours=23)


class TestCorrection:
    def test_the_team_puts_a_visit_right_with_a_reason(self, space, member, host):
        visit = leave(arrive(space, member, at(9)), at(12))
        correct(
            visit=visit,
            arrived_at=at(8, 45),
            left_at=at(12),
            reason="Sans réseau",
            by=host,
            now=at(13),
        )
        visit.refresh_from_db()
        entry = AuditEntry.objects.filter(subject_id=str(visit.pk)).first()
        assert visit.arrived_at == at(8, 45)
        assert (entry.reason, entry.changes["arrived_at"][0]) == (
            "Sans réseau",
            "2026-03-02T08:00:00Z",
        )

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"reason": " "}, "reason_required"),
            ({"left_at": at(15)}, "future"),
            ({"left_at": at(8)}, "left_before_arrival"),
        ],
    )
    def test_a_bad_correction_is_refused(self, space, member, host, change, code):
        visit = leave(arrive(space, member, at(9)), at(12))
        values = {"arrived_at": at(9), "left_at": at(12), "reason": "Erreur"} | change
        with refused(code):
            correct(visit=visit, by=host, now=at(13), **values)

    def test_visits_of_a_member_never_overlap(self, space, member, host):
        leave(arrive(space, member, at(9)), at(12))
        second = leave(arrive(space, member, at(13)), at(15))
        with refused("visit_overlap"):
            correct(
                visit=second,
                arrived_at=at(11),
                left_at=at(15),
                reason="Erreur",
                by=host,
                now=at(16),
            )

    def test_members_correct_nothing(self, space, member):
        visit = leave(arrive(space, member, at(9)), at(12))
        with refused("forbidden"):
            correct(
                visit=visit,
                arrived_at=at(9),
                left_at=at(10),
                reason="Oubli",
                by=member.user,
                now=at(13),
            )


class TestNoShow:
    @pytest.fixture
    def space(self):
        return a_space(desks=1, no_show_minutes=45)

    @pytest.fixture
    def booking(self, space, member):
        return book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)[0]

    def test_a_desk_that_nobody_took_is_freed(
        self, space, booking, django_capture_on_commit_callbacks
    ):
        assert free_no_shows(now=at(9, 44)) == 0
        with django_capture_on_commit_callbacks(execute=True):
            assert free_no_shows(now=at(9, 45)) == 1
        booking.refresh_from_db()
        assert (booking.status, booking.cancelled_by) == (Status.NO_SHOW, None)
        assert len(mail.outbox) == 1
        assert arrive(space, a_member(), at(9, 50)).booking.resource == booking.resource

    def test_twice_frees_once(self, booking):
        assert [free_no_shows(now=at(10)), free_no_shows(now=at(10))] == [1, 0]

    def test_a_desk_that_is_taken_stays(self, space, booking, member):
        arrive(space, member, at(9, 10))
        assert free_no_shows(now=at(10)) == 0

    def test_who_was_there_and_left_early_came(self, space, booking, member):
        leave(arrive(space, member, at(9)), at(9, 20))
        booking.refresh_from_db()
        assert booking.end == at(9, 30)
        assert free_no_shows(now=at(10)) == 0

    def test_the_morning_says_nothing_of_the_afternoon(self, space, member):
        for hours in (slot(9, 12), slot(14, 17)):
            book(space=space, member=member, by=member.user, slots=[hours], now=NOW)
        leave(arrive(space, member, at(9)), at(12))
        assert free_no_shows(now=at(14, 45)) == 1

    def test_a_space_without_the_rule_keeps_every_desk(self, member):
        quiet = a_space()
        book(space=quiet, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
        assert free_no_shows(now=at(11)) == 0

    def test_what_was_booked_late_has_its_delay(self, space, member):
        book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=at(9, 10))
        assert free_no_shows(now=at(9, 50)) == 0
        assert free_no_shows(now=at(9, 55)) == 1

    def test_one_gives_the_place_back_before(self, booking, member):
        assert give_back(booking=booking, by=member.user, now=at(9, 20)).is_cancelled
        assert give_back(booking=booking, by=member.user, now=at(9, 21)).cancelled_at == at(9, 20)

    def test_who_came_ends_the_visit_instead(self, space, booking, member):
        arrive(space, member, at(9))
        with refused("in_use"):
            give_back(booking=booking, by=member.user, now=at(9, 20))

    def test_only_my_own(self, booking):
        with refused("not_yours"):
            give_back(booking=booking, by=a_member().user, now=at(9))


@pytest.mark.parametrize(
    "values",
    [
        {"left_at": at(9)},
        {"left_at": at(9) + timedelta(hours=24, seconds=1), "left_by": Way.PHONE},
        {"left_at": at(10)},
        {"left_by": Way.PHONE},
        {"waits_for_word": True},
        {"left_at": at(10), "left_by": Way.PHONE, "waits_for_word": True},
        {"arrived_by": Way.RULE},
    ],
    ids=lambda values: "-".join(values),
)
def test_the_database_refuses(space, member, values):
    visit = arrive(space, member, at(9))
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(**values)


def test_the_database_keeps_one_open_visit(space, member):
    visit = arrive(space, member, at(9))
    other = Visit(space=space, member=member, arrived_at=visit.arrived_at + MINUTE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.bulk_create([other])
