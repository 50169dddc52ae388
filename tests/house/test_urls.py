"""Every address is on the public list below, or asks for a login."""

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client

from tests.house.addresses import Address, all_addresses

PUBLIC = {
    "home",
    "health",
    "privacy",
    "set_language",
    "members:stop_news",  # behind the signature of the address
    "plans",
    "simulator:home",
    "simulator:api",
    "simulator:embed",
    "simulator:image",
    "simulator:tools",
    "members:legal",
    "booking:space",
    "booking:plan",
    # Behind the secret of a tablet, which is nobody.
    "booking:kiosk",
    "booking:enter_code",
    "booking:set_up_kiosk",
    "booking:feed",  # behind the secret of the address
    "members:invitation",  # behind the signed link of a letter
    "robots",
    "sitemap",
    "sitemap_section",
    "directory:api",
    "directory:api_communes",
    "directory:api_trades",
    "directory:commune",
    "directory:count",  # a POST, behind the signature of what it counts
    "directory:embed",
    "directory:feed",
    "directory:home",
    "directory:tools",
    "directory:trade",
    # Open needs, and posting one; behind the key of the letters, its author's page.
    "directory:needs",
    "directory:need",
    "directory:needs_feed",
    "directory:report_need",
    "directory:post",
    "directory:posted",
    "directory:trade_hint",
    "directory:agency",
    "directory:follow",
    "directory:need_confirm",
    "directory:need_withdraw",
    "directory:need_edit",
    "directory:need_add_file",
    "directory:need_own_file",
    "directory:need_remove_file",
    "directory:need_tell",
    "directory:award",
    # Behind the key of the letter to a provider.
    "directory:asked",
    "directory:asked_file",
    "directory:read_request",
    "directory:answer",
    "directory:decline",
    "directory:provider",
    "directory:report",
    "directory:write",
    "directory:claim_answer",  # behind the signed links of letters
    "directory:confirm",
    "directory:send_message",
    # Before one has an account, or the password of it.
    "account_login",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    # Between the password and the second factor, and instead of both.
    "mfa_authenticate",
    "mfa_login_webauthn",
    # Leads nowhere when nobody is logged in.
    "account_logout",
    "admin:login",
}

ADDRESSES = all_addresses()


def asks_for_login(client: Client, address: Address, method: str) -> bool:
    answer = getattr(client, method)(address.path)
    login_pages = (resolve_url(settings.LOGIN_URL), "/admin/login/")
    return answer.status_code == 302 and str(answer["Location"]).startswith(login_pages)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "address", [a for a in ADDRESSES if a.name not in PUBLIC], ids=lambda address: address.name
)
@pytest.mark.django_db
def test_a_stranger_is_asked_to_log_in(client: Client, address: Address, method: str) -> None:
    assert asks_for_login(client, address, method)


@pytest.mark.parametrize(
    "address", [a for a in ADDRESSES if a.name in PUBLIC], ids=lambda address: address.name
)
@pytest.mark.django_db
def test_a_public_page_answers_a_stranger(client: Client, address: Address) -> None:
    answer = client.get(address.path)
    assert answer.status_code < 500
    # A page of an account may send to the login: there is nothing to confirm or to leave.
    if not address.name.startswith(("account_", "admin:", "mfa_")):
        assert not asks_for_login(client, address, "get")


def test_the_public_list_names_addresses_that_exist() -> None:
    assert PUBLIC <= {address.name for address in ADDRESSES}


def test_every_app_was_walked() -> None:
    names = {address.name for address in ADDRESSES}
    assert {"home", "booking:detail", "members:account", "admin:index"} <= names
