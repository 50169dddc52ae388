"""What the operator's desk tells of who came: by visits, where the space notes them.

It is Monday 2 March 2026, 8 o'clock in Morez, unless a test says otherwise.
"""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import Booking, Visit
from booking.services import book
from booking.services.visits import check_in, check_out
from coworking.desk.visits import absent, by_last_visit, comings, never_came, visits_by_month
from members.models import Member, Role
from tests.factories import MONDAY, NOW, a_member, a_resource, a_space, a_user, at, slot

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def space():
    return a_space(desks=4)


@pytest.fixture
def desk(client):
    client.force_login(a_user("Odile Paget", role=Role.OPERATOR))
    return client


def a_stay(space, member, day, code="P1", **rest):
    return Booking.objects.create(
        resource=space.resources.get(code=code),
        member=member,
        kind="desk",
        start=at(9, day=day),
        end=at(12, day=day),
        made_by=member.user,
        made_at=NOW,
        **rest,
    )


def a_visit(space, member, day, until=11, **rest):
    arrived, left = at(9, 30, day=day), None if until is None else at(until, day=day)
    way = "" if until is None else "phone"
    return Visit.objects.create(
        space=space, member=member, arrived_at=arrived, left_at=left, left_by=way, **rest
    )


def last(member, now=NOW):
    return comings([member], now)[member.pk][0]


# The last visit


def test_bookings_tell_it_until_the_space_notes_visits(space):
    came, booked = a_member(), a_member()
    a_stay(space, came, MONDAY - 3 * WEEK)
    assert last(came) == at(12, day=MONDAY - 3 * WEEK)
    a_visit(space, came, MONDAY - 2 * WEEK)
    a_stay(space, booked, MONDAY - 2 * WEEK)
    a_stay(space, came, MONDAY - WEEK, code="P2")
    assert last(came) == at(11, day=MONDAY - 2 * WEEK)  # booked later, and was not there
    assert last(booked) is None  # not even on the very day of the first visit
    assert last(came, at(8, day=MONDAY - 2 * WEEK)) == at(12, day=MONDAY - 3 * WEEK)


def test_another_space_tells_it_by_its_bookings_still(space):
    member, other = a_member(), a_space(name="Saint-Claude", slug="saint-claude")
    a_visit(space, member, MONDAY - 2 * WEEK)
    a_stay(other, member, MONDAY - WEEK)
    assert last(member) == at(12, day=MONDAY - WEEK)


def test_a_visit_under_way_is_the_last_one_and_a_guest_is_not_the_member(space):
    member = a_member()
    a_visit(space, member, MONDAY - WEEK, guest_name="Luc")
    a_stay(space, member, MONDAY - 2 * WEEK, guest_name="Luc")
    assert last(member) is None
    a_visit(space, member, MONDAY, until=None)
    assert last(member, at(10)) == at(9, 30)


def test_who_is_absent_who_never_came_and_in_which_order(space):
    here, gone, booked, never = (a_member(name) for name in ("Ici", "Loin", "Réservé", "Jamais"))
    a_visit(space, gone, MONDAY - 6 * WEEK)
    a_visit(space, here, MONDAY - 6 * WEEK)
    a_visit(space, here, MONDAY - WEEK)
    a_stay(space, booked, MONDAY - WEEK)
    a_stay(space, gone, MONDAY - WEEK, code="P2")

    def found(condition):
        return set(Member.objects.filter(condition).order_by("pk"))

    assert found(absent(NOW, timedelta(days=30))) == {gone}
    assert found(never_came(NOW)) == {booked, never}
    order = Member.objects.order_by(by_last_visit(NOW).desc(), "pk")
    assert list(order) == [here, gone, booked, never]


def test_the_days_of_a_month_are_those_of_the_visits(space):
    member, february = a_member(), MONDAY - 2 * WEEK
    a_visit(space, member, february)
    a_stay(space, member, february + timedelta(days=1))
    assert dict(visits_by_month(member, NOW))[february.replace(day=1)] == 1


# The first page


def words(client):
    answer = client.get("/admin/")
    assert answer.status_code == 200
    body = answer.content.decode().split('class="desk"')[1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def booked(space, member, stay):
    return book(space=space, member=member, by=member.user, slots=[stay], now=NOW)[0]


def arrive(space, member, when, **rest):
    return check_in(space=space, member=member, by=member.user, now=when, **rest)


def test_present_is_who_arrived_and_expected_who_has_not(desk, space):
    came, late = a_member("Venue Tôt"), a_member("Tarde Encore")
    booked(space, came, slot(9, 17))
    booked(space, late, slot(9, 17))
    arrive(space, came, at(9, 5))
    arrive(space, came, at(9, 20), guest_name="Solène Vuez")
    with time_machine.travel(at(9, 30), tick=False):
        page = words(desk)
    assert re.search(r"Attendus aujourd’hui 3 Sur place maintenant 2", page)
    assert re.search(r"Venue Tôt Poste 1 première venue présent", page)
    assert re.search(r"Tarde Encore Poste 2 première venue attendu", page)
    assert re.search(r"Solène Vuez Poste 3 \S* ?\S* ?présent", page)
    assert "Postes libres maintenant 1 / 4" in page


def test_who_left_is_present_no_more(desk, space):
    member = a_member("Venue Tôt")
    booked(space, member, slot(9, 17))
    check_out(visit=arrive(space, member, at(9, 5)), by=member.user, now=at(10, 40))
    with time_machine.travel(at(10, 45), tick=False):
        page = words(desk)
    assert "Sur place maintenant 0" in page
    assert "présent" not in page
    assert "attendu" not in page.split("Qui vient aujourd’hui")[1].split("Les sept jours")[0]


def test_the_day_sheet_is_one_click_away_for_who_notes_presence(desk, client, space):
    link = f'href="/espaces/{space.slug}/feuille/"'
    assert link in desk.get("/admin/").content.decode()
    client.force_login(a_user(role=Role.ACCOUNTANT))
    assert link not in client.get("/admin/").content.decode()


def test_the_pages_cost_the_same_for_three_people_as_for_thirty(desk):
    space, counts = a_space(desks=0), []
    for number in (3, 27):
        for _each in range(number):
            place, member = a_resource(space), a_member()
            a_stay(space, member, MONDAY, code=place.code)
            a_visit(space, member, MONDAY, until=None)
        with time_machine.travel(at(10), tick=False):
            for path in ("/admin/", "/admin/members/member/", "/admin/members/member/?visit=30"):
                with CaptureQueriesContext(connection) as asked:
                    assert desk.get(path).status_code == 200
                counts.append((path, len(asked)))
    assert counts[:3] == counts[3:]
    assert max(number for _path, number in counts) <= 15
