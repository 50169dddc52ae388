"""Series of bookings changed and cancelled: one day, from a day on, or all that are to come.

What is past, or too late to change, stays as it is. Whatever is freed goes to the line at once.
"""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from booking import notices, rules
from booking.models import Booking, Resource, Series, Space, Status
from booking.recurrence import occurrence
from booking.services import bookings as single
from booking.services import waiting
from booking.services.locking import lock, refusing_cleanly
from booking.services.series import check_author, write
from booking.services.series_days import Day, look
from members import audit
from members.models import Act, Member, User


class Scope(StrEnum):
    """What a change is about."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Change:
    """A booking of a series, and where it would be; `new.refusal` says why it stays."""

    booking: Booking
    new: Day

    @property
    def is_possible(self) -> bool:
        return self.new.place is not None

    @property
    def is_none(self) -> bool:
        """It is there already."""
        is_here = self.new.place is not None and self.new.place.pk == self.booking.resource_id
        return is_here and self.new.slot == self.booking.slot


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done to a series: the bookings that changed, and those that stay as they were."""

    series: Series | None
    done: tuple[Booking, ...]
    kept: tuple[Booking, ...]


def preview_change(
    *,
    series: Series,
    scope: Scope,
    start: time,
    end: time,
    now: datetime,
    resource: Resource | None = None,
    booking: Booking | None = None,
) -> list[Change]:
    """Every booking still to come that the change is about, with where it would go, in order.

    `booking` is the one from which on, for `FOLLOWING`. Raises ValidationError `end_before_start`,
    `not_bookable`.
    """
    space = Space.objects.with_calendar().get(pk=series.space_id)
    return _changes(series, space, series.member, scope, start, end, now, resource, booking)


@refusing_cleanly
@transaction.atomic
def change(
    *,
    series: Series,
    scope: Scope,
    start: time,
    end: time,
    by: User,
    now: datetime,
    resource: Resource | None = None,
    booking: Booking | None = None,
) -> Outcome:
    """Other hours or another place (None: any desk), for one booking, from it on, or for all.

    A single one leaves the series. From one on, the series is cut in two. Days that cannot have
    the new hours keep the old ones. Raises ValidationError: `not_yours`, `no_booking` (a scope
    needs one), `no_day` (nothing can change), and for a single one as `bookings.move`.
    """
    check_author(series.member, by)
    if scope is Scope.THIS:
        return _change_one(series, booking, start, end, by, now, resource)
    locked = lock([series.space], series.member)
    space, current = locked.spaces[series.space_id], _current(series)
    changes = _changes(current, space, locked.member, scope, start, end, now, resource, booking)
    if not any(each.is_possible for each in changes):
        raise ValidationError(_("Aucun de ces jours ne peut être changé."), code="no_day")
    target = _series_of_change(current, scope, changes[0].booking, start, end, resource, by, now)
    done = [_move(each, by, now) for each in changes if each.is_possible and not each.is_none]
    waiting.offer_freed(space=space, now=now)
    if done:
        transaction.on_commit(lambda: notices.series_changed(done, by=by), robust=True)
    kept = tuple(each.booking for each in changes if not each.is_possible)
    return Outcome(target, tuple(done), kept)


@refusing_cleanly
@transaction.atomic
def cancel(
    *,
    series: Series,
    scope: Scope,
    by: User,
    now: datetime,
    booking: Booking | None = None,
) -> Outcome:
    """Give back one booking, those from it on, or all that are to come. Twice changes nothing.

    Raises ValidationError: `not_yours`, `no_booking`, and for a single one as `bookings.cancel`.
    """
    check_author(series.member, by)
    if scope is Scope.THIS:
        one = single.cancel(booking=_anchor(series, booking), by=by, now=now)
        return Outcome(series, (one,), ())
    locked = lock([series.space], series.member)
    space, current = locked.spaces[series.space_id], _current(series)
    coming = _coming(current, scope, booking, now)
    done = [_give_back(each, by, now) for each in coming if not rules.why_fixed(each, now)]
    pivot = coming[0] if scope is Scope.FOLLOWING and coming else None
    _stop(current, pivot, by, now)
    waiting.offer_freed(space=space, now=now)
    if done:
        transaction.on_commit(lambda: notices.all_cancelled(done), robust=True)
    freed = {each.pk for each in done}
    return Outcome(current, tuple(done), tuple(each for each in coming if each.pk not in freed))


def coming_of(
    series: Series, scope: Scope, now: datetime, booking: Booking | None = None
) -> list[Booking]:
    """The bookings that a scope is about, in order, those that are too late to change included."""
    return _coming(series, scope, booking, now)


