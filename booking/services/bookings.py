"""Booking, moving and cancelling: for the web, the admin and the demo alike."""

from collections.abc import Sequence
from copy import copy
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from booking import availability, notices, rules
from booking.models import Booking, Kind, Resource, Space, Status
from booking.services import trials, waiting
from booking.services.locking import lock, refusing_cleanly
from booking.slots import Slot
from members import audit, standing
from members.models import Act, Member, State, User

PLACE_AND_TIME = (
    *("resource", "kind", "space", "is_whole"),
    *("start", "end", "buffer_minutes", "free_from"),
)


@refusing_cleanly
@transaction.atomic
def book(
    *,
    space: Space,
    member: Member,
    by: User,
    slots: Sequence[Slot],
    now: datetime,
    resource: Resource | None = None,
    kind: str = Kind.DESK,
    request_key: UUID | None = None,
    override_reason: str = "",
) -> list[Booking]:
    """Book every slot, or none of them; the bookings are ordered by start.

    Args:
        resource: this very place; None for any free one of the kind, the member's usual first,
            the same for all the slots of a day.
        request_key: of the form that asks; a second click gets the bookings of the first.
        override_reason: why staff passes over a rule of the space; kept on the bookings.

    Raises ValidationError with one error for each refused day; codes in docs/booking.md.
    """
    _check_author(member, by, override_reason)
    locked = lock([space], member)
    space, member = locked.spaces[space.pk], locked.member
    if made := _made_by_this_form(request_key, member):
        return made
    if not slots:
        raise ValidationError(_("Il n’y a rien à réserver à ce moment-là."), code="closed")
    chosen = _choose(space, member, slots, now, resource, kind, override_reason)
    bookings = [
        Booking(
            resource=place,
            member=member,
            kind=place.kind,
            start=slot.start,
            end=slot.end,
            buffer_minutes=place.buffer_minutes,
            made_by=by,
            made_at=now,
            override_reason=override_reason,
            request_key=request_key,
        )
        for slot, place in chosen
    ]
    for booking in bookings:
        _clean(booking)
        booking.save(force_insert=True)
        _record(Act.CREATED, booking, by, now, {})
    trials.keep_account(member, space, chosen[0][0].local_day(space.zone))
    transaction.on_commit(lambda: notices.booked(bookings), robust=True)
    return bookings


@refusing_cleanly
@transaction.atomic
def move(
    *,
    booking: Booking,
    slot: Slot,
    by: User,
    now: datetime,
    resource: Resource | None = None,
    override_reason: str = "",
) -> Booking:
    """Give the booking another time, another place, or both. None keeps the place.

    Moving to where it already is changes nothing and sends nothing.
    """
    target = resource or booking.resource
    _check_author(booking.member, by, override_reason)
    locked = lock([booking.resource.space, target.space], booking.member)
    current = _current(booking)
    if current.is_cancelled:
        raise ValidationError(_("Cette réservation est annulée."), code="cancelled")
    if current.slot == slot and current.resource_id == target.pk:
        return current
    if not override_reason and (refusal := rules.why_fixed(current, now)):
        raise refusal
    space = locked.spaces[target.space_id]
    _choose(
        space,
        locked.member,
        [slot],
        now,
        target,
        target.kind,
        override_reason,
        but=current,
    )
    before, values = copy(current), audit.snapshot(current)
    current.resource, current.kind = target, target.kind
    current.space, current.buffer_minutes = target.space, target.buffer_minutes
    current.start, current.end = slot.start, slot.end
    current.override_reason = override_reason
    current.series = None  # changed by itself, it goes its own way
    _save_change(current, now, *PLACE_AND_TIME, "override_reason", "series")
    _record(Act.CHANGED, current, by, now, values)
    trials.keep_account(locked.member, space, slot.local_day(space.zone))
    waiting.offer_freed(space=locked.spaces[before.resource.space_id], now=now)
    transaction.on_commit(lambda: notices.moved(current, by=by, before=before), robust=True)
    return current


@refusing_cleanly
@transaction.atomic
def cancel(*, booking: Booking, by: User, now: datetime, override_reason: str = "") -> Booking:
    """Free the place. Cancelling twice changes nothing and sends nothing."""
    _check_author(booking.member, by, override_reason)
    locked = lock([booking.resource.space], booking.member)
    current = _current(booking)
    if current.is_cancelled:
        return current
    if not override_reason and (refusal := rules.why_fixed(current, now)):
        raise refusal
    values = audit.snapshot(current)
    current.status = Status.CANCELLED
    current.cancelled_at, current.cancelled_by = now, by
    current.override_reason = override_reason or current.override_reason
    _save_change(current, now, "status", "cancelled_at", "cancelled_by", "override_reason")
    _record(Act.CANCELLED, current, by, now, values)
    trials.keep_account(locked.member, current.resource.space, None)
    waiting.offer_freed(space=locked.spaces[current.resource.space_id], now=now)
    transaction.on_commit(lambda: notices.cancelled(current, reason=override_reason), robust=True)
    return current


def _check_author(member: Member, by: User, override_reason: str) -> None:
    is_staff = by.has_perm("booking.override_rules")
    if by.pk != member.user_id and not is_staff:
        raise ValidationError(_("Cette réservation n’est pas la vôtre."), code="not_yours")
    if override_reason and not is_staff:
        raise ValidationError(
            _("Seule l’équipe peut passer outre une règle."), code="override_forbidden"
        )


def _save_change(booking: Booking, now: datetime, *fields: str) -> None:
    """Write these fields, and that the booking has changed: calendars compare both."""
    booking.sequence += 1
    booking.changed_at = now
    _clean(booking)
    booking.save(update_fields=[*fields, "sequence", "changed_at"])


