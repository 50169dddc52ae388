"""Pages of bookings: one's own list, one of them, moving it, cancelling it, giving it back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking import availability, rules, services
from booking.boards.drawing import draw_one
from booking.forms import CancelForm, MoveForm, asked_moment
from booking.models import Booking, Kind, Resource, Series
from booking.moments import moment_of
from booking.places import in_words
from booking.services import presence_jobs
from booking.views.frame import Request, member_of, page
from members.models import User

PAST_PER_PAGE = 10
SERIES_SHOWN = timedelta(weeks=4)
READ_AND_WRITE = ["GET", "HEAD", "POST"]


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's bookings: the coming ones by day, the past and cancelled ones by page."""
    now = timezone.now()
    member = member_of(request)
    own = Booking.objects.filter(member=member) if member else Booking.objects.none()
    # Of a series, the next weeks: the rest has a page of its own.
    soon = Q(series=None) | Q(start__lt=now + SERIES_SHOWN)
    coming = groupby(own.coming(now).filter(soon).with_place(), key=_local_day)
    past = Paginator(own.past(now).with_place(), PAST_PER_PAGE)
    running = Series.objects.filter(member=member) if member else Series.objects.none()
    context = {
        "now": now,
        "member": member,
        "series": running.running(timezone.localdate(now)).with_place(),
        "coming": [(day, list(bookings)) for day, bookings in coming],
        "past": past.get_page(request.GET.get("page")),
    }
    return render(request, "booking/mine.html", context)


@require_safe
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything about one booking, and what can still be done with it."""
    now = timezone.now()
    booking = _visible(request, pk)
    space = booking.resource.space
    resources = space.resources.exclude(kind=Kind.SPACE).order_by("position", "id")
    may_change = _may_change(request, booking)
    context = {
        "booking": booking,
        "is_mine": booking.member.user_id == request.user.pk,
        "may_change": may_change,
        "may_override": may_change and request.user.has_perm("booking.override_rules"),
        "why_fixed": _why_fixed(booking, now),
        "may_give_back": _may_give_back(request, booking, now),
        "drawing": draw_one(space.plan, resources, booking.resource),
    }
    return page(request, space, "booking/detail.html", context)


@never_cache
@require_http_methods(READ_AND_WRITE)
def move(request: Request, pk: UUID) -> HttpResponse:
    """Another moment or another place for a booking."""
    now = timezone.now()
    booking = _changeable(request, pk)
    space = booking.resource.space
    may_override = request.user.has_perm("booking.override_rules")
    resources = list(_places_for(booking, may_override))
    if request.method == "POST":
        return _move(request, booking, resources, now, may_override=may_override)
    moment, problems = (
        asked_moment(request.GET, space, now) if "date" in request.GET else (moment_of(booking), [])
    )
    form = MoveForm(
        space=space, now=now, resources=resources, moment=moment, may_override=may_override
    )
    problems += form.prefill({"resource": booking.resource_id, **request.GET.dict()})
    context = {**_move_context(booking, form, now), "problems": problems}
    template = "booking/_move.html" if request.htmx else "booking/move.html"
    return page(request, space, template, context)


def _move(
    request: Request,
    booking: Booking,
    resources: Sequence[Resource],
    now: datetime,
    *,
    may_override: bool,
) -> HttpResponse:
    space = booking.resource.space
    form = MoveForm(
        request.POST, space=space, now=now, resources=resources, may_override=may_override
    )
    if form.is_valid():
        try:
            moved = services.move(
                booking=booking,
                slot=form.slots[0],
                by=cast(User, request.user),
                now=now,
                resource=form.cleaned_data["resource"],
                override_reason=form.cleaned_data.get("reason", ""),
            )
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("C’est noté : %s.") % in_words(moved))
            return redirect(moved)
    context = {**_move_context(booking, form, now), "problems": []}
    return page(request, space, "booking/move.html", context, status=422)


def _move_context(booking: Booking, form: MoveForm, now: datetime) -> dict[str, object]:
    slots = form.slots or (form.moment.bookable_slots if form.moment else ())
    if slots:
        space, kind = booking.resource.space, booking.kind
        form.show_free(availability.free_resources(space, slots, kind, but=booking))
    return {"booking": booking, "form": form, "why_fixed": _why_fixed(booking, now)}


@require_http_methods(READ_AND_WRITE)
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asks once more, then gives the place back. Cancelling twice is calm."""
    now = timezone.now()
    booking = _changeable(request, pk)
    if booking.is_cancelled:
        messages.info(request, _("Cette réservation est déjà annulée."))
        return redirect(booking)
    fixed = _why_fixed(booking, now)
    may_override = bool(fixed) and request.user.has_perm("booking.override_rules")
    form = CancelForm(request.POST if request.method == "POST" else None, may_override=may_override)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        try:
            services.cancel(
                booking=booking, by=cast(User, request.user), now=now, override_reason=reason
            )
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("La réservation est annulée, la place est libérée."))
            return redirect(
                "booking:mine" if booking.member.user_id == request.user.pk else booking
            )
    context = {"booking": booking, "form": form, "why_fixed": fixed}
    status = 422 if form.is_bound else 200
    return page(request, booking.resource.space, "booking/cancel.html", context, status=status)


@require_POST
def give_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """« Rendre ma place » : too late to cancel, and somebody else may use it."""
    booking = get_object_or_404(
        Booking.objects.with_place().with_people(), pk=pk, member__user_id=request.user.pk
    )
    try:
        presence_jobs.give_back(booking=booking, by=cast(User, request.user), now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(booking)
    messages.success(request, _("La place est rendue. Merci !"))
    return redirect("booking:mine")


def _visible(request: HttpRequest, pk: UUID) -> Booking:
    bookings = Booking.objects.visible_to(request.user).with_place().with_people()
    return get_object_or_404(bookings.select_related("made_by", "cancelled_by"), pk=pk)


def _changeable(request: HttpRequest, pk: UUID) -> Booking:
    """One's own, or anyone's for the team: to others who may read it, it is not there."""
    booking = _visible(request, pk)
    if not _may_change(request, booking):
        raise Http404
    return booking


def _may_change(request: HttpRequest, booking: Booking) -> bool:
    return booking.member.user_id == request.user.pk or request.user.has_perm(
        "booking.override_rules"
    )


def _may_give_back(request: HttpRequest, booking: Booking, now: datetime) -> bool:
    """Mine, too late to cancel, not over, and not taken up."""
    is_mine = booking.member.user_id == request.user.pk
    is_late = rules.why_fixed(booking, now) is not None and booking.end > now
    return is_mine and is_late and not booking.is_cancelled and not booking.visits.exists()


def _why_fixed(booking: Booking, now: datetime) -> str:
    """Why it can no longer be changed, in words; empty when it can."""
    refusal = rules.why_fixed(booking, now)
    return str(refusal.messages[0]) if refusal else ""


def _places_for(booking: Booking, may_override: bool) -> QuerySet[Resource]:
    """Where the booking may go: places of its kind, and its own even if it closed meanwhile."""
    places = booking.resource.space.resources.of_kind(booking.kind)
    if not may_override:
        places = places.filter(Q(is_bookable=True) | Q(pk=booking.resource_id))
    return places.order_by("position", "id")


def _local_day(booking: Booking) -> date:
    return booking.slot.local_day(booking.resource.space.zone)
