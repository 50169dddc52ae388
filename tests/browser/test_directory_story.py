"""A need in a real browser, from a bakery without an account to the order that stays.

Posted and confirmed by e-mail, read by a host, asked of three providers of whom one declines and
two answer, compared, awarded, and told: with real letters, on a phone and on a desktop.
"""

import re
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from directory.gate import QUICKEST
from directory.models import (
    Commune,
    DeclineReason,
    Need,
    NeedState,
    Otherwise,
    Provider,
    Synonym,
    Trade,
)
from directory.services.new_profiles import create
from directory.services.publishing import approve, publish
from members.models import Role, User
from tests.browser.conftest import DESKTOP, accessibility_problems
from tests.browser.test_story import button
from tests.conftest import Mailbox
from tests.directory.rows import a_commune, a_trade
from tests.factories import a_user, freshly

pytestmark = pytest.mark.django_db(transaction=True)

BAKERY = "nadine@boulangerie.example"
TITLE = "Un site pour montrer nos pains et nos horaires"
ATELIER, STUDIO, FREELANCE = "Atelier du Clic", "Studio des Sapins", "Web en Bise"


def read_letter(smtp: Mailbox, to: str, subject: str) -> str:
    """The path of the link in the only letter to somebody about something."""
    [letter] = [
        each for each in smtp.messages if each["To"] == to and subject in str(each["Subject"])
    ]
    return path_in(letter)


def path_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"https?://\S+/(?:besoins/suivi|demandes)/\S+", body.get_content())
    assert found is not None, body.get_content()
    return urlsplit(found[0]).path


def sees(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert accessibility_problems(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def a_published_provider(name: str, host: User, commune: Commune, trade: Trade) -> Provider:
    """As its owner would make it, read by the host."""
    now = timezone.now()
    owner = a_user(f"Personne de {name}")
    values = {"name": name, "headline": "Des sites faciles à tenir", "commune": commune}
    provider = create(by=owner, now=now, values=values, trades=[trade])
    publish(provider=provider, by=owner, now=now)
    return approve(provider=provider, by=host, now=now)


def owner_of(name: str) -> str:
    return User.objects.get(ownerships__provider__name=name).email


@pytest.fixture
def desk(browser: Browser, client, live_server, watch) -> Page:
    """A host in a browser of their own."""
    context = browser.new_context(**DESKTOP, base_url=live_server.url, locale="fr-FR")
    context.on("request", watch.request)
    context.on("console", watch.console)
    freshly(client, User.objects.get(groups__name=Role.HOST))
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def territory() -> None:
    host, commune = a_user("Hugo", role=Role.HOST), a_commune("Morez")
    trade = a_trade("Développeur web")
    synonym = Synonym(trade=trade, word="site")
    synonym.full_clean()
    synonym.save()
    for name in (ATELIER, STUDIO, FREELANCE):
        a_published_provider(name, host, commune, trade)


def test_a_bakery_finds_somebody_here(page: Page, screen: str, desk: Page, smtp: Mailbox):
    # In plain words, without an account.
    page.goto("/besoins/nouveau/")
    page.wait_for_timeout(QUICKEST.total_seconds() * 1000)  # as long as it takes to read
    page.get_by_label("Qu’est-ce qu’il vous faut ?").fill(TITLE)
    page.get_by_label("Les détails").fill("Nous n’avons que quelques photos.")
    # The words say which trade it is: nothing to choose.
    expect(page.get_by_label("Métier").locator("option:checked")).to_have_text("Développeur web")
    page.get_by_label("Où ?").select_option("Morez")
    page.get_by_label("Nom de l’entreprise").fill("Boulangerie du Clocher Bleu")
    page.get_by_label("Votre nom").fill("Nadine Ponard")
    page.get_by_label("Votre adresse e-mail").fill(BAKERY)
    sees(page, "Poster un besoin")
    button(page, "Poster mon besoin").click()
    sees(page, "Regardez votre boîte aux lettres")
    need = Need.objects.get()
    assert need.state == NeedState.DRAFT

    # The link of the letter changes nothing: a scanner follows it too. The button does.
    follow = read_letter(smtp, BAKERY, "Confirmez votre besoin")
    page.goto(follow)
    sees(page, TITLE)
    need.refresh_from_db()
    assert need.state == NeedState.DRAFT
    button(page, "Confirmer").click()
    expect(page.get_by_text("l’équipe relit votre besoin")).to_be_visible()
    sees(page, TITLE)

    # The host reads it and opens it; three providers are asked.
    desk.goto("/admin/directory/need/")
    desk.get_by_role("link", name=TITLE).click()
    desk.get_by_role("link", name="Ouvrir…").click()
    button(desk, "Ouvrir ce besoin").click()
    expect(desk.get_by_text("Le besoin est ouvert")).to_be_visible()
    call_command("follow_directory")
    assert need.solicitations.count() == 3

    # One declines and says why.
    page.goto(read_letter(smtp, owner_of(FREELANCE), "Une demande pour vous"))
    sees(page, TITLE)
    button(page, "Lire la demande").click()
    sees(page, TITLE)
    page.get_by_text("Décliner", exact=True).first.click()
    page.get_by_label("pas le temps").check()
    button(page, "Décliner").click()
    expect(page.get_by_text("C’est noté")).to_be_visible()
    sees(page, TITLE)

    # Two answer.
    for name, price in ((ATELIER, "1400"), (STUDIO, "1150")):
        page.goto(read_letter(smtp, owner_of(name), "Une demande pour vous"))
        button(page, "Lire la demande").click()
        page.get_by_label("Votre réponse").fill(f"Je passe vous voir jeudi. {name}")
        page.get_by_label("Prix proposé").fill(price)
        button(page, "Envoyer ma réponse").click()
        expect(page.get_by_text("Votre réponse est transmise")).to_be_visible()
        sees(page, TITLE)

    # The bakery compares, sees who declined, and chooses.
    assert read_letter(smtp, BAKERY, "Une réponse à votre besoin") == follow
    page.goto(follow)
    sees(page, TITLE)
    expect(page.get_by_role("heading", name="2 réponses")).to_be_visible()
    expect(page.get_by_text(str(DeclineReason.NO_TIME.label))).to_be_visible()
    button(page, f"Retenir {STUDIO}").click()
    sees(page, TITLE)
    need.refresh_from_db()
    assert need.state == NeedState.AWARDED_LOCAL
    assert need.awarded_to == Provider.objects.get(name=STUDIO)

    # What became of it: how much, and from where it would have come otherwise.
    page.get_by_label("Montant, hors taxes").select_option("500 à 2 000")
    page.get_by_label("Sans l’annuaire").select_option(str(Otherwise.ONLINE.label))
    page.get_by_label("Votre avis").fill("Rencontrés à l’espace, tout s’est réglé en une heure.")
    button(page, "Enregistrer").click()
    expect(page.get_by_text("Merci : c’est noté")).to_be_visible()
    sees(page, TITLE)
    need.refresh_from_db()
    assert (need.amount, need.otherwise) == ("to_2000", Otherwise.ONLINE)

    # Both have each other's contact; the other one was told kindly.
    assert "Nadine Ponard" in words_to(smtp, owner_of(STUDIO))
    assert owner_of(STUDIO) in words_to(smtp, BAKERY)
    assert "une autre réponse l’emporte" in words_to(smtp, owner_of(ATELIER))


def words_to(smtp: Mailbox, to: str) -> str:
    """All that was written to an address."""
    bodies = [each.get_body(("plain",)) for each in smtp.messages if each["To"] == to]
    return "\n".join(body.get_content() for body in bodies if body)
