"""The form that books: what it makes, what it refuses and keeps, what it offers instead."""

import re
import uuid
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
import time_machine
from django.test import Client

from booking.models import Booking, Closure, Kind, OpeningHours
from booking.services import cancel
from members.models import Role
from tests.booking.pages import a_booking, address, asked, page_of, signed_in, words
from tests.factories import (
    MONDAY,
    NOW,
    TUESDAY,
    a_member,
    a_resource,
    a_space,
    a_user,
    at,
    slot,
)

pytestmark = pytest.mark.django_db

WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday_at_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_booking_needs_a_login_and_comes_back_to_the_form(client: Client) -> None:
    page = client.get(address(a_space(), "reserver"), {"date": MONDAY, "period": "day"})
    assert page.status_code == 302
    assert "next=/espaces/" in page["Location"]
    assert "period%3Dday" in page["Location"]


def test_any_desk_for_a_half_day() -> None:
    space, member = a_space(), a_member()
    page = signed_in(member).post(
        address(space, "reserver"), asked(period="afternoon"), follow=True
    )
    [booking] = member.bookings.all()
    assert (booking.start, booking.end) == (at(13), at(18, 30))
    assert page.redirect_chain == [(booking.get_absolute_url(), 302)]
    assert "C’est réservé : Poste 1, lundi 2 mars, 13:00–18:30." in words(page)


def test_this_very_place_for_exact_hours() -> None:
    space, member = a_space(), a_member()
    room = space.resources.get(code="R1")
    hours = {"period": "custom", "from": "10:00", "to": "11:30", "resource": room.pk}
    signed_in(member).post(address(space, "reserver"), asked(**hours))
    [booking] = member.bookings.all()
    assert (booking.resource, booking.start, booking.end) == (room, at(10), at(11, 30))


def test_until_midnight_is_written_as_zero() -> None:
    space, member = a_space(), a_member()
    OpeningHours.objects.filter(space=space).update(closes=time(0))
    hours = {"period": "custom", "from": "22:00", "to": "00:00"}
    signed_in(member).post(address(space, "reserver"), asked(**hours))
    [booking] = member.bookings.all()
    assert booking.end == at(0, day=TUESDAY)


def test_a_lunch_break_makes_two_bookings_of_one_day() -> None:
    space, member = a_space(), a_member()
    OpeningHours.objects.filter(space=space).update(closes=time(12))
    OpeningHours.objects.create(space=space, weekday=0, opens=time(14), closes=time(18))
    page = signed_in(member).post(address(space, "reserver"), asked(period="day"))
    assert page["Location"] == "/reservations/"
    assert member.bookings.count() == 2


def test_several_days_in_one_go() -> None:
    space, member = a_space(), a_member()
    days = asked(days=[TUESDAY, WEDNESDAY])
    page = signed_in(member).post(address(space, "reserver"), days, follow=True)
    assert member.bookings.count() == 3
    assert "3 réservations sont faites." in words(page)


def test_the_same_weekday_for_some_weeks() -> None:
    space, member = a_space(), a_member()
    signed_in(member).post(address(space, "reserver"), asked(weeks="4"))
    starts = member.bookings.order_by("start").values_list("start", flat=True)
    assert list(starts) == [at(8, 30, MONDAY + timedelta(weeks=week)) for week in range(4)]


def test_several_days_are_all_or_nothing_and_the_failed_ones_are_named() -> None:
    space, member = a_space(desks=1), a_member()
    a_booking(space, a_member(), slot(9, 12, TUESDAY))
    Closure.objects.create(space=space, starts_on=WEDNESDAY, ends_on=WEDNESDAY, reason="Peinture")
    for days in ([TUESDAY], [WEDNESDAY]):
        page = signed_in(member).post(address(space, "reserver"), asked(days=days))
        assert page.status_code == 422
        assert f"{'mardi 3' if days == [TUESDAY] else 'mercredi 4'} mars : " in words(page)
        assert '<details class="disclosure stack" open>' in page_of(page)
        assert re.search(rf'value="{days[0]}"[^>]* checked', page_of(page))
    assert not member.bookings.exists()


