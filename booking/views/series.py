"""Pages of series: the days named before anything is booked, one's own series, changes of it."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from booking.forms import asked_moment
from booking.forms.series import ChangeSeriesForm, MakeSeriesForm, ScopeForm, SeriesForm
from booking.models import Booking, Kind, Resource, Series, Space
from booking.services import series as service
from booking.services import series_changes as changes
from booking.services.series_changes import Outcome, Scope
from booking.services.series_days import skipped_days
from booking.views.frame import member_of, open_space, page
from members.models import Member, User

PER_PAGE = 20
READ_AND_WRITE = ["GET", "HEAD", "POST"]


@never_cache  # going back shows a new key, never the one that has booked
@require_http_methods(READ_AND_WRITE)
def new(request: HttpRequest) -> HttpResponse:
    """Which days and hours; then every day named, and the button that books them."""
    now, member = timezone.now(), member_of(request)
    space = _asked_space(request)
    if member is None:
        return page(request, space, "booking/no_member.html", {}, status=403)
    resources = list(space.resources.bookable().order_by("position", "id"))
    if request.method == "POST":
        return _make(request, space, member, resources, now)
    if "last" not in request.GET:
        moment, problems = asked_moment(request.GET, space, now)
        offer = SeriesForm.first_offer(moment, space, now)
        offer["resource"] = request.GET.get("resource", "")
        form = SeriesForm(space=space, resources=resources, initial=offer)
        return page(request, space, "booking/series_new.html", _asked(form, problems))
    form = SeriesForm(request.GET, space=space, resources=resources)
    return page(request, space, "booking/series_new.html", _previewed(form, space, member, now))


def _make(
    request: HttpRequest,
    space: Space,
    member: Member,
    resources: list[Resource],
    now: datetime,
) -> HttpResponse:
    form = MakeSeriesForm(request.POST, space=space, resources=resources)
    if form.is_valid():
        try:
            made = service.make(
                space=space,
                member=member,
                rule=form.rule,
                by=cast(User, request.user),
                now=now,
                resource=form.cleaned_data["resource"],
                elsewhere=form.cleaned_data["elsewhere"],
                request_key=form.cleaned_data["request_key"],
            )
        except ValidationError as error:
            form.add_refusal(error)
        else:
            count = made.bookings.count()
            words = ngettext(
                "%(count)s réservation est faite.", "%(count)s réservations sont faites.", count
            )
            messages.success(request, words % {"count": count})
            return redirect(made)
    return page(request, space, "booking/series_new.html", _asked(form, []), status=422)


def _asked(form: SeriesForm, problems: list[str]) -> dict[str, Any]:
    limit = service.MOST_RUNNING
    return {"form": form, "problems": problems, "days": None, "most_running": limit}


def _previewed(form: SeriesForm, space: Space, member: Member, now: datetime) -> dict[str, Any]:
    context = _asked(form, [])
    if not form.is_valid():
        return context
    try:
        days = service.preview(
            space=space,
            member=member,
            rule=form.rule,
            now=now,
            resource=form.cleaned_data["resource"],
            elsewhere=form.cleaned_data["elsewhere"],
        )
    except ValidationError as error:
        form.add_refusal(error)
        return context
    return context | {
        "days": [day for day in days if day.place],
        "skipped": [day for day in days if not day.place],
        "key": MakeSeriesForm(space=space, resources=[])["request_key"],
    }


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The days of a series of mine: to come, skipped, and what can be done with them."""
    now = timezone.now()
    series = _mine(request, pk)
    space = Space.objects.with_calendar().get(pk=series.space_id)
    today = now.astimezone(space.zone).date()
    everything = list(series.bookings.order_by("start"))
    booked = {booking.slot.local_day(space.zone) for booking in everything}
    coming = Paginator(series.bookings.coming(now).with_place(), PER_PAGE)
    context = {
        "series": series,
        "now": now,
        "coming": coming.get_page(request.GET.get("page")),
        "others": len(everything) - coming.count,
        "skipped": skipped_days(space, series.rule, booked),
        "is_running": series.is_running(today),
    }
    return page(request, space, "booking/series.html", context)


