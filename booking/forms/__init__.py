"""What people ask: a moment, a stay at a place, to book it, to move or cancel a booking."""

from booking.forms.book import BookForm
from booking.forms.change import CancelForm, MoveForm
from booking.forms.moment import PERIODS, MomentForm, asked_moment

__all__ = ["PERIODS", "BookForm", "CancelForm", "MomentForm", "MoveForm", "asked_moment"]