def test_a_double_click_books_once() -> None:
    space, member = a_space(), a_member()
    data, client = asked(), signed_in(member)
    first = client.post(address(space, "reserver"), data)
    second = client.post(address(space, "reserver"), data)
    assert first["Location"] == second["Location"]
    assert member.bookings.count() == 1


def test_each_rendering_of_the_form_has_its_own_key() -> None:
    space, client = a_space(), signed_in(a_member())
    keys = {client.get(address(space, "reserver")).context["form"]["request_key"].value()}
    keys.add(client.get(address(space, "reserver")).context["form"]["request_key"].value())
    assert len(keys) == 2


def test_a_page_that_has_booked_does_not_pretend_to_book_something_else() -> None:
    space, member = a_space(), a_member()
    data, client = asked(), signed_in(member)
    client.post(address(space, "reserver"), data)
    page = client.post(address(space, "reserver"), {**data, "date": TUESDAY})
    assert page.status_code == 422
    assert "Cette page a déjà servi à réserver autre chose." in words(page)
    assert member.bookings.count() == 1
    # The page that says so has a key of its own: pressing again books.
    key = page.context["form"]["request_key"].value()
    assert str(key) != str(data["request_key"])
    again = client.post(address(space, "reserver"), {**data, "date": TUESDAY, "request_key": key})
    assert again.status_code == 302
    assert member.bookings.count() == 2


def test_a_page_whose_booking_was_cancelled_does_not_say_that_it_is_booked() -> None:
    space, member = a_space(), a_member()
    data, client = asked(period="afternoon"), signed_in(member)
    client.post(address(space, "reserver"), data)
    cancel(booking=member.bookings.get(), by=member.user, now=NOW)
    assert client.post(address(space, "reserver"), data).status_code == 422


def test_a_damaged_key_is_replaced() -> None:
    space, member = a_space(), a_member()
    page = signed_in(member).post(address(space, "reserver"), asked(request_key="x" * 50))
    assert page.status_code == 422
    assert "Cette page a été abîmée en chemin." in words(page)
    assert uuid.UUID(str(page.context["form"]["request_key"].value()))


def test_a_stale_page_says_what_is_still_free_and_keeps_what_was_typed() -> None:
    space, member = a_space(), a_member()
    first, second = space.resources.get(code="P1"), space.resources.get(code="P2")
    a_booking(space, a_member(), slot(9, 10), "P1")
    hours = {"period": "custom", "from": "09:00", "to": "11:00", "resource": first.pk}
    page = signed_in(member).post(address(space, "reserver"), asked(**hours))
    assert page.status_code == 422
    assert "Cette place vient d’être prise. Encore libres : P2, P3." in words(page)
    same = "date=2026-03-02&amp;period=custom&amp;from=09%3A00&amp;to=11%3A00"
    assert f"?{same}&amp;resource={second.pk}" in page_of(page)
    assert f'<option value="{first.pk}" selected>' in page_of(page)
    assert "(occupé)" in words(page)
    assert 'value="09:00"' in page_of(page)


