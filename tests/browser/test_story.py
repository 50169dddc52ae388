"""The first story, in a real browser: sign up, confirm, book on the plan, move, cancel."""

import re

import pytest
from playwright.sync_api import Page, expect

from booking.models import Booking, Status
from tests.browser.conftest import accessibility_problems
from tests.browser.places import PASSWORD, an_open_space, tomorrow
from tests.conftest import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


def code_in(mailbox: Mailbox) -> str:
    """The code of the last e-mail, as a person reads it."""
    body = mailbox.messages[-1].get_body(("plain",))
    assert body is not None
    alone = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", body.get_content(), re.MULTILINE)
    assert alone is not None, body.get_content()
    return alone[1]


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def test_from_the_home_to_a_desk_and_back(page: Page, screen: str, smtp: Mailbox):
    space = an_open_space()
    day = tomorrow(space)

    # Joining.
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Coworking de Morez")
    page.get_by_role("link", name="Créer mon compte").click()
    page.get_by_label("Nom", exact=False).first.fill("Camille Jobez")
    page.locator("[name=email]").fill("camille@example.org")
    page.locator("[name=password1]").fill(PASSWORD)
    assert accessibility_problems(page) == []
    button(page, "S’inscrire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmez votre adresse")
    assert accessibility_problems(page) == []
    page.locator("[name=code]").fill(code_in(smtp))
    button(page, "Confirmer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Coworking de Morez")
    expect(page.get_by_role("link", name="Demander à devenir membre")).to_be_visible()
    expect(page.get_by_role("link", name="Réserver ma journée d’essai gratuite")).to_be_visible()
    assert accessibility_problems(page) == []

    # Booking on the plan.
    page.goto(f"/espaces/morez/plan/?date={day}&period=morning")
    assert accessibility_problems(page) == []
    page.locator("svg.plan a[aria-label*='Poste 2']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Réserver")
    expect(page.get_by_text("C’est votre journée d’essai gratuite")).to_be_visible()
    assert accessibility_problems(page) == []
    button(page, "Réserver").click()
    expect(page.get_by_role("heading", level=2, name="Poste 2")).to_be_visible()
    booking = Booking.objects.get()
    assert (booking.resource.code, booking.status) == ("P2", Status.CONFIRMED)
    assert accessibility_problems(page) == []

    # Moving to the afternoon: the moment changes under one's eyes.
    page.get_by_role("link", name="Déplacer").click()
    page.get_by_text("Après-midi", exact=True).click()
    expect(page.locator("#stay .lead")).to_contain_text("13:00")
    assert accessibility_problems(page) == []
    button(page, "Déplacer").click()
    expect(page.locator(".key-values")).to_contain_text("13:00")
    booking.refresh_from_db()
    assert (booking.slot.start.astimezone(space.zone).hour, booking.sequence) == (13, 1)

    # Cancelling.
    page.get_by_role("link", name="Annuler").click()
    assert accessibility_problems(page) == []
    button(page, "Annuler la réservation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes réservations")
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED

    # The mails: the code, then one for each step, each with its event.
    subjects = [str(message["Subject"]) for message in smtp.messages]
    assert len(subjects) == 4, subjects
    for message in smtp.messages[1:]:
        kinds = [part.get_content_type() for part in message.walk()]
        assert {"text/plain", "text/html", "text/calendar"} <= set(kinds)
