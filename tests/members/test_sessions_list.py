"""Where one is logged in, and logging out everywhere else."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.devices import names_of
from members.models import User
from tests.members.conftest import PASSWORD, Visitor

pytestmark = pytest.mark.django_db

PAGE = "/compte/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)


def log_in(visitor: Visitor, user: User, browser: str) -> Visitor:
    visitor.client.defaults["HTTP_USER_AGENT"] = browser
    visitor.post("/compte/login/", {"login": user.email, "password": PASSWORD})
    return visitor


def shown(visitor: Visitor) -> list[str]:
    page = visitor.get(PAGE).content.decode()
    return re.findall(r'<h2 class="card-title">([^<]+)</h2>', page)


@pytest.fixture
def here(visitor: Visitor, coworker: User) -> Visitor:
    return log_in(visitor, coworker, FIREFOX)


@pytest.fixture
def there(here: Visitor, another_visitor: Visitor, coworker: User) -> Visitor:
    return log_in(another_visitor, coworker, IPHONE)


def test_one_sees_the_devices_of_ones_own_account(
    here: Visitor, there: Visitor, colleague: User, client: Client
) -> None:
    assert shown(here) == shown(there) == ["Safari · iPhone", "Firefox · Windows"]
    page = here.get(PAGE).content.decode()
    assert page.count("Cet appareil") == 1
    assert "depuis l’adresse 127.0.0.1" in page


def test_of_a_colleague_one_sees_nothing(here: Visitor, colleague: User) -> None:
    stranger = log_in(Visitor(Client(), here.committed), colleague, IPHONE)
    assert shown(stranger) == ["Safari · iPhone"]


def test_logging_out_elsewhere_ends_the_others_and_keeps_this_one(
    here: Visitor, there: Visitor
) -> None:
    assert here.post(PAGE, {}).url == PAGE
    assert there.get("/compte/").status_code == 302
    assert here.get("/compte/").status_code == 200
    assert shown(here) == ["Firefox · Windows"]


def test_a_new_password_ends_the_other_sessions(here: Visitor, there: Visitor) -> None:
    new = "tavaillons-et-fruitières"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post("/compte/password/change/", data)
    assert there.get("/compte/").status_code == 302
    assert shown(here) == ["Firefox · Windows"]


def test_a_device_that_left_is_not_shown(here: Visitor, there: Visitor) -> None:
    there.post("/compte/logout/", {})
    assert shown(here) == ["Firefox · Windows"]


def test_alone_there_is_nobody_to_log_out(here: Visitor) -> None:
    assert "Déconnecter mes autres appareils" not in here.get(PAGE).content.decode()


def test_the_account_page_leads_there(here: Visitor) -> None:
    assert f'href="{reverse("usersessions_list")}"' in here.get("/compte/").content.decode()


@pytest.mark.parametrize(
    ("user_agent", "names"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        (IPHONE, ("Safari", "iPhone")),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", ("Chrome", "Linux")),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile", ("Chrome", "Android")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Chrome/140 Safari Edg/140", ("Edge", "Mac")),
        ("curl/8.5.0", ()),
        ("", ()),
    ],
)
def test_a_browser_is_called_as_people_call_it(user_agent: str, names: tuple[Any, ...]) -> None:
    assert names_of(user_agent) == names
