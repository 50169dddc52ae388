"""Before a dangerous act one says again who one is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from members.fresh import NeedsFreshLogin, fresh_login_required, is_fresh, require_fresh_login
from members.models import Member, Role, User
from tests.factories import APP_SECRET, freshly
from tests.members.conftest import PASSWORD, Visitor
from tests.members.test_second_factor import code_now

pytestmark = pytest.mark.django_db

CONFIRM = "/compte/reauthenticate/"


def page_of(user: User) -> str:
    return reverse("admin:members_user_change", args=[user.pk])


def data_of(user: User, *roles: Role) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "is_active": "on",
        "roles": list(roles),
    }


@pytest.fixture
def later() -> Iterator[Any]:
    """A quarter of an hour has passed."""
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)) as traveller:
        yield traveller


# The roles of a person


def test_right_after_the_login_the_roles_are_open(
    visitor: Visitor, operator: User, coworker: User
) -> None:
    visitor.post("/compte/login/", {"login": operator.email, "password": PASSWORD})
    visitor.post(reverse("mfa_authenticate"), {"code": code_now(APP_SECRET)})
    assert visitor.get(page_of(coworker)).status_code == 200
    visitor.post(page_of(coworker), data_of(coworker, Role.HOST))
    assert User.objects.get(pk=coworker.pk).is_staff


def test_on_an_old_screen_the_way_leads_over_the_password_and_back(
    visitor: Visitor, operator: User, coworker: User
) -> None:
    visitor.client.force_login(operator)
    asked = visitor.get(f"{page_of(coworker)}?tab=roles")
    assert asked.url == f"{CONFIRM}?next={quote(page_of(coworker) + '?tab=roles', safe='')}"
    assert visitor.post(asked.url, {"password": "pas le bon"}).status_code == 200
    assert visitor.get(page_of(coworker)).status_code == 302
    assert visitor.post(asked.url, {"password": PASSWORD}).url == f"{page_of(coworker)}?tab=roles"
    assert visitor.get(page_of(coworker)).status_code == 200


def test_a_post_from_an_old_screen_changes_nothing_now_nor_after_the_password(
    visitor: Visitor, operator: User, coworker: User
) -> None:
    visitor.client.force_login(operator)
    asked = visitor.post(page_of(coworker), data_of(coworker, Role.OPERATOR))
    assert asked.url.startswith(CONFIRM)
    visitor.post(asked.url, {"password": PASSWORD})
    assert not User.objects.get(pk=coworker.pk).is_staff


def test_a_code_does_as_well_as_the_password(
    visitor: Visitor, operator: User, coworker: User
) -> None:
    visitor.client.force_login(operator)
    way = f"{reverse('mfa_reauthenticate')}?next={page_of(coworker)}"
    assert way.split("?")[0] in visitor.get(CONFIRM).content.decode()
    assert visitor.post(way, {"code": code_now(APP_SECRET)}).url == page_of(coworker)
    assert visitor.get(page_of(coworker)).status_code == 200


def test_the_password_of_another_is_behind_it_too(
    visitor: Visitor, operator: User, coworker: User
) -> None:
    visitor.client.force_login(operator)
    path = reverse("admin:auth_user_password_change", args=[coworker.pk])
    assert visitor.get(path).url.startswith(CONFIRM)


def test_a_quarter_of_an_hour_later_it_is_asked_again(
    client: Client, operator: User, coworker: User, request: pytest.FixtureRequest
) -> None:
    freshly(client, operator)
    assert client.get(page_of(coworker)).status_code == 200
    request.getfixturevalue("later")
    assert client.get(page_of(coworker)).url.startswith(CONFIRM)


def test_a_host_who_gives_no_roles_is_not_asked(client: Client, host: User, coworker: User) -> None:
    client.force_login(host)
    assert client.get(page_of(coworker)).status_code == 200


def test_one_is_never_led_to_another_site(visitor: Visitor, operator: User) -> None:
    visitor.client.force_login(operator)
    answer = visitor.post(f"{CONFIRM}?next=https://evil.example/", {"password": PASSWORD})
    assert answer.url == reverse("home")


# The tool


class ListAdmin(NeedsFreshLogin, admin.ModelAdmin):  # type: ignore[type-arg]
    fresh_views = ("export", "send")
    actions: ClassVar[list[str]] = ["send"]

    def export(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("exported")

    def send(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return HttpResponse("sent")

    def look(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("seen")


@pytest.fixture
def asked(client: Client, operator: User, rf: RequestFactory) -> HttpRequest:
    """A request of somebody who logged in long ago."""
    client.force_login(operator)
    request = rf.get("/admin/liste/?page=2")
    request.user, request.session = operator, client.session
    return request


@pytest.fixture
def fresh(asked: HttpRequest, client: Client, operator: User) -> HttpRequest:
    asked.session = freshly(client, operator).session
    return asked


def test_the_mixin_asks_before_the_views_it_names_and_no_others(asked: HttpRequest) -> None:
    page = ListAdmin(Member, admin.site)
    assert page.export(asked)["Location"] == f"{CONFIRM}?next=%2Fadmin%2Fliste%2F%3Fpage%3D2"
    assert page.look(asked).content == b"seen"


def test_the_mixin_lets_the_fresh_through(fresh: HttpRequest) -> None:
    assert ListAdmin(Member, admin.site).export(fresh).content == b"exported"


def test_an_action_of_the_list_can_be_named_too(asked: HttpRequest) -> None:
    page = ListAdmin(Member, admin.site)
    action = page.get_action("send")
    assert action is not None
    assert action[0](page, asked, Member.objects.none()).status_code == 302


def test_a_function_is_decorated(asked: HttpRequest) -> None:
    view = fresh_login_required(lambda request: HttpResponse("done"))
    assert view(asked)["Location"].startswith(CONFIRM)


def test_where_to_go_on_can_be_said(asked: HttpRequest) -> None:
    answer = require_fresh_login(asked, back_to="/compte/")
    assert answer is not None
    assert answer["Location"] == f"{CONFIRM}?next=%2Fcompte%2F"


def test_what_somebody_else_proved_in_this_browser_does_not_count(
    fresh: HttpRequest, host: User
) -> None:
    assert is_fresh(fresh)
    fresh.user = host
    assert not is_fresh(fresh)


def test_a_person_without_password_is_led_to_the_passkey(
    visitor: Visitor, operator: User, coworker: User
) -> None:
    operator.set_unusable_password()
    operator.save()
    Authenticator.objects.filter(user=operator).delete()
    Authenticator.objects.create(user=operator, type=Authenticator.Type.WEBAUTHN, data={})
    visitor.client.force_login(operator)
    answer = visitor.get(visitor.get(page_of(coworker)).url)
    assert answer.url.startswith(reverse("mfa_reauthenticate_webauthn"))
