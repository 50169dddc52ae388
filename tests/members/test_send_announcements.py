"""The queue of letters: each leaves once, whatever happens to the workers and the mail server."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import F

from deploy.free_port import free_port
from members.models import MOST_TRIES, RETRY_AFTER, Announcement, Delivery, Member, Role, State, Use
from members.notices import stop_path
from members.services import deliveries
from members.services.announcements import publish, save_announcement
from members.services.consents import agree, withdraw
from members.services.deliveries import CLAIM, claim, deliver
from members.services.letters import write_to
from tests.conftest import Mailbox
from tests.factories import NOW, a_member, a_user

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(project.BASE_DIR)


class Clock:
    """Stands still unless told."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def a_reader(name: str = "", **fields: str) -> Member:
    member = a_member(name, **fields)
    agree(user=member.user, use=Use.NEWS, now=NOW, by=member.user)
    return member


def an_announcement(**fields: object) -> Announcement:
    host = a_user(role=Role.HOST)
    values = {"title": "Fermé lundi", "body": "Panne de chauffage.\n\nÀ mardi !", "by_email": True}
    draft = Announcement(**(values | fields))
    save_announcement(announcement=draft, by=host, now=NOW)
    return publish(announcement=draft, by=host, now=NOW)


def nobody_listens(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


# The letter


def test_each_reader_gets_one_letter_in_their_language(smtp: Mailbox, clock: Clock) -> None:
    camille = a_reader("Camille Rochat", email="camille@example.org")
    a_reader("John Hall", email="john@example.org", language="en")
    a_member(email="silent@example.org")
    an_announcement(title_en="Closed on Monday", body_en="No heating.")
    assert deliver(clock=clock).sent == 2
    letters = {message["To"]: message for message in smtp.messages}
    assert set(letters) == {"camille@example.org", "john@example.org"}
    french, english = letters["camille@example.org"], letters["john@example.org"]
    assert french["Subject"].strip() == "Fermé lundi"
    assert "Bonjour Camille," in text_of(french)
    assert "Panne de chauffage.\n\nÀ mardi !" in text_of(french).replace("\r\n", "\n")
    assert english["Subject"].strip() == "Closed on Monday"
    assert "No heating." in text_of(english)
    assert stop_path(camille.user) in text_of(french)


def test_mail_programs_find_the_address_that_stops(smtp: Mailbox, clock: Clock) -> None:
    camille = a_reader()
    an_announcement()
    deliver(clock=clock)
    [letter] = smtp.messages
    address = f"<{project.SITE_URL}{stop_path(camille.user)}>"
    assert letter["List-Unsubscribe"].strip() == address
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_markup_stays_text_and_a_title_cannot_add_a_header(smtp: Mailbox, clock: Clock) -> None:
    a_reader()
    announcement = an_announcement(body="<script>alert(1)</script>")
    Announcement.objects.filter(pk=announcement.pk).update(title="Fermé\r\nBcc: tous@example.org")
    deliver(clock=clock)
    [letter] = smtp.messages
    assert letter["Bcc"] is None
    html = letter.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


# The queue


def test_nothing_is_sent_twice(smtp: Mailbox, clock: Clock) -> None:
    a_reader()
    an_announcement()
    assert deliver(clock=clock).sent == 1
    clock.wait(timedelta(days=30))
    assert deliver(clock=clock).sent == 0
    assert len(smtp.messages) == 1


def test_a_round_has_a_limit_and_the_next_one_goes_on(smtp: Mailbox, clock: Clock) -> None:
    for _ in range(5):
        a_reader()
    an_announcement()
    assert deliver(clock=clock, limit=3).sent == 3
    assert deliver(clock=clock, limit=3).sent == 2
    assert len({message["To"] for message in smtp.messages}) == 5


def test_whoever_changes_their_mind_in_between_is_not_written_to(
    smtp: Mailbox, clock: Clock
) -> None:
    camille = a_reader()
    a_reader()
    an_announcement()
    withdraw(user=camille.user, use=Use.NEWS, now=NOW, by=camille.user)
    done = deliver(clock=clock)
    assert (done.sent, done.dropped) == (1, 1)
    assert camille.user.email not in {message["To"] for message in smtp.messages}
    agree(user=camille.user, use=Use.NEWS, now=NOW, by=camille.user)
    assert deliver(clock=clock).sent == 0  # not the old ones, on agreeing again


def test_a_letter_to_chosen_members_goes_to_each_whatever_they_said_of_announcements(
    smtp: Mailbox, clock: Clock
) -> None:
    host, alix = a_user(role=Role.HOST), a_member("Alix", state=State.APPLICANT)
    write_to(members=[alix], title="Badge", body="À rendre.", by=host, now=NOW)
    deliver(clock=clock)
    [message] = smtp.messages
    assert (message["To"], message["Subject"]) == (alix.user.email, "Badge")
    assert message["List-Unsubscribe"] is None
    assert not Announcement.objects.published(NOW).exists()


def test_what_is_over_is_not_announced_any_more(smtp: Mailbox, clock: Clock) -> None:
    a_reader()
    an_announcement(expires_at=NOW + timedelta(hours=1))
    clock.wait(timedelta(hours=2))
    assert deliver(clock=clock).dropped == 1
    assert smtp.messages == []


def test_a_failed_letter_rests_longer_each_time_and_is_given_up_after_five(
    settings, clock: Clock
) -> None:
    a_reader()
    an_announcement()
    nobody_listens(settings)
    for rest in RETRY_AFTER:
        assert deliver(clock=clock).failed == 1
        assert deliver(clock=clock).failed == 0
        clock.wait(rest - timedelta(seconds=1))
        assert deliver(clock=clock).failed == 0
        clock.wait(timedelta(seconds=1))
    assert deliver(clock=clock).failed == 1
    delivery = Delivery.objects.get()
    assert (delivery.tries, delivery.failed_at, delivery.is_given_up) == (5, clock(), True)
    clock.wait(timedelta(days=365))
    assert deliver(clock=clock).failed == 0
    assert list(RETRY_AFTER) == sorted(RETRY_AFTER)


def test_a_server_that_comes_back_gets_the_letter(smtp: Mailbox, settings, clock: Clock) -> None:
    a_reader()
    an_announcement()
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = free_port()
    assert deliver(clock=clock).failed == 1
    settings.EMAIL_PORT = port
    clock.wait(RETRY_AFTER[0])
    assert deliver(clock=clock).sent == 1
    assert len(smtp.messages) == 1


def test_the_command_says_what_it_did_and_nothing_when_there_was_nothing(smtp: Mailbox) -> None:
    a_reader()
    an_announcement()
    out = StringIO()
    call_command("send_announcements", stdout=out)
    assert out.getvalue() == "1 sent, 0 failed, 0 dropped\n"
    call_command("send_announcements", stdout=out)
    assert out.getvalue().count("\n") == 1
    assert len(smtp.messages) == 1


# Two workers at once


def together(*workers: Callable[[], object]) -> None:
    """Each at the same moment, on a connection of its own."""
    ready = threading.Barrier(len(workers))

    def run(work: Callable[[], object]) -> None:
        try:
            ready.wait(timeout=20)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(workers)) as pool:
        list(pool.map(run, workers))


