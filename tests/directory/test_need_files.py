"""Files of a need: what is in them decides, and nobody reads them who was not asked."""

import zlib

import pytest
import time_machine
from django.test import Client

from directory.models import Attachment, NeedState, ProviderState
from directory.services import attachments, needs
from directory.services.attachments import MOST_FILES, add_file
from members.models import Role
from tests.directory.rows import a_need, a_provider, a_solicitation
from tests.factories import NOW, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj"
PNG = b"\x89PNG\r\n\x1a\n..."
JPEG = b"\xff\xd8\xff\xe0..."
EXECUTABLE = b"MZ\x90\x00\x03\x00\x00\x00"


def packed(content: bytes) -> bytes:
    """A PDF whose objects are packed."""
    squeezed = zlib.compress(content)
    return PDF + b"\n2 0 obj << /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + squeezed


def add(need, content=PDF, name="plan.pdf"):
    return add_file(need=need, file_name=name, content=content, by=None, now=NOW)


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (PDF, "plan.pdf", "plan.pdf"),
        (PNG, "../../etc/passwd", "passwd.png"),
        (JPEG, "C:\\Photos\\four.exe", "four.jpg"),
        (PDF, "\u202efdp.exe\n", "fdp.pdf"),
        (PDF, "", "document.pdf"),
    ],
)
def test_a_file_is_named_by_what_is_in_it(content, name, kept) -> None:
    assert add(a_need(state=NeedState.DRAFT), content, name).file_name == kept


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (EXECUTABLE, "bad_type"),
        (b"<html><script>", "bad_type"),
        (b"PK\x03\x04", "bad_type"),
        (PDF + b"0" * 5 * 1024 * 1024, "too_large"),
        (PDF + b"/S /JavaScript /JS (app.alert(1))", "active_pdf"),
        (PDF + b"/S /J#61vaScript", "active_pdf"),
        (PDF + b"/EmbeddedFiles 3 0 R", "active_pdf"),
        (PDF + b"/S /Launch /F (cmd.exe)", "active_pdf"),
        (packed(b"<< /S /JavaScript /JS (x) >>"), "active_pdf"),
    ],
)
def test_what_is_no_plain_document_is_refused(content, code) -> None:
    need = a_need(state=NeedState.DRAFT)
    with refused(code):
        add(need, content)
    assert not need.attachments.exists()


@pytest.mark.parametrize(
    "content",
    [PDF + b"/JavaScripts /Launcher", packed(b"<< /Type /Page >>"), packed(b"")[:-3] + b"???"],
)
def test_a_plain_document_is_kept(content) -> None:
    assert add(a_need(state=NeedState.DRAFT), content).pk


def test_three_files_and_no_more() -> None:
    need = a_need(state=NeedState.SUBMITTED)
    for _file in range(MOST_FILES):
        add(need)
    with refused("too_many_files"):
        add(need)


def test_nothing_is_added_once_people_are_asked() -> None:
    with refused("not_editable"):
        add(a_need())


def test_files_come_with_the_need_or_nothing_does(post) -> None:
    need = post(files=[("a.pdf", PDF), ("b.png", PNG)])
    assert [file.file_name for file in need.attachments.order_by("id")] == ["a.pdf", "b.png"]
    with refused("bad_type"):
        post(title="Un four", files=[("a.pdf", PDF), ("facture.pdf", EXECUTABLE)])
    assert not needs.Need.objects.filter(title="Un four").exists()


def a_file(need) -> Attachment:
    return Attachment.objects.create(
        need=need, file_name="plan.pdf", media_type="application/pdf", content=PDF, added_at=NOW
    )


@pytest.fixture
def _that_week():
    with time_machine.travel(NOW, tick=False):
        yield


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.usefixtures("_that_week")
def test_who_reads_a_file() -> None:
    author, owner, waiting = a_user(), a_user(), a_user()
    need = a_need(author=author)
    path = f"/besoins/{need.pk}/fichiers/{a_file(need).pk}/"
    opened = a_solicitation(need, a_provider(owner=owner), opened_at=NOW)
    a_solicitation(need, a_provider(owner=waiting))
    volunteer, accountant = a_user(), a_user(role=Role.ACCOUNTANT)
    a_provider(owner=volunteer)
    for reader in (author, owner, a_user(role=Role.HOST)):
        answer = logged_in(reader).get(path)
        assert b"".join(answer.streaming_content) == PDF
        assert b"plan.pdf" in logged_in(reader).get(need.get_absolute_url()).content
        assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
    for reader in (waiting, volunteer, accountant, a_user()):
        assert logged_in(reader).get(path).status_code == 404
        page = logged_in(reader).get(need.get_absolute_url())
        assert (page.status_code, b"plan.pdf" in page.content) == (200, False)
    provider = opened.provider
    provider.state = ProviderState.SUSPENDED
    provider.save()
    assert logged_in(owner).get(path).status_code == 404


def test_a_file_of_another_need_is_not_there() -> None:
    author = a_user()
    own = a_need(author=author, state=NeedState.DRAFT)
    other = a_file(a_need())
    client = logged_in(author)
    assert client.get(f"/besoins/{own.pk}/fichiers/{other.pk}/").status_code == 404
    assert client.get(f"{own.author_path}fichiers/{other.pk}/").status_code == 404
    assert client.post(f"{own.author_path}fichiers/{other.pk}/retirer/").status_code == 404
    assert Attachment.objects.filter(pk=other.pk).exists()


def test_its_author_takes_a_file_away_behind_the_key(client) -> None:
    need = a_need()
    file = a_file(need)
    assert b"".join(client.get(f"{need.author_path}fichiers/{file.pk}/").streaming_content) == PDF
    assert client.post(f"{need.author_path}fichiers/{file.pk}/retirer/").status_code == 302
    assert not need.attachments.exists()
    assert client.get(f"{need.author_path}fichiers/{file.pk}/").status_code == 404


def test_a_packed_bomb_stays_small() -> None:
    assert attachments.is_active(packed(b"0" * 50_000_000)) is False
