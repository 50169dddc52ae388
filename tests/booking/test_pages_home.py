"""The home of a space: what is free, who may be named, where one tap leads."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from booking.models import Closure, OpeningHours, Space
from members.models import Role
from tests.booking.pages import a_booking, address, page_of, signed_in, words
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_space, a_user, at, slot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday_at_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_stranger_sees_what_is_free_and_how_to_join(client: Client) -> None:
    space = a_space(tagline="Face aux falaises")
    page = client.get(address(space))
    assert page.status_code == 200
    text = words(page)
    assert "Face aux falaises" in text
    assert "Aujourd’hui, lundi 2 mars" in text
    assert "3 postes libres en matinée sur 3, ouvert 08:30–18:30" in text
    assert 'href="/compte/signup/"' in page_of(page)
    assert 'href="/simulateur/"' in page_of(page)


def test_each_half_day_says_how_many_desks_are_free(client: Client) -> None:
    space = a_space(desks=3)
    a_booking(space, a_member(), slot(9, 11), "P1")
    a_booking(space, a_member(), slot(14, 16), "P1")
    a_booking(space, a_member(), slot(14, 16), "P2")
    text = words(client.get(address(space)))
    assert "Matinée 2 libres" in text
    assert "Après-midi 1 libre " in text
    assert "Journée 1 libre " in text


def test_a_full_half_day_cannot_be_pressed(client: Client) -> None:
    space = a_space(desks=1)
    a_booking(space, a_member(), slot(9, 11))
    page = client.get(address(space))
    assert "Matinée complet" in words(page)
    assert "period=morning" not in page_of(page)
    assert "period=afternoon" in page_of(page)


def test_one_tap_leads_to_the_filled_form_and_a_second_one_books() -> None:
    space, member = a_space(), a_member()
    client = signed_in(member)
    home = page_of(client.get(address(space)))
    link = f"{address(space, 'reserver')}?date=2026-03-02&amp;period=morning"
    assert link in home
    form = client.get(link.replace("&amp;", "&")).context["form"]
    data = {
        form.add_prefix(name): form[name].value() or ""
        for name in ("day", "period", "resource", "request_key")
    }
    assert client.post(address(space, "reserver"), data).status_code == 302
    [booking] = member.bookings.all()
    assert booking.slot.start == at(8, 30)
    assert booking.slot.end == at(13)


def test_the_public_never_reads_a_name(client: Client) -> None:
    space = a_space()
    a_booking(space, a_member("Camille Rochat", visible=True), slot(9, 12))
    text = words(client.get(address(space)))
    assert "Camille" not in text
    assert "1 personne y travaille ce jour-là" in text


def test_a_member_reads_the_names_of_those_who_agreed_and_counts_the_others() -> None:
    """On the next open day; today has « Qui est là » (test_who_is_here.py)."""
    space = a_space()
    a_booking(space, a_member("Camille Rochat", visible=True), slot(9, 12, TUESDAY), "P1")
    a_booking(space, a_member("Théo Secret"), slot(9, 12, TUESDAY), "P2")
    with time_machine.travel(at(19), tick=False):
        text = words(signed_in(a_member()).get(address(space)))
    assert "Vous y croiserez Camille Rochat et 1 autre personne." in text
    assert "Théo" not in text


def test_the_team_reads_every_name() -> None:
    space = a_space()
    a_booking(space, a_member("Théo Secret"), slot(9, 12), "P2")
    assert "Théo Secret" in words(signed_in(a_user(role=Role.HOST)).get(address(space)))


def test_a_user_who_never_joined_reads_no_name() -> None:
    space = a_space()
    a_booking(space, a_member("Camille Rochat", visible=True), slot(9, 12))
    assert "Camille" not in words(signed_in(a_user(role=Role.PARTNER)).get(address(space)))


def test_my_own_half_day_leads_to_my_booking() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(9, 12))
    page = signed_in(member).get(address(space))
    assert f'<a class="quick is-mine" href="/reservations/{booking.pk}/">' in page_of(page)
    assert "Matinée Poste 1 09:00–12:00" in words(page)
    assert "Mes prochaines venues" in words(page)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (at(12), "Matinée 3 libres"),
        (at(12, 45), "Matinée passé"),
        (at(14), "Matinée passé"),
    ],
)
def test_what_is_over_cannot_be_booked(client: Client, moment: object, said: str) -> None:
    space = a_space()
    with time_machine.travel(moment, tick=False):  # type: ignore[arg-type]
        assert said in words(client.get(address(space)))


def test_in_the_evening_the_next_open_day_is_offered(client: Client) -> None:
    space = a_space()
    with time_machine.travel(at(19), tick=False):
        text = words(client.get(address(space)))
    assert "La journée est finie. Prochain jour ouvert" in text
    assert "Mardi 3 mars" in text


def test_on_a_closed_day_the_reason_and_the_next_open_day_are_said(client: Client) -> None:
    space = a_space()
    Closure.objects.create(space=space, starts_on=MONDAY, ends_on=TUESDAY, reason="Peinture")
    text = words(client.get(address(space)))
    assert "Fermé aujourd’hui\u00a0: Peinture." in page_of(client.get(address(space)))
    assert "Mercredi 4 mars" in text
    assert "Du 2 mars au 3 mars Peinture" in text


def test_public_holidays_to_come_are_told(client: Client) -> None:
    space = a_space()
    with time_machine.travel(at(8, day=date(2026, 4, 1)), tick=False):
        assert "Lundi 6 avril Lundi de Pâques" in words(client.get(address(space)))


def test_a_space_that_never_opens_says_so(client: Client) -> None:
    space = a_space()
    OpeningHours.objects.filter(space=space).delete()
    page = client.get(address(space))
    assert page.status_code == 200
    assert "Rien à réserver pour le moment" in words(page)


def test_hours_are_those_of_the_wall_of_the_space(client: Client) -> None:
    space = a_space(time_zone="America/Montreal", country="CA")
    with time_machine.travel(NOW + timedelta(hours=6), tick=False):  # 8:00 in Montreal
        assert "ouvert 08:30–18:30" in words(client.get(address(space)))


def test_a_closed_down_space_is_not_there(client: Client) -> None:
    space = a_space()
    Space.objects.filter(pk=space.pk).update(is_active=False)
    for page in ("", "plan"):
        assert client.get(address(space, page)).status_code == 404
    for page in ("jour", "semaine", "reserver"):
        assert signed_in(a_member()).get(address(space, page)).status_code == 404


def test_the_only_space_is_the_home_of_the_site(client: Client) -> None:
    space = a_space()
    assert f"<h1>{space.name}</h1>" in page_of(client.get("/"))


def test_several_spaces_are_a_list(client: Client) -> None:
    first, second = a_space(name="Morez"), a_space(name="Saint-Claude")
    page = page_of(client.get("/"))
    assert address(first) in page
    assert address(second) in page


def test_a_site_without_a_space_is_calm(client: Client) -> None:
    assert "Aucun espace n’est encore ouvert" in words(client.get("/"))
