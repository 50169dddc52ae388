"""The simulator by keyboard alone, without JavaScript, inside another site, and on paper."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Watch, accessibility_problems
from tests.browser.places import an_open_space
from tests.factories import a_plan

pytestmark = pytest.mark.django_db(transaction=True)


def amount(page) -> str:
    return " ".join(page.locator(".answer-amount").inner_text().split())


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus, as a hand would; and see that it shows."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle + s.boxShadow }"
            )
            assert outline != "nonenone", f"no visible focus on {selector}"
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_by_keyboard_alone(page: Page, screen: str, watch: Watch) -> None:
    watch.expect("422")  # what is no number
    page.goto(reverse("simulator:home"))
    assert amount(page) == "CHF 1 623"
    tab_to(page, "#id_distance")
    page.keyboard.press("Control+A")
    page.keyboard.type("60")
    expect(page.locator(".answer-amount")).to_have_text(re.compile(r"CHF\s2\s891"))
    expect(page).to_have_url(re.compile(r"\?distance=60$"))

    # Half a day more crosses the ceiling, and the page says so.
    tab_to(page, "#id_days")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#days-shown")).to_have_text(re.compile("2,5.jours par semaine"))
    expect(page.locator(".alert-warning").first).to_contain_text("plafond de 40 %")

    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, "#id_fee")
    page.keyboard.type("abc")
    expect(page.locator("#id_fee_errors")).to_contain_text("Saisissez un nombre")
    kept = amount(page)
    assert kept.startswith("CHF 3 6")  # the last good answer stays
    page.keyboard.press("Control+A")
    page.keyboard.type("15,50")
    expect(page.locator("#id_fee_errors")).to_be_empty()
    expect(page.locator(".balance")).to_contain_text("Journées à l’espace")

    # A figure opens on where it comes from.
    tab_to(page, ".answer-figure:nth-child(3) summary")
    page.keyboard.press("Enter")
    expect(page.locator(".answer-figure:nth-child(3) .sources")).to_contain_text("ADEME")
    assert accessibility_problems(page) == []


def test_without_javascript(browser: Browser, watch: Watch, live_server) -> None:
    context = browser.new_context(
        **PHONE, base_url=live_server.url, locale="fr-FR", java_script_enabled=False
    )
    context.on("request", watch.request)
    page = context.new_page()
    page.goto(reverse("simulator:home"))
    page.get_by_label("Distance jusqu’au bureau").fill("60")
    page.get_by_role("button", name="Calculer").click()
    assert amount(page) == "CHF 2 891"
    assert "distance=60" in page.url

    page.get_by_label("Distance jusqu’au bureau").fill("soixante")
    page.get_by_role("button", name="Calculer").click()
    assert "Saisissez un nombre" in page.locator("#id_distance_errors").inner_text()
    assert page.get_by_label("Distance jusqu’au bureau").input_value() == "soixante"
    assert amount(page) == "CHF 2 891"
    assert not page.get_by_role("button", name="Copier").is_visible()

    page.get_by_role("link", name="Morez → Saint-Claude").click()
    assert "€" in amount(page)
    context.close()


@pytest.fixture
def other_site(live_server) -> Iterator[str]:
    """A page of another origin that frames the simulator, and tries to frame another page."""
    frame, home = (live_server.url + reverse(f"simulator:{name}") for name in ("embed", "home"))
    body = (
        "<!doctype html><html lang='fr'><title>Ma commune</title><h1>Ma commune</h1>"
        f"<iframe id='allowed' title='Simulateur' src='{frame}' width='700' height='900'></iframe>"
        f"<iframe id='refused' title='Page' src='{home}' width='300' height='200'></iframe>"
    ).encode()

    class Commune(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/"
            self.send_response(200 if known else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if known:
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Not on the output of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Commune)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_inside_the_page_of_another_site(page: Page, watch: Watch, other_site: str) -> None:
    watch.expect(other_site)  # the site that frames us
    watch.expect("frame-ancestors")  # what refuses the other page
    watch.expect("X-Frame-Options")
    page.goto(other_site)
    frame = page.frame_locator("#allowed")
    expect(frame.locator(".answer-amount")).to_have_text(re.compile(r"CHF\s1\s623"))
    frame.get_by_label("Distance jusqu’au bureau").fill("60")
    expect(frame.locator(".answer-amount")).to_have_text(re.compile(r"CHF\s2\s891"))
    frame.get_by_role("link", name="Morez → Nyon").click()
    expect(frame.get_by_label("Distance jusqu’au bureau")).to_have_value("38")
    assert page.context.cookies() == []
    assert page.frame_locator("#refused").locator(".answer-amount").count() == 0


def test_the_price_of_the_plans_and_the_way_in(page: Page, screen: str) -> None:
    space, _plan = an_open_space(), a_plan(name="Nomade")
    page.goto(reverse("simulator:home") + "?currency=EUR")
    expect(page.locator(".answer")).to_contain_text("formule « Nomade »")
    trial = page.get_by_role("link", name="Réserver ma journée d’essai")
    booking = reverse("booking:book", args=[space.slug])
    assert trial.get_attribute("href") == f"{booking}?km=35&minutes=42&means=car"
    assert accessibility_problems(page) == []


def test_on_paper_the_answer_comes_first_and_nothing_is_left_to_click(page: Page) -> None:
    page.goto(reverse("simulator:home"))
    page.emulate_media(media="print")
    expect(page.locator(".answer-amount")).to_be_visible()
    expect(page.locator("#share-link")).to_be_visible()
    for gone in ("#trips", ".next", ".simulator-more", ".site-header", "#pinned"):
        expect(page.locator(gone)).to_be_hidden()


def test_the_address_is_copied(page: Page, context, live_server) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto(reverse("simulator:home") + "?distance=60")
    page.get_by_role("button", name="Copier").click()
    expect(page.get_by_role("button", name="Adresse copiée")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{live_server.url}/simulateur/?distance=60"
