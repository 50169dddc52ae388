"""The suite itself: the database it says, the rows of the migrations, mail that really leaves."""

import os

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import connection

from tests.conftest import Mailbox, database_in_use


def test_it_runs_on_the_database_that_was_asked_for() -> None:
    url = os.environ.get("DATABASE_URL", "sqlite:")
    implied = "postgresql" if url.startswith("postgres") else "sqlite"
    assert connection.vendor == os.environ.get("EXPECT_DATABASE_VENDOR", implied)
    assert database_in_use().lower().startswith(connection.vendor)


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_the_rows_of_migrations_survive_tests_that_commit(turn: int) -> None:
    assert Group.objects.filter(name="operator").exists()


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_the_cache_is_empty_after_tests_that_commit(turn: int) -> None:
    assert cache.get("visits") is None
    cache.set("visits", turn)


def test_mail_leaves_by_smtp(smtp: Mailbox) -> None:
    send_mail("Votre réservation", "À demain.", "a@example.org", ["b@example.org"])
    (message,) = smtp.messages
    assert message["Subject"] == "Votre réservation"
    assert message.get_content().strip() == "À demain."
