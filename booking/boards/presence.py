"""« Qui est là »: the people who come on a day, for those who are of the house.

A first name and a trade for who agreed to that, a number for the others. One query.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q

from booking.models import Booking, Space
from booking.places import Viewer
from booking.slots import day_slot
from members.folding import fold
from members.models import Consent, Member, State, Use

# An applicant comes for the trial day. Who is paused or gone left the booking behind.
COMING: Final = (State.ACTIVE, State.APPLICANT)


@dataclass(frozen=True, slots=True)
class Here:
    first_name: str
    trade: str


@dataclass(frozen=True, slots=True)
class Presence:
    """Who else comes that day, how many who are not named, and whether I am named to them."""

    people: tuple[Here, ...]
    others: int
    i_am_named: bool

    @property
    def total(self) -> int:
        return len(self.people) + self.others


def who_is_here(space: Space, day: date, viewer: Viewer) -> Presence | None:
    """The others with a confirmed booking that day; None for who is not of the house."""
    me = viewer.member
    if me is None or not me.is_inside:
        return None
    stays = Booking.objects.confirmed().filter(resource__space=space)
    coming = stays.overlapping(day_slot(day, space.zone)).order_by().values("member_id")
    agreed = Consent.objects.standing().filter(user_id=OuterRef("user_id"), use=Use.PRESENCE)
    rows = (
        Member.objects.filter(Q(pk=me.pk) | Q(pk__in=coming, state__in=COMING))
        .order_by("pk")
        .values_list("pk", "user__name", "trade", Exists(agreed))
    )
    people: list[Here] = []
    others, i_am_named = 0, False
    for pk, name, trade, agrees in rows:
        if pk == me.pk:
            i_am_named = agrees
        elif agrees and name:
            people.append(Here(name.split()[0], trade))
        else:
            others += 1
    people.sort(key=lambda here: (fold(here.first_name), fold(here.trade)))
    return Presence(tuple(people), others, i_am_named)