def letters(smtp: Mailbox) -> Counter[str]:
    return Counter(str(message["To"]) for message in smtp.messages)


def test_two_workers_share_the_queue(smtp: Mailbox, clock: Clock) -> None:
    readers = [a_reader() for _ in range(12)]
    an_announcement()
    together(lambda: deliver(clock=clock), lambda: deliver(clock=clock))
    assert letters(smtp) == {reader.user.email: 1 for reader in readers}
    assert not Delivery.objects.waiting().exists()


@pytest.fixture
def _both_looked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both workers found the same row due before either of them took it."""
    gate, take = threading.Barrier(2), deliveries._take

    def after_the_other(key: int, now: datetime) -> bool:
        with suppress(threading.BrokenBarrierError):  # the loser looks again, and is alone
            gate.wait(timeout=2)
        return take(key, now)

    monkeypatch.setattr(deliveries, "_take", after_the_other)
    yield
    gate.abort()


@pytest.mark.usefixtures("_both_looked")
def test_of_two_workers_at_one_row_one_sends(smtp: Mailbox, clock: Clock) -> None:
    reader = a_reader()
    an_announcement()
    together(lambda: deliver(clock=clock), lambda: deliver(clock=clock))
    assert letters(smtp) == {reader.user.email: 1}


def test_negative_control_without_compare_and_swap_both_send(
    smtp: Mailbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Barrier(2)

    def take_without_looking(key: int, now: datetime) -> bool:
        gate.wait(timeout=20)
        Delivery.objects.filter(pk=key).update(due_at=now + CLAIM, tries=F("tries") + 1)
        return True

    monkeypatch.setattr(deliveries, "_take", take_without_looking)
    reader = a_reader()
    an_announcement()
    together(lambda: deliver(clock=clock, limit=1), lambda: deliver(clock=clock, limit=1))
    assert letters(smtp) == {reader.user.email: 2}


# Killed in the middle


def killed_worker(at: str, smtp_port: int) -> None:
    """Another process that sends, and is killed (SIGKILL) before or after the letter left."""
    program = f"""
