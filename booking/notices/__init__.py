"""The e-mails of this floor: about bookings, about visits. Called once the change is committed."""

from booking.notices.bookings import Stay, all_cancelled, booked, cancelled, moved, series_changed
from booking.notices.visits import freed, left_open, offered

__all__ = [
    "Stay",
    "all_cancelled",
    "booked",
    "cancelled",
    "freed",
    "left_open",
    "moved",
    "offered",
    "series_changed",
]
