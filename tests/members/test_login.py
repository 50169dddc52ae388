"""Logging in, its limits, and the doors of allauth for a stranger."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from members.models import User
from tests.members.conftest import PASSWORD, Visitor, code_in

pytestmark = pytest.mark.django_db

LOGIN = "/compte/login/"
NEW_PASSWORD = "tavaillons-et-fruitières"


def log_in(visitor: Visitor, password: str = PASSWORD, email: str = "aline@morez.example") -> str:
    """Where it leads: an address, or the words of the refusal."""
    response = visitor.post(LOGIN, {"login": email, "password": password})
    if response.status_code == 302:
        return str(response.url)
    assert response.status_code == 200
    return " ".join(response.context["form"].non_field_errors())


def test_a_member_logs_in_by_address_whatever_its_case(visitor: Visitor, coworker: User) -> None:
    assert log_in(visitor, email="Aline@MOREZ.example") == reverse("home")
    assert visitor.get("/compte/").status_code == 200


def test_one_reads_the_own_language_on_any_browser(visitor: Visitor, coworker: User) -> None:
    User.objects.filter(pk=coworker.pk).update(language="en")
    assert '<html lang="fr">' in visitor.get(LOGIN).content.decode()
    log_in(visitor)
    assert '<html lang="en">' in visitor.get("/compte/").content.decode()


def test_a_session_lasts_a_month(visitor: Visitor, coworker: User) -> None:
    log_in(visitor)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert visitor.get("/compte/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert visitor.get("/compte/").status_code == 302


def test_logging_out_takes_a_post(visitor: Visitor, coworker: User) -> None:
    log_in(visitor)
    visitor.get("/compte/logout/")
    assert visitor.get("/compte/").status_code == 200
    visitor.post("/compte/logout/", {})
    assert visitor.get("/compte/").status_code == 302


def test_a_closed_account_does_not_log_in(visitor: Visitor, coworker: User) -> None:
    User.objects.filter(pk=coworker.pk).update(is_active=False)
    assert log_in(visitor) == reverse("account_inactive")
    assert visitor.get("/compte/").status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(
    visitor: Visitor, coworker: User
) -> None:
    wrong = log_in(visitor, password="pas le bon")
    unknown = log_in(visitor, email="inconnue@morez.example")
    assert wrong == unknown != ""


def test_one_is_sent_back_where_one_was_going_but_never_to_another_site(
    visitor: Visitor, coworker: User
) -> None:
    credentials = {"login": coworker.email, "password": PASSWORD}
    assert visitor.post(f"{LOGIN}?next=/compte/", credentials).url == "/compte/"
    visitor.post("/compte/logout/", {})
    assert visitor.post(f"{LOGIN}?next=https://evil.example/", credentials).url == "/"


# Limits


def test_the_sixth_login_after_five_failures_is_refused_even_with_the_right_password(
    visitor: Visitor, coworker: User
) -> None:
    for _ in range(5):
        assert "Trop de tentatives" not in log_in(visitor, password="pas le bon")
    assert "Trop de tentatives" in log_in(visitor)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert log_in(visitor) == reverse("home")


def test_the_limit_counts_for_one_address_whatever_its_case_or_the_browser(
    visitor: Visitor, another_visitor: Visitor, coworker: User
) -> None:
    for email in ("aline@morez.example", "ALINE@morez.example") * 3:
        log_in(visitor, password="pas le bon", email=email)
    assert "Trop de tentatives" in log_in(another_visitor)


def test_the_limit_of_one_address_leaves_others_alone(
    visitor: Visitor, coworker: User, colleague: User
) -> None:
    for _ in range(6):
        log_in(visitor, password="pas le bon")
    assert log_in(visitor, email=colleague.email) == reverse("home")


def test_one_address_of_the_network_cannot_try_many_accounts(visitor: Visitor) -> None:
    answers = [
        log_in(visitor, password="pas le bon", email=f"membre{number}@morez.example")
        for number in range(11)
    ]
    assert not any("Trop de tentatives" in answer for answer in answers[:10])
    assert "Trop de tentatives" in answers[10]


def test_sign_ups_from_one_address_of_the_network_are_limited(visitor: Visitor) -> None:
    statuses = [visitor.post("/compte/signup/", {}).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]


# A forgotten password


def reset(visitor: Visitor, email: str = "aline@morez.example") -> None:
    response = visitor.post("/compte/password/reset/", {"email": email})
    assert response.url == reverse("account_confirm_password_reset_code")


def test_a_forgotten_password_is_replaced_with_the_code_of_the_mail(
    visitor: Visitor, coworker: User
) -> None:
    reset(visitor)
    code = code_in(mail.outbox[-1])
    response = visitor.post("/compte/password/reset/confirm/", {"code": code})
    assert response.url == reverse("account_complete_password_reset")
    visitor.post(response.url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert log_in(visitor, password=NEW_PASSWORD) == reverse("home")
    assert "Vous avez choisi un nouveau mot de passe" in str(mail.outbox[-1].body)


def test_the_new_password_waits_for_the_code(visitor: Visitor, coworker: User) -> None:
    reset(visitor)
    visitor.post(
        "/compte/password/reset/complete/",
        {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert User.objects.get(pk=coworker.pk).check_password(PASSWORD)


def test_three_wrong_codes_end_the_reset(visitor: Visitor, coworker: User) -> None:
    reset(visitor)
    for _ in range(3):
        visitor.post("/compte/password/reset/confirm/", {"code": "XXXXXX"})
    visitor.post("/compte/password/reset/confirm/", {"code": code_in(mail.outbox[-1])})
    visitor.post(
        "/compte/password/reset/complete/",
        {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert User.objects.get(pk=coworker.pk).check_password(PASSWORD)


def test_a_code_of_reset_lasts_a_quarter_of_an_hour(visitor: Visitor, coworker: User) -> None:
    reset(visitor)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        response = visitor.post(
            "/compte/password/reset/confirm/", {"code": code_in(mail.outbox[-1])}
        )
        assert response.url == reverse("account_login")


def test_an_unknown_address_gets_the_same_page_and_an_honest_mail(visitor: Visitor) -> None:
    reset(visitor, email="inconnue@morez.example")
    (message,) = mail.outbox
    assert message.to == ["inconnue@morez.example"]
    assert "aucun compte" in str(message.body)


def test_a_closed_account_does_not_come_back_by_a_reset(visitor: Visitor, coworker: User) -> None:
    User.objects.filter(pk=coworker.pk).update(is_active=False)
    reset(visitor)
    assert "aucun compte" in str(mail.outbox[-1].body)


def test_the_sixth_reset_in_a_minute_is_refused(visitor: Visitor, coworker: User) -> None:
    for _ in range(5):
        reset(visitor)
    response = visitor.post("/compte/password/reset/", {"email": coworker.email})
    assert response.status_code == 429
    assert len(mail.outbox) == 5


# A changed password or address


def test_changing_the_password_is_told_by_mail_and_keeps_the_session(
    visitor: Visitor, coworker: User
) -> None:
    log_in(visitor)
    visitor.post(
        "/compte/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert User.objects.get(pk=coworker.pk).check_password(NEW_PASSWORD)
    assert visitor.get("/compte/").status_code == 200
    assert "vient d’être changé" in str(mail.outbox[-1].body)


def change_address(visitor: Visitor, email: str) -> None:
    """Ask for another address: the password is asked again, then a code goes out."""
    response = visitor.post("/compte/email/", {"action_add": "", "email": email})
    assert response.url.startswith(reverse("account_reauthenticate"))
    response = visitor.post(response.url, {"password": PASSWORD})
    assert response.url == reverse("account_email_verification_sent")


def test_a_new_address_replaces_the_old_one_once_proved(visitor: Visitor, coworker: User) -> None:
    log_in(visitor)
    change_address(visitor, "Aline.Blanc@morez.example")
    assert User.objects.get(pk=coworker.pk).email == "aline@morez.example"
    visitor.post("/compte/confirm-email/", {"code": code_in(mail.outbox[-1])})
    assert User.objects.get(pk=coworker.pk).email == "aline.blanc@morez.example"
    address = EmailAddress.objects.get(user=coworker)
    assert address.email == "aline.blanc@morez.example"
    assert address.verified
    assert address.primary
    assert mail.outbox[-1].to == ["aline@morez.example"]
    assert "c’est maintenant aline.blanc@morez.example" in str(mail.outbox[-1].body)


def test_an_open_screen_is_not_enough_to_change_the_address(
    visitor: Visitor, coworker: User
) -> None:
    log_in(visitor)
    response = visitor.post("/compte/email/", {"action_add": "", "email": "intrus@morez.example"})
    visitor.post(response.url, {"password": "pas le bon"})
    assert not mail.outbox


@pytest.mark.parametrize("at_the_same_instant", [False, True])
def test_an_address_that_somebody_took_meanwhile_is_refused_whole(
    visitor: Visitor,
    another_visitor: Visitor,
    coworker: User,
    monkeypatch: pytest.MonkeyPatch,
    at_the_same_instant: bool,
) -> None:
    log_in(visitor)
    change_address(visitor, "deux@morez.example")
    code = code_in(mail.outbox[-1])
    another_visitor.post(
        "/compte/signup/",
        {"name": "Deux", "email": "deux@morez.example", "password1": PASSWORD},
    )
    if at_the_same_instant:  # the form looked just before the sign-up was written
        monkeypatch.setattr("allauth.account.forms.email_already_exists", lambda *a, **k: ("", 0))
    response = visitor.post("/compte/confirm-email/", {"code": code}, follow=True)
    assert response.status_code == 200
    refusal = "Impossible de confirmer" if at_the_same_instant else "utilise déjà cette adresse"
    assert refusal in response.content.decode()
    assert User.objects.get(pk=coworker.pk).email == "aline@morez.example"
    address = EmailAddress.objects.get(user=coworker)
    assert address.email == "aline@morez.example"
    assert address.primary


# Every door, for a stranger

FORMS = {"account_login", "account_signup", "account_reset_password"}
WORDS = {"account_inactive", "account_password_reset_completed"}
ONLY_AFTER_ANOTHER_STEP = {
    "account_logout": "home",
    "account_email_verification_sent": "account_login",
    "account_confirm_login_code": "account_login",
    "account_confirm_password_reset_code": "account_login",
    "account_complete_password_reset": "account_reset_password",
}
FOR_MEMBERS = {
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
}


def doors() -> Iterator[str]:
    for pattern in get_resolver("allauth.account.urls").url_patterns:
        assert isinstance(pattern, URLPattern)
        assert pattern.name
        yield pattern.name


def test_each_door_of_allauth_is_known_here() -> None:
    assert set(doors()) == FORMS | WORDS | set(ONLY_AFTER_ANOTHER_STEP) | FOR_MEMBERS


@pytest.mark.parametrize("name", sorted(FORMS | WORDS))
def test_a_stranger_opens_the_public_doors(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(("name", "target"), sorted(ONLY_AFTER_ANOTHER_STEP.items()))
def test_a_stranger_is_led_to_the_step_before(client: Client, name: str, target: str) -> None:
    response = client.get(reverse(name))
    assert (response.status_code, response["Location"]) == (302, reverse(target))


@pytest.mark.parametrize("name", sorted(FOR_MEMBERS))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_logs_in_before_the_rest(client: Client, name: str, method: str) -> None:
    response = getattr(client, method)(reverse(name))
    assert response.status_code == 302
    assert response["Location"] == f"{LOGIN}?next={reverse(name)}"


def test_the_admin_has_no_other_door_than_ours(client: Client) -> None:
    """Its own form would know no limit and no verified address."""
    response = client.post("/admin/login/", {"username": "root@morez.example", "password": "x"})
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)


def test_a_coworker_does_not_enter_the_admin(client: Client, coworker: User) -> None:
    client.force_login(coworker)
    assert client.get("/admin/login/").status_code == 403
    assert client.get("/admin/").status_code == 302
