"""The second factor by hand: an app, its codes, a passkey, and looking as a member. In Chromium."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse
from playwright.sync_api import Page, expect

from members.models import Role
from tests.browser.conftest import Watch, accessibility_problems
from tests.browser.places import an_open_space
from tests.factories import a_member, a_user

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "haut-jura-2026"  # of everybody whom the factories make


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app shows (RFC 6238), so many half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def arrive(page: Page, path: str) -> None:
    """Wait for this page: the whole address, since `next=` may end in the same path."""
    page.wait_for_url(re.compile(rf"^https?://[^/]+{re.escape(path)}$"))


def log_in(page: Page, email: str) -> None:
    page.goto(reverse("account_login"))
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_label("Mot de passe").first.fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def log_out(page: Page) -> None:
    page.goto(reverse("account_logout"))
    page.locator("main").get_by_role("button", name="Se déconnecter").click()
    arrive(page, "/")


def confirm(page: Page) -> None:
    """Give the password again."""
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()


def look_over(page: Page) -> None:
    """What every page owes: readable for all, not wider than the screen."""
    assert accessibility_problems(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def add_an_app(page: Page) -> str:
    """Link an app; its secret."""
    page.goto(reverse("mfa_index"))
    look_over(page)
    page.get_by_role("link", name="Relier une application").click()
    look_over(page)
    confirm(page)
    expect(page.locator(".qr svg")).to_be_visible()
    look_over(page)
    secret = page.get_by_label("Ou recopiez cette clé").input_value()
    page.get_by_label("Code affiché par l’application").fill(code_of(secret))
    page.get_by_role("button", name="Relier l’application").click()
    return secret


@pytest.fixture
def telephone(page: Page) -> Iterator[Any]:
    """A telephone that keeps passkeys and always recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield session
    session.send("WebAuthn.removeVirtualAuthenticator", made)


def test_an_app_is_linked_and_opens_the_account_and_so_does_a_recovery_code(
    page: Page, screen: str
) -> None:
    person = a_member("Camille Perrin").user
    log_in(page, person.email)
    page.goto(reverse("members:account"))
    look_over(page)
    secret = add_an_app(page)

    expect(page.get_by_role("heading", name="10 codes sur 10")).to_be_visible()
    look_over(page)
    recovery = page.locator(".codes li").nth(4).inner_text()
    page.goto(reverse("mfa_index"))
    look_over(page)
    for name in ("mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        page.goto(reverse(name))
        look_over(page)

    log_out(page)
    log_in(page, person.email)
    expect(page.get_by_role("heading", name="Encore un pas")).to_be_visible()
    look_over(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Ce code ou cette clé ne convient pas.")).to_be_visible()
    look_over(page)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Se connecter").click()
    arrive(page, "/")

    log_out(page)
    log_in(page, person.email)
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Se connecter").click()
    arrive(page, "/")
    page.goto(reverse("mfa_reauthenticate"))
    look_over(page)
    page.goto(reverse("usersessions_list"))
    expect(page.get_by_text("Cet appareil")).to_be_visible()
    look_over(page)


def test_a_passkey_opens_the_account_alone(page: Page, telephone: Any, screen: str) -> None:
    person = a_member("Camille Perrin").user
    log_in(page, person.email)
    page.goto(reverse("mfa_index"))
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    confirm(page)
    look_over(page)
    page.get_by_label("Nom de la clé").fill("Téléphone")
    page.get_by_role("button", name="Ajouter la clé d’accès").click()
    expect(page.get_by_role("heading", name="10 codes sur 10")).to_be_visible()
    page.goto(reverse("mfa_list_webauthn"))
    expect(page.get_by_text("Ouvre sans mot de passe")).to_be_visible()
    look_over(page)
    page.get_by_role("link", name="Renommer Téléphone").click()
    look_over(page)
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Mon téléphone")).to_be_visible()
    page.get_by_role("link", name="Retirer Mon téléphone").click()
    look_over(page)

    log_out(page)
    page.goto(f"{reverse('account_login')}?next={reverse('booking:mine')}")
    look_over(page)
    page.get_by_role("button", name="Avec une clé d’accès").click()
    arrive(page, reverse("booking:mine"))

    page.goto(reverse("mfa_reauthenticate_webauthn") + "?next=/compte/")
    look_over(page)
    page.get_by_role("button", name="Me servir de ma clé d’accès").click()
    arrive(page, "/compte/")


def test_a_key_beside_the_password_is_asked_for_after_it(page: Page, telephone: Any) -> None:
    person = a_member("Camille Perrin").user
    log_in(page, person.email)
    page.goto(reverse("mfa_add_webauthn"))
    confirm(page)
    page.get_by_label("sans mot de passe").uncheck()
    page.get_by_role("button", name="Ajouter la clé d’accès").click()
    expect(page.get_by_role("heading", name="10 codes sur 10")).to_be_visible()
    log_out(page)
    log_in(page, person.email)
    page.get_by_role("button", name="Me servir de ma clé d’accès").click()
    arrive(page, "/")
    page.goto(reverse("members:account"))
    expect(page.get_by_text("Second facteur actif")).to_be_visible()


def test_a_device_that_knows_nobody_says_so_on_the_page(page: Page, telephone: Any) -> None:
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Avec une clé d’accès").click()
    expect(page.get_by_role("alert")).to_contain_text("La clé d’accès n’a pas répondu")
    look_over(page)


def test_the_team_is_led_to_a_second_factor_then_into_the_admin(
    page: Page, watch: Watch, screen: str
) -> None:
    watch.expect("403")
    host = a_user("Hugo Vuillet", role=Role.HOST)
    host.authenticator_set.all().delete()
    log_in(page, host.email)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Un second facteur d’abord")).to_be_visible()
    look_over(page)
    add_an_app(page)
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/admin/$"))
    assert page.get_by_role("heading", name="Un second facteur d’abord").count() == 0


def test_a_host_looks_as_a_member_and_stops(page: Page, watch: Watch, screen: str) -> None:
    watch.expect("403")
    an_open_space()
    member = a_member("Camille Perrin")
    host = a_user("Hugo Vuillet", role=Role.HOST)
    host.authenticator_set.all().delete()
    log_in(page, host.email)
    secret = add_an_app(page)
    log_out(page)
    log_in(page, host.email)
    page.get_by_label("Code").fill(code_of(secret, steps=1))
    page.get_by_role("button", name="Se connecter").click()
    arrive(page, "/")

    page.goto(reverse("admin:members_member_change", args=[member.pk]))
    page.get_by_role("button", name="Voir le site comme Camille Perrin").click()
    banner = page.get_by_role("complementary", name="Vue comme un membre")
    expect(banner).to_contain_text("Vous voyez le site comme Camille Perrin")
    look_over(page)
    page.goto(reverse("members:account"))
    look_over(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Vous regardez en lecture seule")).to_be_visible()
    look_over(page)
    page.goto(reverse("booking:calendar"))
    expect(page.get_by_role("heading", name="qu’à la personne")).to_be_visible()
    look_over(page)
    banner.get_by_role("button", name="Arrêter").click()
    page.wait_for_url("**/admin/members/member/**")
    page.goto(reverse("members:account"))
    expect(banner).to_have_count(0)
