"""A second factor: how one adds it, how it is asked for, and the admin it opens."""

import re
import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import LazySettings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import AuditEntry, Role, User
from members.second_factor import has_second_factor
from tests.factories import APP_SECRET, freshly, protect
from tests.house.addresses import all_addresses
from tests.members.conftest import PASSWORD, MakeUser, Visitor

pytestmark = pytest.mark.django_db

LOGIN = "/compte/login/"
FACTOR = "/compte/2fa/"
ACTIVATE = "/compte/2fa/totp/activate/"
CODES = "/compte/2fa/recovery-codes/"


def code_now(secret: str) -> str:
    """What the app on the telephone shows (RFC 6238)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def log_in(visitor: Visitor, user: User) -> Any:
    return visitor.post(LOGIN, {"login": user.email, "password": PASSWORD})


def add_an_app(visitor: Visitor) -> Any:
    """From the page of the second factor to the recovery codes, as a person does."""
    page = visitor.get(ACTIVATE).content.decode()
    secret = re.search(r'id="app-secret"[^>]*value="([A-Z2-7]+)"', page)
    assert secret, page
    return visitor.post(ACTIVATE, {"code": code_now(secret[1])})


# Adding one


def test_adding_an_app_asks_for_the_password_then_for_its_code_and_gives_recovery_codes(
    visitor: Visitor, coworker: User
) -> None:
    log_in(visitor, coworker)
    asked = visitor.get(ACTIVATE)
    assert asked.url == f"{reverse('account_reauthenticate')}?next={ACTIVATE.replace('/', '%2F')}"
    assert visitor.post(asked.url, {"password": PASSWORD}).url == ACTIVATE
    done = add_an_app(visitor)
    assert done.url == CODES
    assert has_second_factor(coworker)
    page = visitor.get(CODES).content.decode()
    assert len(re.findall(r"<li>\d{8}</li>", page)) == 10


def test_the_drawing_is_an_element_of_the_page_not_an_image_that_the_policy_forbids(
    client: Client, coworker: User
) -> None:
    page = freshly(client, coworker).get(ACTIVATE).content.decode()
    assert re.search(r'<div class="qr" role="img" aria-label="[^"]+"><svg ', page)
    assert "data:" not in page
    assert not re.search(r"<svg[^>]*style=|<\?xml", page)


def test_a_wrong_code_adds_nothing(client: Client, coworker: User) -> None:
    freshly(client, coworker).get(ACTIVATE)
    page = client.post(ACTIVATE, {"code": "000000"}).content.decode()
    assert "ne convient pas" in page
    assert not has_second_factor(coworker)


def test_each_change_is_told_by_mail(visitor: Visitor, coworker: User) -> None:
    freshly(visitor.client, coworker)
    add_an_app(visitor)
    visitor.post(f"{CODES}generate/", {})
    visitor.post("/compte/2fa/totp/deactivate/", {})
    assert [message.subject for message in mail.outbox] == [
        "Une application protège votre compte",
        "Vos codes de secours sont nouveaux",
        "L’application est retirée de votre compte",
    ]
    assert {address for message in mail.outbox for address in message.to} == {coworker.email}


def test_removing_the_last_factor_takes_the_recovery_codes_along(
    visitor: Visitor, coworker: User
) -> None:
    freshly(visitor.client, protect(coworker))
    visitor.post("/compte/2fa/totp/deactivate/", {})
    assert not Authenticator.objects.filter(user=coworker).exists()


def test_new_recovery_codes_close_the_old_ones(visitor: Visitor, coworker: User) -> None:
    freshly(visitor.client, protect(coworker))
    before = re.findall(r"<li>(\d{8})</li>", visitor.get(CODES).content.decode())
    assert visitor.post(f"{CODES}generate/", {}).url == CODES
    after = re.findall(r"<li>(\d{8})</li>", visitor.get(CODES).content.decode())
    assert len(after) == 10
    assert set(before).isdisjoint(after)


def test_recovery_codes_are_a_file_to_keep(client: Client, coworker: User) -> None:
    answer = freshly(client, protect(coworker)).get(f"{CODES}download/")
    assert "attachment" in answer["Content-Disposition"]
    assert len(answer.content.split()) == 10


def test_there_are_no_codes_to_see_without_a_factor(client: Client, coworker: User) -> None:
    assert freshly(client, coworker).get(CODES).status_code == 404


@pytest.mark.parametrize("path", [ACTIVATE, CODES, f"{CODES}download/", f"{CODES}generate/"])
def test_an_open_screen_shows_no_secret(client: Client, coworker: User, path: str) -> None:
    client.force_login(coworker if path == ACTIVATE else protect(coworker))
    assert client.get(path).url.startswith(reverse("account_reauthenticate"))


def test_the_page_says_what_protects_the_account(client: Client, coworker: User) -> None:
    client.force_login(coworker)
    assert "Relier une application" in client.get(FACTOR).content.decode()
    assert "Second facteur actif" not in client.get("/compte/").content.decode()
    protect(coworker)
    page = client.get(FACTOR).content.decode()
    assert "Retirer l’application" in page
    assert "Il vous reste 10 codes de secours" in page
    assert "Second facteur actif" in client.get("/compte/").content.decode()


# Logging in with it


def test_after_the_password_the_code_is_asked(visitor: Visitor, coworker: User) -> None:
    protect(coworker)
    assert log_in(visitor, coworker).url == reverse("mfa_authenticate")
    assert visitor.get("/compte/").status_code == 302  # not in yet
    refused = visitor.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "ne convient pas" in refused.content.decode()
    entered = visitor.post(reverse("mfa_authenticate"), {"code": code_now(APP_SECRET)})
    assert entered.url == reverse("home")
    assert visitor.get("/compte/").status_code == 200


def test_a_code_of_the_app_opens_once(
    visitor: Visitor, another_visitor: Visitor, coworker: User
) -> None:
    protect(coworker)
    for somebody, status in ((visitor, 302), (another_visitor, 200)):
        log_in(somebody, coworker)
        code = {"code": code_now(APP_SECRET)}
        assert somebody.post(reverse("mfa_authenticate"), code).status_code == status


def test_a_code_is_taken_half_a_minute_late_and_no_later(visitor: Visitor, coworker: User) -> None:
    protect(coworker)
    code, now = {"code": code_now(APP_SECRET)}, timezone.now()
    log_in(visitor, coworker)
    with time_machine.travel(now + timedelta(minutes=2)):
        assert visitor.post(reverse("mfa_authenticate"), code).status_code == 200
    with time_machine.travel(now + timedelta(seconds=30)):
        assert visitor.post(reverse("mfa_authenticate"), code).status_code == 302


def test_a_recovery_code_opens_once(
    visitor: Visitor, another_visitor: Visitor, coworker: User
) -> None:
    protect(coworker)
    row = Authenticator.objects.get(user=coworker, type=Authenticator.Type.RECOVERY_CODES)
    code = {"code": RecoveryCodes(row).get_unused_codes()[3]}
    for somebody, status in ((visitor, 302), (another_visitor, 200)):
        log_in(somebody, coworker)
        assert somebody.post(reverse("mfa_authenticate"), code).status_code == status


def test_the_sixth_code_after_five_failures_is_refused_even_if_right(
    visitor: Visitor, coworker: User
) -> None:
    protect(coworker)
    log_in(visitor, coworker)
    for _ in range(5):
        visitor.post(reverse("mfa_authenticate"), {"code": "000000"})
    page = visitor.post(reverse("mfa_authenticate"), {"code": code_now(APP_SECRET)})
    assert "Trop de tentatives" in page.content.decode()


def test_a_new_password_by_mail_does_not_go_round_the_factor(
    visitor: Visitor, coworker: User
) -> None:
    protect(coworker)
    coworker.set_password("tavaillons-et-fruitières")
    coworker.save()
    credentials = {"login": coworker.email, "password": "tavaillons-et-fruitières"}
    assert visitor.post(LOGIN, credentials).url == reverse("mfa_authenticate")


# The admin


@pytest.fixture
def new_host(make_user: MakeUser) -> User:
    """A host of whom nothing but a password is known."""
    host = make_user("hugo@morez.example", roles=[Role.HOST], member=False)
    Authenticator.objects.filter(user=host).delete()
    return host


OPEN = {"admin:login", "admin:logout"}
ADMIN = [a for a in all_addresses() if a.name.startswith("admin:") and a.name not in OPEN]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", ADMIN, ids=lambda address: address.name)
def test_no_page_of_the_admin_opens_without_a_second_factor(
    client: Client, new_host: User, address: Any, method: str
) -> None:
    freshly(client, new_host)
    answer = getattr(client, method)(address.path)
    assert answer.status_code == 403
    assert "Un second facteur d’abord" in answer.content.decode()


def test_a_refused_post_changed_nothing(client: Client, new_host: User, coworker: User) -> None:
    freshly(client, new_host)
    data = {"email": coworker.email, "name": "Pirate", "language": "fr", "is_active": "on"}
    client.post(reverse("admin:members_user_change", args=[coworker.pk]), data)
    assert User.objects.get(pk=coworker.pk).name == "Aline Morel"


def test_the_page_leads_to_enrolment_and_the_admin_opens_after_it(
    visitor: Visitor, new_host: User
) -> None:
    freshly(visitor.client, new_host)
    page = visitor.get("/admin/").content.decode()
    assert ACTIVATE in page
    assert reverse("mfa_add_webauthn") in page
    add_an_app(visitor)
    assert visitor.get("/admin/").status_code == 200


def test_a_passkey_is_a_second_factor_and_recovery_codes_are_none(
    client: Client, new_host: User
) -> None:
    client.force_login(new_host)
    RecoveryCodes.activate(new_host)
    assert client.get("/admin/").status_code == 403
    Authenticator.objects.create(user=new_host, type=Authenticator.Type.WEBAUTHN, data={})
    assert client.get("/admin/").status_code == 200


def test_the_superuser_is_no_exception(client: Client, superuser: User) -> None:
    client.force_login(superuser)
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=superuser).delete()
    assert client.get("/admin/").status_code == 403


def test_who_may_not_enter_may_still_leave(client: Client, new_host: User) -> None:
    client.force_login(new_host)
    client.post("/admin/logout/")
    assert client.get("/compte/").status_code == 302


def test_the_rest_of_the_site_asks_nothing_more(client: Client, new_host: User) -> None:
    client.force_login(new_host)
    assert client.get("/compte/").status_code == 200


def test_the_gate_can_be_left_open_to_try_the_demonstration(
    client: Client, new_host: User, settings: LazySettings
) -> None:
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(new_host)
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["/admin/mfa/authenticator/", "/admin/usersessions/usersession/"])
def test_not_even_a_superuser_reads_the_secrets_of_others(
    client: Client, superuser: User, path: str
) -> None:
    client.force_login(superuser)
    assert client.get(path).status_code == 404


# Lost


def test_who_lost_everything_is_let_in_again_by_the_server_and_told(
    visitor: Visitor,
    another_visitor: Visitor,
    coworker: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    log_in(visitor, coworker)
    protect(coworker)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("remove_second_factor", "Aline@morez.example", stdout=StringIO())
    assert not Authenticator.objects.filter(user=coworker).exists()
    assert visitor.get("/compte/").status_code == 302  # logged out everywhere
    assert log_in(another_visitor, coworker).url == reverse("home")
    assert mail.outbox[-1].subject == "Votre second facteur est retiré"
    entry = AuditEntry.objects.about(coworker)[0]
    assert entry.changes == {"second_factor": ["recovery_codes, totp", ""]}
    assert entry.by is None


@pytest.mark.parametrize("address", ["inconnue@morez.example", "aline@morez.example"])
def test_there_may_be_nothing_to_remove(coworker: User, address: str) -> None:
    with pytest.raises(CommandError):
        call_command("remove_second_factor", address)
