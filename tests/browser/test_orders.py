"""Requests in a browser: every page for everyone, and an order that stays here."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from directory.models import Need, NeedState, Organisation, Provider, Solicitation
from directory.services import awards, needs
from directory.services.answering import answer, decline, open_request
from directory.services.solicitations import ask_next
from members.models import Role
from tests.browser.conftest import SCREENS
from tests.browser.test_every_page import problems_on
from tests.directory.rows import a_commune, a_provider, a_trade
from tests.factories import a_user

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Atelier Grenier", "Bois du Risoux", "Menuiserie Perrin")


def an_open_need(title: str = "Une vitrine à réparer", **fields) -> Need:
    """Posted without an account, confirmed, opened by the host; three joiners live nearby."""
    now = timezone.now()
    morez = a_commune("Morez")
    joiner = a_trade("Menuisier")
    for name in NAMES:
        a_provider(name, trades=(joiner,), commune=morez, owner=a_user(name))
    values = {
        "title": title,
        "description": "Le joint du bas est mort.",
        "contact_name": "Jeanne Vuez",
        "contact_email": "jeanne@boulangerie.example",
        "commune": morez,
        "trade": joiner,
        "answers_wanted": 2,
        "deadline": timezone.localdate(now) + timedelta(days=14),
    }
    bakery = Organisation(name="Boulangerie Vuez", kind="business", commune=morez)
    made = needs.post(
        need=Need(**values | fields), organisation=bakery, by=None, now=now,
        files=[("plan.pdf", b"%PDF-1.7")],
    )  # fmt: skip
    confirmed = needs.confirm(need=made, by=None, now=timezone.now())
    return needs.open_need(need=confirmed, by=a_user(role=Role.HOST), now=timezone.now())


def answered(row: Solicitation, text: str, price: int) -> None:
    now = timezone.now()
    open_request(solicitation=row, by=None, now=now)
    said = {"text": text, "price": price, "currency": "EUR", "starts_on": now.date()}
    answer(solicitation=row, by=None, now=now, **said)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SCREENS))
def test_every_page_of_requests_is_for_everyone(browser, live_server, client, watch, size, scheme):
    need = an_open_need()
    fresh, read, no = ask_next(need=need, now=timezone.now())
    open_request(solicitation=read, by=None, now=timezone.now())
    open_request(solicitation=no, by=None, now=timezone.now())
    decline(solicitation=no, reason="no_time", words="En juin.", by=None, now=timezone.now())
    owner = a_user()
    late = a_provider("Tardive", owner=owner)
    public = [each.get_absolute_url() for each in (fresh, read, no)]
    come_forward = f"/besoins/{need.pk}/se-proposer/"
    host = a_user(role=Role.HOST)
    screen, problems = {**SCREENS[size], "color_scheme": scheme}, []
    readers = (
        (None, public),
        (fresh.provider.ownerships.get().user, ["/demandes/", public[0]]),
        (owner, ["/demandes/", come_forward]),
        (host, [come_forward]),
    )
    for user, paths in readers:
        problems += problems_on(browser, watch, live_server, client, user, paths, **screen)
    answered(fresh, "Je peux.", 900)
    answered(read, "Nous aussi.", 1200)
    awards.award(solicitation=fresh, by=None, now=timezone.now())
    over = [fresh.get_absolute_url(), read.get_absolute_url(), need.author_path]
    problems += problems_on(browser, watch, live_server, client, None, over, **screen)
    assert late.solicitations.count() == 0  # nobody comes forward by looking
    assert problems == []


def link_in(letter_to: str) -> str:
    """The address of the request in the letter to somebody."""
    [letter] = [each for each in mail.outbox if each.to == [letter_to] and "demande" in each.body]
    return next(word for word in letter.body.split() if "/demandes/" in word)


def reads(page: Page, provider: str) -> None:
    owner = Provider.objects.get(name=provider).ownerships.get().user
    page.goto("/demandes/" + link_in(owner.email).split("/demandes/")[1])
    page.get_by_role("button", name="Lire la demande").click()
    expect(page.get_by_text("Le joint du bas est mort.")).to_be_visible()


def test_an_order_stays_here(page: Page, watch) -> None:
    """Asked by the job, one says no and why, two answer, one is chosen, the outcome is told."""
    need = an_open_need()
    mail.outbox.clear()
    call_command("follow_directory")
    # The job also asks their owners whether the profiles, months old, still hold.
    asked = [each for each in mail.outbox if "/demandes/" in each.body]
    assert Solicitation.objects.count() == len(asked) == 3

    reads(page, "Atelier Grenier")
    page.locator("summary", has_text="Décliner").click()
    page.get_by_label("pas le temps").check()
    page.get_by_role("button", name="Décliner").click()
    expect(page.get_by_role("status")).to_contain_text("C’est noté")

    for name, price in (("Bois du Risoux", "950"), ("Menuiserie Perrin", "1200")):
        reads(page, name)
        page.get_by_label("Votre réponse").fill(f"De {name} : deux jours.")
        page.get_by_label("Prix proposé").fill(price)
        page.get_by_role("button", name="Envoyer ma réponse").click()
        expect(page.get_by_role("status")).to_contain_text("Votre réponse est transmise.")

    letters = [each for each in mail.outbox if each.to == ["jeanne@boulangerie.example"]]
    assert need.author_path in letters[0].body
    page.goto(need.author_path)
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.get_by_text("pas le temps")).to_be_visible()
    page.get_by_role("button", name="Retenir Bois du Risoux").click()
    expect(page.get_by_role("status")).to_contain_text("Vous avez retenu Bois du Risoux")
    need.refresh_from_db()
    assert (need.state, need.awarded_to.name) == (NeedState.AWARDED_LOCAL, "Bois du Risoux")
