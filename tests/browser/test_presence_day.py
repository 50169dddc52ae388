"""A day at the space: the tablet at the door, the telephones of those who come, and the host.

It is ten o'clock at the door, at whatever hour this runs.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import segno
import time_machine
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from booking.models import Booking, Device, Space, Visit, Way
from booking.services import book, kiosk
from booking.slots import Slot
from members.models import Role, Use, User
from members.services.consents import agree
from tests.browser.conftest import DESKTOP, PHONE, accessibility_problems
from tests.browser.places import an_open_space
from tests.browser.test_story import button
from tests.factories import a_member, a_user, freshly

pytestmark = pytest.mark.django_db(transaction=True)

TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
POLL = 20_500  # milliseconds: the tablet asks again every twenty seconds

Opened = Callable[..., Page]


@pytest.fixture
def ten_o_clock() -> Iterator[time_machine.Traveller]:
    local = timezone.localtime().replace(hour=10, minute=3, second=0, microsecond=0)
    with time_machine.travel(local, tick=True) as traveller:
        yield traveller


@pytest.fixture
def opened(browser: Browser, live_server, watch, ten_o_clock) -> Iterator[Opened]:
    """A browser of one's own, of somebody who is logged in, or of nobody."""
    with ExitStack() as stack:

        def open_for(user: User | None, screen: dict) -> Page:
            context = browser.new_context(**screen, base_url=live_server.url, locale="fr-FR")
            stack.callback(context.close)
            context.on("request", watch.request)
            context.on("console", watch.console)
            context.on("weberror", lambda error: watch.complaints.append(str(error.error)))
            if user is not None:
                cookie = freshly(Client(), user).cookies["sessionid"].value
                context.add_cookies(
                    [{"name": "sessionid", "value": cookie, "url": live_server.url}]
                )
            return context.new_page()

        yield open_for


