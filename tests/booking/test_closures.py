"""Closing days of a space or of a place: what is met, what is offered, how it is undone."""

import re
from datetime import date

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from booking import availability, offers, walk_in
from booking.availability import PlaceState
from booking.models import Booking, Closure, Kind, Space, Status, Wait
from booking.services import book, cancel, waiting
from booking.services.closures import close, reopen
from coworking.desk.stranded import stranded
from members.models import Act, AuditEntry, Role
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_resource, a_space, a_user, at, slot
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

ADD = "/admin/booking/closure/add/"
WEDNESDAY, THURSDAY = date(2026, 3, 4), date(2026, 3, 5)
MORNING = slot(9, 12, TUESDAY)


@pytest.fixture
def space():
    return a_space(name="La Cordée de Morez")


@pytest.fixture
def host():
    return a_user(role=Role.HOST)


@pytest.fixture
def admin(client, host, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(host)
    return client


def booked(space, name="", hours=MORNING, code="P1"):
    member, place = a_member(name), space.resources.get(code=code)
    more = {"slots": [hours], "resource": place, "now": NOW}
    return book(space=space, member=member, by=member.user, **more)[0]


def a_closure(space, first=TUESDAY, last=TUESDAY, code="", reason="Inventaire"):
    place = space.resources.get(code=code) if code else None
    return Closure(space=space, resource=place, starts_on=first, ends_on=last, reason=reason)


def fresh(space):
    return Space.objects.with_calendar().get(pk=space.pk)


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    """Runs a service and hands back what it wrote to people."""

    def run(service, **more):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            service(now=NOW, **more)
        return list(mail.outbox)

    return run


# Closing


def test_bookings_stand_unless_the_host_cancels_them(space, host, letters):
    booking = booked(space)
    assert letters(close, closure=a_closure(space), by=host) == []
    booking.refresh_from_db()
    assert booking.status == Status.CONFIRMED


def test_who_is_cancelled_gets_one_letter_with_the_next_open_days(space, host, letters):
    first = booked(space, "Camille Roux")
    book(
        space=space,
        member=first.member,
        by=first.member.user,
        slots=[slot(14, 16, TUESDAY)],
        now=NOW,
    )
    booked(space, "Bruno Lacroix", code="P2")
    booked(space, "Zoé", slot(9, 12, THURSDAY))
    sent = letters(close, closure=a_closure(space, TUESDAY, WEDNESDAY), by=host, cancels=True)
    assert len(sent) == 2
    [mine] = [message for message in sent if message.to == [first.member.user.email]]
    text = mine.body
    assert "Inventaire" in text
    assert "09:00–12:00" in text
    assert "14:00–16:00" in text
    assert "Prochains jours ouverts : jeudi 5 mars, vendredi 6 mars, lundi 9 mars." in text
    assert "date=2026-03-05&period=custom&from=09%3A00&to=12%3A00" in text
    assert "METHOD:CANCEL" in mine.attachments[0].get_payload(decode=True).decode()
    assert Booking.objects.confirmed().count() == 1


def test_a_cancelled_booking_remembers_the_closure_and_the_audit_the_reason(space, host):
    booking = booked(space)
    done = close(closure=a_closure(space), by=host, now=NOW, cancels=True)
    booking.refresh_from_db()
    assert (booking.status, booking.closure) == (Status.CANCELLED, done.closure)
    entry = AuditEntry.objects.about(booking).first()
    assert entry is not None
    assert (entry.act, entry.reason, entry.by) == (Act.CANCELLED, "Inventaire", host)


def test_a_place_that_closes_offers_another_of_its_kind_to_each(space, host, letters):
    booked(space, "Un", slot(9, 11, TUESDAY))
    booked(space, "Deux", slot(11, 13, TUESDAY))
    booked(space, "Voisine", slot(9, 11, TUESDAY), code="P2")
    booked(space, "Voisin", slot(10, 13, TUESDAY), code="P3")
    texts = [
        message.body
        for message in letters(close, closure=a_closure(space, code="P1"), by=host, cancels=True)
    ]
    assert len(texts) == 2
    assert "libre" not in texts[0]
    assert "À la même heure, « Poste 2 » est libre." in texts[1]
    assert f"resource={space.resources.get(code='P2').pk}" in texts[1]


def test_one_place_is_offered_once_at_a_time(space):
    """Two people at the closed room at different hours, or one after the other: never both."""
    room = space.resources.get(code="R1")
    a_resource(space, code="R2", kind=Kind.ROOM, capacity=2)
    for hour in (9, 10):
        booked(space, hours=slot(hour, hour + 1, TUESDAY), code="R1")
    found = offers.hits(fresh(space), a_closure(space, code="R1"), NOW)
    assert [hit.place.code for hit in found if hit.place] == ["R2", "R2"]
    assert room.pk not in {hit.place.pk for hit in found if hit.place}


def test_what_has_begun_stands(space, host, letters):
    booking = booked(space, hours=slot(9, 12))
    mail.outbox.clear()
    done = close(
        closure=a_closure(space, MONDAY, MONDAY), by=host, now=at(10, 0, MONDAY), cancels=True
    )
    assert (done.cancelled, done.standing) == ([], [booking])


def test_who_may_not_pass_over_rules_does_not_cancel(space):
    booked(space)
    with refused("override_forbidden"):
        close(closure=a_closure(space), by=a_user(), now=NOW, cancels=True)
    assert not Closure.objects.exists()


def test_a_place_of_another_space_is_refused(space, host):
    closure = a_closure(space)
    closure.resource = a_space().resources.get(code="P1")
    with refused("other_space"):
        close(closure=closure, by=host, now=NOW)


def test_closing_the_same_days_again_finds_them_closed(space, host, letters):
    booked(space)
    first = close(closure=a_closure(space), by=host, now=NOW)
    sent = letters(close, closure=a_closure(space), by=host, cancels=True)
    assert Closure.objects.get() == first.closure
    assert len(sent) == 1
    assert letters(close, closure=a_closure(space), by=host, cancels=True) == []


@pytest.mark.parametrize("code", ["", "P1"])
def test_the_database_holds_one_closure_of_the_same_days(space, code):
    a_closure(space, code=code).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        a_closure(space, code=code).save()


def test_the_database_holds_that_only_a_cancelled_booking_has_a_closure(space):
    booking, closure = booked(space), a_closure(space)
    closure.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(closure=closure)


def test_a_closure_keeps_its_place(space, host):
    closure = close(closure=a_closure(space, code="P1"), by=host, now=NOW).closure
    closure.resource = space.resources.get(code="P2")
    with refused("place_fixed"):
        close(closure=closure, by=host, now=NOW)


# A place that is closed


@pytest.fixture
def shut(space, host):
    close(closure=a_closure(space, code="P1", reason="Chaise cassée"), by=host, now=NOW)
    return fresh(space)


def test_a_closed_place_is_not_free_and_the_others_are(shut):
    free = availability.free_resources(shut, [MORNING], Kind.DESK)
    assert [place.code for place in free] == ["P2", "P3"]
    places = {place.resource.code: place for place in availability.board(shut, [MORNING], None)}
    assert places["P1"].state is PlaceState.CLOSED
    assert places["P1"].closed_because == "Chaise cassée"
    assert places["P2"].state is PlaceState.FREE
    [tuesday] = availability.days_board(shut, [TUESDAY], NOW)
    assert [half.free for half in tuesday.halves] == [2, 2]
    assert availability.opening(shut, TUESDAY).is_open


def test_nobody_who_walks_in_gets_it(shut):
    space = shut
    space.resources.filter(code__in=["P2", "P3"]).update(is_bookable=False)
    assert walk_in.free_desk(space, slot(9, 12, TUESDAY), at(9, 0, TUESDAY)) is None
    assert walk_in.free_desk(space, slot(9, 12), at(9)) is not None


def test_booking_it_is_refused_with_the_reason(shut):
    with refused("closed"):
        booked(shut)
    assert booked(shut, hours=slot(9, 12, WEDNESDAY))


def test_reading_closed_places_costs_no_query(shut, django_assert_num_queries):
    with django_assert_num_queries(1):
        availability.free_resources(shut, [MORNING], Kind.DESK)
    with django_assert_num_queries(2):
        availability.board(shut, [MORNING], None)


@pytest.mark.parametrize("desks", [3, 30])
def test_what_a_closure_meets_costs_three_queries(desks, django_assert_num_queries):
    space = a_space(desks=desks)
    for hour in range(9, 18):
        booked(space, hours=slot(hour, hour + 1, TUESDAY))
    space = fresh(space)
    closure = a_closure(space, code="P1")
    with django_assert_num_queries(3):
        found = offers.hits(space, closure, NOW)
        assert all(hit.booking.member.user.name and hit.place for hit in found)
    assert len(found) == 9


def test_the_first_page_of_the_team_names_bookings_at_a_closed_place(space, host):
    booking = booked(space)
    close(closure=a_closure(space, code="P1", reason="Chaise cassée"), by=host, now=NOW)
    assert [(line.booking, line.why) for line in stranded(fresh(space), NOW)] == [
        (booking, "Chaise cassée")
    ]


def test_the_plan_says_why(shut, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(a_member().user)
    address = reverse("booking:plan", args=[shut.slug])
    page = client.get(address, {"date": TUESDAY.isoformat(), "period": "morning"}).content.decode()
    assert "Chaise cassée" in page


# Undoing


def test_opening_again_tells_once_and_books_nothing(space, host, letters):
    booking = booked(space, "Camille Roux")
    other = booked(space, "Bruno", code="P2")
    closure = close(closure=a_closure(space), by=host, now=NOW, cancels=True).closure
    sent = letters(reopen, closure=closure, by=host)
    assert sorted(m.to[0] for m in sent) == sorted(
        [booking.member.user.email, other.member.user.email]
    )
    [mine] = [message for message in sent if message.to == [booking.member.user.email]]
    assert "la même place est libre" in mine.body
    assert f"resource={booking.resource_id}" in mine.body
    assert not Booking.objects.confirmed().exists()
    assert letters(reopen, closure=closure, by=host) == []
    acts = AuditEntry.objects.filter(subject_type="booking.closure").values_list("act", flat=True)
    assert set(acts) == {Act.CREATED, Act.CANCELLED}


def test_a_place_taken_since_is_not_promised(space, host, letters):
    booked(space)
    closure = close(closure=a_closure(space, code="P1"), by=host, now=NOW, cancels=True).closure
    member = a_member()
    place = space.resources.get(code="P1")
    more = {"slots": [MORNING], "resource": place, "override_reason": "Réparée"}
    book(space=space, member=member, by=host, now=NOW, **more)
    [letter] = letters(reopen, closure=closure, by=host)
    assert "cette place est prise" in letter.body
    assert "resource=" not in letter.body


def test_while_another_closure_holds_nobody_is_told_yet(space, host, letters):
    booking = booked(space)
    first = close(closure=a_closure(space, code="P1"), by=host, now=NOW, cancels=True).closure
    second = close(closure=a_closure(space), by=host, now=NOW).closure
    assert letters(reopen, closure=first, by=host) == []
    booking.refresh_from_db()
    assert booking.closure == second
    assert len(letters(reopen, closure=second, by=host)) == 1


def test_a_closure_made_shorter_tells_those_whose_day_is_open_again(space, host, letters):
    booked(space)
    wednesday = booked(space, hours=slot(9, 12, WEDNESDAY))
    days = a_closure(space, TUESDAY, WEDNESDAY)
    closure = close(closure=days, by=host, now=NOW, cancels=True).closure
    closure.ends_on = TUESDAY
    [letter] = letters(close, closure=closure, by=host)
    assert letter.to == [wednesday.member.user.email]
    wednesday.refresh_from_db()
    assert (wednesday.closure, wednesday.status) == (None, Status.CANCELLED)


def test_who_cancelled_by_himself_is_not_told(space, host, letters):
    booking = booked(space)
    cancel(booking=booking, by=booking.member.user, now=NOW)
    closure = close(closure=a_closure(space), by=host, now=NOW, cancels=True).closure
    assert letters(reopen, closure=closure, by=host) == []


def test_who_waits_for_the_day_is_offered_a_place_when_it_opens(host):
    space = a_space(desks=1)
    booked(space)
    member = a_member()
    waiting.ask(space=space, member=member, slot=MORNING, by=member.user, now=NOW)
    closure = close(closure=a_closure(space), by=host, now=NOW, cancels=True).closure
    assert not Wait.objects.get().has_offer
    reopen(closure=closure, by=host, now=NOW)
    assert Wait.objects.get().has_offer


# In the admin


def asks(space, last=TUESDAY, **more):
    days = {"starts_on": TUESDAY.isoformat(), "ends_on": last.isoformat()}
    return {"space": space.pk, "resource": "", "reason": "Inventaire", **days, **more}


def answer(page, decision):
    """The hidden fields of the page that asks, and a decision."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return dict(found) | {"decision": decision}


def test_nothing_is_closed_before_the_list_is_read(admin, space):
    booking = booked(space, "Camille Roux")
    page = admin.post(ADD, asks(space)).content.decode()
    assert "mardi 3 mars 2026, 09:00–12:00, Poste 1, Camille Roux" in page
    assert "Prochains jours ouverts : mercredi 4 mars" in page
    assert reverse("admin:booking_booking_change", args=[booking.pk]) in page
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    ("decision", "status", "words"),
    [
        ("cancel", Status.CANCELLED, "1 réservation annulée"),
        ("keep", Status.CONFIRMED, "1 réservation tombe un jour fermé"),
    ],
)
def test_the_host_decides(admin, space, decision, status, words):
    booking = booked(space)
    page = admin.post(ADD, asks(space)).content.decode()
    done = admin.post(ADD, answer(page, decision), follow=True).content.decode()
    assert words in done
    booking.refresh_from_db()
    assert booking.status == status
    assert Closure.objects.get().reason == "Inventaire"


def test_a_list_that_has_grown_is_shown_again(admin, space):
    booked(space)
    page = admin.post(ADD, asks(space)).content.decode()
    booked(space, "Bruno Lacroix", code="P2")
    again = admin.post(ADD, answer(page, "cancel")).content.decode()
    assert "entre-temps" in again
    assert "Bruno Lacroix" in again
    assert not Closure.objects.exists()


def test_free_days_are_closed_at_once(admin, space):
    booked(a_space())
    page = admin.post(ADD, asks(space), follow=True).content.decode()
    assert Closure.objects.count() == 1
    assert "jour fermé" not in page


def test_a_room_is_closed_alone(admin, space):
    room = a_resource(space, code="R2", name="Grande salle", kind=Kind.ROOM, capacity=10)
    booked(space, code="R1")
    place = space.resources.get(code="R1").pk
    page = admin.post(ADD, asks(space, resource=place)).content.decode()
    assert f"À la même heure, « {room.name} » est libre." in page
    admin.post(ADD, answer(page, "cancel"))
    assert Closure.objects.get().resource_id == place


def test_days_in_the_wrong_order_are_refused(admin, space):
    booked(space)
    page = admin.post(ADD, asks(space, starts_on=WEDNESDAY.isoformat())).content.decode()
    assert "Le dernier jour ne peut pas précéder le premier." in page


def test_the_warning_leads_to_the_bookings_that_stand(admin, space):
    booked(space, "Camille Roux")
    booked(space, "Bruno Lacroix", slot(9, 12))
    page = admin.post(ADD, asks(space)).content.decode()
    page = admin.post(ADD, answer(page, "keep"), follow=True).content.decode()
    [link] = re.findall(r'href="(/admin/booking/booking/\?[^"]*)"', page)
    listed = admin.get(link.replace("&amp;", "&")).content.decode()
    assert listed.count("field-hours") == 1
    assert "Camille Roux" in listed


def test_deleting_a_closure_tells_how_many_know(admin, space, host):
    booked(space)
    closure = close(closure=a_closure(space), by=host, now=NOW, cancels=True).closure
    address = reverse("admin:booking_closure_delete", args=[closure.pk])
    page = admin.post(address, {"post": "yes"}, follow=True).content.decode()
    assert "1 personne est prévenue" in page
    assert not Closure.objects.exists()


def test_who_may_not_close_is_not_shown_the_bookings(client, space):
    booked(space, "Camille Roux")
    client.force_login(a_user(role=Role.ACCOUNTANT))
    response = client.post(ADD, asks(space))
    assert response.status_code == 403
