"""Coming bookings that cannot take place as they stand: the space or the place is closed, or the
member away.

Nothing deletes them (docs/membership.md): a person moves them, cancels them, or lets them be.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from booking import availability
from booking.models import Booking, Space
from booking.slots import Slot
from members import standing
from members.models import Member, Pause, State

SHOWN = 6
LOOKED_AT = 200  # bookings of people who will be away some day: not all of them on that day


@dataclass(frozen=True, slots=True)
class Stranded:
    booking: Booking
    why: str


def stranded(space: Space, now: datetime) -> list[Stranded]:
    """The first of them, in order: one more than `SHOWN` says that there are others.

    Three queries, whatever the table holds.
    """
    coming = Booking.objects.coming(now).filter(resource__space=space)
    condition = Q(member__in=_away(now))
    for slot in _closed_slots(space, now)[: SHOWN + 1]:
        condition |= Q(start=slot.start, end=slot.end)
    for closure in space.closures.all():
        if closure.resource_id is not None and (shut := closure.slot).end > now:
            condition |= Q(resource=closure.resource_id, start__lt=shut.end, end__gt=shut.start)
    found = coming.filter(condition).with_people().select_related("resource")
    rows = found.prefetch_related("member__pauses")[:LOOKED_AT]
    lines = (Stranded(booking, why) for booking in rows if (why := _why(space, booking)))
    return [line for line, _number in zip(lines, range(SHOWN + 1), strict=False)]


def _closed_slots(space: Space, now: datetime) -> list[Slot]:
    """The hours of coming bookings at which the space is closed, in order. Many share theirs."""
    hours = (
        Booking.objects.confirmed()
        .filter(resource__space=space, end__gt=now)
        .order_by()
        .values_list("start", "end")
        .distinct()
    )
    return sorted(slot for slot in (Slot(*pair) for pair in hours) if not _is_open(space, slot))


def _is_open(space: Space, slot: Slot) -> bool:
    return availability.opening(space, slot.local_day(space.zone)).covers(slot)


def _away(now: datetime) -> "QuerySet[Member]":
    """Whoever is away on some day from now on; who is asked for the day is `standing`."""
    resting = Pause.objects.not_over(timezone.localdate(now)).filter(member=OuterRef("pk"))
    return Member.objects.filter(
        Q(state__in=(State.PAUSED, State.FORMER, State.REFUSED))
        | Q(leaves_on__isnull=False)
        | Q(Exists(resting))
    ).order_by()


def _why(space: Space, booking: Booking) -> str:
    """Why it cannot take place; empty when it can.

    What staff has booked outside the hours of an open day, it has booked on purpose.
    """
    day = booking.slot.local_day(space.zone)
    opening = availability.opening(space, day)
    if not opening.is_open:
        return opening.closed_because or _("fermé ce jour-là")
    if not opening.covers(booking.slot) and not booking.override_reason:
        return _("hors des heures d’ouverture")
    closed = availability.closed_places(space, [booking.slot])
    if because := closed.get(booking.resource_id):
        return because
    if booking.member.state == State.APPLICANT:
        return ""
    codes = [refusal.code for refusal in standing.refusals(booking.member, [day])]
    return _in_words(str(codes[0])) if codes else ""


def _in_words(code: str) -> str:
    return {
        "paused": _("membre en pause"),
        "leaving": _("membre parti à cette date"),
        "former": _("ancien membre"),
        "refused": _("candidature refusée"),
    }[code]
