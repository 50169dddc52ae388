"""The operator's file on a member: notes, documents, the welcome of a newcomer. Staff only.

Every service here raises ValidationError `forbidden` for whoever has no right over the table.
"""

from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from members import audit
from members.models import (
    Act,
    Document,
    Member,
    Note,
    User,
    WelcomeDone,
    WelcomeStep,
)
from members.models.people import LINE_LENGTH, TEXT_LENGTH
from members.services.membership import lock

LARGEST: Final = 5 * 1024 * 1024  # bytes of a document

# What a file begins with says what it is; its name says what somebody typed.
_BEGINNINGS: Final = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)


@transaction.atomic
def add_note(*, member: Member, text: str, by: User, now: datetime) -> Note:
    """Write a note about a member. Raises ValidationError `forbidden`, `blank`, `max_length`."""
    _check_right(by, "add_note")
    if len(text.strip()) > TEXT_LENGTH:  # a text column of a model does not check its length
        long = ValidationError(
            _("Une note a au plus %(limit)s signes."),
            code="max_length",
            params={"limit": TEXT_LENGTH},
        )
        raise ValidationError({"text": long})
    note = Note(member=member, text=text.strip(), author=by, written_at=now)
    note.full_clean()
    note.save()
    audit.record(act=Act.CREATED, subject=note, by=by, now=now, before={})
    return note


@transaction.atomic
def add_document(
    *, member: Member, title: str, file_name: str, content: bytes, by: User, now: datetime
) -> Document:
    """Keep a file: a PDF, a JPEG or a PNG, by what is in it, of at most 5 MB.

    The title is the name of the file where none is given. Raises ValidationError: `forbidden`,
    `empty_file`, `too_large`, `bad_type`, and as the fields refuse.
    """
    _check_right(by, "add_document")
    if not content:
        raise _of_file(_("Ce fichier est vide."), "empty_file")
    if len(content) > LARGEST:
        raise _of_file(_("Ce fichier dépasse 5 Mo."), "too_large")
    media_type, ending = kind_of(content)
    name = plain_name(file_name, ending)
    document = Document(
        member=member,
        title=title.strip() or name,
        file_name=name,
        media_type=media_type,
        content=content,
        added_by=by,
        added_at=now,
    )
    document.full_clean()
    document.save()
    audit.record(act=Act.CREATED, subject=document, by=by, now=now, before={})
    return document


@transaction.atomic
def remove_document(*, document: Document, by: User, now: datetime) -> None:
    """Delete a file; the audit keeps its title. Raises ValidationError `forbidden`."""
    _check_right(by, "delete_document")
    _record_removal(document, by, now)
    document.delete()


@transaction.atomic
def save_step(*, step: WelcomeStep, by: User, now: datetime) -> WelcomeStep:
    """Write a new or a changed step of the welcome; one that is over goes out of use.

    Raises ValidationError `forbidden`, and as the fields refuse.
    """
    _check_right(by, "change_welcomestep")
    before = audit.snapshot(WelcomeStep.objects.get(pk=step.pk)) if step.pk else {}
    act = Act.CHANGED if step.pk else Act.CREATED
    step.full_clean()
    step.save()
    audit.record(act=act, subject=step, by=by, now=now, before=before)
    return step


@transaction.atomic
def tick_step(*, member: Member, step: WelcomeStep, by: User, now: datetime) -> WelcomeDone:
    """Say that a step of the welcome is done. Ticking twice changes nothing."""
    _check_right(by, "add_welcomedone")
    lock(member)
    found = WelcomeDone.objects.filter(member=member, step=step).first()
    if found is not None:
        return found
    done = WelcomeDone(member=member, step=step, done_by=by, done_at=now)
    done.full_clean()
    done.save()
    audit.record(act=Act.CREATED, subject=done, by=by, now=now, before={})
    return done


@transaction.atomic
def untick_step(*, member: Member, step: WelcomeStep, by: User, now: datetime) -> None:
    """Take back a tick: whoever may tick may. Unticking twice changes nothing."""
    _check_right(by, "add_welcomedone")
    lock(member)
    done = WelcomeDone.objects.filter(member=member, step=step).first()
    if done is None:
        return
    _record_removal(done, by, now)
    done.delete()


def _check_right(by: User, right: str) -> None:
    if not by.has_perm(f"members.{right}"):
        raise ValidationError(_("Ce dossier est tenu par l’équipe."), code="forbidden")


def _record_removal(row: models.Model, by: User, now: datetime) -> None:
    gone = {name: (value, None) for name, value in audit.snapshot(row).items()}
    audit.record(act=Act.CANCELLED, subject=row, by=by, now=now, changes=gone)


def kind_of(content: bytes) -> tuple[str, str]:
    """Media type and ending of a file, by what it begins with. Raises `bad_type`."""
    for beginning, media_type, ending in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type, ending
    raise _of_file(_("Ce fichier n’est ni un PDF, ni une image JPEG ou PNG."), "bad_type")


def plain_name(file_name: str, ending: str) -> str:
    """The name without folders or what cannot be printed, with the ending of what is in it."""
    bare = PurePosixPath(PureWindowsPath(file_name).name).name
    stem = "".join(sign for sign in PurePosixPath(bare).stem if sign.isprintable()).strip(" .")
    return (stem or "document")[: LINE_LENGTH - len(ending)] + ending


def _of_file(words: str, code: str) -> ValidationError:
    return ValidationError({"file": ValidationError(words, code=code)})