REFUSALS = [
    ({"date": "2026-02-27"}, "day", "Ce moment est déjà passé."),
    ({"date": "2026-03-07"}, "day", "L’espace est fermé ce jour-là."),
    ({"date": "2026-09-01"}, "day", "On réserve au plus 90 jours à l’avance."),
    ({"date": "2026-02-30"}, "day", "Ce jour n’existe pas au calendrier."),
    ({"date": "9999-12-31"}, "day", "Choisissez une date plus proche."),
    ({"date": "0001-01-01"}, "day", "Choisissez une date plus proche."),
    ({"date": ""}, "day", "Indiquez un jour."),
    ({"date": "x" * 10_000}, "day", "Ce jour n’existe pas au calendrier."),
    ({"date": "2026-03-02\0"}, "day", "Ce jour n’existe pas au calendrier."),
    ({"period": "night"}, "period", "Choisissez un moment de la liste."),
    ({"period": "custom", "from": "12:00", "to": "10:00"}, "end", "La fin doit suivre le début."),
    ({"period": "custom", "from": "10:00", "to": "10:00"}, "end", "La fin doit suivre le début."),
    ({"period": "custom", "from": "10:00"}, "end", "Indiquez une heure."),
    ({"period": "custom", "from": "25:00", "to": "26:00"}, "start", "Écrivez une heure comme"),
    ({"period": "custom", "from": "10\0", "to": "11:00"}, "start", "Écrivez une heure comme"),
    ({"period": "custom", "from": "09:07", "to": "11:00"}, "start", "toutes les 15 minutes"),
    ({"period": "custom", "from": "09:00", "to": "09:15"}, "end", "dure au moins 30 min"),
    ({"period": "custom", "from": "07:00", "to": "09:00"}, "day", "déjà passé"),
    ({"period": "custom", "from": "17:00", "to": "20:00"}, "day", "Horaires du jour"),
    ({"resource": "0"}, "resource", "Cette place n’existe pas dans cet espace."),
    ({"resource": "P1"}, "resource", "Cette place n’existe pas dans cet espace."),
    ({"resource": "9" * 10_000}, "resource", "Cette place n’existe pas dans cet espace."),
    ({"resource": "\0"}, "resource", "Cette place n’existe pas dans cet espace."),
    ({"days": "2026-02-30"}, "days", "Un de ces jours n’existe pas au calendrier."),
    ({"days": "9999-12-31"}, "days", "Choisissez une date plus proche."),
    ({"weeks": "1000000"}, "weeks", "Choisissez un nombre de semaines de la liste."),
    ({"request_key": ""}, "request_key", "Cette page a été abîmée en chemin."),
]


@pytest.mark.parametrize(("sent", "field", "said"), REFUSALS)
def test_nonsense_is_answered_beside_its_field(sent: dict[str, str], field: str, said: str) -> None:
    space, member = a_space(), a_member()
    page = signed_in(member).post(address(space, "reserver"), asked(**sent))
    assert page.status_code == 422
    beside = " ".join(page.context["form"].errors[field]).replace("\u00a0", " ")
    assert said in beside
    assert said in words(page)
    assert not member.bookings.exists()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-03-29", "Cette heure n’existe pas ce jour-là"),
        ("2026-10-25", "Cette heure revient deux fois ce jour-là"),
    ],
)
def test_the_hours_of_the_nights_when_the_clock_changes(day: str, said: str) -> None:
    space, member = a_space(horizon_days=300), a_member()
    OpeningHours.objects.create(space=space, weekday=6, opens=time(0), closes=time(0))
    hours = {"date": day, "period": "custom", "from": "02:30", "to": "06:00"}
    page = signed_in(member).post(address(space, "reserver"), asked(**hours))
    assert page.status_code == 422
    assert said in " ".join(page.context["form"].errors["start"])
    assert 'value="02:30"' in page_of(page)


def test_a_place_of_another_space_is_not_a_place_of_this_one() -> None:
    space, member = a_space(), a_member()
    elsewhere = a_space().resources.get(code="P1")
    page = signed_in(member).post(address(space, "reserver"), asked(resource=elsewhere.pk))
    assert page.status_code == 422
    assert not Booking.objects.exists()


def test_my_other_desk_is_in_the_way_and_it_says_which() -> None:
    space, member = a_space(), a_member()
    a_booking(space, a_member(), slot(12, 13))
    booking = a_booking(space, member, slot(9, 12))
    client = signed_in(member)
    page = client.post(address(space, "reserver"), asked())
    assert "Vous avez déjà un poste à ce moment-là : « Poste 1 »" in words(page)
    assert "resource" in page.context["form"].errors
    assert "Encore libres" not in words(page)
    for warned in (page, client.get(address(space, "reserver"), {"date": MONDAY})):
        link = f'<a href="/reservations/{booking.pk}/">Voir cette réservation</a>'
        assert link in page_of(warned)


