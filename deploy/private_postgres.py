"""A PostgreSQL server of one's own, for tests and trials: no service, nothing to clean up.

    python -m deploy.private_postgres run -- COMMAND…   start, run COMMAND with DATABASE_URL, stop
    python -m deploy.private_postgres start             start and print its DATABASE_URL
    python -m deploy.private_postgres stop              stop the started one, remove its data
    python -m deploy.private_postgres find              print where the programs are, or fail

Standard library only. The server listens on a free port of 127.0.0.1, trusts whoever connects and
keeps its data in a temporary folder: it is for throw-away data, never for a space that is open.
PostgreSQL refuses to run as root, so root lends the server to the user `postgres`.
"""

import argparse
import contextlib
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

from deploy.free_port import free_port

STATE = Path(__file__).resolve().parent.parent / "var" / "private_postgres"
DATABASE = "coworking"
SYSTEM_USER = "postgres"
START_TRIES = 5
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
REMEDY = "Install it with `make system-packages`."

# The data is thrown away, so nothing has to survive a power cut.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresError(Exception):
    """PostgreSQL cannot be used here; the message says why and what to do."""


def find_programs() -> Path:
    """The folder of `initdb` and `pg_ctl`: the newest of Debian's, or that of the PATH."""
    folders = glob.glob("/usr/lib/postgresql/*/bin")
    folders.sort(key=lambda folder: float(Path(folder).parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(str(Path(on_path).resolve().parent))
    for folder in folders:
        if all((Path(folder) / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return Path(folder)
    raise PostgresError(f"No PostgreSQL server found on this machine. {REMEDY}")


@contextlib.contextmanager
def signals_handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def leave(number: int, frame: FrameType | None) -> None:
    """Turn a polite kill into an exit, so that the server is stopped on the way out."""
    raise SystemExit(128 + number)


class Server:
    """One server: its programs, its folder and, once started, its port."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.programs = programs
        self.port = 0

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def url(self) -> str:
        return f"postgres://{SYSTEM_USER}@127.0.0.1:{self.port}/{DATABASE}"

    def create(self) -> None:
        if os.geteuid() == 0:
            try:
                shutil.chown(self.folder, SYSTEM_USER)
            except LookupError as error:
                raise PostgresError(
                    f"The system user {SYSTEM_USER} is missing. {REMEDY}"
                ) from error
        self._run(
            "initdb",
            f"--pgdata={self.data}",
            f"--username={SYSTEM_USER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )

    def start(self, *, durable: bool) -> None:
        """Start on a free port; another process may take that port first, so try a few."""
        for attempt in range(1, START_TRIES + 1):
            self.port = free_port()
            settings = [
                "listen_addresses=127.0.0.1",
                f"port={self.port}",
                f"unix_socket_directories={self.folder}",
                "max_connections=200",
                *(() if durable else FAST),
            ]
            options = " ".join(f"-c {setting}" for setting in settings)
            arguments = (f"--pgdata={self.data}", f"--log={self.log}", f"--options={options}")
            try:
                self._run("pg_ctl", "start", "--wait", *arguments)
            except PostgresError as error:
                if attempt == START_TRIES:
                    log = self.log.read_text() if self.log.exists() else ""
                    raise PostgresError(f"{error}\n{log}") from error
            else:
                break
        self._run(
            "createdb",
            "--host=127.0.0.1",
            f"--port={self.port}",
            f"--username={SYSTEM_USER}",
            DATABASE,
        )

    def stop(self) -> None:
        """Stop the server, if it runs, and remove its folder. Safe to repeat."""
        # The signal that ended the command may reach us a moment later.
        with signals_handled_by(lambda number, frame: None):
            if (self.data / "postmaster.pid").exists():
                self._run("pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={self.data}")
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", SYSTEM_USER, "--", *command]
        # The output goes to a file: the server inherits it and would keep a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(  # its own folder: `postgres` may not be able to read ours
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            if done.returncode:
                output.seek(0)
                raise PostgresError(f"{program} failed:\n{output.read()}")


def new_server(*, durable: bool) -> Server:
    """Make and start a server in a new temporary folder."""
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="private-postgres-"))
    server = Server(folder, programs)
    try:
        server.create()
        server.start(durable=durable)
    except BaseException:  # an interruption too leaves no server behind
        server.stop()
        raise
    return server


def run(command: Sequence[str], *, durable: bool) -> int:
    """Run `command` with DATABASE_URL set to a new server; always stop both.

    Returns the exit code of the command, 128 + the signal's number if one ended it.
    """
    with signals_handled_by(leave):
        server = new_server(durable=durable)
        try:
            environment = {**os.environ, "DATABASE_URL": server.url}
            with subprocess.Popen(command, env=environment) as process:
                code = wait_for(process)
        finally:
            server.stop()
    return code if code >= 0 else 128 - code


def wait_for(process: "subprocess.Popen[bytes]") -> int:
    try:
        return process.wait()
    except SystemExit as exit_:
        # A terminal interrupts the command as well as us; it may have things to finish.
        if exit_.code != 128 + signal.SIGINT:
            process.terminate()
        process.wait()
        raise


def start(*, durable: bool) -> str:
    """Start a server that outlives this command; return its URL. One at a time."""
    if STATE.exists():
        raise PostgresError("It runs already, or was left behind: `make postgres-stop` first.")
    server = new_server(durable=durable)
    STATE.parent.mkdir(parents=True, exist_ok=True)
    STATE.write_text(str(server.folder))
    return server.url


def stop() -> None:
    """Stop the server of `start` and remove its data."""
    if not STATE.exists():
        raise PostgresError("None was started from this folder.")
    Server(Path(STATE.read_text()), find_programs()).stop()
    STATE.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="A PostgreSQL server of one's own.")
    parser.add_argument("action", choices=("run", "start", "stop", "find"))
    parser.add_argument(
        "--durable", action="store_true", help="write to disk for real, as in production"
    )
    parser.add_argument("command", nargs="*", metavar="-- COMMAND", help="for run")
    options = parser.parse_args(arguments)
    if (options.action == "run") != bool(options.command):
        parser.error("run needs a command after --; the others take none")
    try:
        if options.action == "run":
            return run(options.command, durable=options.durable)
        if options.action == "start":
            print(start(durable=options.durable))
        elif options.action == "find":
            print(find_programs())
        else:
            stop()
    except PostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
