"""Where I stand: my state, my plan, my application, my pauses; and each step from there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.boards.membership import MembershipBoard, board
from members.forms.membership import ConfirmForm, LeaveForm, PauseForm, PlanForm
from members.forms.refusals import RefusableForm
from members.models import Member
from members.offers import offers
from members.services import applications, subscriptions
from members.services import membership as service

READ_AND_WRITE = ["GET", "HEAD", "POST"]


def own_member(request: HttpRequest) -> Member:
    """The visitor as a member, or 404 for staff who never joined."""
    return get_object_or_404(Member.objects.with_user(), user_id=request.user.pk)


@require_safe
def membership(request: HttpRequest) -> HttpResponse:
    """My state in words, what comes next, and what I may ask."""
    shown = board(own_member(request), timezone.now())
    return render(request, "members/membership.html", {"board": shown, "member": shown.member})


@require_http_methods(READ_AND_WRITE)
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back the application that waits."""
    now, member = timezone.now(), own_member(request)
    shown = board(member, now)

    def write(form: ConfirmForm) -> str:
        if shown.waiting is not None:
            applications.withdraw(application=shown.waiting, by=member.user, now=now)
        return _("Votre candidature est retirée.")

    form = ConfirmForm(_data(request))
    return _step(
        request, "members/steps/withdraw.html", shown, form, write, may=shown.waiting is not None
    )


@require_http_methods(READ_AND_WRITE)
def pause(request: HttpRequest) -> HttpResponse:
    """Rest from a day on."""
    now, member = timezone.now(), own_member(request)
    shown = board(member, now)

    def write(form: PauseForm) -> str:
        rest = service.pause(member=member, by=member.user, now=now, **form.cleaned_data)
        return _("Votre pause est notée à partir du %(day)s.") % {"day": date_format(rest.start)}

    form = PauseForm(_data(request), today=timezone.localdate(now))
    return _step(request, "members/steps/pause.html", shown, form, write, may=shown.is_member)


@require_http_methods(READ_AND_WRITE)
def resume(request: HttpRequest) -> HttpResponse:
    """End the pause that holds, or call off the next one."""
    now, member = timezone.now(), own_member(request)
    shown = board(member, now)

    def write(form: ConfirmForm) -> str:
        service.resume(member=member, by=member.user, now=now)
        return _("Votre pause est terminée.") if shown.pause else _("Votre pause est annulée.")

    may = bool(shown.pause or shown.pauses_to_come) and shown.is_member
    return _step(
        request, "members/steps/resume.html", shown, ConfirmForm(_data(request)), write, may=may
    )


@require_http_methods(READ_AND_WRITE)
def leave(request: HttpRequest) -> HttpResponse:
    """Say on which day one leaves; not before the notice and the commitment are over."""
    now, member = timezone.now(), own_member(request)
    shown = board(member, now)

    def write(form: LeaveForm) -> str:
        service.leave(member=member, by=member.user, now=now, **form.cleaned_data)
        return _("Votre adhésion prend fin le %(day)s.") % {
            "day": date_format(form.cleaned_data["on"])
        }

    form = LeaveForm(_data(request), earliest=shown.earliest or timezone.localdate(now))
    may = shown.is_member and member.leaves_on is None
    return _step(request, "members/steps/leave.html", shown, form, write, may=may)


@require_http_methods(READ_AND_WRITE)
def stay(request: HttpRequest) -> HttpResponse:
    """Call off a departure."""
    now, member = timezone.now(), own_member(request)
    shown = board(member, now)

    def write(form: ConfirmForm) -> str:
        service.stay(member=member, by=member.user, now=now)
        return _("Votre départ est annulé : rien ne change.")

    may = shown.is_member and member.leaves_on is not None
    return _step(
        request, "members/steps/stay.html", shown, ConfirmForm(_data(request)), write, may=may
    )


@require_http_methods(READ_AND_WRITE)
def change_plan(request: HttpRequest) -> HttpResponse:
    """Another plan from a day on; a reduction is kept where the new plan gives it."""
    now, member = timezone.now(), own_member(request)
    shown, today = board(member, now), timezone.localdate(now)

    def write(form: PlanForm) -> str:
        plan, on = form.cleaned_data["plan"], form.cleaned_data["on"]
        new = subscriptions.change_plan(
            member=member,
            plan=plan,
            on=on,
            by=member.user,
            now=now,
            category=shown.category_for(plan, on),
        )
        words = {"plan": plan.label, "day": date_format(max(on, new.start))}
        return _("Votre formule est « %(plan)s » à partir du %(day)s.") % words

    earliest = shown.earliest if shown.present and shown.earliest else today
    form = PlanForm(_data(request), offers=offers(today), earliest=earliest)
    return _step(request, "members/steps/change_plan.html", shown, form, write, may=shown.is_member)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _step(
    request: HttpRequest,
    template: str,
    shown: MembershipBoard,
    form: RefusableForm,
    write: Callable[[Any], str],
    *,
    may: bool,
) -> HttpResponse:
    """Ask, then do it and say so. Who cannot (any more) is led back to where one stands."""
    if not may:
        if request.method == "POST":
            messages.info(request, _("Il n’y a rien à faire : voici où vous en êtes."))
        return redirect("members:membership")
    if form.is_valid():
        try:
            done = write(form)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, done)
            return redirect("members:membership")
    status = 422 if form.is_bound else 200
    context = {"form": form, "board": shown, "member": shown.member}
    return render(request, template, context, status=status)
