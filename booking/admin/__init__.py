"""Spaces, resources, closures and bookings in the admin, written through the services."""

from booking.admin.bookings import BookingAdmin
from booking.admin.closures import ClosureAdmin
from booking.admin.kiosk import DeviceAdmin
from booking.admin.series import SeriesAdmin
from booking.admin.spaces import ResourceAdmin, SpaceAdmin
from booking.admin.visits import VisitAdmin

__all__ = [
    "BookingAdmin",
    "ClosureAdmin",
    "DeviceAdmin",
    "ResourceAdmin",
    "SeriesAdmin",
    "SpaceAdmin",
    "VisitAdmin",
]