def is_for_everyone(page: Page) -> None:
    """By day and by night; colours change at once for who wants no motion."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_timeout(200)  # the colours are there with the next frames
        assert accessibility_problems(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


class Then(signing.TimestampSigner):
    """Signs as somebody did so many seconds ago."""

    def __init__(self, ago: int) -> None:
        super().__init__(salt="booking.kiosk")
        self.at = int(timezone.now().timestamp()) - ago

    def timestamp(self) -> str:
        return signing.b62_encode(self.at)


def address_on(tablet: Page, device: Device) -> str:
    """What a telephone reads on the screen: the address whose drawing is the one that is there."""
    drawn = tablet.locator(".kiosk-picture svg path").last.get_attribute("d")
    for ago in range(-1, kiosk.PICTURE_LIVES):
        token = Then(ago).sign(str(device.pk))
        address = settings.SITE_URL + reverse("booking:scanned", args=[token])
        code = segno.make(address, error="m", micro=False)
        picture = code.svg_inline(scale=6, border=2, dark="#000", light="#fff")
        if f'd="{drawn}"' in picture:
            return urlsplit(address).path
    raise AssertionError("no address of ours is on the screen")


def a_booked_desk(space: Space, member, hours: int) -> Booking:
    start = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    slot = Slot(start, start + timedelta(hours=hours))
    [booking] = book(
        space=space, member=member, by=member.user, slots=[slot], now=start - timedelta(hours=1)
    )
    return booking


def refreshed(tablet: Page) -> Page:
    """Twenty seconds later."""
    with tablet.expect_response(lambda answer: answer.url.endswith("/borne/")):
        tablet.clock.run_for(POLL)
    return tablet


def told(page: Page, words: str) -> None:
    expect(page.get_by_text(words, exact=False).first).to_be_visible()


def test_a_day_at_the_space(opened: Opened, ten_o_clock, watch):
    space = an_open_space(desks=4)
    aline, bruno, chloe, denis = (
        a_member(name) for name in ("Aline Morel", "Bruno Lacroix", "Chloé Petit", "Denis Rey")
    )
    agree(user=aline.user, use=Use.PRESENCE, now=timezone.now(), by=aline.user)
    booking = a_booked_desk(space, aline, hours=7)
    operator = a_user(role=Role.OPERATOR)
    device, secret = kiosk.add_device(space=space, name="Entrée", by=operator, now=timezone.now())

    # The secret link turns a tablet into the kiosk.
    tablet = opened(None, TABLET)
    tablet.clock.install()
    tablet.goto(reverse("booking:set_up_kiosk", args=[secret]))
    is_for_everyone(tablet)
    button(tablet, "Activer la borne").click()
    expect(tablet.get_by_role("heading", level=1)).to_have_text("Coworking de Morez")
    told(tablet, "0 personne est là")
    is_for_everyone(tablet)

    # One scans the screen: the booking of the day is taken up, and the tablet says who came.
    first = opened(aline.user, PHONE)
    first.goto(address_on(tablet, device))
    is_for_everyone(first)
    button(first, "J’arrive").click()
    told(first, "Bienvenue Aline")
    visit = Visit.objects.get()
    assert (visit.booking, visit.arrived_by) == (booking, Way.KIOSK)
    refreshed(tablet)
    expect(tablet.locator(".kiosk-names")).to_contain_text("Aline")

    # One types a code at the tablet, and did not agree to be named there.
    second = opened(bruno.user, PHONE)
    second.goto("/presence/")
    button(second, "Demander un code").click()
    code = re.sub(r"\D", "", second.locator(".kiosk-digits").inner_text())
    is_for_everyone(second)
    tablet.get_by_label("Six chiffres", exact=False).fill(code)
    button(tablet, "J’arrive ou je pars").click()
    told(tablet, "Bienvenue Bruno")
    told(tablet, "2 personnes sont là")
    expect(tablet.locator(".kiosk-names")).not_to_contain_text("Bruno")
    is_for_everyone(tablet)
    tablet.get_by_label("Six chiffres", exact=False).fill(code)
    watch.expect("422")  # a code serves once
    button(tablet, "J’arrive ou je pars").click()
    told(tablet, "Ce code n’est pas bon")
    is_for_everyone(tablet)

    # One arrives from the page of presence, with a guest: every desk has somebody now.
    third = opened(chloe.user, PHONE)
    third.goto("/presence/")
    button(third, "J’arrive").click()
    told(third, "Vous êtes à « Coworking de Morez »")
    third.get_by_label("Nom du visiteur").fill("Solène Vuez")
    button(third, "Noter son arrivée").click()
    told(third, "Solène Vuez")
    is_for_everyone(third)
    refreshed(tablet)
    told(tablet, "4 personnes sont là")
    expect(tablet.locator(".kiosk-free")).to_contain_text(re.compile(r"^\s*0 "))

    # A full house: the next hour at which a desk is free.
    fourth = opened(denis.user, PHONE)
    fourth.goto("/presence/")
    button(fourth, "J’arrive").click()
    told(fourth, "L’espace est complet. Une place se libère à 17:00.")
    is_for_everyone(fourth)

    # The host notes that the guest left, and that somebody came, when the desk is free.
    host = opened(a_user("Hugo", role=Role.HOST), DESKTOP)
    host.goto("/espaces/morez/feuille/")
    expect(host.locator("[aria-labelledby=sheet-present] tbody tr")).to_have_count(4)
    is_for_everyone(host)
    host.get_by_role("row").filter(has_text="Solène Vuez").get_by_role("button").click()
    told(host, "Le départ de Solène Vuez est noté.")
    ten_o_clock.shift(timedelta(minutes=30))
    host.get_by_label("Adresse e-mail du membre").fill(denis.user.email)
    button(host, "Noter l’arrivée").click()
    told(host, "Denis Rey est noté présent.")
    expect(host.locator("[aria-labelledby=sheet-gone] tbody tr")).to_have_count(1)
    is_for_everyone(host)
    fourth.reload()
    told(fourth, "Vous êtes à « Coworking de Morez »")

    # The network goes away: the tablet stays as it was, and comes back by itself.
    for words in ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest"):
        watch.expect(words)
    tablet.context.set_offline(True)
    button(first, "Je pars").click()
    told(first, "Vous n’êtes pas noté présent")
    with tablet.expect_event("requestfailed"):
        tablet.clock.run_for(POLL)
    expect(tablet.locator(".kiosk-names")).to_contain_text("Aline")
    tablet.context.set_offline(False)
    refreshed(tablet)
    told(tablet, "3 personnes sont là")
    expect(tablet.locator(".kiosk-names")).to_have_count(0)
    booking.refresh_from_db()
    assert booking.end < booking.start + timedelta(hours=1)

    # The picture that was scanned is worth nothing a few minutes later.
    old = address_on(tablet, device)
    ten_o_clock.shift(timedelta(minutes=3))
    first.goto(old)
    told(first, "Cette image n’est plus bonne")

    # A tablet that was revoked shows nothing, and takes nothing.
    kiosk.revoke_device(device=device, by=operator, now=timezone.now())
    refreshed(tablet)
    told(tablet, "Cet appareil n’est pas une borne")
    expect(tablet.locator(".kiosk-picture")).to_have_count(0)
    watch.expect("403")
    tablet.goto("/borne/")
    told(tablet, "Cet appareil n’est pas une borne")
    expect(tablet.locator("form")).to_have_count(0)
    is_for_everyone(tablet)

    assert Visit.objects.open().count() == 3
    assert Visit.objects.count() == 5
