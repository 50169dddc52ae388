"""Two people, or two clicks, at the same instant. Real connections, real threads."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connections
from django.test import Client

from members import services
from members.forms.account import SignupForm
from members.models import Member, User
from tests.members.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*clicks: Callable[[], Any]) -> list[Any]:
    """The answer that each click got."""

    def run(click: Callable[[], Any]) -> Any:
        try:
            return click()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clicks)) as pool:
        return list(pool.map(run, clicks))


def sign_up(email: str) -> Any:
    data = {"name": "Aline Morel", "email": email, "password1": PASSWORD}
    return Client(raise_request_exception=False).post("/compte/signup/", data)


@pytest.fixture
def _both_found_the_address_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both forms were valid before either account was written."""
    gate = threading.Barrier(2, timeout=10)
    open_account = services.open_account

    def after_the_other(**arguments: Any) -> User:
        gate.wait()
        return open_account(**arguments)

    monkeypatch.setattr("members.adapter.services.open_account", after_the_other)


@pytest.mark.usefixtures("_both_found_the_address_free")
def test_two_sign_ups_with_one_address_make_one_member_and_two_same_answers() -> None:
    answers = at_once(
        lambda: sign_up("aline@morez.example"), lambda: sign_up("Aline@Morez.example")
    )
    assert User.objects.count() == Member.objects.count() == EmailAddress.objects.count() == 1
    assert Member.objects.get().user.check_password(PASSWORD)
    # Each mail of a code waits ten seconds for the next, so the second may be asked to be patient.
    assert {answer.status_code for answer in answers} <= {302, 429}
    assert {answer.url for answer in answers if answer.status_code == 302} == {
        "/compte/confirm-email/"
    }
    assert {address for message in mail.outbox for address in message.to} == {"aline@morez.example"}


@pytest.mark.usefixtures("_both_found_the_address_free")
def test_negative_control_without_our_answer_the_loser_meets_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SignupForm, "try_save", AllauthSignupForm.try_save)
    answers = at_once(
        lambda: sign_up("aline@morez.example"), lambda: sign_up("Aline@Morez.example")
    )
    assert sorted(answer.status_code for answer in answers) == [302, 500]
    assert User.objects.count() == 1


@pytest.mark.usefixtures("_both_found_the_address_free")
def test_two_sign_ups_with_two_addresses_do_not_disturb_each_other() -> None:
    answers = at_once(
        lambda: sign_up("aline@morez.example"), lambda: sign_up("bruno@morez.example")
    )
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Member.objects.count() == 2
    assert len(mail.outbox) == 2
