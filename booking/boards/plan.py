"""What the floor plan and its list say of each place at a moment, and where they lead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from booking import rules
from booking.availability import Place, PlaceState
from booking.models import Booking, Resource, Space
from booking.moments import Moment, exact_moment
from booking.places import Viewer, place_label


@dataclass(frozen=True, slots=True)
class FreePart:
    """A part of the moment during which a place that is taken at times is free."""

    hours: str
    query: str


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place in words: its state, who is there as far as one may read, what one can book."""

    resource: Resource
    state: str
    label: str  # « P4, Poste 4, près de la fenêtre, libre »
    who: str
    mine: Booking | None
    query: str  # to book it for the whole moment; empty when it is not free
    parts: tuple[FreePart, ...]


def shown_places(
    space: Space, moment: Moment, places: Iterable[Place], viewer: Viewer
) -> list[ShownPlace]:
    return [_shown(space, moment, place, viewer) for place in places]


def count_free(places: Sequence[ShownPlace], kind: str) -> int:
    return sum(1 for place in _of_kind(places, kind) if place.state == PlaceState.FREE)


def count_all(places: Sequence[ShownPlace], kind: str) -> int:
    return sum(1 for place in _of_kind(places, kind) if place.resource.is_bookable)


def _of_kind(places: Sequence[ShownPlace], kind: str) -> list[ShownPlace]:
    return [place for place in places if place.resource.kind == kind]


def _shown(space: Space, moment: Moment, place: Place, viewer: Viewer) -> ShownPlace:
    resource, state = place.resource, place.state
    who = viewer.names_of(place.bookings) if state is PlaceState.TAKEN else ""
    parts = _parts(space, place) if state is PlaceState.TAKEN else ()
    words = [resource.code, place_label(resource), _state_words(state)]
    words += [who] if who else []
    words += [_("libre %(hours)s") % {"hours": part.hours} for part in parts]
    words += [place.closed_because] if place.closed_because else []
    return ShownPlace(
        resource=resource,
        state=state.value,
        label=", ".join(words),
        who=who,
        mine=next((b for b in place.bookings if viewer.holds(b)), None),
        query=moment.for_place(resource.pk) if state is PlaceState.FREE else "",
        parts=parts,
    )


def _parts(space: Space, place: Place) -> tuple[FreePart, ...]:
    if not place.is_bookable:
        return ()
    return tuple(
        FreePart(rules.clock(space, part), exact_moment(space, part).for_place(place.resource.pk))
        for part in place.free
        if part.length >= space.shortest_stay
    )


def _state_words(state: PlaceState) -> str:
    return {
        PlaceState.FREE: _("libre"),
        PlaceState.MINE: _("à vous"),
        PlaceState.TAKEN: _("occupé"),
        PlaceState.CLOSED: _("fermé"),
    }[state]
