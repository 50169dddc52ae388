"""Runs the benchmark on each database and prints what it found; `--write` puts it in the docs."""

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from coworking.bench.servers import DATABASES, environment, running
from deploy.private_postgres import PostgresError, leave, signals_handled_by

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
MEASURED = re.compile(r"(<!-- measured -->\n).*(<!-- end of measured -->)", re.DOTALL)

IDLE = 0.5  # load below which a machine counts as having nothing else to do


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m coworking.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute of it")
    parser.add_argument("--database", choices=sorted(DATABASES), help="only this one")
    parser.add_argument("--write", action="store_true", help="put the figures in the docs")
    options = parser.parse_args(arguments)
    names = [options.database] if options.database else list(DATABASES)
    parts, code = [circumstances(quick=options.quick)], 0
    try:
        with signals_handled_by(leave):
            for name in names:
                sys.stderr.write(f"{name}\n")
                found, failed = one(name, quick=options.quick)
                parts.append(found)
                code = max(code, failed)
    except PostgresError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    text = "\n\n".join(part.strip() for part in parts if part) + "\n"
    sys.stdout.write(text)
    if options.write and all(parts):
        write(DOCUMENT, text)
    return code


def one(name: str, *, quick: bool) -> tuple[str, int]:
    """The tables of one database, and the exit code of who measured it."""
    command = [sys.executable, "-m", "coworking.bench.one", *(["--quick"] if quick else [])]
    with DATABASES[name]() as url, tempfile.TemporaryDirectory(prefix="bench-") as static_root:
        env = environment(url, static_root)
        with running(command, env, stdout=subprocess.PIPE) as process:
            found, _nothing = process.communicate()
    return found.decode(), process.returncode


def circumstances(*, quick: bool) -> str:
    """What the figures depend on, in a sentence or two."""
    load = os.getloadavg()[0]
    busy = "" if load < IDLE else " **The machine was busy: the times are too long.**"
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} at {datetime.now(UTC):%H:%M} UTC with "
        f"`python -m coworking.bench{' --quick' if quick else ''}`: {_processor()}, "
        f"{len(os.sched_getaffinity(0))} cores shared by server, database and clients; "
        f"load of the machine before: {load:.2f}. "
        f"Python {platform.python_version()}, Django {version('django')}, "
        f"gunicorn {version('gunicorn')}.{busy}"
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", information.read_text(), re.MULTILINE)
        if found:
            return found[1]
    return platform.processor() or platform.machine()


def write(document: Path, text: str) -> None:
    """Replace what stands between the marks of the document."""
    before = document.read_text()
    if not MEASURED.search(before):
        raise ValueError(f"{document} has no place marked for the figures")
    document.write_text(MEASURED.sub(lambda marks: f"{marks[1]}\n{text}\n{marks[2]}", before))


if __name__ == "__main__":
    sys.exit(main())
