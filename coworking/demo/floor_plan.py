"""The floor plan of Morez: 10 m by 8 m, drawn in centimetres from the top-left corner.

Twelve desks in one bright room, four of them along its windows. Behind a partition the meeting
room, lockers and the toilet; below, a phone booth, the entrance, a corner to sit and the kitchen.
"""

from dataclasses import dataclass
from typing import Any

from booking.models import Kind

WIDTH, HEIGHT = 1000, 800
OUTER, INNER = 14, 10  # thickness of the walls
DESK_WIDTH, DESK_DEPTH = 134, 76

COLUMNS = (34, 174, 384, 524)  # two pairs, with a passage between them
SEAT_BELOW, SEAT_ABOVE = 0, 180

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A resource and its rectangle on the plan."""

    kind: str
    code: str
    name: str
    name_en: str
    x: int
    y: int
    width: int = DESK_WIDTH
    height: int = DESK_DEPTH
    rotation: int = 0
    capacity: int = 1
    note: str = ""
    note_en: str = ""


def floor_plan() -> dict[str, object]:
    """The JSON that `booking.floorplan.parse` reads."""
    return {"width": WIDTH, "height": HEIGHT, "features": [*_rooms(), *_building(), *_words()]}


def spots() -> list[Spot]:
    """What one books, in the order of the lists."""
    return [
        *_row(1, 34, SEAT_BELOW, "face à la fenêtre", "facing the window"),
        *_row(5, 318, SEAT_ABOVE, "grande table", "large table"),
        *_row(9, 400, SEAT_BELOW, "grande table", "large table"),
        Spot(
            Kind.ROOM,
            "R1",
            "Salle de réunion",
            "Meeting room",
            738,
            110,
            214,
            160,
            capacity=8,
            note="écran et visioconférence",
            note_en="screen and video conference",
        ),
        Spot(
            Kind.BOOTH,
            "C1",
            "Cabine",
            "Phone booth",
            28,
            634,
            122,
            118,
            note="isolée, pour téléphoner",
            note_en="soundproof, for calls",
        ),
    ]


def _row(first: int, y: int, rotation: int, note: str, note_en: str) -> list[Spot]:
    return [
        Spot(
            Kind.DESK,
            f"P{first + index}",
            f"Poste {first + index}",
            f"Desk {first + index}",
            x,
            y,
            rotation=rotation,
            note=note,
            note_en=note_en,
        )
        for index, x in enumerate(COLUMNS)
    ]


def _rooms() -> list[Feature]:
    return [
        _rectangle("room", 704, 14, 282, 316),  # meeting room
        _rectangle("room", 694, 340, 142, 130),  # lockers, open to the main room
        _rectangle("room", 846, 340, 140, 130),  # toilet
        _rectangle("room", 14, 628, 150, 158),  # booth
        _rectangle("room", 704, 540, 282, 246),  # kitchen
        _rectangle("room", 470, 620, 170, 120),  # a rug to sit on
        _rectangle("kitchen", 928, 540, 58, 246),
        _rectangle("kitchen", 764, 728, 164, 58),
        _rectangle("kitchen", 752, 622, 118, 62),
        _rectangle("plant", 320, 36, 52, 52),
        _rectangle("plant", 24, 552, 50, 50),
        _rectangle("plant", 654, 722, 48, 48),
        _rectangle("plant", 640, 542, 46, 46),
    ]


def _building() -> list[Feature]:
    return [
        _rectangle("wall", 0, 0, WIDTH, OUTER),
        _rectangle("wall", 0, HEIGHT - OUTER, WIDTH, OUTER),
        _rectangle("wall", 0, 0, OUTER, HEIGHT),
        _rectangle("wall", WIDTH - OUTER, 0, OUTER, HEIGHT),
        _rectangle("wall", 694, 0, INNER, 340),  # the partition
        _rectangle("wall", 694, 330, 306, INNER),
        _rectangle("wall", 836, 330, INNER, 150),
        _rectangle("wall", 694, 470, 306, INNER),
        _rectangle("wall", 0, 618, 174, INNER),  # the booth
        _rectangle("wall", 164, 618, INNER, 182),
        _rectangle("window", 60, 0, 222, OUTER),
        _rectangle("window", 410, 0, 222, OUTER),
        _rectangle("window", 750, 0, 190, OUTER),
        _rectangle("window", 0, 280, OUTER, 240),
        _rectangle("window", WIDTH - OUTER, 90, OUTER, 180),
        _rectangle("window", WIDTH - OUTER, 580, OUTER, 150),
        _rectangle("window", 510, HEIGHT - OUTER, 170, OUTER),
        _rectangle("door", 320, HEIGHT - OUTER, 100, OUTER),  # entrance
        _rectangle("door", 694, 172, INNER, 84),  # meeting room
        _rectangle("door", 164, 668, INNER, 72),  # booth
        _rectangle("door", 880, 470, 72, INNER),  # toilet
    ]


def _words() -> list[Feature]:
    return [
        _word(704, 34, 282, 48, "Réunion", "Meetings"),
        _word(694, 340, 142, 130, "Casiers", "Lockers"),
        _word(846, 344, 140, 52, "WC", "WC"),
        _word(14, 752, 150, 34, "Cabine", "Booth"),
        _word(320, 634, 100, 44, "Entrée", "Entrance"),
        _word(470, 620, 170, 120, "Salon", "Lounge"),
        _word(704, 560, 224, 48, "Cuisine", "Kitchen"),
    ]


def _rectangle(kind: str, x: int, y: int, width: int, height: int) -> Feature:
    return {"kind": kind, "x": x, "y": y, "width": width, "height": height}


def _word(x: int, y: int, width: int, height: int, label: str, label_en: str) -> Feature:
    """Words in the middle of a rectangle that is not drawn."""
    return _rectangle("label", x, y, width, height) | {"label": label, "label_en": label_en}
