"""Further, smaller spaces of the same network: one each in villages and towns of the Jura."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from random import Random

from booking.models import Kind, Space
from booking.slots import Hours
from coworking.demo import DOMAIN
from coworking.demo.floor_plan import Spot
from coworking.demo.history import DAY, Wish, crowds_between, stay
from coworking.demo.people import Coworker
from coworking.demo.space import open_space

COMMUNES = (
    "Saint-Claude",
    "Les Rousses",
    "Champagnole",
    "Saint-Laurent-en-Grandvaux",
    "Moirans-en-Montagne",
    "Clairvaux-les-Lacs",
    "Lons-le-Saunier",
    "Poligny",
    "Arbois",
    "Dole",
    "Salins-les-Bains",
    "Orgelet",
    "Arinthod",
    "Saint-Amour",
    "Nozeroy",
    "Longchaumois",
    "Prémanon",
    "Bois-d’Amont",
    "Morbier",
    "Bellefontaine",
)
PLAN = {
    "width": 640,
    "height": 420,
    "features": [
        {"kind": "wall", "x": 0, "y": 0, "width": 640, "height": 14},
        {"kind": "wall", "x": 0, "y": 406, "width": 640, "height": 14},
        {"kind": "wall", "x": 0, "y": 0, "width": 14, "height": 420},
        {"kind": "wall", "x": 626, "y": 0, "width": 14, "height": 420},
        {"kind": "window", "x": 90, "y": 0, "width": 460, "height": 14},
        {"kind": "door", "x": 272, "y": 406, "width": 96, "height": 14},
        {"kind": "plant", "x": 30, "y": 340, "width": 50, "height": 50},
        {"kind": "plant", "x": 560, "y": 340, "width": 50, "height": 50},
    ],
}
COLUMNS = (26, 166, 340, 480)
STAYS_A_DAY = 1.6
WEEKS_BEFORE, WEEKS_AFTER = 3, 3


def open_network(number: int) -> list[Space]:
    """Open so many small spaces of four desks."""
    return [
        open_space(
            Space(
                name=f"Espace {_commune(index)}",
                slug=f"reseau-{index + 1}",
                tagline="Quatre postes près de chez vous.",
                tagline_en="Four desks close to home.",
                commune=_commune(index),
                email=f"reseau-{index + 1}@{DOMAIN}",
                floor_plan=PLAN,
            ),
            hours=[Hours(weekday, time(8, 30), time(18)) for weekday in range(5)],
            closures=(),
            spots=spots(),
        )
        for index in range(number)
    ]


def spots() -> list[Spot]:
    return [
        Spot(Kind.DESK, f"P{place}", f"Poste {place}", f"Desk {place}", x, 40)
        for place, x in enumerate(COLUMNS, start=1)
    ]


def roaming(space: Space, coworkers: Sequence[Coworker], today: date, rng: Random) -> list[Wish]:
    """Some stays of the weeks around today by members who are on the road."""
    monday = today - timedelta(days=today.weekday())
    first, last = monday - timedelta(weeks=WEEKS_BEFORE), monday + timedelta(weeks=WEEKS_AFTER)
    crowds = crowds_between(space, first, last, rng)
    number = round(STAYS_A_DAY * sum(crowds.values()))
    wishes = []
    for day in rng.choices(list(crowds), list(crowds.values()), k=number):
        slot = stay(space, day, 0.6, rng)
        if slot is not None:
            # The usual desk of these members is in Morez: here they take any.
            traveller = replace(rng.choice(coworkers), desk=None)
            wishes.append(Wish(slot.start - rng.randint(1, 10) * DAY, traveller, (slot,)))
    return wishes


def _commune(index: int) -> str:
    """A commune for each space, numbered when there are more spaces than communes."""
    again, place = divmod(index, len(COMMUNES))
    return COMMUNES[place] + (f" {again + 1}" if again else "")
