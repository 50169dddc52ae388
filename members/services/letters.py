"""A letter of the team to chosen members: one text, a row of the queue for each of them.

It is an announcement that nobody publishes: it stands on no page, and goes to whom it was written,
whatever they said about announcements, because it is about them. The queue and who empties it are
the same (`Delivery`).
"""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members import audit
from members.models import Act, Announcement, Delivery, Member, User


@transaction.atomic
def write_to(
    *, members: Collection[Member], title: str, body: str, by: User, now: datetime
) -> Announcement:
    """Put a letter to these members into the queue; who has no account any more is left out.

    Raises ValidationError: `forbidden`, `empty` when nobody is left to write to, and as the
    fields of `Announcement` refuse.
    """
    if not by.has_perm("members.add_announcement"):
        raise ValidationError(_("Seule l’équipe écrit aux membres."), code="forbidden")
    chosen = Member.objects.filter(
        pk__in=[member.pk for member in members], user__is_active=True, user__erased_at=None
    )
    readers = list(chosen.order_by("pk"))
    if not readers:
        raise ValidationError(_("Il n’y a personne à qui écrire."), code="empty")
    letter = Announcement(
        title=title.strip(),
        body=body.strip(),
        is_letter=True,
        by_email=True,
        author=by,
        published_at=now,
    )
    letter.full_clean()
    letter.save()
    Delivery.objects.bulk_create(
        Delivery(announcement=letter, member=member, due_at=now) for member in readers
    )
    audit.record(
        act=Act.PUBLISHED,
        subject=letter,
        by=by,
        now=now,
        before={},
        changes={"members": (None, [member.pk for member in readers])},
    )
    return letter
