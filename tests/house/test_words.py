"""No file names what belongs to one machine: a package index, a home folder, an absolute path."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)

pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="an archive: only git knows the files of the project"
)

# Written in pieces, so that this file does not hold them either.
HOSTS = ("pypi" + r"\.org", "python" + r"hosted\.org", "registry\\." + "npmjs", "deb\\." + "debian")
FOLDERS = ("/" + "work/", "/" + "root/", "/" + "home/", "/" + "farm/", "/" + "Users/")
FORBIDDEN = re.compile("|".join((*HOSTS, *(rf"(?<![\w.}}]){folder}" for folder in FOLDERS))), re.I)


def files() -> list[Path]:
    """Every file of the project: what git follows, and what it would."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_machine_or_an_index() -> None:
    found = []
    for path in files():
        try:
            words = path.read_text()
        except UnicodeDecodeError:  # a font, a compiled catalogue
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FORBIDDEN.finditer(words)]
    assert found == []


def test_the_words_are_recognised() -> None:
    assert FORBIDDEN.search("https://" + "pypi" + ".org/simple")
    assert FORBIDDEN.search("cd /" + "work/main")
    assert not FORBIDDEN.search("static/artwork/plan.svg and {{ url }}/home/")


def test_what_a_machine_makes_is_not_followed() -> None:
    made = {".pyc", ".sqlite3", ".log", ".pot"}
    assert [path for path in files() if path.suffix in made] == []
