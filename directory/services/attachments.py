"""Files of a need: a PDF, a JPEG or a PNG by what is in it, and nothing that acts by itself."""

import re
import zlib
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.models import Attachment, Need, NeedState
from directory.services.moves import lock_need
from members import audit
from members.models import Act, User
from members.services.files import LARGEST, kind_of, plain_name

MOST_FILES: Final = 3
_BEFORE_OPENING: Final = (NeedState.DRAFT, NeedState.SUBMITTED)

# What runs or unpacks something: no plan or photograph of a job needs it.
_ACTIVE: Final = re.compile(rb"/(JavaScript|EmbeddedFiles?|Launch|RichMedia)\b")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
# Objects may be packed: the dictionary says so before its stream.
_PACKED: Final = re.compile(rb"/ObjStm\b.{0,300}?stream\r?\n", re.S)
_MOST_UNPACKED: Final = 2 * 1024 * 1024  # bytes of one packed stream: a bomb stays small


@transaction.atomic
def add_file(
    *, need: Need, file_name: str, content: bytes, by: User | None, now: datetime
) -> Attachment:
    """Add a file while nobody was asked yet.

    Raises ValidationError: `not_editable`, `too_many_files`, `empty_file`, `too_large`,
    `bad_type`, `active_pdf`.
    """
    current = lock_need(need)
    if current.state not in _BEFORE_OPENING:
        raise ValidationError(
            _("On n’ajoute plus de fichier à un besoin publié."), code="not_editable"
        )
    return keep_file(need=current, file_name=file_name, content=content, by=by, now=now)


def keep_file(
    *, need: Need, file_name: str, content: bytes, by: User | None, now: datetime
) -> Attachment:
    """Check and save a file of a locked or new need. Refuses as `add_file`."""
    if need.attachments.count() >= MOST_FILES:
        raise _of_file(
            _("Un besoin a au plus %(count)s fichiers.") % {"count": MOST_FILES}, "too_many_files"
        )
    if not content:
        raise _of_file(_("Ce fichier est vide."), "empty_file")
    if len(content) > LARGEST:
        raise _of_file(_("Ce fichier dépasse 5 Mo."), "too_large")
    media_type, ending = kind_of(content)
    if media_type == "application/pdf" and is_active(content):
        raise _of_file(
            _("Ce PDF contient un programme ou d’autres fichiers : imprimez-le en PDF simple."),
            "active_pdf",
        )
    attachment = Attachment(
        need=need,
        file_name=plain_name(file_name, ending),
        media_type=media_type,
        content=content,
        added_at=now,
    )
    attachment.full_clean()
    attachment.save()
    changes = {"need_id": (None, need.pk), "media_type": (None, media_type)}
    audit.record(act=Act.CREATED, subject=attachment, by=by, now=now, changes=changes)
    return attachment


@transaction.atomic
def remove_file(*, attachment: Attachment, by: User | None, now: datetime) -> None:
    """Take a file away, at any time: its author may regret it. Raises Attachment.DoesNotExist."""
    lock_need(attachment.need)
    current = Attachment.objects.defer("content").get(pk=attachment.pk)
    changes = {"need_id": (current.need_id, None)}
    audit.record(act=Act.CANCELLED, subject=current, by=by, now=now, changes=changes)
    current.delete()


def is_active(content: bytes) -> bool:
    """Whether a PDF says that it runs a program or carries files, also in its packed objects."""
    if _ACTIVE.search(_ESCAPED.sub(_unescape, content)):
        return True
    for packed in _PACKED.finditer(content):
        try:
            plain = zlib.decompressobj().decompress(content[packed.end() :], _MOST_UNPACKED)
        except zlib.error:  # not packed this way: no reader of ours opens it either
            continue
        if _ACTIVE.search(_ESCAPED.sub(_unescape, plain)):
            return True
    return False


def _unescape(match: "re.Match[bytes]") -> bytes:
    return bytes([int(match[1], 16)])


def _of_file(words: str, code: str) -> ValidationError:
    return ValidationError({"file": ValidationError(words, code=code)})