def test_what_is_offered_instead_keeps_the_other_days() -> None:
    space, member = a_space(desks=2), a_member()
    first, second = space.resources.get(code="P1"), space.resources.get(code="P2")
    a_booking(space, a_member(), slot(9, 10, TUESDAY), "P1")
    wish = asked(resource=first.pk, days=[TUESDAY], weeks="2")
    page = signed_in(member).post(address(space, "reserver"), wish)
    [(place, query)] = page.context["form"].still_free
    assert place == second
    assert query.endswith(f"&resource={second.pk}&days={TUESDAY}&weeks=2")


def test_what_is_offered_instead_is_of_the_same_kind() -> None:
    space = a_space()
    a_resource(space, code="R2", name="Petite salle", kind=Kind.ROOM)
    a_booking(space, a_member(), slot(9, 12), "R1")
    room = space.resources.get(code="R1")
    page = signed_in(a_member()).post(address(space, "reserver"), asked(resource=room.pk))
    assert [place.code for place, _query in page.context["form"].still_free] == ["R2"]


def test_too_many_bookings_concern_the_whole_form() -> None:
    space, member = a_space(open_bookings_limit=1), a_member()
    a_booking(space, member, slot(14, 16))
    page = signed_in(member).post(address(space, "reserver"), asked())
    assert page.context["form"].non_field_errors()
    assert "au plus 1 réservation à venir" in words(page)


def test_a_place_that_closed_cannot_be_chosen() -> None:
    space, member = a_space(), a_member()
    desk = space.resources.get(code="P1")
    desk.is_bookable = False
    desk.save()
    page = signed_in(member).post(address(space, "reserver"), asked(resource=desk.pk))
    assert page.status_code == 422


def test_the_form_starts_from_the_address() -> None:
    space = a_space()
    desk = space.resources.get(code="P2")
    query = {"date": TUESDAY, "period": "custom", "from": "10:00", "to": "12:00"}
    more = {"resource": desk.pk, "days": [WEDNESDAY, "2026-05-06", "nonsense"], "weeks": "2"}
    page = signed_in(a_member()).get(address(space, "reserver"), {**query, **more})
    assert 'value="2026-03-03"' in page_of(page)
    assert 'value="10:00"' in page_of(page)
    assert f'<option value="{desk.pk}" selected>' in page_of(page)
    assert '<option value="2" selected>' in page_of(page)
    assert "Mardi 3 mars, 10:00–12:00" in words(page)
    for day in more["days"][:2]:
        assert re.search(rf'value="{day}"[^>]* checked', page_of(page))


def test_the_form_says_what_is_taken_then() -> None:
    space = a_space(desks=2, room=False)
    a_booking(space, a_member(), slot(9, 12), "P1")
    text = words(signed_in(a_member()).get(address(space, "reserver"), {"date": MONDAY}))
    assert "P1 · Poste 1 (occupé)" in text
    assert "P2 · Poste 2 (occupé)" not in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"resource": "999999"}, "Cette place n’existe pas dans cet espace."),
        ({"date": "hier"}, "Ce jour n’existe pas au calendrier."),
        ({"date": "2026-03-07"}, "L’espace est fermé ce jour-là."),
    ],
)
def test_a_wrong_address_is_a_sane_form_with_the_reason(query: dict[str, str], said: str) -> None:
    page = signed_in(a_member()).get(address(a_space(), "reserver"), query)
    assert page.status_code == 200
    assert said in words(page)


def test_htmx_asks_again_what_is_free() -> None:
    space, client = a_space(), signed_in(a_member())
    part = client.get(address(space, "reserver"), headers={"HX-Request": "true"})
    assert "<html" not in page_of(part)
    assert 'name="request_key"' in page_of(part)


def test_the_form_is_never_kept_by_the_browser() -> None:
    page = signed_in(a_member()).get(address(a_space(), "reserver"))
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("role", list(Role))
def test_who_never_joined_is_told_where_to_book_for_others(role: Role) -> None:
    client, space = signed_in(a_user(role=role)), a_space()
    for page in (
        client.get(address(space, "reserver")),
        client.post(address(space, "reserver"), asked()),
    ):
        assert page.status_code == 403
        assert "Votre compte n’est pas celui d’un membre" in words(page)
    assert not Booking.objects.exists()
