"""Needs in a browser: every page for everyone, and a bakery that finds somebody."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from directory.models import Agent, Need, NeedState, Organisation
from directory.services import needs
from directory.services.organisations import invite_agent
from members.models import Role
from tests.browser.conftest import SCREENS, accessibility_problems
from tests.browser.test_every_page import problems_on
from tests.directory.rows import a_commune, a_provider, a_solicitation, a_trade
from tests.factories import a_user

pytestmark = pytest.mark.django_db(transaction=True)


def posted(commune, title: str, **fields) -> Need:
    now = timezone.now()
    values = {
        "title": title,
        "description": "Le joint du bas est mort.",
        "contact_name": "Jeanne Vuez",
        "contact_email": "jeanne@boulangerie.example",
        "commune": commune,
        "deadline": timezone.localdate(now) + timedelta(days=14),
    }
    made = Organisation(name="Boulangerie Vuez", kind="business", commune=commune)
    return needs.post(
        need=Need(**values | fields), organisation=made, by=None, now=now,
        files=[("plan.pdf", b"%PDF-1.7")],
    )  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SCREENS))
def test_every_page_of_needs_is_for_everyone(browser, live_server, client, watch, size, scheme):
    watch.expect("404")
    watch.expect("410")
    host, aline, now = a_user(role=Role.HOST), a_user(), timezone.now()
    morez = a_commune("Morez")
    draft, waiting = posted(morez, "Une vitrine à réparer"), posted(morez, "Un four à régler")
    waiting = needs.confirm(need=waiting, by=None, now=now)
    found = posted(morez, "Un site", trade=a_trade("Webmestre"), contact_email="a@b.example")
    found = needs.open_need(
        need=needs.confirm(need=found, by=None, now=now), by=host, now=timezone.now()
    )
    moment = timezone.now()
    for name, more in (
        ("Atelier Grenier", {"opened_at": moment, "answered_at": moment, "answer": "Je peux."}),
        ("Vitrerie", {"opened_at": moment, "declined_at": moment, "decline_reason": "no_time"}),
        ("Muette", {}),
    ):
        a_solicitation(found, a_provider(name), sent_at=moment, **more)
    agent = Agent.objects.create(organisation=found.organisation, user=aline, since=now)
    invite_agent(organisation=agent.organisation, email="bob@b.example", by=aline, now=now)
    letter = re.search(r"/besoins/agir/[^/\s]+/", str(mail.outbox[-1].body))
    public = [
        "/besoins/",
        "/besoins/nouveau/",
        "/besoins/nouveau/envoye/",
        found.get_absolute_url(),
        f"{found.get_absolute_url()}signaler/",
        draft.author_path,
        f"{draft.author_path}modifier/",
        waiting.author_path,
        f"{found.author_path}?suite=awarded_outside",
        letter[0],
        "/besoins/agir/autre/",
    ]
    own = ["/mes-besoins/", f"/mes-besoins/pour/{agent.organisation_id}/", "/besoins/nouveau/"]
    screen, problems = {**SCREENS[size], "color_scheme": scheme}, []
    for user, paths in ((None, public), (aline, own), (a_user(), ["/mes-besoins/"])):
        problems += problems_on(browser, watch, live_server, client, user, paths, **screen)
    assert problems == []


def test_a_bakery_posts_in_plain_words_and_confirms_by_mail(page, watch):
    watch.expect("422")
    a_commune("Morez")
    trade = a_trade("Vitrier")
    page.goto("/besoins/")
    page.get_by_role("link", name="Poster un besoin").first.click()
    page.get_by_label("Qu’est-ce qu’il vous faut ?").fill("Un vitrier pour la vitrine")
    page.get_by_label("Les détails").fill("Le joint du bas est mort.")
    expect(page.get_by_label("Métier")).to_have_value(str(trade.pk))
    page.get_by_label("Où ?").select_option(label="Morez")
    page.get_by_label("Nom de l’entreprise").fill("Boulangerie Vuez")
    page.get_by_label("Votre adresse e-mail").fill("jeanne@boulangerie.example")
    page.wait_for_timeout(2100)  # nobody reads faster
    page.get_by_role("button", name="Poster mon besoin").click()
    expect(page.get_by_label("Votre nom")).to_be_focused()
    assert accessibility_problems(page) == []
    page.get_by_label("Votre nom").fill("Jeanne Vuez")
    page.get_by_role("button", name="Poster mon besoin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre boîte aux lettres")
    need = Need.objects.get()
    assert (need.state, need.trade) == (NeedState.DRAFT, trade)
    assert need.author_path in str(mail.outbox[0].body)
    page.goto(need.author_path)
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("status")).to_contain_text("l’équipe relit votre besoin")
    need.refresh_from_db()
    assert need.state == NeedState.SUBMITTED
    page.get_by_text("Retirer ce besoin").click()
    page.get_by_role("button", name="Retirer", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Votre besoin est retiré")
