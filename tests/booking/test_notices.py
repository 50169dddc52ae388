"""The e-mails of a booking: who gets which words, and what happens when none can leave."""

from collections.abc import Callable
from datetime import date, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from icalendar import Calendar

from booking import notices
from booking.models import Booking
from booking.services import book, cancel, move
from members.models import Member, Role, User
from tests.factories import NOW, TUESDAY, a_member, a_space, a_user, at, slot

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2026, 3, 4)


@pytest.fixture
def space():
    return a_space(
        name="La Cordée de Morez",
        address="1, quai Jobez",
        postcode="39400",
        email="bonjour@morez.example",
        phone="03 84 00 00 00",
    )


@pytest.fixture
def camille():
    return a_member("Camille Roux", email="camille@morez.example")


@pytest.fixture
def host():
    return a_user("Hugo Vuillet", role=Role.HOST)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run a service as if the request ended there: what waits for the commit leaves."""

    def run(service: Callable[..., Any], **asked: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return service(**asked)

    return run


def asked(space, member: Member, *slots: Any, by: User | None = None, **more: Any) -> dict:
    more = {"slots": slots or (slot(14, 16),), "now": NOW, **more}
    return {"space": space, "member": member, "by": by or member.user, **more}


def html(message: EmailMultiAlternatives) -> str:
    [alternative] = message.alternatives
    assert alternative.mimetype == "text/html"
    return str(alternative.content)


def attached(message: EmailMultiAlternatives) -> Calendar:
    [part] = message.attachments
    return Calendar.from_ical(part.get_payload(decode=True))


def both(message: EmailMultiAlternatives) -> tuple[str, str]:
    return message.body, html(message)


def test_a_booking_is_confirmed_by_mail(space, camille, committed, mailoutbox):
    [booking] = committed(book, **asked(space, camille))
    [message] = mailoutbox
    assert message.to == ["camille@morez.example"]
    assert message.reply_to == ["bonjour@morez.example"]
    assert message.subject == "Réservé : Poste 1, lundi 2 mars 2026, 14:00–16:00"
    for text in both(message):
        assert "Bonjour Camille," in text
        assert "lundi 2 mars 2026, 14:00–16:00" in text
        assert "Poste 1" in text
        assert "1, quai Jobez, 39400 Morez" in text
        assert "jusqu’au lundi 2 mars, 13:00" in text
        assert f"http://localhost:8000/reservations/{booking.pk}/" in text
        assert "bonjour@morez.example" in text
        assert "03 84 00 00 00" in text
    [event] = attached(message).events
    assert event["UID"] == f"{booking.pk}@localhost"


def test_several_days_make_one_mail_with_all_the_events(space, camille, committed, mailoutbox):
    days = [slot(9, 12, day) for day in (TUESDAY, WEDNESDAY)]
    bookings = committed(book, **asked(space, camille, *days))
    [message] = mailoutbox
    assert message.subject == "Réservé : 2 réservations à partir du mardi 3 mars 2026"
    for text in both(message):
        assert "mardi 3 mars 2026, 09:00–12:00" in text
        assert "mercredi 4 mars 2026, 09:00–12:00" in text
        for booking in bookings:
            assert f"/reservations/{booking.pk}/" in text
    assert [event.start for event in attached(message).events] == [
        at(9, day=TUESDAY),
        at(9, day=WEDNESDAY),
    ]


def test_a_mail_is_in_the_language_of_its_reader(space, committed, mailoutbox):
    space.resources.filter(code="P1").update(name_en="Desk 1")
    john = a_member("John Hall", language="en")
    committed(book, **asked(space, john))
    [message] = mailoutbox
    assert "Desk 1, Monday 2 March 2026, 14:00–16:00" in message.subject
    assert '<html lang="en">' in html(message)
    assert "Monday 2 March, 13:00" in message.body
    assert attached(message).events[0]["SUMMARY"].startswith("Desk 1")


def test_times_are_those_of_the_space_on_both_sides_of_the_clock_change(
    space, camille, host, committed, mailoutbox
):
    saturday, sunday = date(2026, 3, 28), date(2026, 3, 29)
    days = [slot(9, 12, saturday), slot(9, 12, sunday)]
    committed(book, **asked(space, camille, *days, by=host, override_reason="week-end du code"))
    [message] = mailoutbox
    assert "samedi 28 mars 2026, 09:00–12:00" in message.body
    assert "dimanche 29 mars 2026, 09:00–12:00" in message.body
    assert "dimanche 29 mars, 08:00" in message.body
    lengths = {event.end - event.start for event in attached(message).events}
    assert lengths == {timedelta(hours=3)}


def test_a_stay_that_ends_the_next_day_says_which(space, camille, host, committed, mailoutbox):
    night = slot(22, 23)
    night = type(night)(night.start, night.start + timedelta(hours=4))
    committed(book, **asked(space, camille, night, by=host, override_reason="nuit du code"))
    assert "lundi 2 mars 2026, 22:00 – mardi 3 mars, 02:00" in mailoutbox[0].body


def test_what_could_never_be_changed_online_promises_nothing(space, camille, committed, mailoutbox):
    committed(book, **asked(space, camille, slot(9, 12), now=at(8, 30)))
    for text in both(mailoutbox[0]):
        assert "jusqu’au" not in text
        assert "our tout changement, adressez-vous à l’équipe" in text


def test_a_member_who_books_alone_hears_nothing_of_the_team(space, camille, committed, mailoutbox):
    committed(book, **asked(space, camille))
    assert "Votre réservation est enregistrée" in mailoutbox[0].body
    assert "L’équipe de l’espace" not in mailoutbox[0].body


def test_what_the_team_booked_says_so_with_its_reason(space, camille, host, committed, mailoutbox):
    committed(
        book, **asked(space, camille, slot(19, 21), by=host, override_reason="L'atelier <du soir>")
    )
    text, page = both(mailoutbox[0])
    assert "L’équipe de l’espace a réservé pour vous" in text
    assert "L’équipe de l’espace a réservé pour vous" in page
    assert "L'atelier <du soir>" in text
    assert "<du soir>" not in page
    assert "L&#x27;atelier &lt;du soir&gt;" in page
    assert "Hugo" not in text + page


def test_a_cancellation_by_the_team_says_so_with_its_reason(
    space, camille, host, committed, mailoutbox
):
    [booking] = committed(book, **asked(space, camille))
    committed(cancel, booking=booking, by=host, now=NOW, override_reason="fuite d’eau")
    message = mailoutbox[-1]
    assert message.subject == "Réservation annulée : Poste 1, lundi 2 mars 2026, 14:00–16:00"
    for text in both(message):
        assert "L’équipe de l’espace a annulé votre réservation" in text
        assert "fuite d’eau" in text
        assert "jusqu’au" not in text
    calendar = attached(message)
    assert calendar["METHOD"] == "CANCEL"
    assert calendar.events[0]["STATUS"] == "CANCELLED"


def test_one_s_own_cancellation_is_acknowledged(space, camille, committed, mailoutbox):
    [booking] = committed(book, **asked(space, camille))
    committed(cancel, booking=booking, by=camille.user, now=NOW)
    for text in both(mailoutbox[-1]):
        assert "Votre réservation est annulée" in text
        assert "L’équipe de l’espace" not in text


def test_cancelling_twice_sends_one_mail(space, camille, committed, mailoutbox):
    [booking] = committed(book, **asked(space, camille))
    for _turn in range(2):
        committed(cancel, booking=booking, by=camille.user, now=NOW)
    assert len(mailoutbox) == 2


def test_a_second_click_sends_no_second_mail(space, camille, committed, mailoutbox):
    key = "0f5ef8e6-5a5c-4d53-8d7e-7ad0a8c8f1c2"
    for _click in range(2):
        committed(book, **asked(space, camille, request_key=key))
    assert len(mailoutbox) == 1


def test_a_refusal_sends_nothing(space, camille, committed, mailoutbox):
    with pytest.raises(Exception, match="pas ouvert"):
        committed(book, **asked(space, camille, slot(19, 21)))
    assert mailoutbox == []


def test_a_move_says_where_it_is_now(space, camille, committed, mailoutbox):
    [booking] = committed(book, **asked(space, camille))
    committed(move, booking=booking, slot=slot(9, 12, TUESDAY), by=camille.user, now=NOW)
    message = mailoutbox[-1]
    assert message.subject == "Réservation déplacée : Poste 1, mardi 3 mars 2026, 09:00–12:00"
    for text in both(message):
        assert "Votre réservation est déplacée." in text
        assert "mardi 3 mars 2026, 09:00–12:00" in text
        assert "jusqu’au mardi 3 mars, 08:00" in text
    [event] = attached(message).events
    assert (event["SEQUENCE"], event.start) == (1, at(9, day=TUESDAY))


def test_a_move_by_the_team_says_so_and_what_it_was_before(
    space, camille, host, committed, mailoutbox
):
    [booking] = committed(book, **asked(space, camille))
    desk = space.resources.get(code="P3")
    late = {"slot": slot(19, 21), "resource": desk, "override_reason": "salle en travaux"}
    committed(move, booking=booking, by=host, now=NOW, **late)
    for text in both(mailoutbox[-1]):
        assert "L’équipe de l’espace a déplacé votre réservation." in text
        assert "Poste 1, lundi 2 mars 2026, 14:00–16:00." in text
        assert "salle en travaux" in text
        assert "Poste 3" in text
        assert text.index("14:00–16:00") < text.rindex("19:00–21:00")


def test_a_place_with_a_line_break_in_its_name_breaks_no_header(
    space, camille, committed, mailoutbox
):
    space.resources.filter(code="P1").update(name="Poste\nBcc: everybody@example.org")
    committed(book, **asked(space, camille))
    [message] = mailoutbox
    assert message.subject.startswith("Réservé : Poste Bcc: everybody@example.org, lundi")
    assert message.recipients() == ["camille@morez.example"]


def test_no_holiday_reply_is_asked_for(space, camille, committed, mailoutbox):
    committed(book, **asked(space, camille))
    assert mailoutbox[0].message()["Auto-Submitted"] == "auto-generated"


def test_a_space_without_address_gets_no_reply_to(camille, committed, mailoutbox):
    committed(book, **asked(a_space(), camille))
    assert mailoutbox[0].reply_to == []
    assert "Une question" not in mailoutbox[0].body


class AwayBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")


def test_a_mail_server_that_is_away_does_not_undo_a_booking(
    space, camille, committed, settings, caplog
):
    settings.EMAIL_BACKEND = f"{__name__}.AwayBackend"
    [booking] = committed(book, **asked(space, camille))
    committed(cancel, booking=booking, by=camille.user, now=NOW)
    assert Booking.objects.get().is_cancelled
    assert [record.name for record in caplog.records] == ["booking.notices.bookings"] * 2
    assert f"no e-mail for booking {booking.pk}" in caplog.text


@pytest.mark.parametrize("service", ["book", "move", "cancel"])
def test_a_fault_in_a_mail_does_not_undo_a_booking(
    space, camille, committed, monkeypatch, caplog, service
):
    """Whatever breaks in this module is logged by Django (`on_commit(robust=True)`)."""
    [booking] = book(**asked(space, camille))

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(notices.bookings, "send_about", broken)
    calls: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
        "book": (book, asked(space, camille, slot(9, 12, TUESDAY))),
        "move": (move, {"booking": booking, "slot": slot(9, 10), "by": camille.user, "now": NOW}),
        "cancel": (cancel, {"booking": booking, "by": camille.user, "now": NOW}),
    }
    run, arguments = calls[service]
    committed(run, **arguments)
    assert "a fault of ours" in caplog.text
