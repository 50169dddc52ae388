"""The e-mails of this floor: bookings, closed days, visits. Called once it is committed."""

from booking.notices.bookings import Stay, all_cancelled, booked, cancelled, moved, series_changed
from booking.notices.closures import closed, reopened
from booking.notices.visits import freed, left_open, offered

__all__ = [
    "Stay",
    "all_cancelled",
    "booked",
    "cancelled",
    "closed",
    "freed",
    "left_open",
    "moved",
    "offered",
    "reopened",
    "series_changed",
]
