"""Choosing an answer, and coming forward for a need."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from directory.forms.requests import VolunteerForm
from directory.models import Need, Solicitation
from directory.services import awards, solicitations
from members.models import User


@login_not_required
@never_cache
@require_POST
def award(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The author, who holds the key of the need, chooses one of its answers."""
    found = get_object_or_404(Solicitation.objects.with_both(), pk=pk, need__key=key)
    by = request.user if request.user.is_authenticated else None
    try:
        awards.award(solicitation=found, by=by, now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        words = _("Vous avez retenu %(provider)s : vos coordonnées sont échangées par e-mail.")
        messages.success(request, words % {"provider": found.provider})
    return redirect(found.need.author_path)


@require_http_methods(["GET", "HEAD", "POST"])
def volunteer(request: HttpRequest, pk: int) -> HttpResponse:
    """Come forward with one of one's published profiles."""
    user, now = cast(User, request.user), timezone.now()
    need = get_object_or_404(Need.objects.open(timezone.localdate(now)).for_cards(), pk=pk)
    mine = Solicitation.objects.of_provider_of(user).filter(need=need).order_by("pk").first()
    form = VolunteerForm(request.POST or None, user=user, need=need)
    if form.is_valid():
        try:
            made = solicitations.volunteer(
                need=need, provider=form.cleaned_data["provider"], by=user, now=now
            )
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Vous pouvez répondre."))
            return redirect(made)
    context = {
        "form": form,
        "need": need,
        "mine": mine,
        "has_profile": form.fields["provider"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return render(request, "directory/volunteer.html", context, status=422 if form.errors else 200)
