"""Members from a file: looked at first, then all of it or nothing.

Each row goes through the services that a sign-up goes through; the audit says which line it was.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import audit, notices, sheets
from members.models import Act, Member, State, User
from members.services.accounts import open_account
from members.services.import_rows import Problem, Row, RowReader
from members.services.membership import move_state
from members.services.subscriptions import start_plan

MOST_LETTERS: Final = 100  # they leave while the operator waits
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a file holds. With any problem, nothing of it is imported."""

    problems: tuple[Problem, ...]
    rows: tuple[Row, ...] = ()
    encoding: str = ""
    separator: str = ""


class ImportRefused(ValidationError):
    """Code `problems`: nothing was written, and `report` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(_("Rien n’a été importé."), code="problems")
        self.report = report


def examine(*, content: bytes, now: datetime) -> Report:
    """Everything that is wrong with a file, by line and column. Reads only.

    Codes: those of `sheets.Unreadable`; `unknown_column`, `column_twice`, `missing_column`,
    `too_many_cells`, `formula`, `required`, `invalid`, `unprintable`, `max_length`, `twice`,
    `unique`, `unknown_language`, `unknown_state`, `unknown_plan`, `unknown_category`, `no_price`,
    `no_plan`, `former`, `bad_date`.
    """
    try:
        sheet = sheets.read(content)
    except sheets.Unreadable as why:
        return Report(problems=(Problem(why.line or 0, "", why.code, unreadable(why.code)),))
    reader = RowReader(sheet.header, timezone.localdate(now))
    rows = tuple(reader.read(line) for line in sheet.lines)
    problems = [*reader.problems, *_taken(rows, reader)]
    return Report(
        problems=tuple(sorted(problems)),
        rows=rows,
        encoding=sheet.encoding,
        separator=sheet.separator,
    )


def import_members(
    *, content: bytes, by: User, now: datetime, with_letters: bool = False
) -> list[Member]:
    """Make a member of each row, all or nothing.

    Args:
        with_letters: tell each how to choose a password; else no e-mail is sent.

    Raises ValidationError: `forbidden`, `too_many_letters`; ImportRefused (`problems`).
    """
    if not by.has_perm("members.import_member"):
        raise ValidationError(_("Seul un opérateur importe des membres."), code="forbidden")
    with transaction.atomic():
        report = examine(content=content, now=now)  # again: much may have happened since
        if report.problems:
            raise ImportRefused(report)
        if with_letters and len(report.rows) > MOST_LETTERS:
            raise ValidationError(
                _("Pas plus de %(count)d lettres à la fois : importez sans lettres."),
                code="too_many_letters",
                params={"count": MOST_LETTERS},
            )
        members = [_import(row, by, now) for row in report.rows]
        if with_letters:
            transaction.on_commit(lambda: _write_to(members), robust=True)
    return members


def _import(row: Row, by: User, now: datetime) -> Member:
    try:
        return _open(row, by, now)
    except ValidationError as refusal:  # somebody was faster, since we looked
        problem = Problem(row.line, "", "refused", " ".join(refusal.messages))
        raise ImportRefused(Report(problems=(problem,))) from refusal


def _open(row: Row, by: User, now: datetime) -> Member:
    user = User(email=row.email, name=row.name, language=row.language)
    user.set_unusable_password()
    open_account(user=user, now=now, as_member=True, by=by, state=State.ACTIVE, profile=row.profile)
    member = user.member
    reason = _("Import, ligne %(line)d") % {"line": row.line}
    if row.plan is not None:
        start_plan(
            member=member,
            plan=row.plan,
            start=row.start or timezone.localdate(now),
            by=by,
            now=now,
            category=row.category,
            version=row.version,
        )
    if row.state == State.FORMER:
        move_state(member=member, to=State.FORMER, by=by, now=now, reason=reason)
    audit.record(
        act=Act.IMPORTED,
        subject=member,
        by=by,
        now=now,
        changes={"line": (None, row.line)},
        reason=reason,
    )
    return member


def _taken(rows: tuple[Row, ...], reader: RowReader) -> list[Problem]:
    """A problem for each address that has an account. One query for each `_CHUNK` of rows."""
    lines = {row.email: row.line for row in reversed(rows) if row.email}
    emails = list(lines)
    found: list[Problem] = []
    for start in range(0, len(emails), _CHUNK):
        taken = User.objects.filter(email__in=emails[start : start + _CHUNK])
        found += [
            Problem(
                lines[email],
                reader.header.cells[reader.places["email"]],
                "unique",
                _("Cette adresse a déjà un compte."),
            )
            for email in taken.values_list("email", flat=True)
        ]
    return found


def _write_to(members: list[Member]) -> None:
    for member in members:
        notices.imported(member)


def unreadable(code: str) -> str:
    """The words for a code of `sheets.Unreadable`."""
    return {
        "empty": _("Ce fichier ne contient aucune ligne sous ses titres."),
        "too_big": _("Ce fichier dépasse %(size)d Mo.") % {"size": sheets.MAX_BYTES // 1_000_000},
        "utf16": _(
            "Ce fichier est en UTF-16 (« texte Unicode ») : enregistrez-le en « CSV UTF-8 »."
        ),
        "workbook": _(
            "C’est un classeur Excel, même si son nom finit par .csv : enregistrez-le en "
            "« CSV UTF-8 »."
        ),
        "encoding": _("Cette ligne n’est ni en UTF-8 ni en Windows-1252."),
        "quotes": _("Un guillemet ouvert ici n’est pas fermé, ou ferme au milieu d’une valeur."),
        "too_many": _("Ce fichier a plus de %(count)d lignes : coupez-le.")
        % {"count": sheets.MAX_ROWS},
    }[code]
