"""What people ask: a moment (`moment`), and what to do with it (`stay`)."""

from booking.forms.moment import MomentForm, asked_moment
from booking.forms.stay import BookForm, CancelForm, MoveForm

__all__ = ["BookForm", "CancelForm", "MomentForm", "MoveForm", "asked_moment"]
