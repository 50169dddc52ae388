"""The file on a member: notes, documents by what is in them, the welcome of a newcomer."""

import pytest

from members.models import Act, AuditEntry, Document, Note, Role, WelcomeDone, WelcomeStep
from members.services.files import (
    LARGEST,
    add_document,
    add_note,
    remove_document,
    save_step,
    tick_step,
    untick_step,
)
from tests.factories import NOW, a_member, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n..."
PNG = b"\x89PNG\r\n\x1a\n..."
JPEG = b"\xff\xd8\xff\xe0..."


@pytest.fixture
def host():
    return a_user(role=Role.HOST)


@pytest.fixture
def member():
    return a_member("Camille Roux")


@pytest.fixture
def step():
    return WelcomeStep.objects.create(title="Remettre le badge")


def a_document(member, by, content=PDF, name="contrat.pdf", title=""):
    return add_document(member=member, title=title, file_name=name, content=content, by=by, now=NOW)


def test_a_note_is_kept_with_its_author_and_in_the_audit(member, host):
    note = add_note(member=member, text="  Préfère la baie vitrée. ", by=host, now=NOW)
    assert (note.text, note.author, note.written_at) == ("Préfère la baie vitrée.", host, NOW)
    entry = AuditEntry.objects.about(note).get()
    assert (entry.act, entry.by, entry.member) == (Act.CREATED, host, member)


@pytest.mark.parametrize(("text", "code"), [("  ", "blank"), ("x" * 2001, "max_length")])
def test_a_note_says_something_and_not_too_much(member, host, text, code):
    with refused(code):
        add_note(member=member, text=text, by=host, now=NOW)


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (PDF, "application/pdf", "photo.pdf"),
        (PNG, "image/png", "photo.png"),
        (JPEG, "image/jpeg", "photo.jpg"),
    ],
)
def test_a_document_is_what_is_in_it_not_what_its_name_says(member, host, content, kind, name):
    document = a_document(member, host, content, name="photo.exe")
    assert (document.media_type, document.file_name) == (kind, name)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"MZ\x90", "bad_type"),
        (b"<html>%PDF-", "bad_type"),
        (b"\xff\xd8", "bad_type"),
        (PDF + b"x" * LARGEST, "too_large"),
    ],
)
def test_another_file_is_refused(member, host, content, code):
    with refused(code):
        a_document(member, host, content)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Temp\\contrat.pdf", "contrat.pdf"),
        ('a"\r\nb.pdf', 'a"b.pdf'),
        ("", "document.pdf"),
        ("..", "document.pdf"),
        ("é" * 300 + ".pdf", "é" * 116 + ".pdf"),
    ],
)
def test_the_name_of_a_file_is_made_harmless(member, host, typed, kept):
    assert a_document(member, host, name=typed).file_name == kept


def test_a_document_without_title_is_called_after_its_file(member, host):
    assert a_document(member, host, name="assurance.pdf").title == "assurance.pdf"
    assert a_document(member, host, title=" Assurance ").title == "Assurance"


def test_the_audit_keeps_the_title_of_a_removed_document_never_its_content(member, host):
    document = a_document(member, host, title="Assurance")
    remove_document(document=document, by=host, now=NOW)
    assert not Document.objects.exists()
    made, gone = AuditEntry.objects.filter(subject_type="members.document").order_by("pk")
    assert gone.changes["title"] == ["Assurance", None]
    assert "content" not in {*made.changes, *gone.changes}


def test_a_step_is_ticked_once_and_taken_back(member, host, step):
    done = tick_step(member=member, step=step, by=host, now=NOW)
    assert tick_step(member=member, step=step, by=host, now=NOW) == done
    untick_step(member=member, step=step, by=host, now=NOW)
    untick_step(member=member, step=step, by=host, now=NOW)
    assert not WelcomeDone.objects.exists()
    acts = AuditEntry.objects.filter(subject_type="members.welcomedone").order_by("pk")
    assert [entry.act for entry in acts] == [Act.CREATED, Act.CANCELLED]


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.PARTNER])
def test_only_the_team_keeps_files(member, host, step, role):
    document, stranger = a_document(member, host), a_user(role=role)
    for attempt in (
        lambda: add_note(member=member, text="…", by=stranger, now=NOW),
        lambda: a_document(member, stranger),
        lambda: remove_document(document=document, by=stranger, now=NOW),
        lambda: tick_step(member=member, step=step, by=stranger, now=NOW),
        lambda: untick_step(member=member, step=step, by=stranger, now=NOW),
    ):
        with refused("forbidden"):
            attempt()
    assert not Note.objects.exists()


def test_the_operator_writes_the_steps_and_the_host_ticks_them(client, host):
    client.force_login(a_user(role=Role.OPERATOR))
    add = "/admin/members/welcomestep/add/"
    client.post(add, {"title": "Montrer la cuisine", "position": "2", "is_active": "on"})
    step = WelcomeStep.objects.get()
    entry = AuditEntry.objects.about(step).get()
    assert (step.title, entry.act) == ("Montrer la cuisine", Act.CREATED)
    with refused("forbidden"):
        save_step(step=step, by=host, now=NOW)
    page = f"/admin/members/welcomestep/{step.pk}/change/"
    client.post(page, {"title": "Montrer la cuisine", "position": "2"})
    step.refresh_from_db()
    assert not step.is_active
    assert client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
