"""Every write of booking. A refusal is a `ValidationError`; its codes are in docs/booking.md."""

from booking.services.bookings import book, cancel, move
from booking.services.calendar_feeds import close_feed, open_feed, rotate_feed

__all__ = ["book", "cancel", "close_feed", "move", "open_feed", "rotate_feed"]
