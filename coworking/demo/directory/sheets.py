"""The CSV files of this folder: each row says what somebody is, wants, or gets."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

HERE: Final = Path(__file__).parent

Row: TypeAlias = dict[str, str]


def rows(name: str, folder: Path = HERE) -> Iterator[Row]:
    """The rows of a file, with the names of its columns; an empty cell is ""."""
    with (folder / name).open(newline="", encoding="utf-8") as sheet:
        yield from csv.DictReader(sheet)


def several(cell: str) -> list[str]:
    """« a;b » → ["a", "b"]."""
    return cell.split(";") if cell else []


def some(row: Row, *names: str) -> dict[str, Any]:
    """The filled cells of these columns."""
    return {name: row[name] for name in names if row[name]}