import os, signal
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {str(connection.settings_dict["NAME"])!r}
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {smtp_port}
settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
from datetime import datetime
from members import notices
from members.services.deliveries import deliver
send = notices.announcement_to
def die(delivery):
    if {at!r} == "after":
        assert send(delivery)
    os.kill(os.getpid(), signal.SIGKILL)
notices.announcement_to = die
deliver(clock=lambda: datetime.fromisoformat({NOW.isoformat()!r}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_killed_between_the_claim_and_the_letter_nothing_is_lost(
    smtp: Mailbox, settings, clock: Clock
) -> None:
    reader = a_reader()
    an_announcement()
    killed_worker("before", settings.EMAIL_PORT)
    assert smtp.messages == []
    assert deliver(clock=clock).sent == 0  # the claim holds: the worker might be slow
    clock.wait(CLAIM)
    assert deliver(clock=clock).sent == 1
    assert letters(smtp) == {reader.user.email: 1}


def test_killed_after_the_letter_it_leaves_again_as_the_same_letter(
    smtp: Mailbox, settings, clock: Clock
) -> None:
    """At least once: a repeated letter is a nuisance, a lost one a closed door."""
    reader = a_reader()
    an_announcement()
    killed_worker("after", settings.EMAIL_PORT)
    clock.wait(CLAIM)
    assert deliver(clock=clock).sent == 1
    assert letters(smtp) == {reader.user.email: 2}
    assert len({str(message["Message-ID"]).strip() for message in smtp.messages}) == 1


def test_a_letter_that_kills_its_worker_each_time_is_given_up(clock: Clock) -> None:
    a_reader()
    an_announcement()
    for _ in range(MOST_TRIES):
        assert claim(clock()) is not None
        clock.wait(CLAIM)
    assert claim(clock()) is None
    assert Delivery.objects.get().is_given_up


def test_a_worker_whose_claim_ended_does_not_undo_what_another_did(
    smtp: Mailbox, clock: Clock
) -> None:
    a_reader()
    an_announcement()
    slow = claim(clock())
    assert slow is not None
    clock.wait(CLAIM)
    deliver(clock=clock)
    deliveries._put_back(slow, clock())
    assert Delivery.objects.get().failed_at is None


def test_the_day_of_the_letter_is_that_of_its_departure(smtp: Mailbox) -> None:
    a_reader()
    an_announcement()
    times = iter(datetime(2026, 3, 2, 8, minute, tzinfo=UTC) for minute in range(60))
    deliver(clock=lambda: next(times))
    delivery = Delivery.objects.get()
    assert delivery.sent_at is not None
    assert delivery.sent_at.minute == 2
    connections.close_all()
