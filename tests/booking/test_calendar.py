"""The page of one's calendar address, the feed behind it, and the file of one booking."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from booking.models import CalendarFeed
from booking.services import book, cancel, open_feed, rotate_feed
from members.models import Role
from tests.factories import NOW, TUESDAY, a_member, a_space, a_user, slot

pytestmark = pytest.mark.django_db

PAGE = "/calendrier/"


@pytest.fixture
def member():
    return a_member("Camille Roux", email="camille@morez.example")


@pytest.fixture
def space():
    return a_space()


@pytest.fixture
def at_eight(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def feed(member):
    return open_feed(member=member, now=NOW)


def path_of(feed: CalendarFeed) -> str:
    return reverse("booking:feed", args=[feed.token])


def booked(space, member, *slots):
    slots = slots or (slot(9, 12, TUESDAY),)
    return book(space=space, member=member, by=member.user, slots=slots, now=NOW)


# The page


def test_the_page_asks_for_a_login(client):
    assert client.get(PAGE).headers["Location"].startswith("/compte/login/")


def test_the_page_says_what_the_address_reveals_before_there_is_one(client, member):
    client.force_login(member.user)
    page = client.get(PAGE).content.decode()
    assert "Ce que l’adresse montre" in page
    assert "ni votre nom" in page
    assert 'value="open"' in page
    assert "webcal:" not in page
    assert not CalendarFeed.objects.exists()


def test_a_member_opens_an_address_and_sees_it(client, member, settings):
    settings.SITE_URL = "https://morez.example"
    client.force_login(member.user)
    response = client.post(PAGE, {"action": "open"}, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    token = CalendarFeed.objects.get(member=member).token
    page = response.content.decode()
    assert f'value="https://morez.example/calendrier/{token}.ics"' in page
    assert f'href="webcal://morez.example/calendrier/{token}.ics"' in page
    assert "Votre adresse de calendrier est prête." in page
    assert "no-store" in response.headers["Cache-Control"]


def test_opening_twice_keeps_the_address(client, member, feed):
    client.force_login(member.user)
    client.post(PAGE, {"action": "open"})
    assert CalendarFeed.objects.get().token == feed.token


def test_changing_the_address_closes_the_old_one(client, member, feed):
    client.force_login(member.user)
    client.post(PAGE, {"action": "rotate"})
    changed = CalendarFeed.objects.get(member=member)
    assert changed.token != feed.token
    client.logout()
    assert client.get(path_of(feed)).status_code == 404
    assert client.get(path_of(changed)).status_code == 200


def test_closing_the_address_leaves_nothing_to_read(client, member, feed):
    client.force_login(member.user)
    page = client.post(PAGE, {"action": "close"}, follow=True).content.decode()
    assert feed.token not in page
    assert client.get(path_of(feed)).status_code == 404


def test_an_unknown_action_changes_nothing(client, member, feed):
    client.force_login(member.user)
    for data in ({}, {"action": "steal"}):
        assert client.post(PAGE, data).status_code == 400
    assert CalendarFeed.objects.get().token == feed.token


def test_one_never_changes_the_address_of_another(client, member, feed):
    client.force_login(a_member().user)
    assert feed.token not in client.get(PAGE).content.decode()
    for action in ("open", "rotate", "close"):
        client.post(PAGE, {"action": action})
    assert CalendarFeed.objects.get(member=member).token == feed.token


def test_staff_without_a_membership_has_no_calendar(client):
    client.force_login(a_user(role=Role.HOST))
    assert client.get(PAGE).status_code == 404


# The feed


@pytest.mark.usefixtures("at_eight")
def test_the_feed_is_read_without_a_login(client, space, member, feed):
    [booking] = booked(space, member)
    response = client.get(path_of(feed))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    [event] = Calendar.from_ical(response.content).events
    assert (event.start, event.end) == (booking.start, booking.end)


@pytest.mark.usefixtures("at_eight")
def test_the_feed_shows_only_its_member_s_bookings_and_no_name(client, space, member, feed):
    booked(space, a_member("Bruno Lacroix"))
    booked(space, member)
    body = client.get(path_of(feed)).content.decode()
    assert body.count("BEGIN:VEVENT") == 1
    for secret in ("Camille", "camille@", "Bruno"):
        assert secret not in body


@pytest.mark.usefixtures("at_eight")
def test_the_feed_tells_a_cancellation(client, space, member, feed):
    [booking] = booked(space, member)
    cancel(booking=booking, by=member.user, now=NOW)
    [event] = Calendar.from_ical(client.get(path_of(feed)).content).events
    assert event["STATUS"] == "CANCELLED"


@pytest.mark.usefixtures("at_eight")
def test_the_feed_is_in_the_language_of_its_member(client, space, feed):
    john = a_member(language="en")
    space.resources.update(name_en="Desk")
    booked(space, john)
    path = path_of(open_feed(member=john, now=NOW))
    body = client.get(path, headers={"Accept-Language": "fr"}).content
    [event] = Calendar.from_ical(body).events
    assert event["SUMMARY"] == "Desk · Morez"


@pytest.mark.usefixtures("at_eight")
def test_a_feed_that_did_not_change_is_not_sent_again(client, space, member, feed):
    booked(space, member)
    first = client.get(path_of(feed))
    known = {"If-None-Match": first.headers["ETag"]}
    again = client.get(path_of(feed), headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-cache"
    booked(space, member, slot(14, 16))
    assert client.get(path_of(feed), headers=known).status_code == 200


def test_an_event_leaves_the_feed_by_growing_old(client, space, member, feed, time_machine):
    time_machine.move_to(NOW, tick=False)
    booked(space, member)
    known = {"If-None-Match": client.get(path_of(feed)).headers["ETag"]}
    time_machine.move_to(NOW + timedelta(days=40), tick=False)
    later = client.get(path_of(feed), headers=known)
    assert later.status_code == 200
    assert Calendar.from_ical(later.content).events == []


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "%E2%98%83", "a%0Ab", "a" * 5000])
def test_an_unknown_token_is_not_found(client, feed, token):
    assert client.get(f"/calendrier/{token}.ics").status_code == 404


def test_the_feed_of_an_inactive_member_is_not_found(client, member, feed):
    member.user.is_active = False
    member.user.save()
    assert client.get(path_of(feed)).status_code == 404


def test_a_feed_cannot_be_posted_to(client, feed):
    assert client.post(path_of(feed)).status_code == 405


def test_head_answers_as_get_without_a_body(client, feed):
    assert client.head(path_of(feed)).headers["ETag"] == client.get(path_of(feed)).headers["ETag"]


@pytest.mark.usefixtures("at_eight")
@pytest.mark.parametrize("days", [1, 20])
def test_a_feed_costs_two_queries_however_long(
    client, space, member, feed, days, django_assert_num_queries
):
    booked(space, member, *(slot(9, 12, day) for day in weekdays(days)))
    with django_assert_num_queries(2):
        body = client.get(path_of(feed)).content
    assert len(Calendar.from_ical(body).events) == days


def weekdays(count: int):
    days = (TUESDAY + timedelta(days=offset) for offset in range(2 * count))
    return [day for day in days if day.weekday() < 5 and not holiday(day)][:count]


def holiday(day) -> bool:
    return (day.month, day.day) in {(4, 6), (5, 1), (5, 8)}


def test_the_token_is_in_no_line_that_we_log(client, member, feed, caplog):
    caplog.set_level("DEBUG")
    client.get(path_of(feed))
    client.force_login(member.user)
    client.post(PAGE, {"action": "rotate"}, follow=True)
    assert feed.token not in caplog.text
    assert CalendarFeed.objects.get().token not in caplog.text


# The file of one booking


def file_of(booking) -> str:
    return reverse("booking:ics", args=[booking.pk])


def test_the_holder_downloads_a_booking(client, space, member):
    [booking] = booked(space, member)
    client.force_login(member.user)
    response = client.get(file_of(booking))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    disposition = response.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="reservation-2026-03-03.ics"'
    [event] = Calendar.from_ical(response.content).events
    assert event["UID"].startswith(str(booking.pk))


def test_the_host_downloads_it_too(client, space, member):
    [booking] = booked(space, member)
    client.force_login(a_user(role=Role.HOST))
    assert client.get(file_of(booking)).status_code == 200


@pytest.mark.parametrize("who", ["another member", "partner", "nobody"])
def test_others_find_nothing(client, space, member, who):
    [booking] = booked(space, member)
    if who == "nobody":
        assert client.get(file_of(booking)).status_code == 302
        return
    user = a_user(role=Role.PARTNER) if who == "partner" else a_member().user
    client.force_login(user)
    assert client.get(file_of(booking)).status_code == 404


def test_a_cancelled_booking_downloads_as_a_cancellation(client, space, member):
    [booking] = booked(space, member)
    cancel(booking=booking, by=member.user, now=NOW)
    client.force_login(member.user)
    assert Calendar.from_ical(client.get(file_of(booking)).content)["METHOD"] == "CANCEL"


def test_a_new_secret_is_long_and_never_the_same(member):
    tokens = {rotate_feed(member=member, now=timezone.now()).token for _turn in range(5)}
    assert len(tokens) == 5
    assert {len(token) for token in tokens} == {43}
