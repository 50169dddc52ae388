"""The e-mails as a mail program receives them, from a real SMTP server, after a real commit."""

from email.message import EmailMessage

import pytest
from icalendar import Calendar

from booking.models import Booking
from booking.services import book, cancel
from deploy.free_port import free_port
from tests.conftest import Mailbox
from tests.factories import NOW, TUESDAY, a_member, a_space, at, slot

pytestmark = pytest.mark.django_db(transaction=True)


def parts(message: EmailMessage) -> dict[str, EmailMessage]:
    return {part.get_content_type(): part for part in message.walk()}


def calendar_in(message: EmailMessage) -> Calendar:
    return Calendar.from_ical(parts(message)["text/calendar"].get_payload(decode=True))


def test_a_booking_arrives_as_text_and_html_with_its_event(smtp: Mailbox):
    space = a_space(name="L’Établi d’à côté", email="bonjour@morez.example")
    member = a_member("Zoé Grûère", email="zoe@morez.example")
    [booking] = book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)

    [message] = smtp.messages
    assert message["To"] == "zoe@morez.example"
    assert message["Reply-To"] == "bonjour@morez.example"
    subject = message["Subject"].strip()  # a long one begins on its second line
    assert subject == "Réservé : Poste 1, lundi 2 mars 2026, 09:00–12:00"
    assert message.get_content_type() == "multipart/mixed"
    body, calendar = message.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in body.iter_parts()] == ["text/plain", "text/html"]
    for part in body.iter_parts():
        assert "Bonjour Zoé," in part.get_content()
        assert "L’Établi d’à côté" in part.get_content()

    assert calendar["Content-Type"].params["method"] == "PUBLISH"
    assert calendar.get_filename() == "reservation.ics"
    assert calendar.get_content_disposition() == "attachment"
    file = calendar.get_payload(decode=True)
    assert file.count(b"\r\n") == file.count(b"\n")
    [event] = Calendar.from_ical(file).events
    assert (event.start, event.end) == (booking.start, booking.end)
    assert event["SUMMARY"] == "Poste 1 · L’Établi d’à côté"


def test_a_cancellation_arrives_in_english_and_takes_the_event_away(smtp: Mailbox):
    space, member = a_space(), a_member("John Hall", language="en")
    [booking] = book(
        space=space, member=member, by=member.user, slots=[slot(9, 12, TUESDAY)], now=NOW
    )
    cancel(booking=booking, by=member.user, now=NOW)

    booked, cancelled = smtp.messages
    assert "Tuesday 3 March 2026, 09:00–12:00" in cancelled["Subject"]
    assert parts(cancelled)["text/calendar"]["Content-Type"].params["method"] == "CANCEL"
    [added], [removed] = calendar_in(booked).events, calendar_in(cancelled).events
    assert added["UID"] == removed["UID"]
    assert removed["SEQUENCE"] > added["SEQUENCE"]
    assert removed["STATUS"] == "CANCELLED"
    assert removed.start == at(9, day=TUESDAY)


def test_a_transaction_that_is_undone_sends_nothing(smtp: Mailbox):
    space, member = a_space(desks=1), a_member()
    other = a_member()
    book(space=space, member=other, by=other.user, slots=[slot(9, 12, TUESDAY)], now=NOW)
    days = [slot(9, 12), slot(9, 12, TUESDAY)]
    with pytest.raises(Exception, match="Il ne reste pas de place"):
        book(space=space, member=member, by=member.user, slots=days, now=NOW)
    assert [message["To"] for message in smtp.messages] == [other.user.email]
    assert not member.bookings.exists()


def test_a_booking_stands_while_no_server_listens(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    space, member = a_space(), a_member()
    [booking] = book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
    assert Booking.objects.get() == booking
    assert f"no e-mail for booking {booking.pk}" in caplog.text
