"""The documents keep their promises: links lead somewhere, the tables say what the code does."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.M)


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as code forges make them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(document.read_text())
    }


def broken_links(document: Path) -> list[str]:
    broken = []
    for match in LINK.finditer(document.read_text()):
        target = match["target"]
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = document.parent / name if name else document
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    return broken


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_links_lead_somewhere(document: Path) -> None:
    assert broken_links(document) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A title\n[a](#a-title) [b](other.md) [c](#nothing) [d](https://example.org)")
    assert broken_links(page) == ["other.md", "#nothing"]


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150


def table_of_settings(document: str) -> set[str]:
    """The names in the first column of the rows that begin with one in capitals."""
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", document, re.M))


def test_the_table_of_settings_names_every_variable_and_no_other() -> None:
    code = (ROOT / "coworking/settings.py").read_text()
    read = set(re.findall(r"(?:env\.\w+|switch)\(\s*\"([A-Z0-9_]+)\"", code))
    assert read
    assert table_of_settings((ROOT / "README.md").read_text()) == read


def test_every_decision_says_what_was_rejected() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert decisions
    for decision in decisions:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", decision.name)
        assert "Rejected" in decision.read_text(), decision.name


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_commands_of_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for document in DOCUMENTS:
        told = re.findall(r"`make ([a-z-]+)", document.read_text())
        assert set(told) <= targets, document.name
