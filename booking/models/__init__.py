"""Rows of booking: the space and its hours, its resources, bookings, calendar feeds."""

from booking.models.booking import LONGEST_STAY, Booking, Status
from booking.models.calendar_feed import CalendarFeed
from booking.models.kiosk import ArrivalCode, Device
from booking.models.opening import Closure, OpeningHours
from booking.models.resource import MOST_BUFFER, Kind, Resource
from booking.models.series import Series
from booking.models.space import Currency, Space
from booking.models.trial import TrialDay
from booking.models.visit import Visit, Way
from booking.models.waiting import Ending, Wait

__all__ = [
    "LONGEST_STAY",
    "MOST_BUFFER",
    "ArrivalCode",
    "Booking",
    "CalendarFeed",
    "Closure",
    "Currency",
    "Device",
    "Ending",
    "Kind",
    "OpeningHours",
    "Resource",
    "Series",
    "Space",
    "Status",
    "TrialDay",
    "Visit",
    "Wait",
    "Way",
]
