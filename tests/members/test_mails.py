"""The account e-mails: text and HTML say the same, in the language of the reader."""

import re
from datetime import datetime
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation
from django.utils.html import strip_tags

from members.models import User
from tests.members.conftest import NOW, Visitor

pytestmark = pytest.mark.django_db

WHERE: dict[str, Any] = {"ip": "192.0.2.7", "user_agent": "Firefox <b>", "timestamp": NOW}
URL = "https://coworking.example/compte/x/"
MAILS: dict[str, dict[str, Any]] = {
    "account_already_exists": {"signup_url": URL, "password_reset_url": URL},
    "email_changed": WHERE | {"from_email": "a@morez.example", "to_email": "b@morez.example"},
    "email_confirmation": {"code": "ABCD-EFGH"},
    "email_confirmation_signup": {"code": "ABCD-EFGH"},
    "password_changed": WHERE,
    "password_reset": WHERE,
    "password_reset_code": {"code": "ABCD-EFGH"},
    "password_set": WHERE,
    "unknown_account": {"signup_url": URL},
    "mfa/email/recovery_codes_generated": WHERE,
    "mfa/email/totp_activated": WHERE,
    "mfa/email/totp_deactivated": WHERE,
    "mfa/email/webauthn_added": WHERE,
    "mfa/email/webauthn_removed": WHERE,
}


@pytest.fixture
def send(django_capture_on_commit_callbacks: Any) -> Any:
    """Send one of the mails, as allauth does while it answers a request."""

    def send(kind: str, context: dict[str, Any]) -> EmailMultiAlternatives:
        request = RequestFactory().get("/compte/login/")
        request.user = AnonymousUser()
        request.resolver_match = resolve("/compte/login/")
        with request_context(request), django_capture_on_commit_callbacks(execute=True):
            prefix = kind if "/" in kind else f"account/email/{kind}"
            get_adapter().send_mail(prefix, "aline@morez.example", context)
        message = mail.outbox[-1]
        assert isinstance(message, EmailMultiAlternatives)
        return message

    return send


def html_of(message: EmailMultiAlternatives) -> str:
    ((content, kind),) = message.alternatives
    assert kind == "text/html"
    return str(content)


@pytest.mark.parametrize("kind", MAILS)
def test_text_and_html_say_the_same(send: Any, kind: str) -> None:
    message = send(kind, MAILS[kind])
    body = re.sub(r"<head>.*</head>", "", html_of(message), flags=re.DOTALL)
    html_words = strip_tags(body).replace("&lt;", "<").replace("&gt;", ">").split()
    assert html_words == str(message.body).split()


@pytest.mark.parametrize("kind", MAILS)
def test_a_mail_has_one_line_of_subject_and_ends_with_where_it_comes_from(
    send: Any, kind: str
) -> None:
    message = send(kind, MAILS[kind])
    assert message.subject
    assert "\n" not in message.subject
    assert str(message.body).startswith("Bonjour,\n\n")
    assert str(message.body).endswith("http://localhost:8000")


@pytest.mark.parametrize("kind", MAILS)
def test_a_mail_asks_no_server_who_opened_it(send: Any, kind: str) -> None:
    content = html_of(send(kind, MAILS[kind]))
    assert not re.search(r"<(img|link|script|style|iframe)\b|\bstyle=|url\(", content)


@pytest.mark.parametrize("kind", [kind for kind in MAILS if "code" in MAILS[kind]])
def test_a_code_is_read_in_the_subject_and_stands_alone_in_the_mail(send: Any, kind: str) -> None:
    message = send(kind, MAILS[kind])
    assert message.subject.startswith("ABCD-EFGH")
    assert "\n    ABCD-EFGH\n" in message.body
    assert "<h1>ABCD-EFGH</h1>" in html_of(message)


def test_html_of_strangers_stays_text(send: Any) -> None:
    message = send("password_changed", WHERE)
    assert "Firefox &lt;b&gt;" in html_of(message)
    assert "Firefox <b>" in message.body


def test_a_change_is_told_with_the_hour_of_here(send: Any) -> None:
    assert NOW == datetime.fromisoformat("2026-11-23T10:00+01:00")
    assert "Le 23 novembre 2026 à 10:00, depuis l’adresse 192.0.2.7." in str(
        send("password_changed", WHERE).body
    )


def test_one_is_written_to_in_the_own_language_not_in_that_of_who_asks(
    send: Any, coworker: User
) -> None:
    User.objects.filter(pk=coworker.pk).update(language="en")
    with translation.override("fr"):
        message = send("account_already_exists", MAILS["account_already_exists"])
    assert '<html lang="en">' in html_of(message)


def test_the_name_typed_at_a_sign_up_is_not_in_the_mail(visitor: Visitor) -> None:
    """Else anyone could have us send their words to anybody."""
    visitor.post(
        "/compte/signup/",
        {
            "name": "Gagnez sur evil.example",
            "email": "victime@morez.example",
            "password1": "sapins-et-horloges-39",
        },
    )
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    assert "evil.example" not in str(message.body) + html_of(message) + message.subject
