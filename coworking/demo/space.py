"""The Morez space: its address, its hours, its closures, its desks and rooms.

Fictional where it is nobody's business: the telephone number is of the range that ARCEP keeps for
fiction. Position and codes of Morez: INSEE.
"""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from decimal import Decimal

from django.db import models, transaction

from booking.models import Closure, OpeningHours, Resource, Space
from booking.slots import Hours
from coworking.demo import DOMAIN
from coworking.demo.floor_plan import Spot, floor_plan, spots

SLUG = "morez"

WEEKDAYS = tuple(Hours(weekday, time(8), time(18, 30)) for weekday in range(5))
SATURDAY = Hours(5, time(9), time(12, 30))


def open_morez(*, first_day: date, today: date) -> Space:
    """Open the space, with its closures since `first_day`. Raises ValidationError."""
    return open_space(
        Space(
            name="Coworking de Morez",
            slug=SLUG,
            tagline="Douze postes, une salle, une cabine et du café, au cœur du Haut-Jura.",
            tagline_en="Twelve desks, a room, a booth and coffee, in the heart of the Haut-Jura.",
            description=(
                "Un lieu calme et lumineux de 80 m², au pied des sapins, pour travailler à deux "
                "pas de chez soi : en voisin, en indépendant ou pour un employeur de Genève ou de "
                "Lausanne. La fibre, un écran sur demande et une cuisine où l’on se parle."
            ),
            description_en=(
                "A calm and bright place of 80 m² at the foot of the spruces, to work close to "
                "home: as a neighbour, a freelancer, or for an employer in Geneva or Lausanne. "
                "Fibre, a screen if you ask for one, and a kitchen where people talk."
            ),
            address="Rue de la République",
            postcode="39400",
            commune="Morez",
            commune_code="39368",
            latitude=Decimal("46.5228"),
            longitude=Decimal("6.0231"),
            email=f"bonjour@{DOMAIN}",
            phone="03 53 01 00 12",
            floor_plan=floor_plan(),
            no_show_minutes=60,
        ),
        hours=(*WEEKDAYS, SATURDAY),
        closures=closures(first_day, today),
        spots=spots(),
    )


@transaction.atomic
def open_space(
    space: Space, *, hours: Iterable[Hours], closures: Iterable[Closure], spots: Sequence[Spot]
) -> Space:
    """Save a space with all that makes it, and return it `with_calendar()`."""
    _save(space)
    for interval in hours:
        _save(
            OpeningHours(
                space=space,
                weekday=interval.weekday,
                opens=interval.opens,
                closes=interval.closes,
            )
        )
    for closure in closures:
        closure.space = space
        _save(closure)
    for position, spot in enumerate(spots):
        _save(
            Resource(
                space=space,
                kind=spot.kind,
                code=spot.code,
                name=spot.name,
                name_en=spot.name_en,
                note=spot.note,
                note_en=spot.note_en,
                capacity=spot.capacity,
                x=spot.x,
                y=spot.y,
                width=spot.width,
                height=spot.height,
                rotation=spot.rotation,
                position=position,
            )
        )
    return Space.objects.with_calendar().get(pk=space.pk)


def closures(first_day: date, today: date) -> list[Closure]:
    """A week around 15 August and Christmas Eve, each year; works lately and soon."""
    every_year = [
        closure
        for year in range(first_day.year, today.year + 2)
        for closure in (
            _closure(date(year, 8, 10), 6, "Congés d’été", "Summer break"),
            _closure(date(year, 12, 24), 0, "Veille de Noël", "Christmas Eve"),
        )
    ]
    monday = today - timedelta(days=today.weekday())
    return [
        *every_year,
        _closure(
            monday - timedelta(days=7 * 9 - 2),
            0,
            "Raccordement à la fibre",
            "Fibre connection works",
        ),
        _closure(
            monday + timedelta(days=7 * 3 + 4), 0, "Révision du chauffage", "Heating maintenance"
        ),
    ]


def _closure(first: date, more_days: int, reason: str, reason_en: str) -> Closure:
    last = first + timedelta(days=more_days)
    return Closure(starts_on=first, ends_on=last, reason=reason, reason_en=reason_en)


def _save(row: models.Model) -> None:
    row.full_clean()
    row.save()
