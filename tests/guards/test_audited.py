"""The guard against writes of the admin without a trace bites, and only then."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from members.models import Member
from members.services import change_profile
from tests import guards
from tests.factories import NOW, a_member

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@login_not_required
def around(request: HttpRequest) -> HttpResponse:
    Member.objects.update(trade="Lunetier")
    return HttpResponse()


@login_not_required
def through(request: HttpRequest) -> HttpResponse:
    member = Member.objects.get()
    change_profile(member=member, now=NOW, by=member.user, values={"trade": "Lunetier"})
    return HttpResponse()


urlpatterns = [
    path("admin/around/", around),
    path("admin/through/", through),
    path("elsewhere/", around),
]


def test_a_write_around_the_services_is_told(client: Client) -> None:
    a_member()
    client.post("/admin/around/")
    assert guards.take() == [
        "POST /admin/around/ writes members_member without a trace in the audit"
    ]


@pytest.mark.parametrize("address", ["/admin/through/", "/elsewhere/"])
def test_a_write_through_a_service_and_another_page_are_not(client: Client, address: str) -> None:
    a_member()
    client.post(address)
    assert guards.take() == []
