"""The copy of a person's data: one archive, for a machine and for a person to read."""

import json
import tempfile
import zipfile
from datetime import datetime
from itertools import chain
from typing import IO, Any, Final

from django.template.loader import render_to_string
from django.utils import timezone

from booking import personal_data as of_bookings
from directory import personal_data as of_directory
from members import audit
from members import personal_data as of_members
from members.models import Act, Member, User
from members.personal_data import Section

FORMAT: Final = "coworking-personal-data/1"
IN_MEMORY = 5 * 1024 * 1024  # a larger archive is written to disk while it is sent


def sections_of(user: User) -> list[Section]:
    """Everything that is kept about a person, on all floors, in the language that is active."""
    apps = (of_members, of_bookings, of_directory)
    return [section for app in apps for section in app.sections(user)]


def write_copy(*, user: User, now: datetime) -> IO[bytes]:
    """The archive, open at its beginning: `donnees.json`, `donnees.html`, `documents/` about the
    person, `pieces-jointes/` of the person's needs.

    That it was handed over is in the audit, and so in the next copy.
    """
    sections = sections_of(user)
    archive: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as into:
        plain = json.dumps(as_plain(sections, now), ensure_ascii=False, indent=1)
        into.writestr("donnees.json", plain)
        into.writestr("donnees.html", as_page(sections, user, now))
        files = chain(of_members.documents_of(user), of_directory.files_of(user))
        for path, content in files:
            into.writestr(path, content)
    archive.seek(0)
    member = Member.objects.filter(user=user).first()
    audit.record(act=Act.DISCLOSED, subject=user, by=user, now=now, member=member)
    return archive


def as_plain(sections: list[Section], now: datetime) -> dict[str, Any]:
    head = {"format": FORMAT, "made_at": now.isoformat()}
    return head | {section.key: section.plain() for section in sections}


def as_page(sections: list[Section], user: User, now: datetime) -> str:
    """A page that needs nothing but itself: no script, no picture, no request."""
    return render_to_string(
        "privacy/download/copy.html",
        {"sections": sections, "person": user, "made_at": timezone.localtime(now)},
    )
