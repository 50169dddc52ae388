"""The members' page, a member's page for the others, and one message to them."""

from datetime import datetime

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.boards.people import people as people_board
from members.forms.people import MessageForm
from members.models import Member
from members.services.messages import write_to_member
from members.standing import member_of
from members.views.inside import inside_only

LIMIT = "write_to_member"  # ACCOUNT_RATE_LIMITS says how many


@require_safe
@inside_only
def people(request: HttpRequest) -> HttpResponse:
    """Who agreed to be seen: cards, found by words and by trade."""
    asked = request.GET
    found = people_board(asked.get("q", ""), asked.get("trade", ""), asked.get("page"))
    member = member_of(request.user)
    part = getattr(request, "htmx", False)
    template = "members/_people.html" if part else "members/people.html"
    response = render(request, template, {"people": found, "me": member})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@inside_only
def person(request: HttpRequest, member_id: int) -> HttpResponse:
    """What one member says to the others; 404 unless they agreed to be seen."""
    return _person(request, _visible(member_id), MessageForm())


@require_POST
@inside_only
def write_to(request: HttpRequest, member_id: int) -> HttpResponse:
    """Relay one message, for members."""
    recipient, sender = _visible(member_id), member_of(request.user)
    if sender is None:  # the team knows everybody's address
        raise PermissionDenied
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            _relay(request, sender, recipient, form.cleaned_data["text"], timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            text = _("Votre message est parti. %(name)s vous répondra par e-mail.")
            messages.success(request, text % {"name": recipient.user.name})
            return redirect("members:person", recipient.pk)
    return _person(request, recipient, form, status=422)


def _relay(
    request: HttpRequest, sender: Member, recipient: Member, text: str, now: datetime
) -> None:
    if not consume(request, action=LIMIT, user=request.user):
        raise ValidationError(
            _("Vous avez écrit plusieurs messages. Laissez passer une heure avant le suivant."),
            code="too_many",
        )
    write_to_member(sender=sender, recipient=recipient, text=text, now=now)


def _visible(member_id: int) -> Member:
    return get_object_or_404(Member.objects.visible().with_user(), pk=member_id)


def _person(
    request: HttpRequest, person: Member, form: MessageForm, status: int = 200
) -> HttpResponse:
    me = member_of(request.user)
    context = {
        "person": person,
        "me": me,
        "form": form if me is not None and me.is_inside and me.pk != person.pk else None,
    }
    return render(request, "members/person.html", context, status=status)
