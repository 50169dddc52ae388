"""What each day of a series would be: a place, or the reason why not. Reads only.

However many days, the same number of queries: the bookings of the whole span are read at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking import availability, recurrence, rules
from booking.models import MOST_BUFFER, Booking, Kind, Resource, Space
from booking.recurrence import Occurrence, Odd, Recurrence, TooLong, TooMany, occurrences
from booking.slots import MINUTE, Slot
from members import standing
from members.models import Member

LONGEST_BUFFER: Final = MOST_BUFFER * MINUTE

Stays = Mapping[date, Sequence[tuple[int, Slot]]]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a series: the place it gets, or why it gets none and what is free instead."""

    day: date
    slot: Slot | None
    place: Resource | None = None
    refusal: ValidationError | None = None
    free: tuple[Resource, ...] = ()

    @property
    def why_not(self) -> str:
        return str(self.refusal.messages[0]) if self.refusal else ""


def rule_of(
    *, weekdays: Iterable[int], start: time, end: time, first_day: date, last_day: date
) -> Recurrence:
    """What a person asked for. Raises ValidationError: `no_weekday`, `end_before_start`,
    `ends_before_starts`, `too_long`, `too_many_days`, `no_day`."""
    chosen = frozenset(weekdays)
    if not chosen:
        raise _refusal(_("Choisissez au moins un jour de la semaine."), "no_weekday")
    if end <= start and end != time.min:
        raise _refusal(_("La fin doit suivre le début."), "end_before_start")
    if last_day < first_day:
        raise _refusal(_("Le dernier jour ne peut pas précéder le premier."), "ends_before_starts")
    try:
        rule = Recurrence(chosen, start, end, first_day, last_day)
        days = rule.days()
    except TooLong:
        raise _refusal(
            _("Une série dure au plus deux ans : choisissez un dernier jour plus proche."),
            "too_long",
        ) from None
    except TooMany:
        raise ValidationError(
            _("Une série compte au plus %(days)s jours : choisissez un dernier jour plus proche."),
            code="too_many_days",
            params={"days": recurrence.MOST},
        ) from None
    if not days:
        raise _refusal(_("Aucun de ces jours ne tombe entre ces deux dates."), "no_day")
    return rule


def check_whole(space: Space, member: Member, rule: Recurrence, now: datetime) -> None:
    """Refuse what no day of the series could mend. Raises ValidationError: `no_series`, `past`,
    `too_far`, and those of the membership."""
    if not space.series_days:
        raise _refusal(_("Cet espace ne prend pas de séries de réservations."), "no_series")
    if problems := standing.refusals(member, []):
        raise ValidationError(problems)
    today = now.astimezone(space.zone).date()
    if rule.first_day < today:
        raise _refusal(_("Le premier jour est déjà passé."), "past")
    last = today + timedelta(days=space.series_days)
    if rule.last_day > last:
        raise ValidationError(
            ngettext(
                "On réserve une série au plus %(days)s jour à l’avance : jusqu’au %(last)s.",
                "On réserve une série au plus %(days)s jours à l’avance : jusqu’au %(last)s.",
                space.series_days,
            ),
            code="too_far",
            params={"days": space.series_days, "last": date_format(last, "j F Y")},
        )


def look(
    *,
    space: Space,
    member: Member,
    found: Sequence[Occurrence],
    now: datetime,
    resource: Resource | None,
    elsewhere: bool = False,
    moving: Mapping[date, Booking] | None = None,
) -> list[Day]:
    """Each day with its place or its reason, in order. Five queries at most, whatever the days.

    Args:
        space: read `with_calendar()`.
        resource: this very place; None for any desk, as far as possible the same one every day.
        elsewhere: take another place of the kind on the days when the wanted one is taken.
        moving: bookings that would change, by day: in nobody's way, and better left at their desk.
    """
    moving = moving or {}
    kind = Kind.DESK.value if resource is None else resource.kind
    if resource is not None and not resource.is_bookable:
        raise rules.not_bookable(resource)
    slots = [one.slot for one in found if one.slot is not None]
    if not slots:
        return [Day(one.day, None, refusal=_odd(one)) for one in found]
    span = Slot(min(slot.start for slot in slots), max(slot.end for slot in slots))
    but = [booking.pk for booking in moving.values()]
    prefetch_related_objects([member], "pauses")
    places = list(space.resources.bookable().of_kind(kind).order_by("position", "id"))
    stays = _stays(space, places, span, but)
    own = _own_desks(member, span, but) if kind == Kind.DESK else []
    free_on = {
        one.day: [place for place in places if not _is_kept(space, stays, place, one.slot)]
        for one in found
        if one.slot is not None
    }
    ranked = _ranked(places, free_on, resource, _usual(member, space, now, resource))
    until = max(one.day for one in found)

    def day_of(one: Occurrence) -> Day:
        if one.slot is None:
            return Day(one.day, None, refusal=_odd(one))
        if refusal := _refusal_of(space, member, one.slot, now, until, own):
            return Day(one.day, one.slot, refusal=refusal)
        free = free_on[one.day]
        order = ranked
        if resource is None and one.day in moving:
            here = moving[one.day].resource_id
            order = sorted(ranked, key=lambda place: place.pk != here)
        wanted = order if resource is None or elsewhere else [resource]
        place = next((place for place in wanted if place in free), None)
        if place is None:
            return Day(one.day, one.slot, refusal=_taken(resource, free), free=tuple(free))
        return Day(one.day, one.slot, place)

    return [day_of(one) for one in found]


