"""The e-mails of this floor: about bookings, about visits. Called once the change is committed."""

from booking.notices.bookings import Stay, booked, cancelled, moved
from booking.notices.visits import freed, left_open, offered

__all__ = ["Stay", "booked", "cancelled", "freed", "left_open", "moved", "offered"]
