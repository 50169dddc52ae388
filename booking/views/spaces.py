"""Pages of a space: its public home, the floor plan, the day, the week."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking import availability
from booking.boards import welcome
from booking.boards.day import day_grid
from booking.boards.drawing import draw
from booking.boards.plan import count_all, count_free, shown_places
from booking.boards.presence import who_is_here
from booking.boards.week import week_board
from booking.forms import PERIODS, asked_moment
from booking.models import Booking, Kind
from booking.slots import Period, day_slot, week_of
from booking.views.frame import Request, local_day, open_space, page, viewer_of
from members.models import Announcement

MY_NEXT = 3  # bookings shown on the home of a space
LATEST = 3  # announcements shown there


@login_not_required
@require_safe
def space_home(request: HttpRequest, slug: str) -> HttpResponse:
    """Anyone: what is free on the next open day; one tap from there leads to the form."""
    now = timezone.now()
    space, viewer = open_space(slug), viewer_of(request)
    today = local_day(space, now)
    shown = availability.next_open_day(space, now)
    slots = availability.slots_for(space, shown.day, Period.DAY, now) if shown else []
    places = availability.board(space, slots, viewer.member) if slots else []
    coming = Booking.objects.coming(now).filter(resource__space=space, member=viewer.member)
    choices = welcome.choices(space, shown.day, places, viewer, now) if shown else []
    context = {
        "today": today,
        "today_opening": availability.opening(space, today),
        "shown": shown,
        "shown_iso": shown.day.isoformat() if shown else "",
        "choices": choices,
        "first": next((choice for choice in choices if not choice.is_closed), None),
        "crowd": welcome.crowd(places, viewer),
        "week": welcome.week_hours(space, today),
        "days_off": welcome.days_off(space, today),
        "mine": list(coming.with_place()[:MY_NEXT]) if viewer.member else [],
        "presence": who_is_here(space, today, viewer),
        "announcements": latest(now) if viewer.is_of_house or viewer.is_team else [],
        "viewer": viewer,
    }
    return page(request, space, "booking/space.html", context)


def latest(now: datetime) -> list[Announcement]:
    """What the home of members announces. One query."""
    return list(Announcement.objects.current(now)[:LATEST])


@login_not_required
@require_safe
def plan(request: Request, slug: str) -> HttpResponse:
    """Anyone: the floor plan at a moment; names only for those who may read them."""
    now = timezone.now()
    space, viewer = open_space(slug), viewer_of(request)
    moment, problems = asked_moment(request.GET, space, now)
    board = availability.board(space, moment.bookable_slots, viewer.member)
    places = shown_places(space, moment, board, viewer)
    context = {
        "moment": moment,
        "periods": PERIODS,
        "time_step": 60 * space.grid_minutes,
        "tabs_query": f"?date={moment.day}",
        "problems": problems,
        "previous_query": moment.on(moment.day - timedelta(days=1)),
        "next_query": moment.on(moment.day + timedelta(days=1)),
        "places": places,
        "drawing": draw(space.plan, places),
        "free": count_free(places, Kind.DESK),
        "total": count_all(places, Kind.DESK),
        "has_desk": any(place.mine and place.resource.kind == Kind.DESK for place in places),
        "viewer": viewer,
    }
    template = "booking/_plan.html" if request.htmx else "booking/plan.html"
    return page(request, space, template, context)


@require_safe
def day(request: Request, slug: str) -> HttpResponse:
    """Resources and hours of one date."""
    now = timezone.now()
    space, viewer = open_space(slug), viewer_of(request)
    moment, problems = asked_moment(request.GET, space, now)
    opening = availability.opening(space, moment.day)
    places = availability.board(space, [day_slot(moment.day, space.zone)], viewer.member)
    today = local_day(space, now)
    context = {
        "day": moment.day,
        "tabs_query": f"?date={moment.day}",
        "today": today,
        "presence": who_is_here(space, today, viewer) if moment.day == today else None,
        "previous_day": moment.day - timedelta(days=1),
        "next_day": moment.day + timedelta(days=1),
        "problems": problems,
        "opening": opening,
        "grid": day_grid(space, opening, places, now),
        "viewer": viewer,
    }
    template = "booking/_day.html" if request.htmx else "booking/day.html"
    return page(request, space, template, context)


@require_safe
def week(request: Request, slug: str) -> HttpResponse:
    """Seven days by half-days: how many desks are free, and one's own bookings."""
    now = timezone.now()
    space, viewer = open_space(slug), viewer_of(request)
    moment, problems = asked_moment(request.GET, space, now)
    days = week_of(moment.day)
    context = {
        "day": moment.day,
        "tabs_query": f"?date={moment.day}",
        "monday": days[0],
        "sunday": days[-1],
        "previous_week": days[0] - timedelta(days=7),
        "next_week": days[0] + timedelta(days=7),
        "problems": problems,
        "week": week_board(space, moment.day, viewer.member, now),
        "viewer": viewer,
    }
    template = "booking/_week.html" if request.htmx else "booking/week.html"
    return page(request, space, template, context)
