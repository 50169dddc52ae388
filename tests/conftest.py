"""What every test gets: the database it says it runs on, the guards, a real mail server to ask for.

The people and spaces of the tests are made by `tests/factories.py`.
"""

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings, settings
from django.core.cache import cache, caches
from django.utils import translation

from deploy.free_port import free_port
from tests import emptying, guards
from tests.guards import template_variables, unordered

# A busy machine is slow, and slow is not wrong: examples have no deadline.
hypothesis.settings.register_profile(
    "calm", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("calm")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--draw-access",
        action="store_true",
        help="write tests/house/access/table.txt as the application answers; then read the diff",
    )


def pytest_configure(config: pytest.Config) -> None:
    unordered.seed()
    unordered.install()
    emptying.install()
    template_variables.install()


def pytest_report_header(config: pytest.Config) -> list[str]:
    return [f"database: {database_in_use()}", f"{unordered.VARIABLE}: {unordered.seed()}"]


def database_in_use() -> str:
    """Vendor and version of the database of this run, asked from the database itself."""
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        return f"SQLite {sqlite3.sqlite_version}"
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return f"PostgreSQL {row[0] if row else '?'}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent / "browser" in item.path.parents:
            item.add_marker(pytest.mark.browser)
        if is_transactional(item):
            # Such a test ends by emptying every table. The rows that migrations made (the
            # roles) come back before the next one.
            marker = item.get_closest_marker("django_db")
            options: dict[str, Any] = dict(marker.kwargs) if marker else {}
            options |= {"transaction": True, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**options), append=False)


def is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    return (
        bool(marker and marker.kwargs.get("transaction"))
        or "transactional_db" in fixtures
        or "live_server" in fixtures
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    guards.take()
    unordered.begin(item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    yield
    if complaints := guards.take():
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite runs on a file, as in production: only a file has WAL and real locks."""
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(name)


@pytest.fixture(autouse=True)
def _a_process_without_memory() -> None:
    """What the process remembered of the test before is of another database."""
    caches["process"].clear()


@pytest.fixture(autouse=True)
def _empty_cache_after_commits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rate limits count in the cache's table, which emptying the models' tables forgets."""
    if not is_transactional(request.node):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _french_first() -> None:
    """A request leaves its language to the thread; the next test starts in French again."""
    translation.activate(settings.LANGUAGE_CODE)


@dataclass
class Mailbox:
    """What a real SMTP server received."""

    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@pytest.fixture
def smtp(settings: LazySettings) -> Iterator[Mailbox]:
    """Mail goes out by SMTP to a server of this test; what arrives is in `smtp.messages`."""
    mailbox, port = Mailbox(), free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield mailbox
    controller.stop()