def skipped_days(space: Space, rule: Recurrence, booked: Collection[date]) -> list[Day]:
    """The days of a series that stand for no booking of it, with what is known of why."""
    left = []
    for one in occurrences(rule, space.zone):
        if one.day in booked:
            continue
        if one.slot is None:
            left.append(Day(one.day, None, refusal=_odd(one)))
            continue
        closed = next(rules.closed(space, one.slot), None)
        left.append(Day(one.day, one.slot, refusal=closed or _not_of_it()))
    return left


def _refusal_of(
    space: Space,
    member: Member,
    slot: Slot,
    now: datetime,
    until: date,
    own: Sequence[Booking],
) -> ValidationError | None:
    for refusal in rules.refusals(space, slot, now, until=until):
        return refusal
    for refusal in standing.refusals(member, [slot.local_day(space.zone)]):
        return refusal
    clash = next((booking for booking in own if booking.slot.overlaps(slot)), None)
    return rules.own_overlap(space, clash) if clash else None


def _stays(space: Space, places: Sequence[Resource], span: Slot, but: Collection[UUID]) -> Stays:
    """Who is where, buffers included, by each UTC date that a stay touches. One query."""
    here = Q(resource__in=places) | Q(space=space, is_whole=1)
    around = Slot(span.start - LONGEST_BUFFER, span.end + LONGEST_BUFFER)
    found = Booking.objects.confirmed().filter(here).overlapping(around)
    if but:
        found = found.exclude(pk__in=but)
    by_day: dict[date, list[tuple[int, Slot]]] = {}
    columns = found.values_list("resource_id", "start", "free_from", "is_whole")
    for place, start, end, is_whole in columns:
        stay = Slot(start, end)
        kept = [each.pk for each in places] if is_whole else [place]
        for day in _dates(stay):
            by_day.setdefault(day, []).extend((pk, stay) for pk in kept)
    return by_day


def _is_kept(space: Space, stays: Stays, place: Resource, slot: Slot) -> bool:
    """Whether somebody has the place then, or it is closed by itself."""
    with_buffer = Slot(slot.start, slot.end + place.buffer_minutes * MINUTE)
    if _is_busy(stays, place, with_buffer):
        return True
    return place.pk in availability.closed_places(space, [slot])


def _is_busy(stays: Stays, place: Resource, slot: Slot) -> bool:
    return any(
        pk == place.pk and stay.overlaps(slot)
        for day in _dates(slot)
        for pk, stay in stays.get(day, ())
    )


def _dates(slot: Slot) -> set[date]:
    """A stay lasts at most a day, so it touches the dates of its two ends."""
    return {slot.start.date(), slot.end.date()}


def _own_desks(member: Member, span: Slot, but: Collection[UUID]) -> list[Booking]:
    own = member.bookings.confirmed().filter(kind=Kind.DESK, override_reason="", guest_name="")
    if but:
        own = own.exclude(pk__in=but)
    return list(own.overlapping(span).select_related("resource").order_by("start"))


def _usual(member: Member, space: Space, now: datetime, resource: Resource | None) -> int | None:
    return availability.usual_resource_id(member, space, now) if resource is None else None


def _ranked(
    places: Sequence[Resource],
    free_on: Mapping[date, Sequence[Resource]],
    resource: Resource | None,
    usual: int | None,
) -> list[Resource]:
    """The wanted place first; else the one that is free on the most days, so that one desk serves
    for as many as it can; among equals the usual one."""
    times = {place.pk: 0 for place in places}
    for free in free_on.values():
        for place in free:
            times[place.pk] += 1
    wanted = None if resource is None else resource.pk
    return sorted(
        places, key=lambda place: (place.pk != wanted, -times[place.pk], place.pk != usual)
    )


def _taken(resource: Resource | None, free: Sequence[Resource]) -> ValidationError:
    if resource is None or not free:
        return _refusal(_("Tout est pris ce jour-là."), "taken")
    return ValidationError(
        _("« %(place)s » est pris ce jour-là. Libres : %(free)s."),
        code="taken",
        params={"place": resource.name, "free": ", ".join(place.code for place in free)},
    )


_ODD: Final = {Odd.SKIPPED: "nonexistent_time", Odd.TWICE: "ambiguous_time"}


def _odd(one: Occurrence) -> ValidationError:
    if one.odd is Odd.TWICE:
        words = _("Cette heure revient deux fois ce jour-là : l’horloge passe à l’heure d’hiver.")
    else:
        words = _("Cette heure n’existe pas ce jour-là : l’horloge passe à l’heure d’été.")
    return _refusal(words, _ODD[one.odd or Odd.SKIPPED])


def _not_of_it() -> ValidationError:
    return _refusal(_("Pas réservé : c’était pris, ou vous l’avez changé à part."), "not_booked")


def _refusal(words: str, code: str) -> ValidationError:
    return ValidationError(words, code=code)
