"""The e-mails that follow a booking. Called once the transaction is committed."""

from collections.abc import Sequence

from booking.models import Booking


def booked(bookings: Sequence[Booking]) -> None:
    """To be written."""


def moved(booking: Booking) -> None:
    """To be written."""


def cancelled(booking: Booking) -> None:
    """To be written."""
