"""Templates: all used, nothing inline that the content security policy forbids, contracts first."""

import re
from pathlib import Path

import allauth
import django
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*") if path.is_file())
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
COMPONENTS = sorted((FOLDER / "components").glob("*.html"))

# Looked for by name: by Django, by allauth when a limit is reached, by `coworking.views`.
BY_NAME = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html", "429.html", "503.html"}
LIBRARIES = [
    Path(allauth.__file__).parent / "templates",
    *Path(django.__file__).parent.glob("**/templates"),
]

# Mail programs know no style sheet of ours and no policy, nor does a page that one takes home: only
# there, style stands inline.
IN_MAIL = re.compile(r"(^|/)(e?mails?|download)/")

FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)", re.I),
    "inline style sheet": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"\sstyle\s*=", re.I),
    "event attribute": re.compile(r"\s(hx-)?on[a-z:-]+\s*=", re.I),
    "javascript address": re.compile(r"[\"']\s*(javascript|js):", re.I),
    "third-party request": re.compile(r"\b(src|srcset|action|data|poster)=[\"'](https?:)?//", re.I),
}


def name_of(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def texts() -> str:
    """All the places that can name a template: code of the packages and templates."""
    packages = {path.parent for path in ROOT.glob("*/__init__.py")}
    code = [path for package in packages for path in package.rglob("*.py")]
    written = "\n".join(path.read_text() for path in (*code, *TEMPLATES))
    # The example in a component's own contract is no use of it.
    return re.sub(r"{% comment %}.*?{% endcomment %}", "", written, flags=re.S)


def is_override(name: str) -> bool:
    # allauth adds the HTML to a message when there is one; it ships the plain texts only.
    names = (name, name.replace("_message.html", "_message.txt"))
    return any((library / each).exists() for library in LIBRARIES for each in names)


def faults(source: str) -> list[str]:
    """What a page must not hold, with the line where it stands."""
    source = re.sub(r"{% comment %}.*?{% endcomment %}", blank, source, flags=re.S)
    return [
        f"line {source[: match.start()].count(chr(10)) + 1}: {what}"
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(source)
    ]


def blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def test_every_template_is_used() -> None:
    words = texts()
    unused = [
        name
        for name in map(name_of, TEMPLATES)
        if name not in BY_NAME
        and not is_override(name)
        and not re.search(rf"[\"']{re.escape(name)}(#\w+)?[\"']", words)
    ]
    assert unused == []


@pytest.mark.parametrize("template", PAGES, ids=name_of)
def test_nothing_stands_inline(template: Path) -> None:
    if IN_MAIL.search(name_of(template)):
        assert "<script" not in template.read_text()
        return
    assert faults(template.read_text()) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<script>go()</script>", "inline script"),
        ("<p>\n<style>p {}</style>", "inline style sheet"),
        ('<p style="color: red">', "style attribute"),
        ('<a onclick="go()">', "event attribute"),
        ('<a hx-on:click="go()">', "event attribute"),
        ('<a href="javascript:go()">', "javascript address"),
        ('<img src="https://elsewhere.example/a.png">', "third-party request"),
    ],
)
def test_a_fault_is_found(source: str, fault: str) -> None:
    (found,) = faults(source)
    assert found.endswith(fault)


@pytest.mark.parametrize(
    "source",
    [
        '<script src="{% static "site.js" %}" defer></script>',
        '<script type="application/json">{}</script>',
        "{% comment %}<p style=x>{% endcomment %}",
        '<a href="https://www.openstreetmap.org/">',
        '<input data-once="1">',
    ],
)
def test_what_is_allowed_is_no_fault(source: str) -> None:
    assert faults(source) == []


@pytest.mark.parametrize("component", COMPONENTS, ids=name_of)
def test_a_component_opens_with_its_contract(component: Path) -> None:
    contract, closed, _ = component.read_text().partition("{% endcomment %}")
    assert closed
    assert contract.startswith("{% comment %}\n")
    assert re.search(r"^(Required|Optional): \S", contract, re.M), "which arguments?"
    assert re.search(r'^Example: include "components/', contract, re.M)
    assert f'"components/{component.name}"' in contract


# Marks for scripts, tests or a rule on the parent, that need no rule of their own.
HOOKS = {"answer-card", "has-error", "simulator-answer"}


def classes_without_a_rule(source: str, styles: str) -> set[str]:
    ruled = set(re.findall(r"\.([a-zA-Z][\w-]*)", styles)) | HOOKS
    written = re.sub(r"{%.*?%}|{{.*?}}", " ", source)
    named = {name for value in re.findall(r'class="([^"]*)"', written) for name in value.split()}
    # What ends in a hyphen is finished by a variable.
    return {name for name in named if name not in ruled and not name.endswith("-")}


# Mail has its own sheet, the admin Django's.
STYLED = [
    path
    for path in PAGES
    if not IN_MAIL.search(name_of(path)) and not name_of(path).startswith("admin/")
]


@pytest.mark.parametrize("template", STYLED, ids=name_of)
def test_every_class_has_a_rule(template: Path) -> None:
    styles = "".join(path.read_text() for path in (ROOT / "static/css").glob("*.css"))
    assert classes_without_a_rule(template.read_text(), styles) == set()


def test_a_class_without_a_rule_is_seen() -> None:
    assert classes_without_a_rule('<p class="a {{ b }} c-{{ d }}">', ".other {}") == {"a"}
