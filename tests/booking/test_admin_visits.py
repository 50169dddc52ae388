"""Visits in the admin: the list, and a correction that says why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Visit, Way
from booking.services.visits import check_in, check_out
from members.models import AuditEntry, Role
from tests.factories import MONDAY, a_member, a_space, a_user, at, freshly

pytestmark = pytest.mark.django_db

LIST = "/admin/booking/visit/"


@pytest.fixture
def space():
    return a_space(desks=8)


@pytest.fixture
def visit(space, time_machine):
    visit = a_visit(space, a_member("Camille Roux"))
    time_machine.move_to(at(18), tick=False)
    return visit


@pytest.fixture
def host(client):
    host = a_user(role=Role.HOST)
    freshly(client, host)
    return host


def a_visit(space, member, day=MONDAY):
    visit = check_in(space=space, member=member, by=member.user, now=at(9, day=day))
    return check_out(visit=visit, by=member.user, now=at(12, day=day))


def page_of(visit):
    return reverse("admin:booking_visit_change", args=[visit.pk])


def asks(arrived="08:30", left="12:00", reason="Réseau en panne", day="2026-03-02"):
    return {
        "arrived_at_0": day,
        "arrived_at_1": arrived,
        "left_at_0": day if left else "",
        "left_at_1": left,
        "reason": reason,
    }


def test_the_list_says_who_when_and_how_long(client, host, visit):
    page = client.get(LIST).content.decode()
    assert "Camille Roux" in page
    assert "09:00–12:00" in page


def test_a_correction_is_saved_with_its_reason(client, host, visit):
    assert client.post(page_of(visit), asks()).status_code == 302
    visit.refresh_from_db()
    entry = AuditEntry.objects.filter(subject_id=str(visit.pk), by=host).get()
    assert (visit.arrived_at, visit.left_by) == (at(8, 30), Way.HOST)
    assert entry.reason == "Réseau en panne"


@pytest.mark.parametrize(
    "asked",
    [
        asks(reason=""),
        asks(left="08:00"),
        asks(left="19:00"),
        asks(day="2026-03-29", arrived="02:30"),
        asks(day="x"),
    ],
    ids=["no reason", "left before", "in the future", "no such time", "no date"],
)
def test_a_bad_correction_is_explained_and_changes_nothing(client, host, visit, asked):
    answer = client.post(page_of(visit), asked)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    visit.refresh_from_db()
    assert (visit.arrived_at, visit.corrected_at) == (at(9), None)


def test_nobody_adds_or_deletes_here(client, host, visit):
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(reverse("admin:booking_visit_delete", args=[visit.pk])).status_code == 403


def test_the_accountant_reads(client, visit):
    freshly(client, a_user(role=Role.ACCOUNTANT))
    assert client.get(page_of(visit)).status_code == 200
    assert client.post(page_of(visit), asks()).status_code == 403
    visit.refresh_from_db()
    assert visit.arrived_at == at(9)


def test_queries_do_not_grow(client, host, space, visit):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).status_code == 200
        return len(found)

    few = queries()
    for number in range(1, 12):
        day = MONDAY + timedelta(days=number)
        if day.weekday() < 5:
            a_visit(space, a_member(), day)
    assert Visit.objects.count() > 5
    assert queries() == few
