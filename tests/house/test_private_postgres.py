"""The private PostgreSQL starts, is given to the command, and is gone whatever ends it."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from deploy import private_postgres
from deploy.free_port import free_port
from deploy.private_postgres import PostgresError

LAUNCHER = [sys.executable, "-m", "deploy.private_postgres"]
SAY_URL = [sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'], flush=True)"]
WAIT = [sys.executable, "-c", f"{SAY_URL[-1]}; import time; time.sleep(60)"]


def is_installed() -> bool:
    try:
        private_postgres.find_programs()
    except PostgresError:
        return False
    return True


needs_postgres = pytest.mark.skipif(
    not is_installed(), reason="PostgreSQL is not installed: make system-packages"
)


def launch(*command: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*LAUNCHER, "run", "--", *command],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )


def url_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_port_in_use_is_not_given_again() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        assert free_port(taken) not in {taken, 0}
    wanted = free_port()
    assert free_port(wanted) == wanted


@needs_postgres
def test_the_command_gets_a_server_of_its_own() -> None:
    code = "import os, psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).info.dbname)"
    with launch(sys.executable, "-c", code) as process:
        said, _ = process.communicate(timeout=60)
        assert said == "coworking\n"
        assert process.returncode == 0


@needs_postgres
def test_the_exit_code_is_that_of_the_command() -> None:
    with launch(sys.executable, "-c", "raise SystemExit(7)") as process:
        assert process.wait(60) == 7


@needs_postgres
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_the_command_and_the_server(number: signal.Signals) -> None:
    with launch(*WAIT) as process:
        url = url_of(process)
        psycopg.connect(url).close()
        if number == signal.SIGINT:  # a terminal tells the whole group
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
            for child in children.split():
                subprocess.run(["kill", "-INT", child], check=True)  # noqa: S607
        process.send_signal(number)
        assert process.wait(30) == 128 + number
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


@needs_postgres
def test_its_folder_is_removed() -> None:
    server = private_postgres.new_server(durable=False)
    assert server.data.exists()
    server.stop()
    assert not server.folder.exists()


@needs_postgres
def test_start_and_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_postgres, "STATE", tmp_path / "state")
    url = private_postgres.start(durable=True)
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    with pytest.raises(PostgresError, match="already"):
        private_postgres.start(durable=True)
    private_postgres.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_without_postgresql_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glob.glob", lambda pattern: [])
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PostgresError, match="make system-packages"):
        private_postgres.find_programs()
