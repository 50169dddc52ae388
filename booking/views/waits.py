"""Waiting for a place on a full day: asking, taking what is offered, giving up."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.boards.waits import my_waits
from booking.forms import asked_moment
from booking.models import Wait
from booking.places import in_words
from booking.services import waiting
from booking.views.frame import member_of, open_space
from members.models import Member, User


@require_safe
def waits(request: HttpRequest) -> HttpResponse:
    """What I wait for, and what is offered to me."""
    member = _member(request)
    context = {"waits": my_waits(member, timezone.now())}
    return render(request, "booking/waits.html", context)


@require_POST
def wait(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a place at a moment: one wait for each opening interval of it."""
    member, now, space = _member(request), timezone.now(), open_space(slug)
    moment, problems = asked_moment(request.POST, space, now)
    if problems or not moment.bookable_slots:
        messages.error(request, moment.problem or _("Il n’y a rien à attendre à ce moment-là."))
        return redirect("booking:waits")
    for slot in moment.bookable_slots:
        try:
            waiting.ask(space=space, member=member, slot=slot, by=member.user, now=now)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(
                request, _("C’est noté : nous vous écrivons dès qu’une place se libère.")
            )
    return redirect("booking:waits")


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request)
    found = get_object_or_404(Wait.objects.with_place(), pk=pk, member=member)
    try:
        booking = waiting.accept(wait=found, by=member.user, now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("booking:waits")
    messages.success(request, _("La place est à vous : %(stay)s.") % {"stay": in_words(booking)})
    return redirect(booking)


@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request)
    found = get_object_or_404(Wait.objects.with_place(), pk=pk, member=member)
    waiting.leave(wait=found, by=member.user, now=timezone.now())
    messages.success(request, _("Vous n’attendez plus cette place."))
    return redirect("booking:waits")


def _member(request: HttpRequest) -> Member:
    member = member_of(request)
    if member is None:
        raise Http404
    member.user = cast(User, request.user)
    return member
