"""Members from a file: what is read, what is told by line and column, and all or nothing."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from members import sheets
from members.models import (
    Act,
    AuditEntry,
    Language,
    Member,
    Plan,
    PlanReduction,
    PlanVersion,
    Role,
    State,
    Subscription,
    User,
)
from members.services import imports
from members.services.imports import ImportRefused, examine, import_members
from members.services.plans import publish_version
from tests.factories import MONDAY, NOW, a_member, a_plan, a_user, freshly
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

FILES = Path(__file__).with_name("imports")
PAGE = "/admin/members/member/import/"


def content(name: str) -> bytes:
    return (FILES / f"{name}.csv").read_bytes()


def codes(report: imports.Report) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.code) for problem in report.problems]


@pytest.fixture
def nomade() -> Plan:
    """With a reduction for job seekers from today on."""
    plan = a_plan("nomade")
    version = PlanVersion.objects.create(plan=plan, valid_from=MONDAY, fee=29)
    PlanReduction.objects.create(
        version=version, category="demandeur", name="Demandeurs d’emploi", percent=50
    )
    publish_version(version=version, by=a_user(role=Role.OPERATOR), now=NOW)
    return plan


@pytest.fixture
def operator() -> User:
    return a_user("Odile", role=Role.OPERATOR)


def read_in(name: str, operator: User, **more: Any) -> list[Member]:
    return import_members(content=content(name), by=operator, now=NOW, **more)


# What is read


@pytest.mark.parametrize(
    ("name", "encoding"), [("french-cp1252", "Windows-1252"), ("french-utf8", "UTF-8")]
)
def test_a_file_of_a_french_spreadsheet(nomade, operator, name, encoding) -> None:
    report = examine(content=content(name), now=NOW)
    assert (report.problems, report.encoding, report.separator) == ((), encoding, ";")
    aline, bruno, chloe = read_in(name, operator)
    assert (aline.user.email, aline.user.name) == ("aline@morez.example", "Aline Morel")
    assert (aline.trade, aline.company) == ("Horlogère", "Morel & filles; à Morez")
    [subscription] = aline.subscriptions.all()
    assert (subscription.plan, subscription.category) == (nomade, "demandeur")
    assert subscription.start == date(2026, 3, 2)
    assert bruno.subscriptions.get().start == date(2025, 9, 1)
    assert (chloe.state, chloe.user.language) == (State.FORMER, Language.ENGLISH)
    assert {aline.state, bruno.state} == {State.ACTIVE}
    assert mail.outbox == []


def test_english_titles_in_any_order_with_commas_and_a_mark(nomade, operator) -> None:
    report = examine(content=content("english-bom"), now=NOW)
    assert (report.encoding, report.separator) == ("UTF-8", ",")
    john, mary = read_in("english-bom", operator)
    assert john.subscriptions.get().start == date(2026, 3, 2)
    assert not mary.subscriptions.exists()


def test_tabs_empty_lines_and_the_line_for_excel(operator) -> None:
    [row] = examine(content=content("tabs"), now=NOW).rows
    assert (row.line, row.name) == (4, "John Smith")


def test_who_is_imported_chooses_a_password_and_proves_the_address(nomade, operator) -> None:
    aline = read_in("french-utf8", operator)[0]
    assert not aline.user.has_usable_password()
    assert not aline.user.emailaddress_set.get().verified


def test_the_audit_says_who_imported_and_from_which_line(nomade, operator) -> None:
    aline, _bruno, chloe = read_in("french-utf8", operator)
    entry = AuditEntry.objects.about(aline).get(act=Act.IMPORTED)
    assert (entry.by, entry.changes, entry.reason) == (
        operator,
        {"line": [None, 2]},
        "Import, ligne 2",
    )
    assert AuditEntry.objects.about(chloe).filter(act=Act.STATE, reason="Import, ligne 4").exists()


def test_letters_when_asked(nomade, operator, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        read_in("french-utf8", operator, with_letters=True)
    assert sorted(message.to[0][:5] for message in mail.outbox) == ["aline", "bruno", "chloe"]
    assert "/compte/password/reset/" in str(mail.outbox[0].body)


def test_not_too_many_letters_at_once(operator, monkeypatch, nomade) -> None:
    monkeypatch.setattr(imports, "MOST_LETTERS", 2)
    with refused("too_many_letters"):
        read_in("french-utf8", operator, with_letters=True)
    assert not User.objects.filter(email="aline@morez.example").exists()


@pytest.mark.parametrize("role", [Role.HOST, Role.ACCOUNTANT, Role.PARTNER, None])
def test_only_an_operator_imports(nomade, role) -> None:
    with refused("forbidden"):
        read_in("french-utf8", a_user(role=role))


# What is told


@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("utf16", 0, "utf16"),
        ("utf16-without-mark", 0, "utf16"),
        ("workbook", 0, "workbook"),
        ("old-workbook", 0, "workbook"),
        ("encoding", 3, "encoding"),
        ("empty", 0, "empty"),
        ("only-titles", 0, "empty"),
        ("quotes", 3, "quotes"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(name, line, code) -> None:
    report = examine(content=content(name), now=NOW)
    assert codes(report) == [(line, "", code)]
    assert report.problems[0].words


def test_columns_unknown_twice_or_missing() -> None:
    assert codes(examine(content=content("columns"), now=NOW)) == [
        (1, "Nom", "missing_column"),
        (1, "Prénom", "unknown_column"),
        (1, "Téléphone", "unknown_column"),
        (1, "e-mail", "column_twice"),
    ]


def test_every_problem_by_line_and_column(nomade) -> None:
    a_member(email="pris@morez.example")
    assert codes(examine(content=content("problems"), now=NOW)) == [
        (2, "E-mail", "unique"),
        (4, "E-mail", "twice"),
        (5, "E-mail", "invalid"),
        (6, "E-mail", "blank"),
        (7, "Nom", "required"),
        (8, "Nom", "formula"),
        (9, "Métier", "formula"),
        (10, "Nom", "unprintable"),
        (11, "Métier", "max_length"),
        (12, "Langue", "unknown_language"),
        (13, "Formule", "unknown_plan"),
        (14, "Début", "bad_date"),
        (15, "Début", "bad_date"),
        (16, "Début", "no_price"),
        (17, "Début", "bad_date"),
        (18, "Catégorie", "unknown_category"),
        (19, "Début", "no_plan"),
        (20, "État", "unknown_state"),
        (21, "Formule", "former"),
        (22, "", "too_many_cells"),
    ]


def test_a_long_file_is_not_read_to_its_end() -> None:
    lines = ["E-mail;Nom", *(f"a{n}@b.fr;A" for n in range(sheets.MAX_ROWS + 1))]
    report = examine(content="\n".join(lines).encode(), now=NOW)
    assert codes(report) == [(sheets.MAX_ROWS + 2, "", "too_many")]


def test_looking_writes_nothing_and_costs_the_same_for_many_rows(
    nomade, django_assert_num_queries
) -> None:
    for count in (3, 300):
        rows = [f"a{n}@b.fr;A;nomade;01/02/{2021 + n % 5}" for n in range(count)]
        text = "\n".join(["E-mail;Nom;Formule;Début", *rows])
        with django_assert_num_queries(6):
            assert examine(content=text.encode(), now=NOW).problems == ()


# All or nothing


def test_a_problem_in_the_last_line_imports_nothing(nomade, operator) -> None:
    a_member(email="chloe@morez.example")
    before = User.objects.count(), AuditEntry.objects.count()
    with pytest.raises(ImportRefused) as caught:
        read_in("french-utf8", operator)
    assert codes(caught.value.report) == [(4, "E-mail", "unique")]
    assert (User.objects.count(), AuditEntry.objects.count()) == before
    assert not Subscription.objects.exists()


def test_a_refusal_in_the_middle_of_writing_undoes_what_was_written(
    nomade, operator, monkeypatch
) -> None:
    """Somebody signs up with the last address after the file was looked at for the second time."""
    report = examine(content=content("french-utf8"), now=NOW)
    monkeypatch.setattr(imports, "examine", lambda **_arguments: report)
    a_member(email="chloe@morez.example")
    with pytest.raises(ImportRefused) as caught:
        read_in("french-utf8", operator)
    assert codes(caught.value.report) == [(4, "", "refused")]
    assert not User.objects.filter(email="aline@morez.example").exists()


# The page


@pytest.fixture
def admin(client: Client, operator: User) -> Client:
    return freshly(client, operator)


def upload(client: Client, raw: bytes, name: str = "membres.csv") -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, raw)})


def confirm(client: Client, raw: bytes, **more: Any) -> Any:
    return client.post(PAGE, {"digest": hashlib.sha256(raw).hexdigest(), **more}, follow=True)


def test_two_steps(admin, nomade) -> None:
    raw = content("french-cp1252")
    page = upload(admin, raw)
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("3 membres, sans problème", "Windows-1252", "Aline Morel"):
        assert words in text
    assert not Member.objects.filter(user__email="aline@morez.example").exists()
    assert "3 membres importés." in confirm(admin, raw).content.decode()
    assert Member.objects.filter(user__email="aline@morez.example").exists()
    assert "choisissez-le de nouveau" in confirm(admin, raw).content.decode()


def test_the_report_shows_lines_and_columns(admin, nomade) -> None:
    page = upload(admin, content("problems"))
    text = page.content.decode()
    assert page.status_code == 422
    for words in ("Rien n’est importé", "Catégorie", "Aucune formule n’a ce code."):
        assert words in text
    assert 'name="digest"' not in text


def test_the_file_is_looked_at_again_when_confirmed(admin, nomade) -> None:
    raw = content("french-utf8")
    upload(admin, raw)
    a_member(email="bruno@morez.example")
    page = confirm(admin, raw)
    assert page.status_code == 422
    assert "Cette adresse a déjà un compte." in page.content.decode()
    assert not User.objects.filter(email="aline@morez.example").exists()


def test_the_file_is_ones_own_and_the_one_that_was_shown(admin, nomade, operator) -> None:
    raw = content("french-utf8")
    upload(admin, raw)
    colleague = freshly(Client(), a_user(role=Role.OPERATOR))
    for client, digest_of in ((colleague, raw), (admin, b"another"), (admin, raw[:-1])):
        assert "choisissez-le de nouveau" in confirm(client, digest_of).content.decode()
    upload(admin, content("english-bom"))
    assert "choisissez-le de nouveau" in confirm(admin, raw).content.decode()
    cache.clear()
    assert "choisissez-le de nouveau" in confirm(admin, content("english-bom")).content.decode()
    assert not Member.objects.exists()


def test_a_file_of_fifty_megabytes_is_refused_unread(admin, monkeypatch) -> None:
    def nobody_reads(*_arguments: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("members.admin.imports.examine", nobody_reads)
    page = upload(admin, b"a@b.fr;A\n" * (50_000_000 // 9))
    assert page.status_code == 422
    assert "dépasse 2 Mo" in page.content.decode()


@pytest.mark.parametrize("name", ["empty", "workbook", "utf16"])
def test_a_file_that_is_no_table_is_told_on_the_page(admin, name) -> None:
    assert upload(admin, content(name)).status_code == 422


def test_too_many_letters_are_told_beside_the_box(admin, nomade, monkeypatch) -> None:
    monkeypatch.setattr(imports, "MOST_LETTERS", 2)
    raw = content("french-utf8")
    upload(admin, raw)
    page = confirm(admin, raw, with_letters="on")
    assert "Pas plus de 2 lettres" in page.content.decode()
    assert "3 membres importés." in confirm(admin, raw).content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_empty_file_has_titles_that_are_understood(admin, operator, language) -> None:
    admin.cookies["django_language"] = language
    answer = admin.get(f"{PAGE}modele/")
    report = examine(content=answer.content, now=NOW)
    assert codes(report) == [(0, "", "empty")]
    row = b"x@morez.example;X" if language == "fr" else b"x@morez.example,X"
    assert examine(content=answer.content + row, now=NOW).problems == ()


@pytest.mark.parametrize("role", [Role.HOST, Role.ACCOUNTANT])
def test_who_may_not_import_finds_neither_page_nor_button(client, role) -> None:
    freshly(client, a_user(role=role))
    assert client.get(PAGE).status_code == 403
    assert upload(client, content("french-utf8")).status_code == 403
    assert client.get(f"{PAGE}modele/").status_code == 403
    assert "Importer" not in client.get("/admin/members/member/").content.decode()


def test_the_list_of_members_has_the_button(admin) -> None:
    assert f'href="{PAGE}"' in admin.get("/admin/members/member/").content.decode()


def test_an_open_screen_is_not_enough(client, operator) -> None:
    client.force_login(operator)
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/compte/reauthenticate/")