def _changes(
    series: Series,
    space: Space,
    member: Member,
    scope: Scope,
    start: time,
    end: time,
    now: datetime,
    resource: Resource | None,
    booking: Booking | None,
) -> list[Change]:
    if end <= start and end != time.min:
        raise ValidationError(_("La fin doit suivre le début."), code="end_before_start")
    coming = _coming(series, scope, booking, now)
    fixed = {each.pk: rules.why_fixed(each, now) for each in coming}
    moving = {each.slot.local_day(space.zone): each for each in coming if not fixed[each.pk]}
    found = [occurrence(day, start, end, space.zone) for day in moving]
    days = look(space=space, member=member, found=found, now=now, resource=resource, moving=moving)
    by_day = {day.day: day for day in days}
    return [
        Change(
            each,
            Day(each.slot.local_day(space.zone), each.slot, refusal=fixed[each.pk])
            if fixed[each.pk]
            else by_day[each.slot.local_day(space.zone)],
        )
        for each in coming
    ]


def _change_one(
    series: Series,
    booking: Booking | None,
    start: time,
    end: time,
    by: User,
    now: datetime,
    resource: Resource | None,
) -> Outcome:
    one = _anchor(series, booking)
    space = Space.objects.with_calendar().get(pk=series.space_id)
    args = (series, space, series.member, Scope.THIS, start, end, now, resource, one)
    new = next((each.new for each in _changes(*args)), None)
    if new is None or new.slot is None or new.place is None:
        raise (new and new.refusal) or rules.why_fixed(one, now) or rules.full()
    moved = single.move(booking=one, slot=new.slot, by=by, now=now, resource=new.place)
    return Outcome(None, (moved,), ())


def _series_of_change(
    series: Series,
    scope: Scope,
    first: Booking,
    start: time,
    end: time,
    resource: Resource | None,
    by: User,
    now: datetime,
) -> Series:
    """The series with the new hours: itself, or a second one for what follows a booking."""
    pivot = first if scope is Scope.FOLLOWING and _has_before(series, first) else None
    if pivot is None:
        before = audit.snapshot(series)
        series.start_time, series.end_time, series.resource = start, end, resource
        return write(series, Act.CHANGED, by, now, before)
    day = pivot.slot.local_day(series.space.zone)
    later = Series(
        member=series.member,
        space=series.space,
        resource=resource,
        weekdays=series.weekdays,
        start_time=start,
        end_time=end,
        first_day=day,
        last_day=max(series.last_day, day),
        made_by=by,
        made_at=now,
    )
    write(later, Act.CREATED, by, now)
    _stop(series, pivot, by, now)
    # Not a change of the bookings: they are where they were, in the second half of the series.
    series.bookings.filter(start__gte=pivot.start).update(series=later)
    return later


def _stop(series: Series, pivot: Booking | None, by: User, now: datetime) -> None:
    """End the series: now, or before a booking when there are others before it."""
    before = audit.snapshot(series)
    if pivot is not None and _has_before(series, pivot):
        series.stop_before(pivot.slot.local_day(series.space.zone))
        write(series, Act.CHANGED, by, now, before)
    elif series.ended_at is None:
        series.ended_at = now
        write(series, Act.CANCELLED, by, now, before)


def _has_before(series: Series, booking: Booking) -> bool:
    return series.bookings.filter(start__lt=booking.start).exists()


def _move(each: Change, by: User, now: datetime) -> Booking:
    booking, new = each.booking, each.new
    before = audit.snapshot(booking)
    if new.place is not None and new.slot is not None:
        booking.resource, booking.kind = new.place, new.place.kind
        booking.buffer_minutes = new.place.buffer_minutes
        booking.start, booking.end = new.slot.start, new.slot.end
    _save(booking, now, *single.PLACE_AND_TIME)
    audit.record(act=Act.CHANGED, subject=booking, by=by, now=now, before=before)
    return booking


def _give_back(booking: Booking, by: User, now: datetime) -> Booking:
    before = audit.snapshot(booking)
    booking.status = Status.CANCELLED
    booking.cancelled_at, booking.cancelled_by = now, by
    _save(booking, now, "status", "cancelled_at", "cancelled_by")
    audit.record(act=Act.CANCELLED, subject=booking, by=by, now=now, before=before)
    return booking


def _save(booking: Booking, now: datetime, *fields: str) -> None:
    """These fields, and that it changed: calendars compare both. Rules were read under the lock."""
    booking.sequence += 1
    booking.changed_at = now
    booking.save(update_fields=[*fields, "sequence", "changed_at"])


def _coming(series: Series, scope: Scope, booking: Booking | None, now: datetime) -> list[Booking]:
    found = series.bookings.coming(now).filter(start__gt=now).with_place().with_people()
    if scope is Scope.FOLLOWING:
        found = found.filter(start__gte=_anchor(series, booking).start)
    elif scope is Scope.THIS:
        found = found.filter(pk=_anchor(series, booking).pk)
    return list(found)


def _anchor(series: Series, booking: Booking | None) -> Booking:
    """The booking as it stands now, if it is still of the series."""
    found = series.bookings.with_place().filter(pk=booking.pk).first() if booking else None
    if found is None:
        raise ValidationError(_("Cette réservation n’est pas de la série."), code="no_booking")
    return found


def _current(series: Series) -> Series:
    return Series.objects.with_place().get(pk=series.pk)
