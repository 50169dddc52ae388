"""The line for a full day. A place that gets free goes to the first in line, then to the next.

Whatever frees a place calls `offer_freed` inside its own transaction, under the lock of the space:
nobody comes between the place and the line.
"""

from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from booking import availability, notices, rules
from booking.models import Booking, Ending, Kind, Resource, Space, Status, Wait
from booking.services.locking import lock, refusing_cleanly
from booking.slots import Slot
from members import audit, standing
from members.models import Act, Member, User

OFFERED_FOR: Final = timedelta(hours=2)
# An offer close to its moment is short: the next in line needs time to come.
OFFERED_FOR_AT_LEAST: Final = timedelta(minutes=15)
MOST_WAITS: Final = 10  # of one member, at one time


@refusing_cleanly
@transaction.atomic
def ask(*, space: Space, member: Member, slot: Slot, by: User, now: datetime) -> Wait:
    """Wait for a desk. Asking twice finds the first wait.

    Raises ValidationError: `not_yours`, `free` (book it instead), `own_overlap`, `too_many_waits`,
    and as the rules of the space and the membership refuse a booking.
    """
    if by.pk != member.user_id:
        raise ValidationError(_("Cette attente n’est pas la vôtre."), code="not_yours")
    locked = lock([space], member)
    space, member = locked.spaces[space.pk], locked.member
    mine = Wait.objects.standing().filter(member=member)
    if found := mine.filter(space=space, start=slot.start).first():
        return found
    if mine.count() >= MOST_WAITS:
        raise ValidationError(
            _("Vous attendez déjà %(limit)s places."),
            code="too_many_waits",
            params={"limit": MOST_WAITS},
        )
    if problems := _why_not(space, member, slot, now):
        raise ValidationError(problems)
    if availability.free_resources(space, [slot], Kind.DESK):
        raise ValidationError(_("Une place est libre : réservez-la."), code="free")
    wait = Wait(space=space, member=member, start=slot.start, end=slot.end, made_at=now)
    wait.full_clean()
    wait.save()
    audit.record(act=Act.CREATED, subject=wait, by=by, now=now, before={})
    return wait


@refusing_cleanly
@transaction.atomic
def accept(*, wait: Wait, by: User, now: datetime) -> Booking:
    """Keep the place that is offered. Twice finds the booking.

    Raises ValidationError: `not_yours`, `no_offer` (it went to the next in line, or never was).
    """
    current = _locked(wait, by)
    if current.ending == Ending.TAKEN and current.offer is not None:
        return current.offer
    is_over = current.ended_at is not None or (current.offer_until or now) <= now
    if current.offer is None or is_over or current.offer.is_cancelled:
        raise ValidationError(
            _("Cette place n’est plus proposée : elle est passée à la personne suivante."),
            code="no_offer",
        )
    _end(current, Ending.TAKEN, by=by, now=now)
    return current.offer


@refusing_cleanly
@transaction.atomic
def leave(*, wait: Wait, by: User, now: datetime) -> Wait:
    """Wait no longer; a place that was offered goes to the next. Twice changes nothing.

    Raises ValidationError `not_yours`.
    """
    current = _locked(wait, by)
    if current.ended_at is None:
        _end(current, Ending.LEFT, by=by, now=now)
        _take_back(current, by=by, now=now)
    return current


def offer_freed(*, space: Space, now: datetime) -> list[Wait]:
    """Offer what is free to who waits for it, in order. Call it in the transaction that freed the
    place, with the space locked. One query when nobody waits; whoever is first stays first."""
    offered: list[Wait] = []
    found = Wait.objects.without_offer().filter(space=space, start__gt=now).with_place()
    line = list(found.order_by("made_at", "id"))
    if not line:
        return offered
    # Whoever is being written at this moment is not waited for: two places that get free at once
    # would wait for each other's people. The job comes back within a minute.
    people = Member.objects.select_for_update(no_key=True, skip_locked=True)
    at_rest = set(
        people.filter(pk__in=[wait.member_id for wait in line]).values_list("pk", flat=True)
    )
    for wait in line:
        if wait.member_id not in at_rest:
            break
        free = availability.free_resources(space, [wait.slot], Kind.DESK)
        if free and not _why_not(space, wait.member, wait.slot, now):
            offered.append(_offer(wait, free[0], now))
    return offered


