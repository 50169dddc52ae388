"""One's bookings: the list, one of them, moving and cancelling, and what the team may do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from booking.models import Booking, Space
from booking.rules import why_fixed
from booking.services import cancel
from members.models import Role
from tests.booking.pages import a_booking, address, page_of, signed_in, words
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_space, a_user, at, slot

pytestmark = pytest.mark.django_db

BEFORE = NOW - timedelta(days=30)


@pytest.fixture(autouse=True)
def _monday_at_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def a_past_booking(space: Space, member: object, days_ago: int) -> Booking:
    stay = slot(9, 12, MONDAY - timedelta(days=days_ago))
    return a_booking(space, member, stay, now=BEFORE)  # type: ignore[arg-type]


def to_tuesday(**fields: object) -> dict[str, object]:
    return {"date": TUESDAY, "period": "custom", "from": "10:00", "to": "12:00", **fields}


# The list


def test_coming_ones_first_then_past_and_cancelled_ones() -> None:
    space, member = a_space(), a_member()
    late = a_booking(space, member, slot(9, 11, TUESDAY))
    soon = a_booking(space, member, slot(14, 16))
    gone = cancel(booking=a_booking(space, member, slot(16, 17)), by=member.user, now=NOW)
    past = a_past_booking(space, member, 7)
    page = page_of(signed_in(member).get("/reservations/"))
    places = [page.index(f"/reservations/{booking.pk}/") for booking in (soon, late, gone, past)]
    assert places == sorted(places)
    assert f"/reservations/{soon.pk}/annuler/" in page
    assert f"/reservations/{past.pk}/annuler/" not in page


def test_today_is_marked_and_a_stay_that_began_is_not_changed_from_the_list() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(9, 12))
    client = signed_in(member)
    assert "booking-card is-today" in page_of(client.get("/reservations/"))
    with time_machine.travel(at(10), tick=False):
        assert f"/reservations/{booking.pk}/deplacer/" not in page_of(client.get("/reservations/"))


def test_past_bookings_come_by_pages_and_a_wrong_page_is_the_nearest() -> None:
    space, member = a_space(), a_member()
    for week in range(1, 14):
        stay = slot(9, 12, MONDAY - timedelta(weeks=week))
        a_booking(space, member, stay, now=NOW - timedelta(weeks=week + 1))
    client = signed_in(member)
    assert "page 1 sur 2" in words(client.get("/reservations/"))
    for number in ("2", "99", "-1", "0"):
        assert "page 2 sur 2" in words(client.get("/reservations/", {"page": number}))
    assert "page 1 sur 2" in words(client.get("/reservations/", {"page": "\0"}))


def test_nobody_reads_the_bookings_of_others_in_the_list() -> None:
    space = a_space()
    other = a_booking(space, a_member(), slot(9, 12))
    page = signed_in(a_member()).get("/reservations/")
    assert str(other.pk) not in page_of(page)
    assert "Rien de prévu pour l’instant" in words(page)


def test_who_never_joined_reads_why_the_list_is_empty() -> None:
    page = signed_in(a_user(role=Role.HOST)).get("/reservations/")
    assert "Votre compte n’est pas celui d’un membre" in words(page)


def test_times_are_those_of_each_space() -> None:
    member = a_member()
    far = a_space(time_zone="America/Montreal", country="CA")
    zone = far.zone
    stay = slot(1, 2).__class__(at(9, day=TUESDAY, zone=zone), at(12, day=TUESDAY, zone=zone))
    a_booking(far, member, stay)
    assert "09:00–12:00" in words(signed_in(member).get("/reservations/"))


# One booking


def test_a_booking_tells_everything_about_itself() -> None:
    space, member = a_space(address="Place Jean-Jaurès"), a_member()
    booking = a_booking(space, member, slot(9, 12, TUESDAY), "P2")
    page = signed_in(member).get(booking.get_absolute_url())
    for said in ("Mardi 3 mars 2026", "09:00–12:00", "Poste 2", "Place Jean-Jaurès"):
        assert said in words(page)
    for link in ("deplacer/", "annuler/"):
        assert f"/reservations/{booking.pk}/{link}" in page_of(page)
    assert f"/reservations/{booking.pk}.ics" in page_of(page)
    assert '<g class="place is-selected">' in page_of(page)


@pytest.mark.parametrize("path", ["", "deplacer/", "annuler/"])
def test_a_booking_of_somebody_else_is_not_there(path: str) -> None:
    booking = a_booking(a_space(), a_member(), slot(9, 12))
    for stranger in (a_member(), a_user(role=Role.PARTNER)):
        client = signed_in(stranger)
        assert client.get(f"{booking.get_absolute_url()}{path}").status_code == 404
    if path:
        assert client.post(f"{booking.get_absolute_url()}{path}").status_code == 404
    booking.refresh_from_db()
    assert not booking.is_cancelled


def test_the_accountant_reads_a_booking_but_does_not_change_it() -> None:
    booking = a_booking(a_space(), a_member("Camille Rochat"), slot(9, 12, TUESDAY))
    client = signed_in(a_user(role=Role.ACCOUNTANT))
    page = client.get(booking.get_absolute_url())
    assert "Camille Rochat" in words(page)
    assert "deplacer" not in page_of(page)
    for action in ("deplacer/", "annuler/"):
        assert client.get(f"{booking.get_absolute_url()}{action}").status_code == 404


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (at(8, 1), "On annule ou déplace une réservation jusqu’à 1 h avant son début."),
        (at(9), "Cette réservation a déjà commencé."),
        (at(13), "Cette réservation est passée."),
    ],
)
def test_when_it_is_too_late_the_page_says_why(moment: object, said: str) -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(9, 12))
    with time_machine.travel(moment, tick=False):  # type: ignore[arg-type]
        page = signed_in(member).get(booking.get_absolute_url())
        assert said in words(page)
        assert "/deplacer/" not in page_of(page)
        form = signed_in(member).get(f"{booking.get_absolute_url()}annuler/")
        assert said in words(form)
        assert 'action="/reservations/' not in page_of(form)


@pytest.mark.parametrize("minutes", [-120, -61, -60, -59, -1, 0, 1, 179])
def test_the_page_and_the_service_agree_on_what_is_too_late(minutes: int) -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(9, 12))
    now = booking.start + timedelta(minutes=minutes)
    fixed = bool(why_fixed(Booking.objects.with_place().get(pk=booking.pk), now))
    try:
        cancel(booking=booking, by=member.user, now=now)
    except ValidationError:
        assert fixed
    else:
        assert not fixed


# Moving


def test_a_booking_moves_to_another_time_and_place() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(14, 16))
    desk = space.resources.get(code="P3")
    client = signed_in(member)
    page = client.post(
        f"{booking.get_absolute_url()}deplacer/", to_tuesday(resource=desk.pk), follow=True
    )
    booking.refresh_from_db()
    assert (booking.resource, booking.slot) == (desk, slot(10, 12, TUESDAY))
    assert "C’est noté : Poste 3, mardi 3 mars, 10:00–12:00." in words(page)


def test_the_form_starts_from_the_booking() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(14, 16), "P2")
    page = page_of(signed_in(member).get(f"{booking.get_absolute_url()}deplacer/"))
    assert 'value="2026-03-02"' in page
    assert 'value="14:00"' in page
    assert f'<option value="{booking.resource_id}" selected>' in page
    assert "(occupé)" not in page
    assert "Raison de la dérogation" not in page


def test_a_desk_moves_to_desks_only() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(14, 16))
    room = space.resources.get(code="R1")
    client = signed_in(member)
    page = client.post(f"{booking.get_absolute_url()}deplacer/", to_tuesday(resource=room.pk))
    assert page.status_code == 422
    assert "Cette place n’existe pas dans cet espace." in words(page)


def test_where_it_cannot_move_is_said_with_what_is_free() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(14, 16), "P1")
    a_booking(space, a_member(), slot(10, 12, TUESDAY), "P2")
    taken, free = space.resources.get(code="P2"), space.resources.get(code="P3")
    client = signed_in(member)
    page = client.post(f"{booking.get_absolute_url()}deplacer/", to_tuesday(resource=taken.pk))
    assert page.status_code == 422
    assert "Cette place vient d’être prise." in words(page)
    same = "date=2026-03-03&amp;period=custom&amp;from=10%3A00&amp;to=12%3A00"
    assert f"deplacer/?{same}&amp;resource={free.pk}" in page_of(page)
    link = f"{booking.get_absolute_url()}deplacer/?{same}&resource={free.pk}".replace("&amp;", "&")
    assert f'<option value="{free.pk}" selected>' in page_of(client.get(link))


def test_nonsense_is_answered_beside_its_field_when_moving() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(14, 16))
    client = signed_in(member)
    wrong = to_tuesday(date="9999-12-31", to="09:00", resource="\0")
    page = client.post(f"{booking.get_absolute_url()}deplacer/", wrong)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"day", "resource"}
    empty = client.post(f"{booking.get_absolute_url()}deplacer/", {})
    assert set(empty.context["form"].errors) == {"day", "resource"}


def test_the_team_moves_past_a_rule_with_a_reason() -> None:
    space, member, host = a_space(), a_member(), a_user(role=Role.HOST)
    booking = a_booking(space, member, slot(9, 12))
    client, place = signed_in(host), booking.resource_id
    with time_machine.travel(at(10), tick=False):
        action = f"{booking.get_absolute_url()}deplacer/"
        assert "Raison de la dérogation" in words(client.get(action))
        refused = client.post(action, to_tuesday(resource=place))
        assert refused.status_code == 422
        assert "Cette réservation a déjà commencé." in words(refused)
        moved = client.post(action, to_tuesday(resource=place, reason="Panne de chauffage"))
        assert moved.status_code == 302
    booking.refresh_from_db()
    assert booking.override_reason == "Panne de chauffage"


# Cancelling


def test_cancelling_asks_once_more_and_frees_the_place() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(14, 16))
    client = signed_in(member)
    assert "Annuler cette réservation ?" in words(
        client.get(f"{booking.get_absolute_url()}annuler/")
    )
    booking.refresh_from_db()
    assert not booking.is_cancelled
    page = client.post(f"{booking.get_absolute_url()}annuler/", {}, follow=True)
    booking.refresh_from_db()
    assert booking.is_cancelled
    assert "La réservation est annulée" in words(page)


def test_cancelling_twice_is_calm() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(14, 16))
    client = signed_in(member)
    client.post(f"{booking.get_absolute_url()}annuler/")
    first = Booking.objects.get().cancelled_at
    for again in (client.get, client.post):
        page = again(f"{booking.get_absolute_url()}annuler/", follow=True)
        assert page.status_code == 200
        assert "Cette réservation est déjà annulée." in words(page)
    assert Booking.objects.get().cancelled_at == first
    page = client.get(booking.get_absolute_url())
    assert "Cette réservation a été annulée le 2 mars, 08:00." in words(page)


def test_a_cancelled_booking_does_not_move() -> None:
    space, member = a_space(), a_member()
    booking = cancel(booking=a_booking(space, member, slot(14, 16)), by=member.user, now=NOW)
    client = signed_in(member)
    page = client.post(
        f"{booking.get_absolute_url()}deplacer/", to_tuesday(resource=booking.resource_id)
    )
    assert page.status_code == 422
    assert "Cette réservation est annulée." in words(page)


def test_a_member_does_not_cancel_too_late_even_with_a_reason() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(9, 12))
    with time_machine.travel(at(10), tick=False):
        client = signed_in(member)
        page = client.post(f"{booking.get_absolute_url()}annuler/", {"reason": "Je veux"})
    assert page.status_code == 422
    booking.refresh_from_db()
    assert not booking.is_cancelled


@pytest.mark.parametrize(
    ("reason", "status"),
    [("", 422), ("x" * 10_000, 422), ("\0", 422), ("Malade, appelé ce matin", 302)],
)
def test_the_team_cancels_past_the_rule_with_a_good_reason(reason: str, status: int) -> None:
    booking = a_booking(a_space(), a_member(), slot(9, 12))
    client = signed_in(a_user(role=Role.OPERATOR))
    with time_machine.travel(at(10), tick=False):
        page = client.post(f"{booking.get_absolute_url()}annuler/", {"reason": reason})
    assert page.status_code == status
    booking.refresh_from_db()
    assert booking.is_cancelled == (status == 302)


def test_the_team_is_led_back_to_the_booking_it_cancelled() -> None:
    booking = a_booking(a_space(), a_member(), slot(14, 16))
    page = signed_in(a_user(role=Role.HOST)).post(f"{booking.get_absolute_url()}annuler/")
    assert page["Location"] == booking.get_absolute_url()


def test_a_booking_that_does_not_exist_is_a_404() -> None:
    client = signed_in(a_member())
    assert client.get("/reservations/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert client.get("/reservations/42/").status_code == 404
    assert client.get(address(a_space()).replace("espaces", "espace")).status_code == 404
