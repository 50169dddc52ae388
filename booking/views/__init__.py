"""Pages of booking, by subject: spaces (what is free), bookings (one's own), calendars."""

from booking.views.book import book
from booking.views.bookings import cancel, detail, give_back, mine, move
from booking.views.calendars import calendar, feed, ics
from booking.views.spaces import day, latest, plan, space_home, week

__all__ = [
    "book",
    "calendar",
    "cancel",
    "day",
    "detail",
    "feed",
    "give_back",
    "ics",
    "latest",
    "mine",
    "move",
    "plan",
    "space_home",
    "week",
]
