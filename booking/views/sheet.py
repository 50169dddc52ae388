"""The day sheet of the team: on screen, on paper, and arrivals and departures by hand."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking import availability
from booking.boards.sheet import day_sheet, known_here
from booking.forms.fields import date_or_none
from booking.forms.presence import ArrivalByHandForm
from booking.models import Space, Visit, Way
from booking.services import visits
from booking.views.frame import local_day, open_space, page
from members.models import User


@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """A day of the space, for who notes presence; 404 for anybody else."""
    return _page(request, _space(request, slug), ArrivalByHandForm())


@require_POST
def arrival(request: HttpRequest, slug: str) -> HttpResponse:
    space = _space(request, slug)
    form = ArrivalByHandForm(request.POST)
    if not form.is_valid():
        return _page(request, space, form, status=422)
    try:
        visit = visits.check_in(
            space=space,
            member=form.cleaned_data["email"],
            by=cast(User, request.user),
            now=timezone.now(),
            way=Way.HOST,
            guest_name=form.cleaned_data["guest_name"],
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _page(request, space, form, status=422)
    messages.success(request, _("%(who)s est noté présent.") % {"who": visit.who})
    return redirect("booking:sheet", slug=space.slug)


@require_POST
def departure(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    space = _space(request, slug)
    visit = get_object_or_404(Visit.objects.with_people(), pk=pk, space=space)
    by = cast(User, request.user)
    ended = visits.check_out(visit=visit, by=by, now=timezone.now(), way=Way.HOST)
    words = (
        _("Le départ de %(who)s est à confirmer : la visite dure depuis plus d’un jour.")
        if ended.waits_for_word
        else _("Le départ de %(who)s est noté.")
    )
    messages.success(request, words % {"who": visit.who})
    return redirect("booking:sheet", slug=space.slug)


def _space(request: HttpRequest, slug: str) -> Space:
    if not request.user.has_perm(visits.RECORDS):
        raise Http404
    return open_space(slug)


def _page(
    request: HttpRequest, space: Space, form: ArrivalByHandForm, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    today = local_day(space, now)
    asked = date_or_none(request.GET.get("date", ""))
    far = timedelta(days=3660)
    day = asked if asked and abs(asked - today) <= far else today
    context = {
        "day": day,
        "today": today,
        "previous_day": day - timedelta(days=1),
        "next_day": day + timedelta(days=1),
        "opening": availability.opening(space, day),
        "sheet": day_sheet(space, day, now),
        "form": form,
        "known": known_here(space, now) if day == today else [],
        "sheet_url": reverse("booking:sheet", args=[space.slug]),
        "printed_at": now,
    }
    return page(request, space, "booking/sheet.html", context, status=status)
