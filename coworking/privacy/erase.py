"""Erasing a person, on all floors, in one transaction.

What the law makes us keep hooks in here: invoices, once there are any, keep the name and address
that they were made out to, ten years from the end of the financial year, in their own tables.
"""

import json
from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from booking.models import Booking
from booking.services import erasure as of_bookings
from coworking.privacy.letters import farewell
from directory.services import erasure as of_directory
from members import audit
from members.models import Act, Member, User
from members.services import erasure as of_members

SHORTEST_NAME = 4  # letters; a shorter one would be found in half of the log


def why_not(user: User, now: datetime) -> list[ValidationError]:
    """What stands in the way: `still_member`, `staff`, `coming_bookings`, `open_needs`.

    Reads only.
    """
    return _refusals(user, Member.objects.filter(user=user).first(), now)


def erase(*, user: User, by: User | None, now: datetime, reason: str = "") -> bool:
    """Make a person nobody: all of it or nothing. Whether this call did it.

    Bookings, subscriptions and consents stay, as facts about « Personne effacée », needs and what
    was asked of providers as facts about nobody. A last letter
    goes to the address that was proved, after the commit. Erasing twice changes nothing.

    Args:
        by: the person, or who holds `members.erase_member`; None: the end of the time to keep.
        reason: for the audit; words of ours, never of or about the person.

    Raises ValidationError: `forbidden`, and what `why_not` says.
    """
    if by is not None and by.pk != user.pk and not by.has_perm("members.erase_member"):
        raise ValidationError(_("Seul un opérateur efface une personne."), code="forbidden")
    sessions = of_members.sessions_of(user)
    with transaction.atomic():
        current, member = of_members.lock_person(user)
        if current.erased_at is not None:
            return False
        if found := _refusals(current, member, now):
            raise ValidationError(found)
        _forget_log(current, member)
        letter = _last_letter(current)
        if member is not None:
            of_bookings.empty_person(member=member)
        of_directory.empty_person(user=current, now=now)
        of_members.empty_person(user=current, member=member, now=now, by=by, sessions=sessions)
        audit.record(act=Act.ERASED, subject=current, by=by, now=now, member=member, reason=reason)
        if letter is not None:
            transaction.on_commit(letter, robust=True)
    return True


def _refusals(user: User, member: Member | None, now: datetime) -> list[ValidationError]:
    found = of_members.refusals(user, member)
    if member is not None:
        found += of_bookings.refusals(member, now)
    return [*found, *of_directory.refusals(user)]


def _last_letter(user: User) -> Callable[[], None] | None:
    """The letter as it can be sent once nothing is known any more; None: no address was proved."""
    if not EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        return None
    to, name, language = user.email, user.get_short_name(), user.language

    def send() -> None:
        with translation.override(language):
            farewell(to=to, name=name)

    return send


def _forget_log(user: User, member: Member | None) -> None:
    """Blank what the admin's own log says of the person: its rows are written by Django.

    By the rows that are the person's, and by the words: the log names a row as it was called.
    """
    words = Q()
    for word in (user.email, user.name):
        if len(word) >= SHORTEST_NAME:
            escaped = json.dumps(word)[1:-1]  # as the log stores a message
            words |= Q(object_repr__icontains=word) | Q(change_message__icontains=word)
            words |= Q(change_message__icontains=escaped)
    about = _is_row(user) | words
    for model, rows in of_directory.rows_about(user).items():
        about |= rows_in_log(model, list(map(str, rows)))
    if member is not None:
        about |= _is_row(member)
        for relation in Member._meta.related_objects:
            keys = relation.related_model._default_manager.filter(
                **{relation.field.name: member}
            ).values_list("pk", flat=True)
            if relation.related_model is not Booking:  # named after a place and a day
                about |= rows_in_log(relation.related_model, list(map(str, keys)))
    blank_log(about)


def blank_log(about: Q) -> None:
    """Leave of these lines who did what and when, and no word of whom."""
    LogEntry.objects.filter(about).update(object_repr=of_members.ERASED_NAME, change_message="")


def _is_row(row: models.Model) -> Q:
    return rows_in_log(type(row), [str(row.pk)])


def rows_in_log(model: type[models.Model], keys: list[str]) -> Q:
    """The lines of the admin's own log about these rows."""
    label = {
        "content_type__app_label": model._meta.app_label,
        "content_type__model": model._meta.model_name,
    }
    return Q(**label, object_id__in=keys)
