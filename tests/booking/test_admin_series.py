"""Series in the admin: the team reads them with their history, and nobody writes there."""

from datetime import date, time

import pytest
from django.urls import reverse

from booking.services.series import make
from booking.services.series_days import rule_of
from members.models import Role
from tests.factories import NOW, TUESDAY, a_member, a_space, a_user

pytestmark = pytest.mark.django_db

LIST = reverse("admin:booking_series_changelist")


@pytest.fixture
def series():
    member, last = a_member("Aline Morel"), date(2026, 3, 31)
    rule = rule_of(weekdays=(1, 3), start=time(9), end=time(12), first_day=TUESDAY, last_day=last)
    return make(space=a_space(), member=member, rule=rule, by=member.user, now=NOW)


@pytest.mark.parametrize("role", [Role.HOST, Role.OPERATOR])
def test_the_team_reads_and_does_not_write(client, series, role):
    client.force_login(a_user(role=role))
    page = client.get(LIST, {"q": "Morel"}).content.decode()
    assert "mardi, jeudi" in page
    one = reverse("admin:booking_series_change", args=[series.pk])
    page = client.get(one).content.decode()
    assert "09:00–12:00" in page
    assert "Aline Morel" in page
    assert client.post(one, {"weekdays": "1"}).status_code == 403
    assert client.get(reverse("admin:booking_series_add")).status_code == 403
    assert client.get(reverse("admin:booking_series_delete", args=[series.pk])).status_code == 403


def test_the_accountant_has_no_business_there(client, series):
    client.force_login(a_user(role=Role.ACCOUNTANT))
    assert client.get(LIST).status_code == 403
