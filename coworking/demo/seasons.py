"""How busy a day of the year is in a rural space of the Haut-Jura. Pure: dates in, a factor out."""

from datetime import date

PLAIN = 1.0
BRIDGE = 0.35  # a working day between a holiday and the weekend

# From a day to a day, both included, and the factor; the first that holds counts.
SEASONS: tuple[tuple[tuple[int, int], tuple[int, int], float], ...] = (
    ((12, 22), (12, 31), 0.15),
    ((1, 1), (1, 3), 0.15),
    ((7, 14), (7, 31), 0.65),
    ((8, 1), (8, 24), 0.35),
    ((2, 8), (3, 8), 0.85),  # snow, and children at home
    ((9, 8), (11, 30), 1.08),
)


def crowd(day: date, *, bridge: bool = False) -> float:
    """How many people want to come, 1 being as many as on a plain day of spring."""
    if bridge:
        return BRIDGE
    for first, last, factor in SEASONS:
        if first <= (day.month, day.day) <= last:
            return factor
    return PLAIN


def is_bridge(weekday: int, *, after_holiday: bool, before_holiday: bool) -> bool:
    """Whether people take the day off: Friday after a holiday, Monday (0) before one."""
    return (weekday == 4 and after_holiday) or (weekday == 0 and before_holiday)
