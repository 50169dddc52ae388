"""What the clock decides about presence: forgotten departures, desks that nobody took.

Rows are the queue. Each row is locked and looked at again before anything is written, so the jobs
are safe to run twice, or in two places at once.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from booking import availability, notices
from booking.models import LONGEST_STAY, Booking, Kind, Space, Status, Visit, Way
from booking.services import visits, waiting
from booking.services.locking import lock
from booking.slots import MINUTE, Slot
from members import audit
from members.models import Act, User

BATCH = 200  # rows of one run: the next minute takes the next ones


def close_forgotten(*, now: datetime, space: Space | None = None) -> int:
    """End the visits that outlived the opening hours, of this space or of all. Returns how many
    this run closed."""
    found = Visit.objects.open().with_people().order_by("arrived_at", "id")
    if space is not None:
        found = found.filter(space=space)
    calendars = _calendars(found.values_list("space_id", flat=True))
    closed = 0
    for visit in found[:BATCH]:
        if _closing_after(calendars[visit.space_id], visit) <= now:
            closed += _close(visit, now)
    return closed


@transaction.atomic
def _close(visit: Visit, now: datetime) -> int:
    lock([visit.space], visit.member)
    current = visits.current_visit(visit)
    space = Space.objects.with_calendar().get(pk=current.space_id)
    closing = _closing_after(space, current)
    if not current.is_open or closing > now:
        return 0
    visits.end(current, at=closing, way=Way.RULE, by=None, now=now)
    transaction.on_commit(lambda: notices.left_open(current), robust=True)
    return 1


def _closing_after(space: Space, visit: Visit) -> datetime:
    """When the space closed on the day of the arrival: what ends a visit that nobody ended.

    Whoever came after closing, or on a closed day, is given a minute; no visit outlives a day.
    """
    day = visit.arrived_at.astimezone(space.zone).date()
    slots = availability.opening(space, day).slots
    closing = slots[-1].end if slots else visit.arrived_at
    latest = visit.arrived_at + LONGEST_STAY
    return min(max(closing, visit.arrived_at + MINUTE), latest)


def free_no_shows(*, now: datetime, space: Space | None = None) -> int:
    """Give back the desks that nobody took in time, of this space or of all. Returns how many this
    run freed.

    A booking is taken when its member was in the space since it could be taken up.
    """
    freed = 0
    spaces = Space.objects.active().filter(no_show_minutes__gt=0).order_by("pk")
    for each in spaces if space is None else spaces.filter(pk=space.pk):
        for booking in _untaken(each, now)[:BATCH]:
            freed += _free(booking, now)
    return freed


def _untaken(space: Space, now: datetime) -> "list[Booking]":
    late = now - space.no_show_delay
    bookings = Booking.objects.confirmed().filter(
        resource__space=space, kind=Kind.DESK, start__lte=late, end__gt=now
    )
    # What was booked after its own start has its delay from then on.
    found = list(
        bookings.filter(made_at__lte=late, end__lt=now + LONGEST_STAY)
        .select_related("resource__space", "member__user")
        .order_by("start", "id")
    )
    if not found:
        return []
    early = space.arrival_window
    span = Slot(min(booking.start for booking in found) - early, now)
    visits_of: dict[int, list[Slot]] = {}
    for visit in Visit.objects.meeting(span).filter(space=space):
        stay = Slot(visit.arrived_at, visit.end_at(now + MINUTE))
        visits_of.setdefault(visit.member_id, []).append(stay)
    return [
        booking
        for booking in found
        if not any(
            stay.overlaps(Slot(booking.start - early, now))
            for stay in visits_of.get(booking.member_id, ())
        )
    ]


@transaction.atomic
def _free(booking: Booking, now: datetime) -> int:
    space = booking.resource.space
    lock([space], booking.member)
    current = Booking.objects.select_related("resource__space", "member__user").get(pk=booking.pk)
    space = current.resource.space
    is_due = not current.is_cancelled and current.start + space.no_show_delay <= now < current.end
    if not is_due or not space.no_show_minutes or current not in _untaken(space, now):
        return 0
    _end(current, Status.NO_SHOW, by=None, now=now)
    transaction.on_commit(lambda: notices.freed(current), robust=True)
    return 1


@transaction.atomic
def give_back(*, booking: Booking, by: User, now: datetime) -> Booking:
    """« Rendre ma place » : a booking that one will not use, even too late to cancel it.

    Twice changes nothing. Raises ValidationError: `not_yours`, `over`, `in_use`.
    """
    if by.pk != booking.member.user_id:
        raise ValidationError(_("Cette réservation n’est pas la vôtre."), code="not_yours")
    lock([booking.resource.space], booking.member)
    current = Booking.objects.select_related("resource__space", "member__user").get(pk=booking.pk)
    if current.is_cancelled:
        return current
    if current.end <= now:
        raise ValidationError(_("Cette réservation est passée."), code="over")
    if current.visits.exists():
        raise ValidationError(
            _("Vous êtes venu : la fin de votre visite rend la place."), code="in_use"
        )
    _end(current, Status.CANCELLED, by=by, now=now)
    return current


def _end(booking: Booking, status: Status, *, by: User | None, now: datetime) -> None:
    before = audit.snapshot(booking)
    booking.status, booking.cancelled_at, booking.cancelled_by = status, now, by
    booking.changed_at = now
    booking.sequence += 1
    booking.full_clean(validate_unique=False)
    booking.save(update_fields=["status", "cancelled_at", "cancelled_by", "changed_at", "sequence"])
    audit.record(act=Act.CANCELLED, subject=booking, by=by, now=now, before=before)
    space = Space.objects.with_calendar().get(pk=booking.resource.space_id)
    waiting.offer_freed(space=space, now=now)


def _calendars(spaces: Iterable[int]) -> dict[int, Space]:
    return {space.pk: space for space in Space.objects.filter(pk__in=spaces).with_calendar()}