def follow_line(*, now: datetime) -> int:
    """The job: offers that nobody answered go to the next. Returns how many waits it ended."""
    ended = 0
    for wait in list(Wait.objects.overdue(now).with_place().order_by("pk")):
        ended += _pass_on(wait, now)
    spaces = Space.objects.filter(waits__ended_at=None, waits__offer=None).distinct()
    for space in spaces.order_by("pk"):
        with transaction.atomic():
            # Whoever frees a place offers it: this is for a desk that was added, other hours.
            current = Space.objects.select_for_update(no_key=True).with_calendar().get(pk=space.pk)
            offer_freed(space=current, now=now)
    return ended


@transaction.atomic
def _pass_on(wait: Wait, now: datetime) -> int:
    lock([wait.space], wait.member)
    current = Wait.objects.overdue(now).with_place().filter(pk=wait.pk).first()
    if current is None:
        return 0
    if current.offer is not None and current.offer.visits.exists():
        _end(current, Ending.TAKEN, by=None, now=now)  # came early, and sits there
        return 1
    _end(current, Ending.LAPSED if current.offer else Ending.PASSED, by=None, now=now)
    _take_back(current, by=None, now=now)
    return 1


def _locked(wait: Wait, by: User) -> Wait:
    if by.pk != wait.member.user_id:
        raise ValidationError(_("Cette attente n’est pas la vôtre."), code="not_yours")
    lock([wait.space], wait.member)
    return Wait.objects.with_place().get(pk=wait.pk)


def _why_not(space: Space, member: Member, slot: Slot, now: datetime) -> list[ValidationError]:
    """Why this member could not book a desk then, whether there is one or not."""
    found = [*rules.refusals(space, slot, now)]
    found += standing.refusals(member, [slot.local_day(space.zone)])
    own = member.bookings.confirmed().filter(kind=Kind.DESK, guest_name="", override_reason="")
    clash = own.overlapping(slot).select_related("resource").first()
    if clash is not None:
        found.append(rules.own_overlap(space, clash))
    return found


def _offer(wait: Wait, place: Resource, now: datetime) -> Wait:
    booking = Booking(
        resource=place,
        member=wait.member,
        kind=Kind.DESK,
        start=wait.start,
        end=wait.end,
        made_by=wait.member.user,
        made_at=now,
    )
    booking.full_clean()
    booking.save(force_insert=True)
    audit.record(act=Act.CREATED, subject=booking, by=None, now=now, before={})
    before = audit.snapshot(wait)
    wait.offer = booking
    wait.offer_until = offered_until(wait.start, now)
    wait.full_clean()
    wait.save()
    audit.record(act=Act.CHANGED, subject=wait, by=None, now=now, before=before)
    transaction.on_commit(lambda: notices.offered(wait), robust=True)
    return wait


def offered_until(start: datetime, now: datetime) -> datetime:
    """Two hours, or half of the time that is left before the moment, or a quarter of an hour."""
    half = now + (start - now) / 2
    return min(max(min(now + OFFERED_FOR, half), now + OFFERED_FOR_AT_LEAST), start)


def _end(wait: Wait, ending: Ending, *, by: User | None, now: datetime) -> None:
    before = audit.snapshot(wait)
    wait.ended_at, wait.ending = now, ending
    wait.full_clean()
    wait.save()
    audit.record(act=Act.CHANGED, subject=wait, by=by, now=now, before=before)


def _take_back(wait: Wait, *, by: User | None, now: datetime) -> None:
    """Free the place that was offered, and offer it to the next in line."""
    booking = wait.offer
    if booking is not None and not booking.is_cancelled:
        before = audit.snapshot(booking)
        booking.status = Status.CANCELLED if by else Status.LAPSED
        booking.cancelled_at, booking.cancelled_by, booking.changed_at = now, by, now
        booking.sequence += 1
        booking.full_clean()
        booking.save()
        audit.record(act=Act.CANCELLED, subject=booking, by=by, now=now, before=before)
    space = Space.objects.with_calendar().get(pk=wait.space_id)
    offer_freed(space=space, now=now)
