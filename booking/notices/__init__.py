"""The e-mails of this floor: bookings, closed days, visits. Called once it is committed."""

from booking.notices.bookings import Stay, booked, cancelled, moved
from booking.notices.closures import closed, reopened
from booking.notices.visits import freed, left_open, offered

__all__ = [
    "Stay",
    "booked",
    "cancelled",
    "closed",
    "freed",
    "left_open",
    "moved",
    "offered",
    "reopened",
]
