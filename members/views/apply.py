"""Asking to become a member, and the texts that one accepts with it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from members.forms.apply import ApplyForm
from members.models import LegalText, Member, State, Use
from members.offers import offers
from members.services import applications
from members.services.consents import current_texts
from members.views.membership import own_member

ALREADY = {"waiting", "already_member"}


@never_cache  # going back shows the texts that are in force now
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """One page: who I am, which plan, from when; then what is free to say, and what to accept."""
    member = own_member(request)
    form = _form(request, member)
    if request.method == "POST":
        if form.is_valid() and (answer := _apply(request, member, form)):
            return answer
        if form.codes & ALREADY:
            messages.info(request, _("Votre candidature est déjà enregistrée."))
            return redirect("members:membership")
    elif not _may_apply(member):
        return redirect("members:membership")
    context = {"form": form, "member": member, "texts": form.texts}
    return render(request, "members/apply.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, member: Member) -> ApplyForm:
    today = timezone.localdate()
    return ApplyForm(
        request.POST if request.method == "POST" else None,
        member=member,
        offers=offers(today),
        texts=current_texts(),
        agreed=set(member.user.consents.standing().values_list("use", flat=True)),
        today=today,
        query=request.GET.dict(),
    )


def _may_apply(member: Member) -> bool:
    if member.state in (State.ACTIVE, State.PAUSED):
        return False
    return not member.applications.waiting().exists()


def _apply(request: HttpRequest, member: Member, form: ApplyForm) -> HttpResponse | None:
    """Send it; None when the service refuses, which the form then says."""
    said: dict[str, Any] = form.cleaned_data
    try:
        application = applications.apply(
            member=member,
            plan=said["plan"],
            starts_on=said["starts_on"],
            now=timezone.now(),
            accepted=form.accepted,
            profile=form.profile,
            consents=form.consents,
            category=said.get("category", ""),
            heard=said["heard"],
            message=said["message"],
        )
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return None
    messages.success(
        request,
        _("Votre candidature est envoyée : l’équipe vous répond sous peu.")
        if application.is_waiting
        else _("Bienvenue ! Vous êtes membre."),
    )
    return redirect("members:membership")


@login_not_required
@require_safe
def legal(request: HttpRequest, use: str, version: str) -> HttpResponse:
    """A version of the house rules or of the terms, as it was published; drafts are nobody's."""
    if not version.isprintable():  # PostgreSQL takes no NUL, not even to look for it
        raise Http404
    published = LegalText.objects.filter(published_at__isnull=False)
    text = get_object_or_404(published, use=use, version=version)
    latest = current_texts()[Use(text.use)]
    context = {"text": text, "newer": latest if latest.pk != text.pk else None}
    return render(request, "members/legal.html", context)
