"""Closing days of a space or of one place, and opening them again.

Whoever has a booking then is told, and offered something else; nothing is booked behind anybody's
back, neither when the days close nor when they open again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from booking import notices, offers
from booking.models import Booking, Closure, Space, Status
from booking.offers import Hit
from booking.services import trials, waiting
from members import audit
from members.models import Act, Member, User


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing did: the closure as it is written, the bookings that it cancelled, and those
    that stand on closed days."""

    closure: Closure
    cancelled: list[Booking]
    standing: list[Booking]


@transaction.atomic
def close(*, closure: Closure, by: User, now: datetime, cancels: bool = False) -> Closed:
    """Write a closure, new or changed. A second host who closes the same days finds the first's.

    Args:
        cancels: cancel the bookings it meets, and write once to each person. Those that have begun
            stand all the same. Otherwise all stand until somebody moves or cancels them.

    Raises ValidationError: `override_forbidden`, `other_space`, `ends_before_starts`,
    `closed_already` (changed into days that are closed), `place_fixed`, `gone`.
    """
    if cancels and not by.has_perm("booking.override_rules"):
        raise ValidationError(
            _("Seule l’équipe peut passer outre une règle."), code="override_forbidden"
        )
    lock_space(closure.space_id)
    if closure._state.adding:
        written = _twin(closure) or _write(closure, Act.CREATED, {}, by, now)
    else:
        before = _as_it_stands(closure)
        written = _write(closure, Act.CHANGED, audit.snapshot(before), by, now)
    space = _with_calendar(closure.space_id)
    met = offers.hits(space, written, now)
    told = [hit for hit in met if cancels and not hit.has_begun]
    _lock_members(hit.booking.member_id for hit in told)
    for hit in told:
        _cancel(hit.booking, written, space, by, now)
    _open_again(space, list(written.bookings.with_place().with_people()), written, now)
    for hits in _by_member(told):
        transaction.on_commit(partial(notices.closed, written, hits), robust=True)
    cancelled = [hit.booking for hit in told]
    return Closed(written, cancelled, [hit.booking for hit in met if hit not in told])


@transaction.atomic
def reopen(*, closure: Closure, by: User, now: datetime) -> list[Booking]:
    """Take a closure away. Tells the people whose bookings it cancelled, once each, unless another
    closure keeps the moment closed: that one tells them then. Twice does nothing the second time.

    Returns the bookings whose people are told.
    """
    lock_space(closure.space_id)
    current = Closure.objects.filter(pk=closure.pk).first()
    if current is None:
        return []
    rows = list(current.bookings.with_place().with_people())
    gone = {name: (value, None) for name, value in audit.snapshot(current).items()}
    audit.record(act=Act.CANCELLED, subject=current, by=by, now=now, changes=gone)
    current.delete()
    return _open_again(_with_calendar(closure.space_id), rows, None, now)


def lock_space(space_id: int) -> None:
    """Wait for the bookings under way in this space, and let later ones see what is written."""
    list(Space.objects.select_for_update(no_key=True).filter(pk=space_id).order_by("pk"))


def _with_calendar(space_id: int) -> Space:
    return Space.objects.with_calendar().get(pk=space_id)


def _lock_members(ids: Iterable[int]) -> None:
    people = Member.objects.select_for_update(no_key=True, of=("self",))
    list(people.filter(pk__in=set(ids)).order_by("pk"))


def _twin(closure: Closure) -> Closure | None:
    """The same days of the same place, closed by somebody who was faster."""
    return Closure.objects.filter(
        space=closure.space_id,
        resource=closure.resource_id,
        starts_on=closure.starts_on,
        ends_on=closure.ends_on,
    ).first()


def _as_it_stands(closure: Closure) -> Closure:
    current = Closure.objects.filter(pk=closure.pk).first()
    if current is None:
        raise ValidationError(_("Cette fermeture vient d’être supprimée."), code="gone")
    place = (current.space_id, current.resource_id)
    if place != (closure.space_id, closure.resource_id):
        raise ValidationError(
            _("Une fermeture reste celle de sa place : supprimez-la et faites-en une autre."),
            code="place_fixed",
        )
    return current


def _write(closure: Closure, act: Act, before: audit.Values, by: User, now: datetime) -> Closure:
    closure.full_clean()
    closure.save()
    audit.record(act=act, subject=closure, by=by, now=now, before=before)
    return closure


def _cancel(booking: Booking, closure: Closure, space: Space, by: User, now: datetime) -> None:
    """Cancel a booking whose space and member are locked. Its place is closed: nobody in line
    gets it."""
    before = audit.snapshot(booking)
    booking.status = Status.CANCELLED
    booking.cancelled_at, booking.cancelled_by, booking.changed_at = now, by, now
    booking.override_reason = closure.reason
    booking.closure = closure
    booking.sequence += 1
    booking.full_clean(validate_unique=False)
    booking.save()
    audit.record(
        act=Act.CANCELLED, subject=booking, by=by, now=now, before=before, reason=closure.reason
    )
    trials.keep_account(booking.member, space, None)


def _open_again(
    space: Space, cancelled: Sequence[Booking], closure: Closure | None, now: datetime
) -> list[Booking]:
    """Tell whose moment is open again, and offer it to who waits for it.

    Args:
        cancelled: bookings that a closure cancelled, which is gone or has just changed.
        closure: the one that changed; None when it is gone.
    """
    told: list[Booking] = []
    for booking in cancelled:
        if closure is not None and closure.closes(booking.resource_id, booking.slot):
            continue
        keeper = _keeper(space, booking)
        if keeper is not None or closure is not None:
            Booking.objects.filter(pk=booking.pk).update(closure=keeper)
        if keeper is None and booking.start > now:
            told.append(booking)
    free = _still_free(told)
    for bookings in _by_person(told):
        transaction.on_commit(partial(notices.reopened, bookings, free), robust=True)
    waiting.offer_freed(space=space, now=now)
    return told


def _keeper(space: Space, booking: Booking) -> Closure | None:
    """A closure that keeps the moment of a booking closed."""
    shut = (c for c in space.closures.all() if c.closes(booking.resource_id, booking.slot))
    return next(shut, None)


def _still_free(bookings: Sequence[Booking]) -> frozenset[object]:
    """Those, by key, whose very place can be booked again for the same time. One query."""
    taken = Booking.objects.confirmed().filter(resource__in={b.resource_id for b in bookings})
    rows = list(taken.overlapping_any([booking.slot for booking in bookings]))
    return frozenset(
        booking.pk
        for booking in bookings
        if booking.resource.is_bookable
        and not any(
            row.resource_id == booking.resource_id and row.slot.overlaps(booking.slot)
            for row in rows
        )
    )


def _by_member(hits: Sequence[Hit]) -> list[list[Hit]]:
    found: dict[int, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.booking.member_id, []).append(hit)
    return list(found.values())


def _by_person(bookings: Sequence[Booking]) -> list[list[Booking]]:
    found: dict[int, list[Booking]] = {}
    for booking in bookings:
        found.setdefault(booking.member_id, []).append(booking)
    return list(found.values())
