"""Signing up: name, address, password, then the code of the mail."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from members.models import Member, User
from tests.members.conftest import PASSWORD, Visitor, code_in

pytestmark = pytest.mark.django_db

SIGNUP = "/compte/signup/"
CONFIRM = "/compte/confirm-email/"


def form(**fields: str) -> dict[str, str]:
    return {"name": "Aline Morel", "email": "aline@morez.example", "password1": PASSWORD} | fields


def sign_up(visitor: Visitor, **fields: str) -> str:
    """The code that arrived."""
    response = visitor.post(SIGNUP, form(**fields))
    assert (response.status_code, response.url) == (302, CONFIRM)
    return code_in(mail.outbox[-1])


def is_logged_in(visitor: Visitor) -> bool:
    return bool(visitor.get("/compte/").status_code == 200)


def errors(response: Any) -> dict[str, list[str]]:
    """Field to codes of refusal."""
    data = response.context["form"].errors.as_data()
    return {field: [error.code for error in found] for field, found in data.items()}


def test_a_person_signs_up_confirms_the_address_and_is_in(visitor: Visitor) -> None:
    code = sign_up(visitor)
    assert not is_logged_in(visitor)
    response = visitor.post(CONFIRM, {"code": code})
    assert (response.status_code, response.url) == (302, reverse("home"))
    assert is_logged_in(visitor)
    member = Member.objects.get()
    assert (member.user.name, member.user.email) == ("Aline Morel", "aline@morez.example")
    assert not member.is_visible
    assert not member.user.is_staff
    address = EmailAddress.objects.get()
    assert (address.user, address.primary, address.verified) == (member.user, True, True)


def test_the_code_may_be_typed_as_people_type(visitor: Visitor) -> None:
    code = sign_up(visitor)
    visitor.post(CONFIRM, {"code": f" {code.lower()} "})
    assert is_logged_in(visitor)


def test_after_confirming_one_is_back_where_one_was_going(visitor: Visitor) -> None:
    visitor.post(f"{SIGNUP}?next=/compte/", form())
    response = visitor.post(CONFIRM, {"code": code_in(mail.outbox[-1])})
    assert response.url == "/compte/"


def test_the_language_of_the_sign_up_is_kept(visitor: Visitor) -> None:
    visitor.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sign_up(visitor)
    assert User.objects.get().language == "en"


def test_the_pages_and_the_mail_are_in_french_by_default(visitor: Visitor) -> None:
    sign_up(visitor)
    assert User.objects.get().language == "fr"
    assert str(mail.outbox[0].body).startswith("Bonjour,")


# Nonsense


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "required"),
        ("name", "   ", "required"),
        ("name", "x" * 10_000, "max_length"),
        ("name", "Aline\x00", "null_characters_not_allowed"),
        ("name", "Aline\nBcc: tous@example.org", "unprintable"),
        ("email", "", "required"),
        ("email", "aline", "invalid"),
        ("email", "aline@morez.example\nBcc: tous@example.org", "invalid"),
        ("email", "a\x00@morez.example", "null_characters_not_allowed"),
        ("email", "a" * 10_000 + "@morez.example", "max_length"),
        ("password1", "", "required"),
        ("password1", "court", "password_too_short"),
        ("password1", "1234567890", "password_entirely_numeric"),
        ("password1", "password123", "password_too_common"),
        ("password1", "x\x00" * 10, "null_characters_not_allowed"),
    ],
)
def test_nonsense_is_explained_beside_the_field_and_the_rest_is_kept(
    visitor: Visitor, field: str, value: str, code: str
) -> None:
    response = visitor.post(SIGNUP, form(**{field: value}))
    assert response.status_code == 200
    assert code in errors(response)[field]
    kept = "aline@morez.example" if field == "name" else "Aline Morel"
    assert kept in response.content.decode()
    assert not User.objects.exists()
    assert not mail.outbox


def test_a_password_of_ten_thousand_characters_is_a_password(visitor: Visitor) -> None:
    sign_up(visitor, password1="Mont d’Or " * 1_000)
    assert User.objects.get().check_password("Mont d’Or " * 1_000)


def test_nobody_signs_up_into_the_team(visitor: Visitor) -> None:
    sign_up(visitor, is_staff="on", is_superuser="on", roles="operator", groups="1")
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (False, False, 0)


# The code


def test_a_wrong_code_is_refused_and_the_right_one_still_works(visitor: Visitor) -> None:
    code = sign_up(visitor)
    response = visitor.post(CONFIRM, {"code": "XXXXXX"})
    assert errors(response) == {"code": ["incorrect_code"]}
    assert not is_logged_in(visitor)
    visitor.post(CONFIRM, {"code": code})
    assert is_logged_in(visitor)


@pytest.mark.parametrize("nonsense", ["", "\x00", "x" * 10_000, "é€😀"])
def test_a_code_that_is_none_is_refused(visitor: Visitor, nonsense: str) -> None:
    sign_up(visitor)
    assert visitor.post(CONFIRM, {"code": nonsense}).status_code == 200
    assert not is_logged_in(visitor)


def test_after_three_wrong_codes_the_right_one_is_worth_nothing(visitor: Visitor) -> None:
    code = sign_up(visitor)
    for _ in range(2):
        assert visitor.post(CONFIRM, {"code": "XXXXXX"}).status_code == 200
    assert visitor.post(CONFIRM, {"code": "XXXXXX"}).url == reverse("account_login")
    assert visitor.post(CONFIRM, {"code": code}).url == reverse("account_login")
    assert not is_logged_in(visitor)
    assert not EmailAddress.objects.get().verified


def test_after_a_quarter_of_an_hour_the_code_is_worth_nothing(visitor: Visitor) -> None:
    code = sign_up(visitor)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert visitor.post(CONFIRM, {"code": code}).url == reverse("account_login")
        assert not is_logged_in(visitor)
    assert not EmailAddress.objects.get().verified


def test_who_lost_the_code_logs_in_and_gets_another(visitor: Visitor) -> None:
    old = sign_up(visitor)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        response = visitor.post(
            "/compte/login/", {"login": "aline@morez.example", "password": PASSWORD}
        )
        assert response.url == CONFIRM
        new = code_in(mail.outbox[-1])
        assert new != old
        visitor.post(CONFIRM, {"code": new})
        assert is_logged_in(visitor)


def test_a_code_can_be_sent_again_but_not_every_second(visitor: Visitor) -> None:
    first = sign_up(visitor)
    assert visitor.post(CONFIRM, {"action": "resend"}).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        assert visitor.post(CONFIRM, {"action": "resend"}).url == CONFIRM
        second = code_in(mail.outbox[-1])
        assert second != first
        visitor.post(CONFIRM, {"code": second})
    assert is_logged_in(visitor)


def test_the_code_of_one_is_worth_nothing_to_another(
    visitor: Visitor, another_visitor: Visitor
) -> None:
    sign_up(visitor)
    code = sign_up(another_visitor, email="bruno@morez.example", name="Bruno Lacroix")
    assert errors(visitor.post(CONFIRM, {"code": code})) == {"code": ["incorrect_code"]}


# An address that has an account


def test_a_known_address_in_another_case_gets_the_same_answer_and_no_account(
    visitor: Visitor, coworker: User
) -> None:
    response = visitor.post(SIGNUP, form(email="ALINE@Morez.Example", name="Une autre"))
    assert (response.status_code, response.url) == (302, CONFIRM)
    assert User.objects.filter(email__iexact=coworker.email).count() == 1
    assert User.objects.get(pk=coworker.pk).name == coworker.name
    (message,) = mail.outbox
    assert message.to == ["aline@morez.example"]
    assert "déjà un compte" in message.subject


def test_a_known_address_cannot_be_told_from_a_new_one_by_the_pages(
    visitor: Visitor, another_visitor: Visitor, coworker: User
) -> None:
    """Enumeration: page by page, the two say the same, but for the address."""

    def walk(guest: Visitor, email: str) -> list[tuple[int, str]]:
        answers = [
            guest.post(SIGNUP, form(email=email)),
            guest.get(CONFIRM),
            guest.post(CONFIRM, {"code": "XXXXXX"}),
        ]
        return [(answer.status_code, words(answer, email)) for answer in answers]

    def words(answer: Any, email: str) -> str:
        page: str = answer.content.decode().replace(email, "")
        for token in [answer.wsgi_request.META.get("CSRF_COOKIE", ""), *tokens(answer)]:
            page = page.replace(token, "") if token else page
        return page

    def tokens(answer: Any) -> list[str]:
        return [str(answer.context["csrf_token"])] if answer.context else []

    assert walk(visitor, coworker.email) == walk(another_visitor, "nouvelle@morez.example")


def test_an_unfinished_sign_up_does_not_keep_the_address_from_its_owner(
    visitor: Visitor, another_visitor: Visitor
) -> None:
    """Who reads the mailbox takes the account, with a new password."""
    sign_up(another_visitor, password1="celui-de-l-intrus-99")
    visitor.post("/compte/password/reset/", {"email": "aline@morez.example"})
    code = code_in(mail.outbox[-1])
    visitor.post("/compte/password/reset/confirm/", {"code": code})
    visitor.post("/compte/password/reset/complete/", {"password1": PASSWORD, "password2": PASSWORD})
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.get().verified


def test_who_is_logged_in_does_not_sign_up_again(visitor: Visitor, coworker: User) -> None:
    visitor.client.force_login(coworker)
    assert visitor.get(SIGNUP).url == reverse("home")


# When the mail server is away


class Unreachable(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError(111, "Connection refused")


@pytest.mark.django_db(transaction=True)
def test_without_mail_the_person_is_told_and_can_ask_again(
    visitor: Visitor, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    response = visitor.client.post(SIGNUP, form(), follow=True)
    assert "n’a pas pu partir" in response.content.decode()
    assert "could not be sent: account/email/email_confirmation_signup" in caplog.text
    assert str(visitor.client.session["account_email_verification_code"]["code"]) not in caplog.text
    settings.EMAIL_BACKEND = working
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        visitor.client.post(CONFIRM, {"action": "resend"})
        visitor.client.post(CONFIRM, {"code": code_in(mail.outbox[-1])})
        assert is_logged_in(visitor)
