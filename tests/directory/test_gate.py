"""The gate of the public forms: who is let through, and who is not."""

from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import RequestFactory

from directory.gate import LONGEST, QUICKEST, GatedForm, age_of, allowed, fingerprint, token_of
from members.models import User
from tests.factories import NOW

ACTION = "directory_message"


class WordForm(GatedForm):
    gate_action = ACTION
    word = forms.CharField()


def sent(*, word: str = "Bonjour", now: Any = NOW + QUICKEST, **data: str) -> WordForm:
    return WordForm({"word": word, "gate_token": token_of(ACTION, NOW)} | data, now=now)


def code(form: forms.Form) -> str:
    assert not form.is_valid()
    return str(form.errors.as_data()["__all__"][0].code)


def test_who_read_the_page_is_let_through_and_the_gate_leaves_no_trace() -> None:
    form = sent()
    assert form.is_valid()
    assert form.cleaned_data == {"word": "Bonjour"}


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (QUICKEST - timedelta(seconds=1), "too_fast"),
        (-timedelta(days=1), "too_fast"),
        (LONGEST + timedelta(seconds=1), "too_old"),
    ],
)
def test_neither_too_fast_nor_too_late(after: timedelta, why: str) -> None:
    assert code(sent(now=NOW + after)) == why


@pytest.mark.parametrize(
    "token",
    ["", "1", "9" * 30 + ".x", token_of("directory_need", NOW), token_of(ACTION, NOW)[:-1] + "!"],
)
def test_a_token_is_not_made_up_nor_carried_from_another_form(token: str) -> None:
    assert code(sent(gate_token=token)) == "forged"


def test_the_trap_catches_who_fills_in_everything() -> None:
    assert code(sent(gate_trap="https://pub.example")) == "robot"


def test_a_refused_page_can_be_sent_again() -> None:
    """A good token stays, for the clock not to begin anew; another is replaced."""
    good = sent(word="")
    assert not good.is_valid()
    assert good.data["gate_token"] in str(good["gate_token"])
    late = NOW + LONGEST + timedelta(hours=1)
    old = sent(now=late)
    assert not old.is_valid()
    drawn = str(old["gate_token"]).split('value="')[1].split('"')[0]
    assert age_of(drawn, ACTION, late) == timedelta()


def test_the_trap_is_neither_seen_nor_reached() -> None:
    page = str(WordForm(now=NOW))
    assert 'aria-hidden="true"' in page
    assert 'tabindex="-1"' in page


def test_the_same_words_have_the_same_fingerprint() -> None:
    assert fingerprint("Été  à\nMorez", "a") == fingerprint("ete a morez", "A")
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert len(fingerprint("x")) == 64


@pytest.fixture
def knock(db: None, settings: Any) -> Any:
    settings.ACCOUNT_RATE_LIMITS = {ACTION: "3/h/ip", f"{ACTION}_sender": "2/h/key"}
    cache.clear()

    def knock(address: str, *, email: str = "", account: int = 0) -> bool:
        request = RequestFactory().post("/", REMOTE_ADDR=address)
        request.user = User(pk=account) if account else AnonymousUser()
        return allowed(request, ACTION, email=email)

    yield knock
    cache.clear()


def test_a_network_address_has_its_bucket(knock: Any) -> None:
    assert [knock("10.0.0.1") for _try in range(4)] == [True, True, True, False]
    assert knock("10.0.0.2")


def test_an_e_mail_address_and_an_account_have_theirs_wherever_they_come_from(knock: Any) -> None:
    tries = [knock(f"10.0.0.{n}", email=e) for n, e in enumerate(("a@x.fr", "A@x.fr", "a@x.fr"))]
    assert tries == [True, True, False]
    tries = [knock(f"10.0.1.{n}", account=7, email=f"{n}@x.fr") for n in range(3)]
    assert tries == [True, True, False]
    assert knock("10.0.2.1", account=8)
