"""A CSV file as people send it: which encoding, which separator, which cells on which line.

The standard library only. What a cell means is for `members.services.imports`.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAX_BYTES: Final = 2_000_000
MAX_ROWS: Final = 10_000
SEPARATORS: Final = ";,\t"

# What other files begin with: a workbook that was renamed is told from a bad CSV.
_SIGNATURES: Final = (
    (b"\xff\xfe", "utf16"),
    (b"\xfe\xff", "utf16"),
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0", "workbook"),
)


class Unreadable(ValueError):
    """The file is no table.

    `code`: `empty`, `too_big`, `utf16`, `workbook`, `encoding`, `quotes` (one is not closed),
    `too_many`. `line`: where, when there is a line.
    """

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(code)
        self.code, self.line = code, line


@dataclass(frozen=True, slots=True)
class Line:
    number: int  # of the file, as an editor counts
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    encoding: str  # "UTF-8" or "Windows-1252"
    separator: str
    header: Line
    lines: tuple[Line, ...]


def read(content: bytes) -> Sheet:
    """The table in a file: its first line that says something, and the lines below that do.

    Raises Unreadable.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable("too_big")
    text, encoding = _decode(content)
    separator, skipped = _separator(text)
    lines = _lines(text, separator, skipped)
    header = next(lines, None)
    if header is None:
        raise Unreadable("empty")
    found: list[Line] = []
    for line in lines:
        if len(found) == MAX_ROWS:
            raise Unreadable("too_many", line.number)
        found.append(line)
    if not found:
        raise Unreadable("empty")
    return Sheet(encoding, separator, header, tuple(found))


def _decode(content: bytes) -> tuple[str, str]:
    """UTF-8, or what French spreadsheets write without asking; never a guess beyond these."""
    for signature, code in _SIGNATURES:
        if content.startswith(signature):
            raise Unreadable(code)
    head = content[:200]
    if head.count(0) > len(head) // 3:  # every other byte: UTF-16 without its mark
        raise Unreadable("utf16")
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", content[: error.start].count(b"\n") + 1) from error


def _separator(text: str) -> tuple[str, int]:
    """The separator that the first line uses most, and how many lines to pass over."""
    for number, line in enumerate(io.StringIO(text)):
        if line.lower().startswith("sep=") and line[4:5] in SEPARATORS and line[4:5]:
            return line[4], number + 1  # a line for Excel, and no data
        if line.strip():
            outside = "".join(line.split('"')[::2])
            return max(SEPARATORS, key=outside.count), number
    return SEPARATORS[0], 0


def _lines(text: str, separator: str, skipped: int) -> Iterator[Line]:
    source = io.StringIO(text, newline="")
    for _line in range(skipped):
        source.readline()
    reader = csv.reader(source, delimiter=separator, strict=True)
    number = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(number, tuple(cell.strip() for cell in cells))
            number = skipped + reader.line_num + 1
    except csv.Error as error:
        raise Unreadable("quotes", number) from error
