"""What is started and, whatever happens, stopped: the databases and the web server.

Everything listens on 127.0.0.1 and keeps its data in a temporary folder.
"""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from deploy.private_postgres import new_server, signals_handled_by

HOST = "127.0.0.1"
PROCESSES = 2
THREADS = 4
STOPS_WITHIN = 15  # seconds


@contextlib.contextmanager
def sqlite() -> Iterator[str]:
    """The URL of a new SQLite file."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a new PostgreSQL that writes to disk as in production."""
    server = new_server(durable=True)
    try:
        yield server.url
    finally:
        server.stop()


DATABASES = {"sqlite": sqlite, "postgresql": postgresql}


def environment(database_url: str, static_root: str) -> dict[str, str]:
    """The variables of a production that talks plain HTTP and sends its mail nowhere."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "coworking.bench.settings",
        "DATABASE_URL": database_url,
        "BENCH_STATIC_ROOT": static_root,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": f"http://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "DEBUG": "off",
        "HTTPS": "off",
        "EMAIL_URL": "dummymail://",
        "DEFAULT_FROM_EMAIL": "bench@coworking.example",
    }


@contextlib.contextmanager
def running(
    command: Sequence[str],
    env: Mapping[str, str],
    *,
    keep: Sequence[int] = (),
    stdout: int | None = None,
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that ends with the block. It inherits the file descriptors of `keep`."""
    with subprocess.Popen(  # noqa: S603 - our own programs
        command, env=env, pass_fds=keep, stdout=stdout
    ) as process:
        try:
            yield process
        finally:
            with signals_handled_by(lambda number, frame: None):  # once is enough
                stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def web_server() -> Iterator[int]:
    """The port of a gunicorn with this process's environment.

    It is given a socket that listens already: no port is lost to another process, and the first
    request waits until there is somebody to answer.
    """
    with socket.create_server((HOST, 0), backlog=256) as listener:
        port: int = listener.getsockname()[1]
        command = [
            *(sys.executable, "-m", "gunicorn", "coworking.wsgi", "--no-control-socket"),
            *("--bind", f"fd://{listener.fileno()}"),
            *("--worker-class", "gthread"),
            *("--workers", str(PROCESSES), "--threads", str(THREADS)),
            *("--keep-alive", "30", "--log-level", "warning"),
        ]
        with running(command, os.environ, keep=[listener.fileno()]):
            listener.close()  # else a client of a dead server would wait for ever
            yield port
