"""Booking a place: the form, what is in the way, and the line when everything is taken."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking import availability, services
from booking.availability import Place, PlaceState
from booking.forms import BookForm, asked_moment
from booking.models import Booking, Kind, Resource, Space
from booking.places import in_words
from booking.views.frame import Request, member_of, open_space, page
from members.forms.commute import CarriedCommuteForm
from members.models import Member, State
from members.services.profiles import keep_commute


@never_cache  # going back shows a new form with a new key, never the one that has booked
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Request, slug: str) -> HttpResponse:
    """Book a place for a moment, and for other days like it, all or nothing."""
    now = timezone.now()
    space, member = open_space(slug), member_of(request)
    if member is None:
        return page(request, space, "booking/no_member.html", {}, status=403)
    if request.method == "POST":
        return _book(request, space, member, now)
    moment, problems = asked_moment(request.GET, space, now)
    places = availability.board(space, moment.bookable_slots, member)
    form = BookForm(
        space=space, now=now, resources=[place.resource for place in places], moment=moment
    )
    problems += form.prefill(request.GET)
    form.show_free(_free(places))
    context = {
        "form": form,
        "problems": problems,
        "commute": _carried_commute(request.GET, member),
        **_around(places, member, form),
    }
    template = "booking/_book.html" if request.htmx else "booking/book.html"
    return page(request, space, template, context)


def _book(request: HttpRequest, space: Space, member: Member, now: datetime) -> HttpResponse:
    resources = list(space.resources.order_by("position", "id"))
    form = BookForm(request.POST, space=space, now=now, resources=resources)
    commute = _carried_commute(request.POST, member)
    if form.is_valid():
        try:
            bookings = services.book(
                space=space,
                member=member,
                by=member.user,
                slots=form.slots,
                now=now,
                resource=form.cleaned_data["resource"],
                request_key=form.cleaned_data["request_key"],
            )
        except ValidationError as error:
            form.add_refusal(error)
        else:
            if form.is_answered_by(bookings):
                if commute is not None and commute.is_kept:
                    keep_commute(member=member, values=commute.values, by=member.user, now=now)
                return _booked(request, bookings)
            form.refuse_used_key()
    places = availability.board(space, form.slots, member) if form.slots else []
    form.show_free(_free(places))
    context = {
        "form": form,
        "problems": [],
        "commute": commute,
        **_around(places, member, form),
    }
    return page(request, space, "booking/book.html", context, status=422)


def _carried_commute(said: Mapping[str, Any], member: Member) -> CarriedCommuteForm | None:
    """What somebody who will apply brings from the simulator; None when the address says nothing
    of it, or when the application is sent."""
    form = CarriedCommuteForm(said)
    if member.state != State.APPLICANT or not form.is_told:
        return None
    return None if member.applications.waiting().exists() else form


def _booked(request: HttpRequest, bookings: Sequence[Booking]) -> HttpResponse:
    count = len(bookings)
    if count > 1:
        text = ngettext(
            "%(count)s réservation est faite.", "%(count)s réservations sont faites.", count
        )
        messages.success(request, text % {"count": count})
        return redirect("booking:mine")
    messages.success(request, _("C’est réservé : %s.") % in_words(bookings[0]))
    return redirect(bookings[0])


def _around(places: Sequence[Place], member: Member, form: BookForm) -> dict[str, Any]:
    """My desk of that moment, if I have one; else whether all desks are taken, and the moment as
    the line is asked for it."""
    mine = _my_desk(places, member)
    desks = [place for place in places if place.resource.kind == Kind.DESK]
    is_free = any(place.state is PlaceState.FREE for place in desks)
    is_full = bool(desks) and not is_free and mine is None and member.is_inside
    moment = form.moment
    return {
        "in_the_way": mine,
        "is_full": is_full and moment is not None,
        "moment_asked": list(moment.as_data().items()) if moment else [],
    }


def _free(places: Sequence[Place]) -> list[Resource]:
    return [place.resource for place in places if place.state is PlaceState.FREE]


def _my_desk(places: Sequence[Place], member: Member) -> Booking | None:
    """The desk that one has already at the moment asked, if there is one."""
    mine = (
        booking
        for place in places
        for booking in place.bookings
        if booking.member_id == member.pk and booking.kind == Kind.DESK
    )
    return next(mine, None)
