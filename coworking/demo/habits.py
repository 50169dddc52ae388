"""How the people of the demonstration use the space: how often, how long, how far ahead."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habit:
    """
    Args:
        chances: of coming on a plain Monday, Tuesday… Saturday, from 0 to 1.
        whole_days: the share of stays that last a day; the others are mornings and afternoons.
        weeks_at_once: books so many weeks at one go; 0: day by day.
    """

    chances: tuple[float, float, float, float, float, float]
    whole_days: float
    weeks_at_once: int = 0


# Lives from the place: there most days.
RESIDENT = Habit((0.66, 0.78, 0.60, 0.78, 0.52, 0.04), 0.85, weeks_at_once=4)
# Works for an employer far away, and stays in Morez on the two busy days of the week.
TELEWORKER = Habit((0.13, 0.50, 0.11, 0.50, 0.13, 0.0), 0.9, weeks_at_once=4)
# Comes for some quiet hours.
HALF_DAYS = Habit((0.24, 0.32, 0.26, 0.32, 0.24, 0.06), 0.15, weeks_at_once=2)
# Comes now and then.
PASSING = Habit((0.07, 0.12, 0.07, 0.12, 0.08, 0.05), 0.5)
