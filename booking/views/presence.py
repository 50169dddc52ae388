"""Being there: « J’arrive », « Je pars », and one's visits."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.boards import visits as board
from booking.forms.fields import date_or_none
from booking.forms.presence import ArriveForm, WordForm
from booking.models import ArrivalCode, Device, Space, Visit
from booking.places import place_name
from booking.services import visits
from booking.views.frame import member_of
from members.models import Member, User

YEARS_SHOWN = 20


@require_safe
def presence(request: HttpRequest) -> HttpResponse:
    """Whether I am there, the visits that wait for my word, and those of a month."""
    return _page(request, _member(request))


@require_POST
def arrive(request: HttpRequest) -> HttpResponse:
    member, now = _member(request), timezone.now()
    form = ArriveForm(request.POST)
    if not form.is_valid():
        if "space" in form.errors:
            raise Http404
        return _page(request, member, guest_form=form, status=422)
    try:
        visit = visits.check_in(
            space=form.cleaned_data["space"],
            member=member,
            by=member.user,
            now=now,
            guest_name=form.cleaned_data["guest_name"],
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _welcome(visit))
    return redirect("booking:presence")


@require_POST
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    member, now = _member(request), timezone.now()
    visit = _own_visit(member, pk)
    try:
        visit = visits.check_out(visit=visit, by=member.user, now=now)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Départ noté. À bientôt !"))
    return redirect("booking:presence")


@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """My word on a visit that nobody ended."""
    member = _member(request)
    visit = _own_visit(member, pk)
    form = WordForm(request.POST, visit=visit)
    if not form.is_valid():
        return _page(request, member, word_form=form, status=422)
    try:
        visits.confirm(
            visit=visit,
            left_at=form.cleaned_data["left_at"],
            by=member.user,
            now=timezone.now(),
        )
    except ValidationError as refusal:
        form.add_error("left", refusal)
        return _page(request, member, word_form=form, status=422)
    messages.success(request, _("Merci, la visite est confirmée."))
    return redirect("booking:presence")


def _page(
    request: HttpRequest,
    member: Member,
    *,
    guest_form: ArriveForm | None = None,
    word_form: WordForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    here, waiting = board.unfinished(member, now)
    own = next((stay for stay in here if not stay.who), None)
    spaces = [] if own else list(Space.objects.active().with_calendar().order_by("name", "id"))
    context: dict[str, Any] = {
        "own": own,
        "guests": [stay for stay in here if stay.who],
        "doors": board.doors(spaces, member, now),
        "guest_form": guest_form or ArriveForm(initial={"space": own.space.slug if own else ""}),
        "waiting": [(stay, _form_for(stay.visit, word_form)) for stay in waiting],
        "month": board.month_of(member, _asked_month(request, timezone.localdate(now)), now),
        "code": ArrivalCode.objects.filter(member=member, expires_at__gt=now).first(),
        "has_kiosk": Device.objects.filter(revoked_at=None).exists(),
        "this_month": timezone.localdate(now).replace(day=1),
    }
    return render(request, "booking/presence.html", context, status=status)


def _form_for(visit: Visit, sent: WordForm | None) -> WordForm:
    """The form that was sent, with its errors; a new one for the other visits."""
    return sent if sent is not None and sent.visit.pk == visit.pk else WordForm(visit=visit)


def _asked_month(request: HttpRequest, today: date) -> date:
    """The first day of the month asked for (`?month=2026-03`), else of this one."""
    asked = date_or_none(f"{request.GET.get('month', '')}-01")
    is_sane = asked is not None and abs(asked.year - today.year) <= YEARS_SHOWN
    return (asked if asked and is_sane else today).replace(day=1)


def _welcome(visit: Visit) -> str:
    place = visit.booking.resource if visit.booking else None
    if visit.guest_name:
        return _("%(guest)s est noté présent.") % {"guest": visit.guest_name}
    if place is None:
        return _("Arrivée notée. Bonne journée !")
    return _("Arrivée notée, votre place est « %(place)s ». Bonne journée !") % {
        "place": place_name(place)
    }


def _member(request: HttpRequest) -> Member:
    """The visitor as a member, or 404: staff who never joined has no visits."""
    member = member_of(request)
    if member is None:
        raise Http404
    member.user = cast(User, request.user)
    return member


def _own_visit(member: Member, pk: UUID) -> Visit:
    return get_object_or_404(Visit.objects.with_people(), pk=pk, member=member)
