"""The day sheet of the team: who is expected, there, gone; arrivals and departures by hand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Booking, Visit, Way
from booking.services import book
from booking.services.presence_jobs import close_forgotten, free_no_shows
from booking.services.visits import check_in, check_out
from members.models import Role
from tests.factories import NOW, TUESDAY, a_member, a_space, a_user, at, freshly, slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return a_space(desks=8, no_show_minutes=60)


@pytest.fixture
def path(space):
    return reverse("booking:sheet", args=[space.slug])


@pytest.fixture
def host(client):
    host = a_user(role=Role.HOST)
    freshly(client, host)
    return host


def booked(space, start, end, name=""):
    member = a_member(name)
    book(space=space, member=member, by=member.user, slots=[slot(start, end)], now=NOW)
    return member


def come(space, member, when, gone=None, **rest):
    visit = check_in(space=space, member=member, by=member.user, now=when, **rest)
    return check_out(visit=visit, by=member.user, now=gone) if gone else visit


def names(group):
    return [line.who for line in group]


def test_everybody_stands_where_he_is(client, host, space, path, time_machine):
    booked(space, 14, 17, "Attendue")
    come(space, booked(space, 9, 12, "Présent"), at(9))
    come(space, booked(space, 9, 12, "Partie"), at(9), at(11))
    booked(space, 9, 12, "Absent")
    free_no_shows(now=at(10))
    come(space, a_member("Sans rien"), at(9, 10))
    time_machine.move_to(at(11, 30), tick=False)
    sheet = client.get(path).context["sheet"]
    assert names(sheet.expected) == ["Attendue"]
    assert names(sheet.present) == ["Présent", "Sans rien"]
    assert names(sheet.gone) == ["Partie"]
    assert names(sheet.no_shows) == ["Absent"]


def test_the_morning_leaves_the_afternoon_expected(client, host, space, path, time_machine):
    member = booked(space, 9, 12, "Deux fois")
    book(space=space, member=member, by=member.user, slots=[slot(14, 17)], now=NOW)
    come(space, member, at(9), at(12))
    time_machine.move_to(at(12, 30), tick=False)
    sheet = client.get(path).context["sheet"]
    assert (names(sheet.gone), names(sheet.expected)) == (["Deux fois"], ["Deux fois"])


def test_a_forgotten_departure_is_to_confirm(client, host, space, path, time_machine):
    come(space, a_member("Oubli"), at(9))
    close_forgotten(now=at(19))
    time_machine.move_to(at(19, 5), tick=False)
    assert names(client.get(path).context["sheet"].to_confirm) == ["Oubli"]


def test_one_click_notes_an_arrival_and_one_a_departure(client, host, space, path, time_machine):
    member = booked(space, 9, 12, "Cliquée")
    time_machine.move_to(at(9, 5), tick=False)
    page = client.post(f"{path}arrivee/", {"email": member.user.email}, follow=True)
    assert "Cliquée est noté présent." in page.content.decode()
    visit = Visit.objects.get()
    assert (visit.arrived_by, visit.booking) == (Way.HOST, Booking.objects.get())
    time_machine.move_to(at(10), tick=False)
    client.post(reverse("booking:departure", args=[space.slug, visit.pk]))
    visit.refresh_from_db()
    assert (visit.left_at, visit.left_by) == (at(10), Way.HOST)


def test_a_guest_is_noted_with_a_member(client, host, space, path, time_machine):
    member = a_member("Hôtesse")
    time_machine.move_to(at(9), tick=False)
    sent = {"email": member.user.email.upper(), "guest_name": "Un ami"}
    client.post(f"{path}arrivee/", sent)
    [line] = client.get(path).context["sheet"].present
    assert (line.who, line.of) == ("Un ami", "Hôtesse")


@pytest.mark.parametrize("email", ["", "nobody@example.org", "x"])
def test_who_is_unknown_is_refused_beside_the_field(client, host, path, time_machine, email):
    time_machine.move_to(at(9), tick=False)
    answer = client.post(f"{path}arrivee/", {"email": email})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])


def test_a_full_house_is_said(client, host, path, time_machine, space):
    for _desk in range(8):
        booked(space, 9, 12)
    time_machine.move_to(at(10), tick=False)
    answer = client.post(f"{path}arrivee/", {"email": a_member().user.email})
    assert answer.status_code == 422
    assert "complet" in answer.content.decode()


def test_another_day_is_read_only(client, host, path, time_machine):
    time_machine.move_to(at(9), tick=False)
    page = client.get(path, {"date": TUESDAY.isoformat()}).content.decode()
    assert "Personne ce jour-là" in page
    assert "Noter une arrivée" not in page


@pytest.mark.parametrize("asked", ["", "x", "9999-12-31", "0001-01-01"])
def test_an_odd_date_is_today(client, host, path, asked):
    assert client.get(path, {"date": asked}).status_code == 200


@pytest.mark.parametrize("role", [None, Role.PARTNER, Role.ACCOUNTANT])
def test_for_anybody_else_there_is_no_sheet(client, space, path, role):
    freshly(client, a_user(role=role) if role else a_member().user)
    visit = come(space, a_member(), at(9))
    assert client.get(path).status_code == 404
    assert client.post(f"{path}arrivee/").status_code == 404
    assert client.post(f"{path}{visit.pk}/depart/").status_code == 404


def test_a_visit_of_another_space_is_a_404(client, host, path):
    visit = come(a_space(), a_member(), at(9))
    assert client.post(f"{path}{visit.pk}/depart/").status_code == 404


def test_queries_do_not_grow(client, host, space, path, time_machine):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        return len(found)

    time_machine.move_to(at(11), tick=False)
    come(space, booked(space, 9, 12), at(9))
    few = queries()
    for _desk in range(3):
        come(space, booked(space, 9, 12), at(9), at(10))
        booked(space, 14, 15)
        come(space, a_member(), at(10, 30))
    assert queries() == few
