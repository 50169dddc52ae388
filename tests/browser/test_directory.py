"""The directory in a browser: found while one types, without JavaScript, inside another site."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from directory.models import Found, Missed, Provider
from tests.browser.conftest import PHONE, Watch, accessibility_problems
from tests.browser.places import an_open_space
from tests.directory.public import listed
from tests.directory.rows import a_commune, a_trade

pytestmark = pytest.mark.django_db(transaction=True)

CARDS = ".provider-card"


@pytest.fixture
def workshop() -> Provider:
    an_open_space()
    morez = a_commune("Morez", slug="morez")
    listed("Studio Bienne", trades=(a_trade("Graphiste"),), commune=morez)
    return listed("Atelier du Risoux", trades=(a_trade("Menuisier"),), commune=morez)


def test_who_is_looked_for_is_found_while_one_types_and_counted_once(
    page: Page, workshop: Provider, screen: str, live_server
) -> None:
    page.goto("/annuaire/")
    page.get_by_label("Que cherchez-vous ?").fill("menuisier")
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator(CARDS)).to_have_count(1)
    expect(page.locator(".provider-reasons")).to_contain_text("métier : menuisier")

    words = page.get_by_label("Que cherchez-vous ?")
    words.fill("")
    words.press_sequentially("graph")
    expect(page.locator(CARDS)).to_contain_text("Studio Bienne")
    with page.expect_response("**/annuaire/compte/") as counting:
        words.press_sequentially("iste")
    expect(page).to_have_url(f"{live_server.url}/annuaire/?q=graphiste")
    assert counting.value.status == 204
    # What was only passed through while typing is not counted.
    assert {row.words for row in Found.objects.all()} <= {"graphiste", "menuisier"}
    assert Found.objects.filter(words="graphiste").get().times == 1
    assert accessibility_problems(page) == []


def test_nobody_is_no_dead_end(page: Page, workshop: Provider) -> None:
    page.goto("/annuaire/?q=dresseur&commune=morez")
    with page.expect_response("**/annuaire/compte/"):
        expect(page.get_by_role("status")).to_have_text("Personne pour cette recherche")
    assert Missed.objects.get().times == 1
    page.get_by_role("link", name="Postez ce besoin").click()
    expect(page.locator("[name=title]")).to_have_value("dresseur")


def test_the_map_leads_to_a_commune_by_keyboard(page: Page, workshop: Provider) -> None:
    page.goto("/annuaire/?q=")
    place = page.get_by_role("link", name="Morez : 2 prestataires")
    place.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?commune=morez$"))
    expect(page.locator(CARDS)).to_have_count(2)


def test_without_javascript(
    browser: Browser, workshop: Provider, watch: Watch, live_server
) -> None:
    context = browser.new_context(
        **PHONE, base_url=live_server.url, locale="fr-FR", java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/annuaire/")
    page.locator("summary").filter(has_text="Affiner").click()
    page.get_by_label("Métier", exact=True).select_option("Menuisier")
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator(CARDS)).to_have_count(1)
    page.locator(".chip").filter(has_text="Menuisier").click()
    expect(page.locator(CARDS)).to_have_count(2)
    context.close()


@pytest.fixture
def other_site(live_server) -> Iterator[str]:
    """The page of a town hall that shows the frame."""
    frame = f"{live_server.url}/annuaire/integrer/"
    html = f'<!doctype html><title>Mairie</title><iframe src="{frame}" title="Annuaire"></iframe>'

    class TownHall(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *told: object) -> None:
            """Not on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), TownHall)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_inside_another_site(browser: Browser, workshop: Provider, other_site: str) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(other_site)
    frame = page.frame_locator("iframe")
    with page.expect_response("**/annuaire/compte/") as counting:
        frame.get_by_label("Que cherchez-vous ?").press_sequentially("menuisier")
        expect(frame.locator(CARDS)).to_have_count(1)
    assert counting.value.status == 204
    with context.expect_page() as opened:
        frame.get_by_role("link", name=workshop.name).click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text(workshop.name)
    context.close()
