"""What is backed up comes back, with its rules; a backup that failed leaves no file to trust."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from deploy.backup import BackupError, save

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
NAMES = "SELECT name FROM auth_group ORDER BY name"
ROLES = [("accountant",), ("host",), ("operator",), ("partner",)]


def run(*command: str, database_url: str) -> str:
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def migrate(database_url: str) -> None:
    run(sys.executable, "manage.py", "migrate", "--verbosity=0", database_url=database_url)


def back_up(database_url: str, folder: Path) -> Path:
    return Path(run(sys.executable, "-m", "deploy.backup", str(folder), database_url=database_url))


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")


def test_a_sqlite_file_comes_back_with_its_triggers(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    migrate(url)
    saved = back_up(url, tmp_path / "backups")
    assert saved.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(saved)) as copy:
        assert copy.execute(NAMES).fetchall() == ROLES
        triggers = copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    assert ("booking_no_overlap_insert",) in triggers


def test_a_sqlite_file_is_saved_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE seat (name)")
        writer.execute("INSERT INTO seat VALUES ('saved')")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO seat VALUES ('not committed')")
        saved = save({"ENGINE": "django.db.backends.sqlite3", "NAME": path}, tmp_path / "b", NOW)
    assert saved.name == "coworking-20260302T070000Z.sqlite3"
    with closing(sqlite3.connect(saved)) as copy:
        assert copy.execute("SELECT name FROM seat").fetchall() == [("saved",)]


def test_a_missing_sqlite_file_is_told_not_made(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no database"):
        save({"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "x"}, tmp_path, NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a run on PostgreSQL has the server")
def test_a_postgresql_database_comes_back_with_its_constraints(tmp_path: Path) -> None:
    server = os.environ["DATABASE_URL"]
    name = f"backup_{os.getpid()}"
    copy = urlsplit(server)._replace(path=f"/{name}").geturl()
    migrate(server)
    saved = back_up(server, tmp_path)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    run("pg_restore", "--exit-on-error", f"--dbname={copy}", str(saved), database_url=copy)
    with psycopg.connect(copy) as restored:
        assert restored.execute(NAMES).fetchall() == ROLES
        constraint = "SELECT contype FROM pg_constraint WHERE conname = 'booking_no_overlap'"
        assert restored.execute(constraint).fetchone() == ("x",)


def test_a_failed_dump_leaves_no_file_to_trust(tmp_path: Path) -> None:
    nowhere = {"HOST": "127.0.0.1", "PORT": "1", "USER": "nobody", "NAME": "none", "PASSWORD": ""}
    with pytest.raises(BackupError, match="pg_dump"):
        save({"ENGINE": "django.db.backends.postgresql", **nowhere}, tmp_path, NOW)
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []
