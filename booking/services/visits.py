"""Arrivals and departures, whoever notes them. Rules and codes are in docs/presence.md."""

from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from booking import availability, walk_in
from booking.models import LONGEST_STAY, Booking, Kind, Space, Visit, Way
from booking.services import trials, waiting
from booking.services.locking import lock, refusing_cleanly
from booking.slots import MINUTE, Slot, grid_step
from members import audit, standing
from members.models import Act, Member, State, User

RECORDS = "booking.record_visit"


@refusing_cleanly
@transaction.atomic
def check_in(
    *,
    space: Space,
    member: Member,
    by: User,
    now: datetime,
    way: Way = Way.PHONE,
    guest_name: str = "",
) -> Visit:
    """Note that a member, or a guest of his, has arrived. A second time finds the open visit.

    A booking of the day is taken up; without one a desk is booked until the space closes, or until
    somebody else has it.

    Args:
        by: the member, or who may record visits.

    Raises ValidationError: `not_yours`, `elsewhere`, `closed`, `full`, and as the membership
    refuses.
    """
    _check_author(member, by)
    locked = lock([space], member)
    space, member = locked.spaces[space.pk], locked.member
    guest_name = guest_name.strip()
    if found := _open_visit(member, guest_name):
        if found.space_id == space.pk:
            return found
        raise _elsewhere(found)
    interval = walk_in.open_now(space, now)
    if interval is None:
        raise ValidationError(_("L’espace est fermé à cette heure."), code="closed")
    booking = None if guest_name else _own_booking(space, member, now)
    if booking is None:
        booking = _take_desk(space, member, interval, by, now, guest_name)
    visit = Visit(
        space=space,
        member=member,
        guest_name=guest_name,
        booking=booking,
        arrived_at=now,
        arrived_by=way,
    )
    _save(visit)
    audit.record(act=Act.CREATED, subject=visit, by=by, now=now, before={})
    return visit


@refusing_cleanly
@transaction.atomic
def check_out(*, visit: Visit, by: User, now: datetime, way: Way = Way.PHONE) -> Visit:
    """Note a departure, and give back what is left of the booking. A second time changes nothing.

    Later than a visit may last it is no departure but one that was forgotten: the visit ends there
    and waits for its member's word. Raises ValidationError: `not_yours`.
    """
    _check_author(visit.member, by)
    lock([visit.space], visit.member)
    current = current_visit(visit)
    if not current.is_open:
        return current
    latest = current.arrived_at + LONGEST_STAY
    if now > latest:
        end(current, at=latest, way=Way.RULE, by=by, now=now)
    else:
        # In the second of the arrival there is no interval yet.
        end(current, at=max(now, current.arrived_at + MINUTE), way=way, by=by, now=now)
    return current


@refusing_cleanly
@transaction.atomic
def confirm(*, visit: Visit, left_at: datetime | None, by: User, now: datetime) -> Visit:
    """The member's word on a visit that a rule closed: it is right, or he left earlier.

    Args:
        left_at: the departure, between the arrival and the closing; None: it is right as it is.

    Raises ValidationError: `not_yours`, `nothing_to_confirm`, `bad_departure`.
    """
    _check_author(visit.member, by)
    lock([visit.space], visit.member)
    current = current_visit(visit)
    if not current.waits_for_word or current.left_at is None:
        raise ValidationError(
            _("Cette visite n’attend pas votre confirmation."), code="nothing_to_confirm"
        )
    departure = left_at or current.left_at
    if not current.arrived_at < departure <= current.left_at:
        raise ValidationError(
            _("Le départ est après l’arrivée, et au plus tard à la fermeture."),
            code="bad_departure",
        )
    before = audit.snapshot(current)
    current.left_at, current.confirmed_at, current.waits_for_word = departure, now, False
    _save(current)
    audit.record(act=Act.CHANGED, subject=current, by=by, now=now, before=before)
    return current


@refusing_cleanly
@transaction.atomic
def correct(
    *,
    visit: Visit,
    arrived_at: datetime,
    left_at: datetime | None,
    reason: str,
    by: User,
    now: datetime,
) -> Visit:
    """Put a visit right: the team, with a reason, which stays in the audit with the old times.

    Raises ValidationError: `forbidden`, `reason_required`, `future`, `visit_overlap`, and as the
    constraints of the row refuse.
    """
    if not by.has_perm(RECORDS):
        raise ValidationError(_("Seule l’équipe corrige une visite."), code="forbidden")
    if not reason.strip():
        raise ValidationError(_("Dites pourquoi la visite est corrigée."), code="reason_required")
    if max(arrived_at, left_at or arrived_at) > now:
        raise ValidationError(_("Une visite n’est pas dans l’avenir."), code="future")
    lock([visit.space], visit.member)
    current = current_visit(visit)
    before = audit.snapshot(current)
    current.arrived_at, current.left_at = arrived_at, left_at
    current.left_by = Way.HOST if left_at else ""
    current.waits_for_word, current.corrected_at = False, now
    _save(current)
    audit.record(
        act=Act.CHANGED, subject=current, by=by, now=now, before=before, reason=reason.strip()
    )
    return current


def end(visit: Visit, *, at: datetime, way: Way, by: User | None, now: datetime) -> None:
    """Write the end of a locked open visit, and give back the rest of its booking."""
    before = audit.snapshot(visit)
    visit.left_at, visit.left_by = at, way
    visit.waits_for_word = way == Way.RULE
    _save(visit)
    audit.record(act=Act.CHANGED, subject=visit, by=by, now=now, before=before)
    under_way = _desks_of(visit.member, visit.space).filter(start__lt=at, end__gt=at)
    for booking in [visit.booking] if visit.guest_name else under_way:
        if booking is not None:
            _give_back_rest(booking, visit.space, at, by, now)
    space = Space.objects.with_calendar().get(pk=visit.space_id)
    waiting.offer_freed(space=space, now=now)


def current_visit(visit: Visit) -> Visit:
    """The visit as it stands now that the lock is held."""
    return Visit.objects.with_people().get(pk=visit.pk)


def _check_author(member: Member, by: User) -> None:
    if by.pk != member.user_id and not by.has_perm(RECORDS):
        raise ValidationError(_("Cette visite n’est pas la vôtre."), code="not_yours")


def _open_visit(member: Member, guest_name: str) -> Visit | None:
    found = Visit.objects.open().filter(member=member, guest_name=guest_name)
    return found.with_people().order_by("arrived_at").first()


def _elsewhere(visit: Visit) -> ValidationError:
    return ValidationError(
        _("Votre visite à « %(space)s » n’est pas terminée : notez d’abord votre départ."),
        code="elsewhere",
        params={"space": visit.space.name},
    )


def _own_booking(space: Space, member: Member, now: datetime) -> Booking | None:
    """The desk booked for now, or soon enough to come early."""
    own = _desks_of(member, space).filter(end__gt=now)
    return own.filter(start__lte=now + space.arrival_window).first()


def _desks_of(member: Member, space: Space) -> QuerySet[Booking]:
    """The desks that a member has booked for himself, in order."""
    own = member.bookings.confirmed().filter(kind=Kind.DESK, guest_name="", resource__space=space)
    return own.select_related("resource__space").order_by("start", "id")


def _take_desk(
    space: Space, member: Member, interval: Slot, by: User, now: datetime, guest_name: str
) -> Booking:
    """Book the desk that somebody sits down at. No e-mail: he is there."""
    day = now.astimezone(space.zone).date()
    if member.state == State.APPLICANT:
        refusals = trials.refusals(member, space, [day], Kind.DESK)
    else:
        refusals = standing.refusals(member, [day])
    if refusals:
        raise ValidationError(refusals)
    usual, until = None, interval.end
    if not guest_name:
        usual = availability.usual_resource_id(member, space, now)
        # One's own later booking of the day goes on from there, at its desk.
        if later := _desks_of(member, space).filter(start__gt=now, start__lt=until).first():
            usual, until = later.resource_id, later.start
    free = walk_in.free_desk(space, Slot(interval.start, until), now, usual)
    if free is None:
        raise _full(space, walk_in.next_free(space, interval, now))
    booking = Booking(
        resource=free.resource,
        member=member,
        guest_name=guest_name,
        kind=free.resource.kind,
        start=free.slot.start,
        end=free.slot.end,
        made_by=by,
        made_at=now,
    )
    booking.full_clean()
    booking.save(force_insert=True)
    audit.record(act=Act.CREATED, subject=booking, by=by, now=now, before={})
    trials.keep_account(member, space, day)
    return booking


def _full(space: Space, next_hour: datetime | None) -> ValidationError:
    if next_hour is None:
        return ValidationError(
            _("L’espace est complet jusqu’à la fermeture d’aujourd’hui."), code="full"
        )
    return ValidationError(
        _("L’espace est complet. Une place se libère à %(hour)s."),
        code="full",
        params={"hour": f"{next_hour.astimezone(space.zone):%H:%M}"},
    )


def _give_back_rest(
    booking: Booking, space: Space, at: datetime, by: User | None, now: datetime
) -> None:
    """End a booking at the step of the grid after the departure."""
    step = grid_step(at, space.grid_minutes, space.zone)
    free_from = step if step == at else step + space.grid_minutes * MINUTE
    if booking.is_cancelled or not booking.start < free_from < booking.end:
        return
    before = audit.snapshot(booking)
    booking.end, booking.changed_at = free_from, now
    booking.sequence += 1
    booking.full_clean(validate_unique=False, validate_constraints=False)
    booking.save(update_fields=["end", "free_from", "changed_at", "sequence"])
    audit.record(act=Act.CHANGED, subject=booking, by=by, now=now, before=before)


def _save(visit: Visit) -> None:
    try:
        visit.full_clean()
    except ValidationError as error:
        if list(getattr(error, "error_dict", {})) == [NON_FIELD_ERRORS]:
            raise ValidationError(error.error_dict[NON_FIELD_ERRORS]) from error
        raise
    visit.save()
