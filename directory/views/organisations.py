"""Who acts for an order giver: see, invite, accept, leave."""

from typing import cast

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from directory.forms.organisations import InviteAgentForm
from directory.models import Agent, Organisation
from directory.services import organisations
from directory.views.posting import reader
from members.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """The people who act for an order giver of mine; invite another."""
    user = cast(User, request.user)
    found = get_object_or_404(Organisation.objects.acted_for_by(user), pk=pk)
    form = InviteAgentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if limited := consume_or_429(request, action="invite"):
            return limited
        if form.save(organisation=found, by=user, now=timezone.now()):
            messages.success(request, _("La lettre est partie : à la personne d’accepter."))
            return redirect("directory:organisation", pk)
    agents = found.agents.select_related("user").order_by("since", "id")
    context = {"organisation": found, "agents": agents, "form": form}
    return render(
        request, "directory/organisation.html", context, status=422 if form.errors else 200
    )


@never_cache
@require_POST
def remove_agent(request: HttpRequest, pk: int, agent: int) -> HttpResponse:
    user = cast(User, request.user)
    mine = Agent.objects.filter(organisation__in=Organisation.objects.acted_for_by(user))
    found = get_object_or_404(mine.select_related("organisation"), pk=agent, organisation=pk)
    try:
        organisations.remove_agent(agent=found, by=user, now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("C’est fait."))
    if found.user_id == user.pk:
        return redirect("directory:my_needs")
    return redirect("directory:organisation", pk)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: HttpRequest, token: str) -> HttpResponse:
    """What the letter proposes. A GET changes nothing: mail scanners follow links."""
    now, user = timezone.now(), reader(request)
    found = organisations.agency_of(token, now)
    if found is None:
        return render(request, "directory/organisation_closed.html", status=410)
    if request.method == "POST" and user is not None:
        try:
            organisations.accept_agency(token=token, user=user, now=now)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("Vous agissez désormais pour ce donneur d’ordre."))
            return redirect("directory:my_needs")
    context = {
        "organisation": found[0],
        "sender": found[2],
        "is_addressee": user is not None and organisations.is_proved(user, found[1]),
    }
    response = render(request, "directory/organisation_agency.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
