"""The ways people come: three taps, a keyboard, no JavaScript, a stale page, a double click."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from booking import availability
from booking.models import Booking
from booking.services import book
from booking.slots import Period
from members.models import Member
from tests.browser.places import an_open_space, tomorrow
from tests.factories import a_member

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(context: BrowserContext, client, member: Member, live_server) -> None:
    """The cookie of somebody who signed in this morning."""
    client.force_login(member.user)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


@pytest.fixture
def member(context, client, live_server) -> Member:
    member = a_member()
    sign_in(context, client, member, live_server)
    return member


def test_three_taps_from_home_at_most(page: Page, screen: str, member: Member):
    an_open_space()
    page.goto("/")
    taps = 0
    for tap in (page.locator("a.quick").last, page.get_by_role("button", name="Réserver").first):
        tap.click()
        taps += 1
    expect(page.locator(".key-values")).to_be_visible()
    assert taps <= 3
    assert Booking.objects.get().member == member


def test_with_the_keyboard_only(page: Page, member: Member):
    space = an_open_space()
    page.goto(f"/espaces/morez/plan/?date={tomorrow(space)}&period=day")
    tab_to(page, "Poste 3")
    focused = page.evaluate_handle("document.activeElement").as_element()
    with_focus = page.screenshot()
    focused.evaluate("it => it.blur()")
    assert page.screenshot() != with_focus, "the focus must be visible"
    focused.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Réserver")
    tab_to(page, "Réserver", of_a_form=True)
    page.keyboard.press("Enter")
    expect(page.locator(".key-values")).to_be_visible()
    assert Booking.objects.get().resource.code == "P3"


def tab_to(page: Page, name: str, *, of_a_form: bool = False) -> None:
    """Press Tab until the focus is on what has this name."""
    for _presses in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => {
                const it = document.activeElement;
                const name = it.getAttribute("aria-label") || it.textContent;
                return {name: name.trim(), submits: it.form?.method === "post"};
            }"""
        )
        if name in focus["name"] and (focus["submits"] or not of_a_form):
            return
    pytest.fail(f"sixty presses of Tab do not lead to {name}")


def test_without_javascript(browser, browser_context_args, client, live_server):
    space, member = an_open_space(), a_member()
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    sign_in(context, client, member, live_server)
    page = context.new_page()
    page.goto("/espaces/morez/plan/")
    page.locator("[name=date]").fill(tomorrow(space))
    page.get_by_text("Matinée", exact=True).click()
    page.get_by_role("button", name="Voir", exact=True).click()
    page.get_by_role("link", name="Réserver n’importe quel poste").click()
    page.get_by_role("button", name="Réserver", exact=True).click()
    expect(page.locator(".key-values")).to_be_visible()
    context.close()
    assert Booking.objects.get().slot.local_day(space.zone).isoformat() == tomorrow(space)


def test_a_stale_page_says_what_is_still_free(page: Page, watch, member: Member):
    watch.expect("422")
    space, faster = an_open_space(), a_member()
    page.goto(f"/espaces/morez/plan/?date={tomorrow(space)}&period=day")
    page.locator("svg.plan a[aria-label*='Poste 1']").click()
    now = timezone.now()
    [taken] = availability.slots_for(space, date.fromisoformat(tomorrow(space)), Period.DAY, now)
    desk = space.resources.get(code="P1")
    book(space=space, member=faster, by=faster.user, slots=[taken], now=now, resource=desk)
    page.get_by_role("button", name="Réserver", exact=True).click()
    expect(page.get_by_text("vient d’être prise")).to_be_visible()
    page.get_by_role("link", name="P2").click()
    page.get_by_role("button", name="Réserver", exact=True).click()
    expect(page.locator(".key-values")).to_be_visible()
    assert member.bookings.get().resource.code == "P2"


def test_a_double_click_books_once(page: Page, member: Member):
    space = an_open_space()
    page.goto(f"/espaces/morez/reserver/?date={tomorrow(space)}&period=day")
    page.get_by_role("button", name="Réserver", exact=True).dblclick()
    expect(page.locator(".key-values")).to_be_visible()
    assert Booking.objects.count() == 1
