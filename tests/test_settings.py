"""Settings come from the environment, and a wrong one fails at once with its remedy."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

PRODUCTION = {
    "SECRET_KEY": "0123456789-0123456789-0123456789-0123456789-abcdef",
    "SITE_URL": "https://coworking.example.org/",
    "ALLOWED_HOSTS": "coworking.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "bonjour@coworking.example.org",
}
# Without the look of the admin: its words are translated when they are read, by settings in use.
REPORT = (
    "import json, coworking.settings as s;"
    "told = {k: v for k, v in vars(s).items() if k.isupper() and k != 'UNFOLD'};"
    "print(json.dumps(told, default=str))"
)


def start(**environment: str) -> "subprocess.CompletedProcess[str]":
    """Import the settings in a process that knows this environment only."""
    command = [sys.executable, "-c", REPORT]
    folder = django_settings.BASE_DIR
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def read(**environment: str) -> dict[str, Any]:
    done = start(**environment)
    assert done.returncode == 0, done.stderr
    settings: dict[str, Any] = json.loads(done.stdout)
    return settings


@pytest.mark.parametrize("name", ["SECRET_KEY", "SITE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL"])
def test_production_refuses_to_start_without(name: str) -> None:
    done = start(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode == 1
    assert f"{name} is not set. Set it to" in done.stderr


def test_an_unknown_database_is_refused_with_the_two_that_work() -> None:
    done = start(**PRODUCTION, DATABASE_URL="mysql://me@127.0.0.1/coworking")
    assert done.returncode == 1
    assert "sqlite:///path or postgres://" in done.stderr


@pytest.mark.parametrize("name", ["DATABASE_POOL_SIZE"])
def test_a_value_of_the_wrong_type_is_refused(name: str) -> None:
    url = "postgres://me@127.0.0.1/coworking"
    assert start(**PRODUCTION, DATABASE_URL=url, **{name: "many"}).returncode == 1


@pytest.mark.parametrize("name", ["DEBUG", "HTTPS", "STAFF_SECOND_FACTOR"])
def test_a_misspelt_switch_is_refused_with_what_to_write(name: str) -> None:
    done = start(**{**PRODUCTION, name: "yess"})
    assert done.returncode == 1
    assert f"{name} is 'yess'. Set it to on or off." in done.stderr


def test_production_is_closed_by_default() -> None:
    settings = read(**PRODUCTION)
    assert settings["DEBUG"] is False
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert settings["STAFF_SECOND_FACTOR"] is True
    assert settings["SITE_URL"] == "https://coworking.example.org"


def test_https_has_a_switch_of_its_own() -> None:
    settings = read(**PRODUCTION, HTTPS="off")
    assert settings["SECURE_HSTS_SECONDS"] == 0
    assert settings["SESSION_COOKIE_SECURE"] is False


def test_developing_needs_one_variable() -> None:
    settings = read(DEBUG="on")
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert settings["STAFF_SECOND_FACTOR"] is False
    assert settings["SECURE_HSTS_SECONDS"] == 0


def test_the_policy_of_the_pages_allows_nothing_inline_and_nobody_else() -> None:
    policy = read(**PRODUCTION)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy["default-src"] == ["'none'"]
    sources = {source for values in policy.values() for source in values}
    assert sources <= {"'none'", "'self'", "data:"}


def test_postgresql_keeps_a_pool_of_connections() -> None:
    url = "postgres://me@127.0.0.1/coworking"
    database = read(**PRODUCTION, DATABASE_URL=url, DATABASE_POOL_SIZE="5")["DATABASES"]["default"]
    assert database["OPTIONS"]["pool"]["max_size"] == 5
    assert not database.get("CONN_MAX_AGE")  # a pool and persistent connections exclude each other


@pytest.mark.django_db
def test_the_database_holds_foreign_keys_and_waits_for_its_turn() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            pragmas = {}
            for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout"):
                cursor.execute(f"PRAGMA {name}")
                (pragmas[name],) = cursor.fetchone()
        assert pragmas == {
            "foreign_keys": 1,
            "journal_mode": "wal",
            "synchronous": 1,  # NORMAL
            "busy_timeout": 20_000,
        }
        assert connection.transaction_mode == "IMMEDIATE"
    else:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            assert cursor.fetchone() == ("UTF8",)
