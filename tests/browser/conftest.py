"""A real Chromium in front of the real application, on a phone and on a desktop.

Every page is watched: a console error, a refused resource or a request to another host fails the
test that caused it.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

# Playwright runs an event loop in this thread; the tests use the ORM beside it on purpose.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A small phone of today: what fits there fits everywhere.
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
SCREENS = {"phone": PHONE, "desktop": DESKTOP}

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": CHROMIUM_FLAGS,
    }


@pytest.fixture(params=list(SCREENS))
def screen(request: pytest.FixtureRequest) -> str:
    """The test runs on each screen."""
    return str(request.param)


@pytest.fixture
def browser_context_args(
    browser_context_args: dict[str, Any], request: pytest.FixtureRequest, live_server: Any
) -> dict[str, Any]:
    """French, and the screen of the test: a desktop unless it asks for `screen`."""
    chosen = request.getfixturevalue("screen") if "screen" in request.fixturenames else "desktop"
    return {
        **browser_context_args,
        **SCREENS[chosen],
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "base_url": live_server.url,
    }


class Watch:
    """What a page should never do, noted as it happens."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.complaints: list[str] = []
        self.expected: list[str] = []

    def expect(self, part: str) -> None:
        """A complaint with this text is what the test is about."""
        self.expected.append(part)

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.host, "data:", "blob:")):
            self.complaints.append(f"a request to a third party: {request.url}")

    def console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type} in the console: {message.text}")

    def unexpected(self) -> list[str]:
        return [
            complaint
            for complaint in self.complaints
            if not any(part in complaint for part in self.expected)
        ]


@pytest.fixture
def watch(context: BrowserContext, live_server: Any) -> Iterator[Watch]:
    watch = Watch(live_server.url)
    context.on("request", watch.request)
    context.on("console", watch.console)
    context.on("weberror", lambda error: watch.complaints.append(str(error.error)))
    yield watch
    assert watch.unexpected() == []


@pytest.fixture(autouse=True)
def _watched(watch: Watch) -> None:
    """Every test of this folder is watched, whether it asks or not."""


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds on the page as it is now, one line for each element."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{page.url}: {violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
