"""Bookings in the admin: what staff may do there, and that the services decide."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from booking.models import Booking
from booking.services import book, cancel
from booking.slots import Slot
from members.models import Role
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_space, a_user, at, slot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]

LIST = "/admin/booking/booking/"
ADD = "/admin/booking/booking/add/"


@pytest.fixture
def at_eight(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def space():
    return a_space(name="La Cordée de Morez")


@pytest.fixture
def camille():
    return a_member("Camille Roux", email="camille@morez.example")


@pytest.fixture
def host():
    return a_user("Hugo Vuillet", role=Role.HOST)


@pytest.fixture
def admin(client, host):
    """The admin as the host sees it."""
    client.force_login(host)
    return client


@pytest.fixture
def booking(space, camille):
    return book(space=space, member=camille, by=camille.user, slots=[slot(14, 16)], now=NOW)[0]


def page_of(booking: Booking) -> str:
    return reverse("admin:booking_booking_change", args=[booking.pk])


def asks(space, who=None, *, place="P1", day=MONDAY, start="10:00", end="12:00", **more) -> dict:
    """What the form sends."""
    member = {"member": who.pk} if who else {}
    return member | {
        "resource": space.resources.get(code=place).pk,
        "start_0": day.isoformat(),
        "start_1": start,
        "end_0": day.isoformat(),
        "end_1": end,
        "reason": "",
        **more,
    }


def cancels(*bookings: Booking, **more: Any) -> dict:
    pks = [booking.pk for booking in bookings]
    return {"action": "cancel_bookings", "_selected_action": pks, **more}


def errors_on(response) -> str:
    page = response.content.decode().replace("\u00a0", " ")
    refusals = re.findall(r'<(ul|div) class="(?:errorlist|errornote)[^>]*>(.*?)</\1>', page, re.S)
    return " ".join(words for _tag, words in refusals)


# Booking


def test_the_host_books_for_a_member(admin, space, camille, host):
    assert admin.post(ADD, asks(space, camille)).headers["Location"] == LIST
    booking = Booking.objects.get()
    assert (booking.member, booking.made_by) == (camille, host)
    assert (booking.start, booking.end, booking.resource.code) == (at(10), at(12), "P1")
    assert booking.override_reason == ""


def test_times_are_those_of_the_space(admin, camille):
    space = a_space(time_zone="Europe/London", country="GB")
    admin.post(ADD, asks(space, camille))
    assert Booking.objects.get().start == at(11)  # 10:00 in London
    assert 'value="10:00"' in admin.get(page_of(Booking.objects.get())).content.decode()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"start": "19:00", "end": "20:00"}, "pas ouvert à ces heures"),
        ({"start": "10:07"}, "toutes les 15 minutes"),
        ({"start": "07:00", "end": "07:45"}, "déjà passé"),
        ({"start": "12:00", "end": "10:00"}, "La fin doit suivre le début."),
        ({"day": date(2027, 3, 2)}, "au plus 90 jours"),
        ({"day": date(2026, 3, 29), "start": "02:30", "end": "04:00"}, "passe à l’heure d’été"),
        ({"day": date(2026, 10, 25), "start": "02:30", "end": "04:00"}, "a lieu deux fois"),
        ({"start": "25:00"}, "Saisissez une heure valide."),
        ({"start_0": "31/02/2026"}, "Saisissez une date valide."),
        ({"start_0": "01/01/0001", "start_1": "00:00"}, "hors de portée"),
        ({"end_0": "2026-03-04"}, "au plus 24 heures"),
        ({"start_1": ""}, "Ce champ est obligatoire."),
        ({"resource": "999999"}, "Sélectionnez un choix valide"),
        ({"member": "0"}, "Sélectionnez un choix valide"),
        ({"reason": "x" * 10_000}, "au plus 200 caractères"),
        ({"form_key": "nonsense"}, "UUID"),
    ],
)
def test_what_cannot_be_is_refused_in_the_form_and_stays_typed(admin, space, camille, asked, words):
    response = admin.post(ADD, asks(space, camille, **asked))
    assert response.status_code == 200
    assert words in errors_on(response)
    assert not Booking.objects.exists()
    if "start" in asked:
        assert f'value="{asked["start"]}"' in response.content.decode()


def test_a_reason_passes_over_the_rules_and_is_kept(admin, space, camille):
    admin.post(ADD, asks(space, camille, start="19:00", end="21:00", reason="Atelier du soir"))
    booking = Booking.objects.get()
    assert (booking.start, booking.override_reason) == (at(19), "Atelier du soir")


def test_no_reason_takes_the_place_of_another(admin, space, booking):
    again = asks(space, a_member(), start="15:00", end="17:00", reason="s’il vous plaît")
    response = admin.post(ADD, again)
    assert "Cette place vient d’être prise. Encore libres : P2, P3." in errors_on(response)
    assert Booking.objects.get() == booking


def test_a_double_click_books_once(admin, space, camille):
    page = admin.get(ADD).content.decode()
    [key] = re.findall(r'name="form_key" value="([0-9a-f-]{36})"', page)
    asked = asks(space, camille, form_key=key)
    for _click in range(2):
        assert admin.post(ADD, asked).headers["Location"] == LIST
    assert Booking.objects.count() == 1


def test_the_member_gets_the_e_mail(
    admin, space, camille, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(ADD, asks(space, camille))
    assert mailoutbox[0].to == ["camille@morez.example"]
    assert "L’équipe de l’espace a réservé pour vous" in mailoutbox[0].body


# Moving


def test_the_host_moves_a_booking(admin, space, booking):
    asked = asks(space, place="P3", day=TUESDAY, start="09:00", end="11:30")
    assert admin.post(page_of(booking), asked).headers["Location"] == LIST
    moved = Booking.objects.get()
    assert (moved.start, moved.end) == (at(9, day=TUESDAY), at(11, 30, day=TUESDAY))
    assert (moved.resource.code, moved.sequence, moved.member) == ("P3", 1, booking.member)


def test_a_refused_move_leaves_the_booking_where_it_was(admin, space, booking):
    response = admin.post(page_of(booking), asks(space, start="19:00", end="20:00"))
    assert "pas ouvert à ces heures" in errors_on(response)
    unmoved = Booking.objects.get()
    assert (unmoved.slot, unmoved.sequence) == (booking.slot, 0)


def test_an_old_reason_does_not_carry_a_later_move(admin, space, camille):
    admin.post(ADD, asks(space, camille, start="19:00", end="21:00", reason="Atelier du soir"))
    booking = Booking.objects.get()
    page = admin.get(page_of(booking)).content.decode()
    assert "Atelier du soir" in page
    assert 'value="Atelier du soir"' not in page
    response = admin.post(page_of(booking), asks(space, start="20:00", end="22:00"))
    assert "pas ouvert" in errors_on(response)


def test_a_move_may_not_change_the_member(admin, space, booking):
    admin.post(page_of(booking), asks(space, a_member(), day=TUESDAY))
    assert Booking.objects.get().member == booking.member


def test_saving_without_a_change_changes_nothing(admin, space, booking, mailoutbox):
    admin.post(page_of(booking), asks(space, start="14:00", end="16:00"))
    assert Booking.objects.get().sequence == 0


def test_a_cancelled_booking_is_only_read(admin, space, camille, booking):
    cancel(booking=booking, by=camille.user, now=NOW)
    page = admin.get(page_of(booking)).content.decode()
    assert "annulée" in page
    assert 'name="_save"' not in page
    assert "cancel_bookings" not in page
    assert admin.post(page_of(booking), asks(space, day=TUESDAY)).status_code == 403


# Cancelling


def test_cancelling_asks_why_then_cancels(admin, booking, host):
    page = admin.post(LIST, cancels(booking))
    assert "lundi 2 mars 2026, 14:00–16:00, Poste 1, Camille Roux" in page.content.decode()
    assert not Booking.objects.get().is_cancelled
    response = admin.post(LIST, cancels(booking, confirm="1", reason="fuite d’eau"), follow=True)
    assert "1 réservation annulée." in response.content.decode()
    cancelled = Booking.objects.get()
    assert cancelled.is_cancelled
    assert (cancelled.cancelled_by, cancelled.override_reason) == (host, "fuite d’eau")
    assert LogEntry.objects.get().object_id == str(booking.pk)


def test_what_is_too_late_is_told_and_stays(admin, space, camille):
    soon = Slot(at(8, 30), at(10))
    late, early = book(
        space=space, member=camille, by=camille.user, slots=[soon, slot(14, 16)], now=NOW
    )
    asked = cancels(late, early, confirm="1", reason="")
    page = admin.post(LIST, asked, follow=True).content.decode()
    assert "1 réservation annulée." in page
    assert "Lundi 2 mars 2026, 08:30–10:00, Camille Roux" in page
    assert "On annule ou déplace une réservation jusqu’à 1\u00a0h avant son début" in page
    assert Booking.objects.confirmed().get() == late

    admin.post(LIST, cancels(late, confirm="1", reason="panne de chauffage"))
    assert not Booking.objects.confirmed().exists()


def test_what_is_cancelled_already_is_not_asked_again(admin, camille, booking):
    cancel(booking=booking, by=camille.user, now=NOW)
    page = admin.post(LIST, cancels(booking), follow=True).content.decode()
    assert "Ces réservations sont déjà annulées." in page


def test_the_page_of_a_booking_leads_to_its_cancellation(admin, booking):
    page = admin.get(page_of(booking)).content.decode()
    assert f'name="_selected_action" value="{booking.pk}"' in page
    assert f'action="{LIST}"' in page
    assert 'name="action" value="cancel_bookings"' in page


def test_a_long_reason_is_asked_again(admin, booking):
    response = admin.post(LIST, cancels(booking, confirm="1", reason="x" * 201))
    assert "au plus 200 caractères" in response.content.decode()
    assert not Booking.objects.get().is_cancelled


def test_nothing_is_deleted(admin, client, booking):
    client.force_login(a_user(role=Role.OPERATOR))
    delete = reverse("admin:booking_booking_delete", args=[booking.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    asked = {"action": "delete_selected", "_selected_action": [booking.pk], "post": "yes"}
    client.post(LIST, asked)
    assert Booking.objects.get() == booking


# The list


def test_the_list_shows_local_times_and_members(admin, booking):
    page = admin.get(LIST).content.decode()
    for words in ("lundi 2 mars 2026", "14:00–16:00", "P1 · Poste 1", "Camille Roux"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=camille", 1),
        ("q=roux", 1),
        ("q=camille@morez.example", 1),
        ("q=bruno", 0),
        ("status__exact=confirmed", 1),
        ("status__exact=cancelled", 0),
        ("kind__exact=desk", 1),
        ("kind__exact=room", 0),
        ("start_from=02/03/2026&start_to=02/03/2026", 1),
        ("start_from=03/03/2026", 0),
        ("start_to=01/03/2026", 0),
    ],
)
def test_the_list_is_searched_and_filtered(admin, booking, query, found):
    page = admin.get(f"{LIST}?{query}").content.decode()
    assert page.count("field-hours") == found


@pytest.mark.parametrize("query", ["start__year=99999", "start__year=x", "q=%00", "p=-1", "o=99"])
def test_a_damaged_address_of_the_list_is_no_fault(admin, booking, query):
    assert admin.get(f"{LIST}?{query}").status_code in {200, 302, 400}


def test_the_list_filters_by_space(admin, space, booking):
    elsewhere = a_space()
    for place, found in ((space, 1), (elsewhere, 0)):
        page = admin.get(f"{LIST}?resource__space__id__exact={place.pk}").content.decode()
        assert page.count("field-hours") == found


def test_the_list_costs_the_same_for_10_and_200_bookings(admin, space, django_assert_num_queries):
    queries = 12  # of which four bring places and people: see `BookingAdmin.get_queryset`
    make(space, 10)
    with django_assert_num_queries(queries):
        assert admin.get(LIST).content.decode().count("field-hours") == 10
    make(space, 190)
    with django_assert_num_queries(queries):
        assert admin.get(LIST).content.decode().count("field-hours") == 50  # a page


def test_the_form_costs_the_same_for_many_members_and_places(admin, django_assert_num_queries):
    queries = 6
    admin.get(ADD)  # content types are read once for a process
    for _turn in range(2):
        a_space(desks=6)
        for _member in range(6):
            a_member()
        with django_assert_num_queries(queries):
            admin.get(ADD)


def make(space, count: int) -> None:
    """Past bookings, each of another member."""
    desk, made_by = space.resources.get(code="P1"), a_user()
    before = Booking.objects.count()
    Booking.objects.bulk_create(
        Booking(
            resource=desk,
            member=a_member(),
            kind=desk.kind,
            start=stay.start,
            end=stay.end,
            made_by=made_by,
            made_at=NOW,
        )
        for stay in (hour(before + number) for number in range(count))
    )


def hour(number: int) -> Slot:
    start = NOW - timedelta(days=number + 1)
    return Slot(start, start + timedelta(hours=1))


# Who


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.OPERATOR, True, True),
        (Role.HOST, True, True),
        (Role.ACCOUNTANT, True, False),
        (Role.PARTNER, False, False),
    ],
)
def test_each_role_has_its_rights(client, space, camille, booking, role, reads, writes):
    client.force_login(a_user(role=role))
    outside = 302 if role == Role.PARTNER else 403  # the partner is led to the login
    for address in (LIST, page_of(booking)):
        assert client.get(address).status_code == (200 if reads else outside)
    asked = asks(space, camille, day=TUESDAY)
    assert client.post(ADD, asked).status_code == (302 if writes else outside)
    asked = asks(space, day=TUESDAY, start="14:00", end="16:00")
    assert client.post(page_of(booking), asked).status_code == (302 if writes else outside)
    client.post(LIST, cancels(booking, confirm="1", reason=""))
    assert Booking.objects.get(pk=booking.pk).is_cancelled == writes


def test_a_reader_sees_local_times(client, booking):
    client.force_login(a_user(role=Role.ACCOUNTANT))
    page = client.get(page_of(booking)).content.decode()
    assert "14:00–16:00" in page
    assert "cancel_bookings" not in page


def test_members_do_not_enter_the_admin(client, camille):
    client.force_login(camille.user)
    assert client.get(LIST).status_code == 302
