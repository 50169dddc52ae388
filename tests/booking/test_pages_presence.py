"""The page « Ma présence » : arriving, leaving, guests, a visit that waits for a word."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Visit, Way
from booking.services import book, kiosk
from booking.services.presence_jobs import close_forgotten
from booking.services.visits import check_in, check_out
from members.models import Role
from tests.factories import MONDAY, NOW, a_member, a_space, a_user, at, slot

pytestmark = pytest.mark.django_db

PAGE = "/presence/"
ARRIVE = "/presence/arriver/"


@pytest.fixture
def space():
    return a_space()


@pytest.fixture
def member(client):
    member = a_member("Colette Vuillet")
    client.force_login(member.user)
    return member


def a_visit(space, member, start, end=None, **rest):
    visit = check_in(space=space, member=member, by=member.user, now=start, **rest)
    return visit if end is None else check_out(visit=visit, by=member.user, now=end)


def test_one_tap_and_i_am_there(client, space, member, time_machine):
    time_machine.move_to(at(9), tick=False)
    assert "J’arrive" in client.get(PAGE).content.decode()
    page = client.post(ARRIVE, {"space": space.slug}, follow=True).content.decode()
    assert "Arrivée notée, votre place est « Poste 1 »" in page
    assert "depuis 09:00" in page
    assert Visit.objects.get().arrived_by == Way.PHONE


def test_one_tap_and_i_am_gone(client, space, member, time_machine):
    visit = a_visit(space, member, at(9))
    time_machine.move_to(at(11), tick=False)
    page = client.post(reverse("booking:leave", args=[visit.pk]), follow=True).content.decode()
    assert "Départ noté" in page
    assert "2\u202fh" in page or "2\u00a0h" in page


def test_the_booking_of_the_day_is_shown(client, space, member, time_machine):
    book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
    time_machine.move_to(at(8, 45), tick=False)
    assert "Poste 1, 09:00–12:00" in client.get(PAGE).content.decode()


def test_a_closed_door_has_no_button(client, space, member, time_machine):
    time_machine.move_to(at(20), tick=False)
    page = client.get(PAGE).content.decode()
    assert "J’arrive" not in page
    assert "fermé à cette heure" in page
    page = client.post(ARRIVE, {"space": space.slug}, follow=True).content.decode()
    assert "L’espace est fermé à cette heure." in page
    assert not Visit.objects.exists()


def test_a_guest_comes_and_goes(client, space, member, time_machine):
    a_visit(space, member, at(9))
    time_machine.move_to(at(10), tick=False)
    client.post(ARRIVE, {"space": space.slug, "guest_name": "Une cliente"})
    guest = Visit.objects.get(guest_name="Une cliente")
    assert "Une cliente" in client.get(PAGE).content.decode()
    client.post(reverse("booking:leave", args=[guest.pk]))
    guest.refresh_from_db()
    assert guest.left_at == at(10, 1)


def test_a_bad_guest_name_is_explained(client, space, member, time_machine):
    a_visit(space, member, at(9))
    time_machine.move_to(at(10), tick=False)
    answer = client.post(ARRIVE, {"space": space.slug, "guest_name": "x" * 121})
    assert answer.status_code == 422
    assert "guest_name" in answer.context["guest_form"].errors


@pytest.mark.parametrize("sent", [{}, {"space": "nowhere"}])
def test_an_unknown_space_is_a_404(client, space, member, sent):
    assert client.post(ARRIVE, sent).status_code == 404


class TestWord:
    @pytest.fixture
    def visit(self, space, member, time_machine):
        visit = a_visit(space, member, at(9))
        close_forgotten(now=at(19))
        time_machine.move_to(at(20), tick=False)
        return visit

    def say(self, client, visit, left):
        path = reverse("booking:confirm_visit", args=[visit.pk])
        return client.post(path, {f"visit-{visit.pk}-left": left}, follow=True)

    def test_it_is_asked(self, client, visit):
        page = client.get(PAGE).content.decode()
        assert "À confirmer" in page
        assert 'value="18:30"' in page

    @pytest.mark.parametrize(("left", "end"), [("18:30", at(18, 30)), ("12:05", at(12, 5))])
    def test_and_given(self, client, visit, left, end):
        assert "la visite est confirmée" in self.say(client, visit, left).content.decode()
        assert Visit.objects.counted().get().left_at == end

    @pytest.mark.parametrize("left", ["08:00", "19:00", "", "midi"])
    def test_what_cannot_be_is_explained_beside_the_field(self, client, visit, left):
        answer = self.say(client, visit, left)
        [(_stay, form)] = answer.context["waiting"]
        assert (answer.status_code, list(form.errors)) == (422, ["left"])
        assert not Visit.objects.counted().exists()


def test_the_month_is_added_up(client, space, member, time_machine):
    a_visit(space, member, at(9), at(12))
    a_visit(space, member, at(14), at(15, 30))
    time_machine.move_to(at(18), tick=False)
    assert client.get(PAGE).context["month"].total.split() == ["4", "h", "30"]
    page = client.get(PAGE, {"month": "2026-02"})
    assert "Aucune visite" in page.content.decode()


@pytest.mark.parametrize("month", ["", "2026-13", "x", "9999-99", "0001-01"])
def test_an_odd_month_is_a_month(client, space, member, month):
    assert client.get(PAGE, {"month": month}).status_code == 200


def test_a_visit_of_somebody_else_is_a_404(client, space, member):
    visit = a_visit(space, a_member(), at(9))
    for name in ("leave", "confirm_visit"):
        assert client.post(reverse(f"booking:{name}", args=[visit.pk])).status_code == 404
    visit.refresh_from_db()
    assert visit.is_open


def test_who_never_joined_has_no_such_page(client, space):
    client.force_login(a_user())
    assert client.get(PAGE).status_code == 404


def test_queries_do_not_grow(client, space, member, time_machine):
    def visits(days):
        for day in (MONDAY + timedelta(days=number) for number in days):
            if day.weekday() < 5:
                a_visit(space, member, at(9, day=day), at(12, day=day))

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE)
        return len(found)

    kiosk.add_device(space=space, name="Entrée", by=a_user(role=Role.HOST), now=NOW)
    visits(range(2))
    time_machine.move_to(at(9, day=MONDAY + timedelta(days=29)), tick=False)
    client.get(PAGE)  # what a process remembers is asked once
    few = queries()
    visits(range(2, 29))
    assert queries() == few <= 12


class TestGivingBack:
    @pytest.fixture
    def booking(self, space, member):
        return book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)[0]

    def path(self, booking):
        return reverse("booking:give_back", args=[booking.pk])

    def test_too_late_to_cancel_one_gives_it_back(self, client, booking, time_machine):
        time_machine.move_to(at(9, 10), tick=False)
        assert "Rendre ma place" in client.get(booking.get_absolute_url()).content.decode()
        assert (
            "La place est rendue" in client.post(self.path(booking), follow=True).content.decode()
        )
        booking.refresh_from_db()
        assert booking.is_cancelled

    def test_in_time_one_cancels(self, client, booking, time_machine):
        time_machine.move_to(NOW, tick=False)
        assert "Rendre ma place" not in client.get(booking.get_absolute_url()).content.decode()

    def test_who_came_leaves_instead(self, client, space, member, booking, time_machine):
        a_visit(space, member, at(9))
        time_machine.move_to(at(9, 10), tick=False)
        assert "Rendre ma place" not in client.get(booking.get_absolute_url()).content.decode()
        page = client.post(self.path(booking), follow=True).content.decode()
        assert "la fin de votre visite rend la place" in page

    def test_only_mine(self, client, booking):
        client.force_login(a_member().user)
        assert client.post(self.path(booking)).status_code == 404


def test_the_rule_is_written_where_one_books(client, member, time_machine):
    time_machine.move_to(NOW, tick=False)
    path = reverse("booking:book", args=[a_space(no_show_minutes=45).slug])
    assert "occupe 45 minutes après le début" in client.get(path).content.decode()
    path = reverse("booking:book", args=[a_space().slug])
    assert "après le début est rendu" not in client.get(path).content.decode()
