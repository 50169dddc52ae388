"""What the host tells everybody: drafted, published once, corrected, withdrawn.

A published text may be corrected, and the audit keeps what it said before; the letters that left
are not sent again. Whether it goes by e-mail is decided before it is published.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members import audit
from members.models import Act, Announcement, Delivery, Member, Use, User
from members.models.people import MemberQuerySet


@transaction.atomic
def save_announcement(*, announcement: Announcement, by: User, now: datetime) -> Announcement:
    """Write a draft, or correct what is published. `by` is the author of a new one.

    Raises ValidationError: those of the fields; `one_language` when only the title or only the
    text is in English; `published` when `by_email` changes after the publication.
    """
    before: audit.Values = {}
    if announcement._state.adding:
        announcement.author = by
    else:
        current = _locked(announcement)
        before = audit.snapshot(current)
        announcement.published_at, announcement.author = current.published_at, current.author
        if current.published_at and announcement.by_email != current.by_email:
            raise ValidationError({"by_email": _published()})
    check_languages(announcement)
    announcement.full_clean()
    announcement.save()
    act = Act.CHANGED if before else Act.CREATED
    audit.record(act=act, subject=announcement, by=by, now=now, before=before)
    return announcement


@transaction.atomic
def publish(*, announcement: Announcement, by: User, now: datetime) -> Announcement:
    """On the home of members from now on; a row of the queue for each reader, if by e-mail.

    Raises ValidationError: `published` already; `over` when its end is past.
    """
    current = _locked(announcement)
    if current.published_at is not None:
        raise ValidationError(_published())
    if current.expires_at is not None and current.expires_at <= now:
        raise ValidationError(_("La date de retrait est déjà passée."), code="over")
    before = audit.snapshot(current)
    current.published_at = now
    current.full_clean()
    current.save(update_fields=["published_at"])
    readers = list(readers_by_email()) if current.by_email else []
    Delivery.objects.bulk_create(
        Delivery(announcement=current, member=member, due_at=now) for member in readers
    )
    audit.record(
        act=Act.PUBLISHED,
        subject=current,
        by=by,
        now=now,
        before=before,
        changes={"deliveries": (0, len(readers))},
    )
    return current


@transaction.atomic
def withdraw_announcement(*, announcement: Announcement, by: User, now: datetime) -> Announcement:
    """Off the home of members; letters that have not left stay here.

    Raises ValidationError `not_current` for a draft, or one that is over already.
    """
    current = _locked(announcement)
    if not current.is_current(now):
        raise ValidationError(_("Cette annonce n’est pas en cours."), code="not_current")
    before = audit.snapshot(current)
    current.expires_at = now
    current.full_clean()
    current.save(update_fields=["expires_at"])
    dropped, _by_model = current.deliveries.filter(sent_at=None).delete()
    changes = {"deliveries_waiting": (dropped, 0)} if dropped else None
    audit.record(act=Act.ENDED, subject=current, by=by, now=now, before=before, changes=changes)
    return current


@transaction.atomic
def discard_draft(*, announcement: Announcement, by: User, now: datetime) -> None:
    """Delete what nobody has read. Raises ValidationError `published`: withdraw it instead."""
    current = _locked(announcement)
    if current.published_at is not None:
        raise ValidationError(_published())
    audit.record(
        act=Act.CANCELLED,
        subject=current,
        by=by,
        now=now,
        changes={"title": (current.title, None)},
    )
    current.delete()


def readers_by_email() -> MemberQuerySet:
    """Those of the house who agreed to announcements by e-mail, in a fixed order."""
    return Member.objects.inside().agreed(Use.NEWS).filter(user__is_active=True).order_by("pk")


def check_languages(announcement: Announcement) -> None:
    """Refuse `one_language`: an English reader would get half of each."""
    if bool(announcement.title_en.strip()) != bool(announcement.body_en.strip()):
        missing = "body_en" if announcement.title_en.strip() else "title_en"
        raise ValidationError(
            {
                missing: ValidationError(
                    _("En anglais, donnez le titre et le texte, ou aucun des deux."),
                    code="one_language",
                )
            }
        )


def _locked(announcement: Announcement) -> Announcement:
    """As it stands in the database, whoever else clicks: the others wait here."""
    rows = Announcement.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("author").order_by("pk").get(pk=announcement.pk)


def _published() -> ValidationError:
    return ValidationError(_("Cette annonce est déjà publiée."), code="published")
