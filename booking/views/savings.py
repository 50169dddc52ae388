"""What one's days at the space spared, for members who agreed to count their commute."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.boards.savings import Missing, Savings, savings_of
from booking.views.frame import member_of


@require_safe
def savings(request: HttpRequest) -> HttpResponse:
    """This year so far beside the promise of the simulator; what is missing, when it is."""
    member = member_of(request)
    found = None if member is None else savings_of(member, timezone.now())
    context = {
        "member": member,
        "found": found if isinstance(found, Savings) else None,
        "missing": str(found) if isinstance(found, Missing) else "",
    }
    return render(request, "booking/savings.html", context)
