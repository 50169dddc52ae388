"""Reading the table, and drawing it anew from what the application answers.

    python -m pytest tests/house/access --draw-access

writes table.txt as the application answers today. Then read the difference, line by line.
"""

from pathlib import Path

from tests.house.access.world import READERS

FILE = Path(__file__).with_name("table.txt")

HEAD = """\
# Who may open what. One line for each address and method; the objects are the owner's.
#
#   +  answered, or led on to a page of one's own
#   =  understood, and refused as incomplete (the request of this test is an empty one)
#   ?  asked to log in
#   -  is not there (404): also what belongs to somebody else
#   x  forbidden (403)
#   .  this method is not used here (405)
#
# `other` is the near miss: a member too, who has objects of the same kinds.
"""

Key = tuple[str, str]  # address, method
Cells = dict[str, str]  # reader → sign


def read() -> dict[Key, Cells]:
    lines = [line.split() for line in FILE.read_text().splitlines() if line and line[0] != "#"]
    head, *rows = lines
    assert tuple(head[2:]) == READERS
    return {(row[0], row[1]): dict(zip(READERS, row[2:], strict=True)) for row in rows}


def draw(reader: str, signs: dict[Key, str]) -> None:
    """Write the column of one reader; addresses that are gone go, new ones come."""
    known = read()
    unknown = dict.fromkeys(READERS, "~")
    write({key: {**known.get(key, unknown), reader: sign} for key, sign in signs.items()})


def write(found: dict[Key, Cells]) -> None:
    wide = max(len(name) for name, _method in found)
    spans = [max(len(reader), 2) for reader in READERS]
    rows = [" ".join([f"{'address':<{wide}}", "how ", *READERS])]
    for (name, method), cells in found.items():
        signs = [f"{cells[r]:^{span}}" for r, span in zip(READERS, spans, strict=True)]
        rows.append(" ".join([f"{name:<{wide}}", f"{method:<4}", *signs]).rstrip())
    FILE.write_text(HEAD + "\n".join(rows) + "\n")