@never_cache
@require_http_methods(READ_AND_WRITE)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Other hours or another place: what would change is named before the button."""
    now, series = timezone.now(), _mine(request, pk)
    booking = _asked_booking(request, series)
    sent = request.POST if request.method == "POST" else request.GET
    kind = series.resource.kind if series.resource else Kind.DESK.value
    places = series.space.resources.bookable().of_kind(kind).order_by("position", "id")
    form = ChangeSeriesForm(
        sent if "to" in sent else None,
        space=series.space,
        resources=list(places),
        needs_place=kind != Kind.DESK,
        has_booking=booking is not None,
        initial=ChangeSeriesForm.as_it_is(series),
    )
    context: dict[str, Any] = {"series": series, "booking": booking, "form": form, "changes": None}
    status = 200
    if form.is_bound and form.is_valid():
        asked = {
            "series": series,
            "booking": booking,
            "now": now,
            **{name: form.cleaned_data[name] for name in ("scope", "start", "end", "resource")},
        }
        try:
            if request.method == "POST":
                return _changed(request, changes.change(by=cast(User, request.user), **asked))
            context["changes"] = changes.preview_change(**asked)
        except ValidationError as error:
            form.add_refusal(error)
    if request.method == "POST":
        status = 422
    return page(request, series.space, "booking/series_change.html", context, status=status)


def _changed(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    count = len(outcome.done)
    words = ngettext("%(count)s réservation changée.", "%(count)s réservations changées.", count)
    messages.success(request, words % {"count": count})
    _say_kept(request, outcome)
    return redirect(outcome.series or outcome.done[0])


@require_http_methods(READ_AND_WRITE)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks how far, then gives the places back. Twice is calm."""
    now, series = timezone.now(), _mine(request, pk)
    booking = _asked_booking(request, series)
    form = ScopeForm(
        request.POST if request.method == "POST" else None, has_booking=booking is not None
    )
    if form.is_bound and form.is_valid():
        try:
            outcome = changes.cancel(
                series=series,
                scope=form.cleaned_data["scope"],
                booking=booking,
                by=cast(User, request.user),
                now=now,
            )
        except ValidationError as error:
            form.add_refusal(error)
        else:
            count = len(outcome.done)
            words = ngettext(
                "%(count)s réservation annulée.", "%(count)s réservations annulées.", count
            )
            messages.success(request, words % {"count": count})
            _say_kept(request, outcome)
            return redirect(series)
    context = {
        "series": series,
        "booking": booking,
        "form": form,
        "coming": changes.coming_of(series, Scope.ALL, now),
    }
    status = 422 if form.is_bound else 200
    return page(request, series.space, "booking/series_cancel.html", context, status=status)


def _say_kept(request: HttpRequest, outcome: Outcome) -> None:
    if not outcome.kept:
        return
    zone = outcome.kept[0].resource.space.zone
    days = ", ".join(date_format(each.slot.local_day(zone), "l j F") for each in outcome.kept)
    messages.warning(request, _("Restent comme elles étaient : %(days)s.") % {"days": days})


def _asked_space(request: HttpRequest) -> Space:
    """The space of the address, or the first one there is."""
    slug = request.POST.get("space") or request.GET.get("space")
    if not slug:
        first = Space.objects.active().order_by("name", "id").first()
        slug = first.slug if first else ""
    return open_space(slug)


def _mine(request: HttpRequest, pk: int) -> Series:
    return get_object_or_404(Series.objects.with_place(), pk=pk, member__user_id=request.user.pk)


def _asked_booking(request: HttpRequest, series: Series) -> Booking | None:
    """The booking from which a change starts; 404 for one that is not of the series."""
    text = request.POST.get("booking") or request.GET.get("booking")
    if not text:
        return None
    try:
        return get_object_or_404(series.bookings.with_place(), pk=UUID(text))
    except ValueError:
        raise Http404 from None
