"""Series as pages: the days before the button, my series, a change from one day on, or of all."""

import uuid
from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Closure, Series
from booking.services import book
from booking.services.series import make
from booking.services.series_days import rule_of
from members.models import State
from tests.factories import NOW, PARIS, TUESDAY, a_member, a_space, a_user, slot

pytestmark = pytest.mark.django_db

NEW = "/series/nouvelle/"
MARCH, SECOND, THIRD = date(2026, 3, 31), date(2026, 3, 5), date(2026, 3, 10)
ASKED = {
    "weekdays": ["1", "3"],
    "from": "09:00",
    "to": "12:00",
    "first": TUESDAY.isoformat(),
    "last": "2026-05-31",
    "resource": "",
}
NEW_HOURS = {"from": "14:00", "to": "16:00", "resource": ""}


@pytest.fixture(autouse=True)
def at_eight(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def space():
    return a_space(desks=2)


@pytest.fixture
def member(client):
    member = a_member("Aline")
    client.force_login(member.user)
    return member


@pytest.fixture
def series(space, member):
    return a_series(space, member)


def a_series(space, member, last=MARCH):
    days = {"weekdays": (1, 3), "first_day": TUESDAY, "last_day": last}
    rule = rule_of(**days, start=time(9), end=time(12))
    return make(space=space, member=member, rule=rule, by=member.user, now=NOW)


def text(answer):
    return answer.content.decode()


def of(series, name):
    return reverse(f"booking:{name}", args=[series.pk])


def on(series, day):
    return next(b for b in series.bookings.with_place() if b.slot.local_day(PARIS) == day)


def starts(bookings):
    return {booking.start.astimezone(PARIS).hour for booking in bookings}


def test_the_booking_form_leads_there_with_its_moment(client, space, member):
    asked = {"date": TUESDAY.isoformat(), "period": "custom", "from": "10:00", "to": "12:00"}
    form = client.get(reverse("booking:book", args=[space.slug]), asked)
    address = f"{NEW}?space={space.slug}&amp;date=2026-03-03&amp;period=custom"
    assert address in text(form)
    page = text(client.get(NEW, asked | {"space": space.slug}))
    assert 'value="10:00"' in page
    assert 'value="2026-03-03"' in page
    assert "jours à l’avance" in page
    space.series_days = 0
    space.save()
    assert NEW not in text(client.get(reverse("booking:book", args=[space.slug]), asked))


def test_every_day_is_named_before_the_button_that_books(client, space, member):
    Closure.objects.create(space=space, starts_on=SECOND, ends_on=SECOND, reason="Ménage")
    page = text(client.get(NEW, ASKED | {"space": space.slug}))
    assert "24 jours à réserver" in page
    assert "Jeudi 5 mars" in page
    assert "Ménage" in page
    assert "Ascension" in page
    assert page.index("Mardi 10 mars") < page.index("Réserver ces 24 jours")
    assert not Series.objects.exists()
    sent = ASKED | {"space": space.slug, "request_key": str(uuid.uuid4())}
    for _click in range(2):
        answer = client.post(NEW, sent, follow=True)
    series = Series.objects.get()
    assert answer.redirect_chain[-1][0] == series.get_absolute_url()
    assert series.bookings.count() == 24
    assert "Ascension" in text(answer)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"last": "2036-03-03"}, "au plus deux ans"),
        ({"last": "9999-12-31"}, "au plus deux ans"),
        ({"last": "2026-12-24"}, "jusqu’au"),
        ({"first": "2026-02-01"}, "déjà passé"),
        ({"first": "31/31"}, "n’existe pas au calendrier"),
        ({"weekdays": []}, "au moins un jour"),
        ({"weekdays": ["8"]}, "de la liste"),
        ({"to": "08:00"}, "La fin doit suivre"),
        ({"resource": "77777"}, "n’existe pas dans cet espace"),
    ],
)
def test_what_makes_no_series_is_said_beside_its_field(client, space, member, fields, words):
    asked = ASKED | {"space": space.slug} | fields
    assert words in text(client.get(NEW, asked))
    answer = client.post(NEW, asked | {"request_key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Series.objects.exists()


def test_a_series_of_nothing_has_no_button(client, space, member):
    page = text(client.get(NEW, ASKED | {"from": "19:00", "to": "20:00", "space": space.slug}))
    assert "Aucun de ces jours" in page
    assert "request_key" not in page


def test_an_applicant_is_told_and_staff_have_no_place(client, space):
    client.force_login(a_member(state=State.APPLICANT).user)
    assert "adhésion" in text(client.get(NEW, ASKED | {"space": space.slug}))
    client.force_login(a_user())
    assert client.get(NEW, {"space": space.slug}).status_code == 403


def test_without_a_space_the_first_is_meant_and_an_unknown_one_is_not_there(client, member):
    assert client.get(NEW).status_code == 404
    a_space()
    assert client.get(NEW).status_code == 200
    assert client.get(NEW, {"space": "ailleurs"}).status_code == 404


def test_only_my_own(client, space, member):
    other = a_series(space, a_member())
    for name in ("series", "series_change", "series_cancel"):
        assert client.get(of(other, name)).status_code == 404
    for name in ("series_change", "series_cancel"):
        assert client.post(of(other, name), {"scope": "all"}).status_code == 404
    mine = a_series(space, member)
    strange = {"booking": on(other, THIRD).pk}
    assert client.get(of(mine, "series_change"), strange).status_code == 404
    assert client.get(of(mine, "series_cancel"), {"booking": "abc"}).status_code == 404


def test_my_series_is_shown_where_my_bookings_are(client, member, series):
    page = text(client.get(reverse("booking:mine")))
    assert "Mes séries" in page
    assert series.get_absolute_url() in page
    page = text(client.get(on(series, THIRD).get_absolute_url()))
    assert "Fait partie d’une série" in page
    assert f"{of(series, 'series_cancel')}?booking={on(series, THIRD).pk}" in page


def test_of_a_long_series_the_next_weeks_are_in_my_list(client, space, member):
    made = a_series(space, member, last=date(2026, 6, 30))
    page = text(client.get(reverse("booking:mine")))
    assert on(made, date(2026, 3, 26)).get_absolute_url() in page
    assert on(made, date(2026, 4, 2)).get_absolute_url() not in page
    far = on(made, date(2026, 6, 30)).get_absolute_url()
    assert far not in text(client.get(made.get_absolute_url()))
    assert far in text(client.get(made.get_absolute_url(), {"page": 2}))


def test_the_page_of_a_series_asks_the_same_for_few_and_many_days(client, space, member):
    def queries(series):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(series.get_absolute_url()).status_code == 200
        return len(asked)

    few = a_series(space, member, last=SECOND)
    client.get(few.get_absolute_url())
    asked = queries(few)
    few.bookings.all().delete()
    assert queries(a_series(space, member, last=date(2026, 9, 1))) == asked


def test_a_change_is_named_before_it_is_made(client, member, space, series):
    for who in (a_member(), a_member()):
        book(space=space, member=who, by=who.user, slots=[slot(14, 16, SECOND)], now=NOW)
    asked = NEW_HOURS | {"scope": "all"}
    page = text(client.get(of(series, "series_change"), asked))
    assert "14:00–16:00" in page
    assert "Reste comme elle est" in page
    assert starts(series.bookings.all()) == {9}
    answer = client.post(of(series, "series_change"), asked, follow=True)
    assert "8 réservations changées." in text(answer)
    assert "Restent comme elles étaient : jeudi 5 mars" in text(answer).replace("\xa0", " ")
    assert starts(series.bookings.all()) == {9, 14}


def test_this_one_or_this_and_following(client, member, series):
    third = on(series, THIRD)
    asked = NEW_HOURS | {"booking": third.pk}
    path = of(series, "series_change")
    assert "Celle-ci et les suivantes" in text(client.get(path, {"booking": third.pk}))
    page = text(client.get(path, asked | {"scope": "this"}))
    assert page.count("14:00–16:00") == 1
    client.post(path, asked | {"scope": "following"})
    later = Series.objects.exclude(pk=series.pk).get()
    assert (starts(series.bookings.all()), starts(later.bookings.all())) == ({9}, {14})
    second = on(series, SECOND)
    client.post(path, NEW_HOURS | {"booking": second.pk, "scope": "this"})
    second.refresh_from_db()
    assert second.series is None
    assert client.post(path, NEW_HOURS | {"scope": "following"}).status_code == 422
    assert client.post(path, NEW_HOURS | {"scope": "all", "to": "13:00"}).status_code == 422


def test_cancelling_asks_how_far(client, member, series):
    path = of(series, "series_cancel")
    assert "Celle-ci et les suivantes" not in text(client.get(path))
    assert client.post(path, {"scope": "following"}).status_code == 422
    third = on(series, THIRD)
    answer = client.post(path, {"scope": "following", "booking": third.pk}, follow=True)
    assert "7 réservations annulées." in text(answer)
    answer = client.post(path, {"scope": "all"}, follow=True)
    assert "Cette série a été arrêtée" in text(answer)
    assert not series.bookings.confirmed().exists()
