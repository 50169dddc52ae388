"""The rules of a space for one stay, each with the code and the words of its refusal."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking import availability
from booking.models import LONGEST_STAY, Booking, Resource, Space
from booking.slots import MINUTE, Slot, grid_step, on_grid

MET_SHOWN = 12  # bookings named in one refusal


def refusals(
    space: Space, slot: Slot, now: datetime, *, until: date | None = None
) -> Iterator[ValidationError]:
    """Why the slot may not be booked at all, whatever the place. Empty when it may.

    `until` is a day up to which it is not too far, when that is later than the horizon: of a
    series, or of a booking that moves.
    """
    if slot.start < grid_step(now, space.grid_minutes, space.zone):
        yield ValidationError(_("Ce moment est déjà passé."), code="past")
    if not _on_grid(space, slot):
        yield ValidationError(
            ngettext(
                "Le début et la fin tombent toutes les %(minutes)s minute.",
                "Le début et la fin tombent toutes les %(minutes)s minutes.",
                space.grid_minutes,
            ),
            code="off_grid",
            params={"minutes": space.grid_minutes},
        )
    if slot.length < space.shortest_stay:
        yield ValidationError(
            _("Une réservation dure au moins %(length)s."),
            code="too_short",
            params={"length": duration(space.shortest_stay)},
        )
    if slot.length > min(space.longest_stay, LONGEST_STAY):
        yield ValidationError(
            _("Une réservation dure au plus %(length)s."),
            code="too_long",
            params={"length": duration(space.longest_stay)},
        )
    today = now.astimezone(space.zone).date()
    horizon = today + timedelta(days=space.horizon_days)
    if slot.local_day(space.zone) > max(horizon, until or horizon):
        yield ValidationError(
            ngettext(
                "On réserve au plus %(days)s jour à l’avance.",
                "On réserve au plus %(days)s jours à l’avance.",
                space.horizon_days,
            ),
            code="too_far",
            params={"days": space.horizon_days},
        )
    yield from closed(space, slot)


def _on_grid(space: Space, slot: Slot) -> bool:
    return all(on_grid(at, space.grid_minutes, space.zone) for at in (slot.start, slot.end))


def closed(space: Space, slot: Slot) -> Iterator[ValidationError]:
    """That the space is not open throughout the slot, with the name of a holiday or a closure."""
    opening = availability.opening(space, slot.local_day(space.zone))
    if opening.covers(slot):
        return
    if opening.closed_because:
        yield ValidationError(
            _("L’espace est fermé ce jour-là : %(reason)s."),
            code="closed",
            params={"reason": opening.closed_because},
        )
    elif not opening.is_open:
        yield ValidationError(_("L’espace est fermé ce jour-là."), code="closed")
    else:
        yield ValidationError(
            _("L’espace n’est pas ouvert à ces heures. Horaires du jour : %(hours)s."),
            code="closed",
            params={"hours": ", ".join(clock(space, interval) for interval in opening.slots)},
        )


def not_bookable(resource: Resource) -> ValidationError:
    return ValidationError(
        _("« %(place)s » ne se réserve pas pour le moment."),
        code="not_bookable",
        params={"place": resource.name},
    )


def place_closed(resource: Resource, because: str) -> ValidationError:
    return ValidationError(
        _("« %(place)s » est fermé à ce moment-là : %(reason)s."),
        code="closed",
        params={"place": resource.name, "reason": because},
    )


def too_many_open(space: Space) -> ValidationError:
    return ValidationError(
        ngettext(
            "Vous pouvez avoir au plus %(limit)s réservation à venir.",
            "Vous pouvez avoir au plus %(limit)s réservations à venir.",
            space.open_bookings_limit,
        ),
        code="too_many_open",
        params={"limit": space.open_bookings_limit},
    )


def own_overlap(space: Space, booking: Booking) -> ValidationError:
    return ValidationError(
        _("Vous avez déjà un poste à ce moment-là : « %(place)s », %(hours)s."),
        code="own_overlap",
        params={"place": booking.resource.name, "hours": clock(space, booking.slot)},
    )


def taken(free: list[Resource]) -> ValidationError:
    """Somebody was faster; the places still free are in `params["free"]` by their codes."""
    if not free:
        return ValidationError(
            _("Cette place vient d’être prise, et il n’en reste pas à ce moment-là."), code="taken"
        )
    return ValidationError(
        _("Cette place vient d’être prise. Encore libres : %(free)s."),
        code="taken",
        params={"free": ", ".join(resource.code for resource in free)},
    )


def whole_by_team() -> ValidationError:
    return ValidationError(
        _("L’espace entier se réserve par l’équipe, qui en donne la raison."), code="whole_space"
    )


def whole_taken() -> ValidationError:
    return ValidationError(_("L’espace est réservé en entier à ce moment-là."), code="whole_space")


def whole_meets(space: Space, bookings: Sequence[Booking]) -> ValidationError:
    """For the team: what the whole space meets, the first ones by name."""
    return ValidationError(
        ngettext(
            "L’espace entier rencontre %(count)s réservation : %(first)s.",
            "L’espace entier rencontre %(count)s réservations : %(first)s.",
            len(bookings),
        ),
        code="whole_space",
        params={
            "count": len(bookings),
            "first": " ; ".join(_met(space, booking) for booking in bookings[:MET_SHOWN])
            + (" …" if len(bookings) > MET_SHOWN else ""),
        },
    )


def _met(space: Space, booking: Booking) -> str:
    return f"{booking.resource}, {clock(space, booking.slot)}, {booking.member}"


def full() -> ValidationError:
    return ValidationError(_("Il ne reste pas de place à ce moment-là."), code="taken")


def no_trial() -> ValidationError:
    return ValidationError(
        _("Votre adhésion n’est pas encore confirmée : elle ouvre la réservation."),
        code="applicant",
    )


def one_trial_day() -> ValidationError:
    return ValidationError(
        _("Avant d’être membre, vous réservez un poste pour une seule journée, d’essai."),
        code="trial_only",
    )


def trial_used(day: date) -> ValidationError:
    return ValidationError(
        _("Votre journée d’essai est le %(day)s. Pour revenir, devenez membre."),
        code="trial_used",
        params={"day": date_format(day, "j F Y")},
    )


def too_late(space: Space) -> ValidationError:
    return ValidationError(
        _(
            "On annule ou déplace une réservation jusqu’à %(delay)s avant son début. "
            "Adressez-vous à l’équipe de l’espace."
        ),
        code="too_late",
        params={"delay": duration(space.cancel_delay)},
    )


def why_fixed(booking: Booking, now: datetime) -> ValidationError | None:
    """Why its member can no longer move or cancel a booking; None when that is still possible."""
    if booking.is_cancelled:
        return ValidationError(_("Cette réservation est annulée."), code="cancelled")
    if booking.end <= now:
        return ValidationError(_("Cette réservation est passée."), code="started")
    if booking.start <= now:
        return ValidationError(_("Cette réservation a déjà commencé."), code="started")
    if now > booking.start - booking.resource.space.cancel_delay:
        return too_late(booking.resource.space)
    return None


def duration(length: timedelta) -> str:
    """« 45 min », « 2 h », « 2 h 30 »."""
    hours, minutes = divmod(int(length / MINUTE), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{minutes:02}"}


def clock(space: Space, slot: Slot) -> str:
    """« 08:30–12:30 » in the zone of the space."""
    start, end = (at.astimezone(space.zone) for at in (slot.start, slot.end))
    return f"{start:%H:%M}–{end:%H:%M}"
