"""Series of bookings: looked at, and made. A series books what it can: the days it cannot have are
named before, and skipped."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from booking import notices
from booking.models import Booking, Resource, Series, Space
from booking.recurrence import Recurrence, occurrences, to_mask
from booking.services.locking import lock, refusing_cleanly
from booking.services.series_days import Day, check_whole, look
from members import audit
from members.models import Act, Member, User

MOST_RUNNING: Final = 3  # series of one member, in all spaces


def preview(
    *,
    space: Space,
    member: Member,
    rule: Recurrence,
    now: datetime,
    resource: Resource | None = None,
    elsewhere: bool = False,
) -> list[Day]:
    """Every day of the series: what would be booked, and what is skipped and why.

    The same number of queries for one day and for two hundred; the space is read
    `with_calendar()`. Raises ValidationError for what no day could mend: `no_series`, `past`,
    `too_far`, `not_bookable`, and as the membership refuses.
    """
    check_whole(space, member, rule, now)
    return look(
        space=space,
        member=member,
        found=occurrences(rule, space.zone),
        now=now,
        resource=resource,
        elsewhere=elsewhere,
    )


@refusing_cleanly
@transaction.atomic
def make(
    *,
    space: Space,
    member: Member,
    rule: Recurrence,
    by: User,
    now: datetime,
    resource: Resource | None = None,
    elsewhere: bool = False,
    request_key: UUID | None = None,
) -> Series:
    """Book every day that can be booked. A second click of the same form finds the first series.

    Raises ValidationError as `preview` does, and `not_yours`, `repeated`, `too_many_series`,
    `no_day` (nothing at all can be booked).
    """
    check_author(member, by)
    locked = lock([space], member)
    space, member = locked.spaces[space.pk], locked.member
    if request_key and (found := Series.objects.filter(request_key=request_key).first()):
        if found.member_id != member.pk:
            raise ValidationError(_("Cette demande a déjà été enregistrée."), code="repeated")
        return found
    today = now.astimezone(space.zone).date()
    if Series.objects.running(today).filter(member=member).count() >= MOST_RUNNING:
        raise ValidationError(
            _("Vous avez déjà %(limit)s séries en cours : arrêtez-en une d’abord."),
            code="too_many_series",
            params={"limit": MOST_RUNNING},
        )
    days = preview(
        space=space, member=member, rule=rule, now=now, resource=resource, elsewhere=elsewhere
    )
    if not any(day.place for day in days):
        raise ValidationError(_("Aucun de ces jours ne peut être réservé."), code="no_day")
    series = write(
        Series(
            member=member,
            space=space,
            resource=resource,
            weekdays=to_mask(rule.weekdays),
            start_time=rule.start,
            end_time=rule.end,
            first_day=rule.first_day,
            last_day=rule.last_day,
            made_by=by,
            made_at=now,
            request_key=request_key,
        ),
        Act.CREATED,
        by,
        now,
    )
    made = [
        Booking(
            resource=day.place,
            member=member,
            kind=day.place.kind,
            start=day.slot.start,
            end=day.slot.end,
            buffer_minutes=day.place.buffer_minutes,
            made_by=by,
            made_at=now,
            series=series,
        )
        for day in days
        if day.place is not None and day.slot is not None
    ]
    Booking.objects.bulk_create(made)
    for booking in made:
        audit.record(act=Act.CREATED, subject=booking, by=by, now=now, before={})
    transaction.on_commit(lambda: notices.booked(made), robust=True)
    return series


def write(
    series: Series, act: Act, by: User, now: datetime, before: audit.Values | None = None
) -> Series:
    series.full_clean()
    series.save()
    audit.record(act=act, subject=series, by=by, now=now, before=before or {})
    return series


def check_author(member: Member, by: User) -> None:
    if by.pk != member.user_id:
        raise ValidationError(_("Cette série n’est pas la vôtre."), code="not_yours")