def _record(act: Act, booking: Booking, by: User, now: datetime, before: audit.Values) -> None:
    reason = booking.override_reason
    audit.record(act=act, subject=booking, by=by, now=now, before=before, reason=reason)


def _made_by_this_form(request_key: UUID | None, member: Member) -> list[Booking]:
    """What the first click of a form has booked."""
    if request_key is None:
        return []
    made = list(Booking.objects.filter(request_key=request_key).order_by("start"))
    if any(booking.member_id != member.pk for booking in made):
        raise ValidationError(_("Cette demande a déjà été enregistrée."), code="repeated")
    return made


def _clean(booking: Booking) -> None:
    """The fields only: rows and rules have just been read under the lock.

    Asking again for each key and constraint would triple the queries of a booking; the database
    holds them all the same.
    """
    known = {"id", "resource", "member", "made_by", "cancelled_by"}
    booking.full_clean(exclude=known, validate_unique=False, validate_constraints=False)


def _current(booking: Booking) -> Booking:
    """The booking as it stands now that the lock is held."""
    rows = Booking.objects.select_related("resource__space", "member__user")
    return rows.get(pk=booking.pk)


def _choose(
    space: Space,
    member: Member,
    slots: Sequence[Slot],
    now: datetime,
    resource: Resource | None,
    kind: str,
    override_reason: str,
    but: Booking | None = None,
) -> list[tuple[Slot, Resource]]:
    """A place for each slot, or ValidationError with what refuses, by day."""
    ordered = sorted(set(slots))
    days: dict[date, list[Slot]] = {}
    for slot in ordered:
        days.setdefault(slot.local_day(space.zone), []).append(slot)
    if resource is not None:
        kind = resource.kind
    usual = availability.usual_resource_id(member, space, now) if resource is None else None
    errors = [] if override_reason else _membership(member, space, list(days), kind, but)
    chosen: list[tuple[Slot, Resource]] = []
    for day, asked in days.items():
        found = [] if override_reason else _refused(space, member, asked, now, resource, kind, but)
        if not found:
            free = availability.free_resources(space, asked, kind, but=but)
            place = _pick(free, resource, usual)
            if place is None and override_reason and resource is not None:
                place = _even_unbookable(resource, asked, but)
            if place is not None:
                chosen.extend((slot, place) for slot in asked)
                continue
            found = [_why_none(space, asked, resource, free, but)]
        errors.extend(_named(day, error) if len(days) > 1 else error for error in found)
    if not override_reason and but is None:
        # Those of a series are counted by the series: so many at a time.
        coming = Booking.objects.coming(now).filter(
            member=member, resource__space=space, series=None
        )
        if coming.count() + len(ordered) > space.open_bookings_limit:
            errors.append(rules.too_many_open(space))
    if errors:
        raise ValidationError(errors)
    return chosen


def _membership(
    member: Member, space: Space, days: list[date], kind: str, but: Booking | None
) -> list[ValidationError]:
    """Why this person may not come on these days, whatever the place."""
    if member.state == State.APPLICANT:
        return trials.refusals(member, space, days, kind, but)
    return standing.refusals(member, days)


def _refused(
    space: Space,
    member: Member,
    slots: Sequence[Slot],
    now: datetime,
    resource: Resource | None,
    kind: str,
    but: Booking | None,
) -> list[ValidationError]:
    # A booking that moves may stay as far as it is: those of a series are farther than others.
    until = but.slot.local_day(space.zone) if but is not None else None
    errors = [error for slot in slots for error in rules.refusals(space, slot, now, until=until)]
    if kind == Kind.SPACE:
        errors.append(rules.whole_by_team())
    elif resource is not None and not resource.is_bookable:
        errors.append(rules.not_bookable(resource))
    if resource is not None:
        closed = availability.closed_places(space, slots)
        if resource.pk in closed:
            errors.append(rules.place_closed(resource, closed[resource.pk]))
    if kind == Kind.DESK:
        own = member.bookings.confirmed().filter(kind=Kind.DESK, override_reason="", guest_name="")
        if but is not None:
            own = own.exclude(pk=but.pk)
        clash = own.overlapping_any(slots).select_related("resource").order_by("start").first()
        if clash is not None:
            errors.append(rules.own_overlap(space, clash))
    return errors


def _pick(free: Sequence[Resource], wanted: Resource | None, usual: int | None) -> Resource | None:
    """The wanted place if it is free; without a wish the usual one, else the first free."""
    if wanted is not None:
        return next((place for place in free if place.pk == wanted.pk), None)
    return next((place for place in free if place.pk == usual), None) or next(iter(free), None)


def _even_unbookable(
    resource: Resource, slots: Sequence[Slot], but: Booking | None
) -> Resource | None:
    """A place that members may not book, for staff who pass over the rule; None when taken."""
    return None if availability.in_the_way(resource, slots, but=but) else resource


def _why_none(
    space: Space,
    slots: Sequence[Slot],
    resource: Resource | None,
    free: list[Resource],
    but: Booking | None,
) -> ValidationError:
    """Somebody was faster, or the whole space is booked, or is to be and meets others."""
    if resource is not None and resource.kind == Kind.SPACE:
        return rules.whole_meets(space, availability.in_the_way(resource, slots, but=but))
    if not free and Booking.objects.confirmed().whole(space).overlapping_any(slots).exists():
        return rules.whole_taken()
    return rules.full() if resource is None else rules.taken(free)


def _named(day: date, error: ValidationError) -> ValidationError:
    """The same refusal, saying which day it is about."""
    return ValidationError(
        _("%(day)s : %(problem)s"),
        code=error.code,
        params={"day": date_format(day, "l j F"), "problem": error.messages[0]},
    )
