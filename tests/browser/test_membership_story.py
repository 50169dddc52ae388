"""The life of a membership in a real browser, from the first visit to the erasure, and its trace.

Visit, trial day, application, approval by a host, a booking, a pause, the departure, a copy of the
data, the erasure: played by the person on a phone or a desktop, and by a host in the admin.
"""

import json
import re
import zipfile

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from booking.models import Booking, TrialDay
from members.models import Act, Application, AuditEntry, Member, Pause, Role, State
from tests.browser.conftest import DESKTOP, accessibility_problems
from tests.browser.places import PASSWORD, an_open_space, tomorrow
from tests.browser.test_story import button, code_in
from tests.conftest import Mailbox
from tests.factories import a_plan, a_user, freshly

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "camille@example.org"
NAME = "Camille Jobez"


@pytest.fixture
def host(browser: Browser, client, live_server, watch) -> Page:
    """A host at the desk, in a browser of their own."""
    context = browser.new_context(**DESKTOP, base_url=live_server.url, locale="fr-FR")
    context.on("request", watch.request)
    context.on("console", watch.console)
    freshly(client, a_user("Hugo", role=Role.HOST))
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    yield context.new_page()
    context.close()


def sees(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert accessibility_problems(page) == []


def the_member() -> Member:
    return Member.objects.select_related("user").get()


def test_from_the_first_visit_to_the_erasure(page: Page, screen: str, host: Page, smtp: Mailbox):
    space, plan = an_open_space(), a_plan(name="Nomade")

    # A visit, an account, a trial day.
    page.goto("/")
    page.get_by_role("link", name="Créer mon compte").click()
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=password1]").fill(PASSWORD)
    button(page, "S’inscrire").click()
    page.locator("[name=code]").fill(code_in(smtp))
    button(page, "Confirmer").click()
    expect(page.get_by_role("heading", name="Bienvenue, Camille")).to_be_visible()
    page.get_by_role("link", name="Réserver ma journée d’essai gratuite").click()
    page.goto(f"/espaces/morez/reserver/?date={tomorrow(space)}&period=morning")
    button(page, "Réserver").click()
    expect(page.locator(".key-values")).to_be_visible()
    assert TrialDay.objects.get().member == the_member()

    # The application; a host reads it and approves.
    page.goto("/")
    page.get_by_role("link", name="Demander à devenir membre").click()
    sees(page, "Devenir membre")
    page.get_by_text("Nomade", exact=True).first.click()
    page.locator("[name=trade]").fill("Designer de montures")
    page.locator("[name=message]").fill("Je cherche du calme le mardi")
    button(page, "Envoyer ma candidature").click()
    sees(page, "Mon adhésion")
    application = Application.objects.get()
    assert (application.plan, the_member().state) == (plan, State.APPLICANT)
    host.goto("/admin/")
    host.get_by_role("link", name=NAME).first.click()
    host.goto(f"/admin/members/member/{the_member().pk}/accepter/")
    button(host, "Accepter la candidature").click()
    host.wait_for_url(re.compile(r"/admin/members/member/\d+/change/"))
    assert the_member().state == State.ACTIVE

    # A member books, then pauses, comes back, and leaves.
    page.goto(f"/espaces/morez/reserver/?date={tomorrow(space)}&period=afternoon")
    button(page, "Réserver").click()
    expect(page.locator(".key-values")).to_be_visible()
    assert Booking.objects.confirmed().count() == 2
    page.goto("/compte/adhesion/pause/")
    sees(page, "Faire une pause")
    button(page, "Faire cette pause").click()
    sees(page, "Mon adhésion")
    assert (the_member().state, Pause.objects.count()) == (State.PAUSED, 1)
    page.goto("/compte/adhesion/depart/")
    sees(page, "Mettre fin à mon adhésion")
    button(page, "Mettre fin à mon adhésion").click()
    sees(page, "Mon adhésion")
    assert the_member().state == State.FORMER

    # The bookings that are left are shown to the host, and given back by the person.
    host.goto("/admin/")
    expect(host.get_by_text(NAME).first).to_be_visible()
    for booking in Booking.objects.confirmed():
        page.goto(f"/reservations/{booking.pk}/annuler/")
        button(page, "Annuler la réservation").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mes réservations")

    # A copy of everything, for who proves to be there: a session lasts long.
    page.goto("/compte/mes-donnees/")
    button(page, "Télécharger ma copie").click()
    page.locator("[name=password]").fill(PASSWORD)
    button(page, "Continuer").click()
    sees(page, "Mes données")
    with page.expect_download() as arriving:
        button(page, "Télécharger ma copie").click()
    with zipfile.ZipFile(arriving.value.path()) as archive:
        copy = json.loads(archive.read("donnees.json"))
        readable = archive.read("donnees.html").decode()
    for words in (EMAIL, NAME, "Designer de montures", "Je cherche du calme le mardi"):
        assert words in json.dumps(copy, ensure_ascii=False)
        assert words in readable

    # The erasure.
    member = the_member()
    page.goto("/compte/effacer/")
    sees(page, "Effacer mon compte")
    page.locator("[name=word]").fill("EFFACER")
    button(page, "Effacer mon compte").click()
    expect(page.locator("body")).to_contain_text("effacé")
    member.refresh_from_db()
    assert member.user.erased_at is not None
    assert str(smtp.messages[-1]["To"]) == EMAIL

    # The audit shows all of it, and no longer who it was.
    acts = AuditEntry.objects.concerning(member).order_by("id")
    told = [(entry.act, entry.subject_type) for entry in acts]
    steps = [
        (Act.CREATED, "members.member"),
        (Act.CREATED, "booking.booking"),
        (Act.CREATED, "members.application"),
        (Act.STATE, "members.member"),
        (Act.CREATED, "members.subscription"),
        (Act.CREATED, "members.pause"),
        (Act.ENDED, "members.subscription"),
        (Act.CANCELLED, "booking.booking"),
        (Act.DISCLOSED, "members.user"),
        (Act.ERASED, "members.user"),
    ]
    assert [step for step in steps if step not in told] == []
    assert NAME not in json.dumps(list(acts.values("changes", "reason")))
    host.goto(f"/admin/members/auditentry/?member={member.pk}")
    expect(host.locator("body")).to_contain_text("Personne effacée")
    assert timezone.now() >= member.user.erased_at
