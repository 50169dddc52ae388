"""Waiting for a place, as pages: asked where one books, taken or given up on a page of its own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Wait
from booking.services import book, cancel
from booking.services.waiting import ask
from booking.slots import Slot
from tests.factories import NOW, TUESDAY, a_member, a_space, a_user, slot

pytestmark = pytest.mark.django_db

PAGE = "/attentes/"
MORNING = slot(9, 12, TUESDAY)
ASKED = {"date": TUESDAY.isoformat(), "period": "custom", "from": "09:00", "to": "12:00"}


@pytest.fixture(autouse=True)
def at_eight(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def space():
    return a_space(desks=1)


@pytest.fixture
def taken(space):
    holder = a_member()
    return book(space=space, member=holder, by=holder.user, slots=[MORNING], now=NOW)[0]


@pytest.fixture
def member(client):
    member = a_member()
    client.force_login(member.user)
    return member


def text(answer):
    return answer.content.decode()


def test_on_a_full_day_one_is_offered_the_line(client, space, taken, member):
    form = reverse("booking:book", args=[space.slug])
    assert "Me garder la prochaine place" in text(client.get(form, ASKED))
    assert "Me garder" not in text(client.get(form, ASKED | {"from": "14:00", "to": "16:00"}))
    page = client.post(reverse("booking:wait", args=[space.slug]), ASKED, follow=True)
    assert "La prochaine place est pour vous." in text(page)
    assert Wait.objects.get().slot == MORNING


def test_one_sees_how_many_are_before(client, space, taken, member):
    other = a_member()
    ask(space=space, member=other, slot=MORNING, by=other.user, now=NOW)
    client.post(reverse("booking:wait", args=[space.slug]), ASKED)
    Wait.objects.filter(member=member).update(made_at=NOW.replace(minute=1))
    assert "1 personne attend avant vous." in text(client.get(PAGE))


def test_an_offer_is_taken_in_one_tap(client, space, taken, member):
    wait = ask(space=space, member=member, slot=MORNING, by=member.user, now=NOW)
    cancel(booking=taken, by=taken.member.user, now=NOW)
    assert "Une place vous est gardée" in text(client.get(PAGE))
    page = client.post(reverse("booking:take", args=[wait.pk]), follow=True)
    assert "La place est à vous" in text(page)


def test_one_gives_up(client, space, taken, member):
    wait = ask(space=space, member=member, slot=MORNING, by=member.user, now=NOW)
    page = client.post(reverse("booking:give_up", args=[wait.pk]), follow=True)
    assert "Vous n’attendez rien" in text(page)


def test_too_late_is_said(client, space, taken, member):
    wait = ask(space=space, member=member, slot=MORNING, by=member.user, now=NOW)
    page = client.post(reverse("booking:take", args=[wait.pk]), follow=True)
    assert "n’est plus proposée" in text(page)


@pytest.mark.parametrize("asked", [{}, {"date": "x", "period": "y"}, {"date": "2026-03-08"}])
def test_nonsense_waits_for_nothing(client, space, taken, member, asked):
    page = client.post(reverse("booking:wait", args=[space.slug]), asked, follow=True)
    assert page.status_code == 200
    assert not Wait.objects.exists()


def test_of_somebody_else_it_is_a_404(client, space, taken, member):
    other = a_member()
    wait = ask(space=space, member=other, slot=MORNING, by=other.user, now=NOW)
    for name in ("take", "give_up"):
        assert client.post(reverse(f"booking:{name}", args=[wait.pk])).status_code == 404


def test_who_never_joined_has_no_such_page(client):
    client.force_login(a_user())
    assert client.get(PAGE).status_code == 404


def test_queries_do_not_grow(client, space, taken, member):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE)
        return len(found)

    ask(space=space, member=member, slot=MORNING, by=member.user, now=NOW)
    few = queries()
    for start in (10, 11):
        other = a_member()
        for each in (other, member):
            hours = slot(start, 12, TUESDAY)
            ask(space=space, member=each, slot=hours, by=each.user, now=NOW)
    assert queries() == few


def test_an_offer_ends_by_the_clock_of_its_space(client, member, time_machine):
    """The site is in Paris, the space in New York: the hour shown is that of the space."""
    far = a_space(desks=1, time_zone="America/New_York")
    morning = Slot(NOW + timedelta(days=1, hours=7), NOW + timedelta(days=1, hours=9))
    holder = a_member()
    [booking] = book(space=far, member=holder, by=holder.user, slots=[morning], now=NOW)
    wait = ask(space=far, member=member, slot=morning, by=member.user, now=NOW)
    cancel(booking=booking, by=holder.user, now=NOW)
    wait.refresh_from_db()
    local = wait.offer_until.astimezone(far.zone)
    assert f"{local.day} mars, {local:%H:%M}" in text(client.get(PAGE))
