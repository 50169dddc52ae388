"""Save the database of the settings into one new file, while the application runs.

    python -m deploy.backup FOLDER      prints the file; docs/operations.md says how to restore it

SQLite writes a consistent copy of itself (VACUUM INTO) and the copy is checked; PostgreSQL is
dumped by `pg_dump`. The file gets its name only once it is complete, so that whatever stands in the
folder can be trusted.
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class BackupError(Exception):
    """No backup was made; the message says why."""


def save(database: dict[str, Any], folder: Path, now: datetime) -> Path:
    """Save one database of Django's settings; return the new file."""
    folder.mkdir(parents=True, exist_ok=True)
    is_sqlite = database["ENGINE"].endswith("sqlite3")
    name = f"coworking-{now:%Y%m%dT%H%M%SZ}.{'sqlite3' if is_sqlite else 'dump'}"
    unfinished = folder / f".{name}.unfinished"
    unfinished.unlink(missing_ok=True)
    if is_sqlite:
        copy_sqlite(Path(database["NAME"]), unfinished)
    else:
        dump_postgresql(database, unfinished)
    # People's names and addresses are in it.
    unfinished.chmod(0o600)
    return unfinished.rename(folder / name)


def copy_sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        raise BackupError(f"There is no database at {source}.")
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", [str(target)])
    with closing(sqlite3.connect(target)) as connection:
        (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
    if answer != "ok":
        raise BackupError(f"The copy of {source} is damaged: {answer}")


def dump_postgresql(database: dict[str, Any], target: Path) -> None:
    parts = {"host": "HOST", "port": "PORT", "username": "USER", "dbname": "NAME"}
    options = [f"--{option}={database[key]}" for option, key in parts.items() if database.get(key)]
    try:
        subprocess.run(
            ["pg_dump", "--format=custom", f"--file={target}", *options],  # noqa: S607
            env={**os.environ, "PGPASSWORD": database.get("PASSWORD", "")},
            check=True,
        )
    except FileNotFoundError as error:
        raise BackupError("pg_dump is not installed: apt-get install postgresql-client") from error
    except subprocess.CalledProcessError as error:
        raise BackupError("pg_dump failed; its message is above.") from error


def main() -> int:
    from coworking.settings import DATABASES  # needs the environment of the application

    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(save(DATABASES["default"], Path(sys.argv[1]), datetime.now(UTC)))
    except (BackupError, sqlite3.Error) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
