"""A colleague looks at the site in the place of a member: read only, in sight, in the audit."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from booking.models import Booking
from booking.services import book
from members import acting
from members.models import Act, AuditEntry, Member, Role, User
from tests.booking.pages import page_of, words
from tests.factories import MONDAY, NOW, a_member, a_space, a_user, freshly, slot
from tests.house.addresses import all_addresses

pytestmark = pytest.mark.django_db

STOP = "/compte/agir/arreter/"
BANNER = "Vous voyez le site comme"


@pytest.fixture
def host() -> User:
    return a_user("Hugo Vuillet", role=Role.HOST)


@pytest.fixture
def camille() -> Member:
    return a_member("Camille Secret")


def act_as(client: Client, member: Member) -> Any:
    return client.post(f"/compte/agir/{member.pk}/")


@pytest.fixture
def acting_host(client: Client, host: User, camille: Member) -> Client:
    freshly(client, host)
    assert act_as(client, camille).url == reverse("home")
    return client


def acts() -> list[tuple[str, str, str]]:
    kinds = (Act.ACTING_STARTED, Act.ACTING_STOPPED)
    entries = AuditEntry.objects.filter(act__in=kinds).order_by("id").with_people()
    return [(entry.act, entry.by.name, entry.member.user.name) for entry in entries]


# What is seen


def test_the_pages_are_those_of_the_member(acting_host: Client, camille: Member) -> None:
    space = a_space()
    book(space=space, member=camille, by=camille.user, slots=[slot(9, 12)], now=NOW)
    with time_machine.travel(NOW, tick=False):
        acting_again = acting_host.get("/reservations/")
    assert acting_again.context["user"] == camille.user
    assert camille.user.email in page_of(acting_host.get("/compte/"))


def test_every_page_says_so_with_a_way_to_stop(acting_host: Client) -> None:
    for path in ("/", "/compte/", "/reservations/", "/simulateur/", "/nulle-part/", "/calendrier/"):
        page = acting_host.get(path)
        assert "Vous voyez le site comme Camille Secret , en lecture seule" in words(page), path
        assert f'action="{STOP}"' in page_of(page)


def test_nobody_else_sees_the_banner(client: Client, camille: Member) -> None:
    client.force_login(camille.user)
    assert BANNER not in words(client.get("/compte/"))


def test_in_the_admin_the_colleague_stays_the_colleague(acting_host: Client, host: User) -> None:
    page = acting_host.get("/admin/")
    assert page.status_code == 200
    assert page.context["user"] == host
    assert BANNER not in words(page)
    assert BANNER in words(acting_host.get("/"))


def test_the_page_of_the_member_in_the_admin_has_the_button(
    client: Client, host: User, camille: Member
) -> None:
    freshly(client, host)
    page = page_of(client.get(reverse("admin:members_member_change", args=[camille.pk])))
    assert f'action="/compte/agir/{camille.pk}/"' in page
    freshly(client, a_user(role=Role.ACCOUNTANT))
    page = page_of(client.get(reverse("admin:members_member_change", args=[camille.pk])))
    assert "/compte/agir/" not in page


# What is not


@pytest.mark.parametrize("address", all_addresses(), ids=lambda address: address.name)
def test_nothing_can_be_done_in_the_place_of_a_member(
    acting_host: Client, address: Any, camille: Member
) -> None:
    if address.name in acting.OWN_ACTS or address.name.startswith("admin:"):
        return
    answer = acting_host.post(address.path)
    assert answer.status_code == 403
    assert "Vous regardez en lecture seule" in words(answer)


@pytest.mark.parametrize("address", all_addresses(), ids=lambda address: address.name)
def test_a_page_that_is_not_on_the_list_is_closed(acting_host: Client, address: Any) -> None:
    if address.name in acting.SHOWN | acting.OWN_ACTS or address.name.startswith("admin:"):
        return
    answer = acting_host.get(address.path)
    assert answer.status_code == 403
    assert "Cette page ne se montre qu’à la personne" in words(answer)


def test_the_list_names_addresses_that_exist_and_no_secret() -> None:
    names = {address.name for address in all_addresses()}
    assert acting.SHOWN | acting.OWN_ACTS <= names
    secrets = ("account_", "mfa_", "usersessions_", "admin:", "booking:calendar", "booking:feed")
    assert not any(name.startswith(secrets) for name in acting.SHOWN)


def test_a_refused_booking_is_not_made(acting_host: Client) -> None:
    space = a_space()
    acting_host.post(f"/espaces/{space.slug}/reserver/", {"date": MONDAY, "period": "morning"})
    assert not Booking.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_every_method_that_could_write_is_refused(acting_host: Client, method: str) -> None:
    assert getattr(acting_host, method)("/compte/").status_code == 403


def test_the_language_may_change(acting_host: Client) -> None:
    acting_host.post("/langue/", {"language": "en", "next": "/compte/"})
    assert '<html lang="en">' in page_of(acting_host.get("/compte/"))


# Who may


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HOST])
def test_operator_and_host_may(client: Client, role: Role, camille: Member) -> None:
    freshly(client, a_user(role=role))
    assert act_as(client, camille).status_code == 302


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.PARTNER, None])
def test_others_find_nothing_there(client: Client, role: Role | None, camille: Member) -> None:
    client.force_login(a_user(role=role))
    assert act_as(client, camille).status_code == 404
    assert BANNER not in words(client.get("/compte/"))
    assert acts() == []


def test_a_member_does_not_act_as_another(client: Client, camille: Member) -> None:
    client.force_login(a_member().user)
    assert act_as(client, camille).status_code == 404


def test_without_a_second_factor_nobody_may(client: Client, host: User, camille: Member) -> None:
    Authenticator.objects.filter(user=host).delete()
    client.force_login(host)
    assert act_as(client, camille).status_code == 404


@pytest.mark.parametrize("field", ["is_staff", "is_superuser"])
def test_nobody_acts_as_one_of_the_team(client: Client, host: User, field: str) -> None:
    colleague = a_member()
    User.objects.filter(pk=colleague.user_id).update(**{field: True})
    freshly(client, host)
    assert act_as(client, colleague).status_code == 404


def test_nobody_acts_as_a_closed_account_or_as_themselves(client: Client, host: User) -> None:
    gone, own = a_member(is_active=False), Member.objects.create(user=host)
    freshly(client, host)
    assert act_as(client, gone).status_code == 404
    assert act_as(client, own).status_code == 404


def test_one_does_not_act_from_within_acting(acting_host: Client) -> None:
    other = a_member("Autre Membre")
    assert act_as(acting_host, other).status_code == 403
    assert "Camille Secret" in words(acting_host.get("/compte/"))


def test_it_takes_a_post(client: Client, host: User, camille: Member) -> None:
    freshly(client, host)
    assert client.get(f"/compte/agir/{camille.pk}/").status_code == 405


def test_the_service_refuses_by_itself(
    client: Client, host: User, camille: Member, rf: RequestFactory
) -> None:
    request = rf.post("/")
    request.session, request.user = client.session, a_user(role=Role.ACCOUNTANT)
    with pytest.raises(ValidationError) as refusal:
        acting.start(request, member=camille, now=NOW)
    assert refusal.value.code == "acting_forbidden"
    request.user = host
    acting.start(request, member=camille, now=NOW)
    with pytest.raises(ValidationError) as refusal:
        acting.start(request, member=camille, now=NOW)
    assert refusal.value.code == "acting_nested"


# The end, and what is written


def test_it_ends_by_the_button_back_at_the_member(
    acting_host: Client, host: User, camille: Member
) -> None:
    answer = acting_host.post(STOP)
    assert answer.url == reverse("admin:members_member_change", args=[camille.pk])
    assert acting_host.get("/compte/").context["user"] == host
    assert acts() == [
        (Act.ACTING_STARTED, "Hugo Vuillet", "Camille Secret"),
        (Act.ACTING_STOPPED, "Hugo Vuillet", "Camille Secret"),
    ]


def test_the_audit_says_until_when_at_most(client: Client, host: User, camille: Member) -> None:
    freshly(client, host)
    with time_machine.travel(timezone.now(), tick=False):
        act_as(client, camille)
        until = timezone.now() + timedelta(minutes=30)
    assert AuditEntry.objects.get(act=Act.ACTING_STARTED).changes == {
        "until": [None, until.isoformat()]
    }


def test_it_ends_after_half_an_hour(acting_host: Client, host: User) -> None:
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=29)):
        assert BANNER in words(acting_host.get("/compte/"))
    with time_machine.travel(now + timedelta(minutes=31)):
        page = acting_host.get("/compte/")
        assert page.context["user"] == host
        assert BANNER not in words(page)
        assert "de nouveau le site comme vous-même" in words(page)


def test_it_ends_with_the_right(acting_host: Client, host: User) -> None:
    host.groups.clear()
    assert acting_host.get("/compte/").context["user"] == host


def test_it_ends_when_the_second_factor_is_gone(acting_host: Client, host: User) -> None:
    Authenticator.objects.filter(user=host).delete()
    assert acting_host.get("/compte/").context["user"] == host


def test_it_ends_when_the_member_joins_the_team(
    acting_host: Client, host: User, camille: Member
) -> None:
    User.objects.filter(pk=camille.user_id).update(is_staff=True)
    assert acting_host.get("/compte/").context["user"] == host


def test_logging_out_ends_it_and_is_written(acting_host: Client, camille: Member) -> None:
    acting_host.post("/compte/logout/")
    assert acting_host.get("/compte/").status_code == 302
    assert [act for act, *_ in acts()] == [Act.ACTING_STARTED, Act.ACTING_STOPPED]
    assert acting.SESSION_KEY not in acting_host.session


def test_a_closed_account_of_the_colleague_ends_all(acting_host: Client, host: User) -> None:
    User.objects.filter(pk=host.pk).update(is_active=False)
    assert acting_host.get("/compte/").status_code == 302


def test_stopping_twice_is_no_fault(acting_host: Client) -> None:
    acting_host.post(STOP)
    assert acting_host.post(STOP).url == reverse("home")
    assert len(acts()) == 2


def test_who_stopped_may_start_again(acting_host: Client) -> None:
    acting_host.post(STOP)
    assert act_as(acting_host, a_member("Autre Membre")).status_code == 302
    assert "Autre Membre" in words(acting_host.get("/compte/"))


@pytest.mark.parametrize("end", ["stop", "time"])
def test_a_form_that_was_left_open_is_not_sent_by_another_than_it_shows(
    host: User, camille: Member, end: str
) -> None:
    """What the page of the member offered must not be done by the colleague afterwards."""
    browser = freshly(Client(enforce_csrf_checks=True), host)
    token = browser.get("/compte/").context["csrf_token"]
    browser.post(f"/compte/agir/{camille.pk}/", {"csrfmiddlewaretoken": str(token)})
    left_open = str(browser.get("/compte/").context["csrf_token"])
    now = timezone.now()
    if end == "stop":
        browser.post(STOP, {"csrfmiddlewaretoken": left_open})
    with time_machine.travel(now + timedelta(minutes=31 if end == "time" else 1)):
        data = {"name": "Pirate", "language": "fr", "csrfmiddlewaretoken": left_open}
        assert browser.post("/compte/", data).status_code == 403
    assert set(User.objects.values_list("name", flat=True)) == {"Hugo Vuillet", "Camille Secret"}


def test_the_right_is_one_of_the_table() -> None:
    assert Permission.objects.filter(codename="act_as_member").exists()
