"""What a member waits for, in words, and who is before him."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format

from booking import rules
from booking.models import Space, Wait
from booking.places import in_words
from members.models import Member


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wait. `before` counts those who wait longer for a moment that meets this one."""

    wait: Wait
    space: Space
    day: date
    hours: str
    before: int
    offered: str
    until: str


def my_waits(member: Member, now: datetime) -> list[Waiting]:
    """The waits that stand, the next moment first. One query."""
    longer = (
        Wait.objects.filter(
            space=OuterRef("space"),
            ended_at=None,
            start__lt=OuterRef("end"),
            end__gt=OuterRef("start"),
            made_at__lt=OuterRef("made_at"),
        )
        .order_by()
        .annotate(one=F("space"))
        .values("one")
        .annotate(count=Count("pk"))
        .values("count")
    )
    before = Coalesce(Subquery(longer, output_field=IntegerField()), 0)
    found = Wait.objects.filter(member=member, ended_at=None, end__gt=now).with_place()
    return [_waiting(wait) for wait in found.annotate(before=before).order_by("start", "id")]


def _moment(local: datetime) -> str:
    """« 2 mars, 10:00 », by the clock of the space, wherever the site is."""
    return f"{date_format(local, 'j F')}, {local:%H:%M}"


def _waiting(wait: Wait) -> Waiting:
    zone = wait.space.zone
    return Waiting(
        wait=wait,
        space=wait.space,
        day=wait.start.astimezone(zone).date(),
        hours=rules.clock(wait.space, wait.slot),
        before=wait.before,  # type: ignore[attr-defined]
        offered=in_words(wait.offer) if wait.offer else "",
        until=_moment(wait.offer_until.astimezone(zone)) if wait.offer_until else "",
    )
