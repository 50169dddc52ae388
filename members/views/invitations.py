"""Inviting a friend, and the page that the link of an invitation opens."""

from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from allauth.account.utils import complete_signup
from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from members.forms.invitations import JoinForm, ReferForm
from members.language import current_language
from members.models import Invitation, Member, State, User
from members.services import invitations

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a friend; see what became of those I invited."""
    member = get_object_or_404(Member.objects.with_user(), user_id=request.user.pk)
    now = timezone.now()
    form = ReferForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if limited := consume_or_429(request, action="invite"):
            return limited
        if form.save(by=member.user, now=now) is not None:
            messages.success(request, _("Votre invitation est partie."))
            return redirect("members:invite")
    mine = Invitation.objects.filter(invited_by=member.user)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "may_invite": member.state == State.ACTIVE,
        "page": page,
        "sent": [(each, each.standing(now)) for each in page],
    }
    return render(request, "members/invite.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast(User, request.user)
    invitation = get_object_or_404(Invitation, pk=pk, invited_by=user)
    try:
        invitations.revoke(invitation=invitation, by=user, now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("L’invitation est retirée : son lien ne mène plus nulle part."))
    return redirect("members:invite")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, and the account to open. A GET changes nothing: mail scanners follow links."""
    found, now = invitations.invitation_of(token), timezone.now()
    if found is None:
        return _closed(request, None, "unknown")
    if request.user.is_authenticated:
        return _closed(request, found, "logged_in", status=200)
    try:
        invitations.check_open(invitation=found, now=now)
    except ValidationError as refusal:
        return _closed(request, found, refusal.code)
    if request.method == "POST":
        return _join(request, found, now)
    return _page(request, JoinForm(invitation=found))


def _join(request: HttpRequest, found: Invitation, now: datetime) -> HttpResponse:
    if limited := consume_or_429(request, action="signup"):
        return limited
    form = JoinForm(request.POST, invitation=found)
    user = form.save(language=current_language(), now=now) if form.is_valid() else None
    if user is None:
        return _page(request, form, status=422)
    path = reverse("members:membership")
    if found.plan is not None:
        path = f"{path}?{urlencode({'plan': found.plan.code})}"
    return cast(HttpResponse, complete_signup(request, user, None, path))


def _page(request: HttpRequest, form: JoinForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "invitation": form.invitation}
    return render(request, "members/invitation.html", context, status=status)


def _closed(
    request: HttpRequest, found: Invitation | None, why: str | None, status: int = 410
) -> HttpResponse:
    context = {"invitation": found, "why": why}
    return render(
        request, "members/invitation_closed.html", context, status=status if found else 404
    )
