"""An owner's pages: the profiles, their parts, the preview, and going on- and offline.

What is not one's own is a 404, whoever asks.
"""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.boards.completeness import completeness
from directory.boards.mine import searches
from directory.boards.profile import profile
from directory.forms.new_profile import NewProfileForm
from directory.forms.profiles import PARTS, PartForm
from directory.models import Commune, Provider, ProviderState
from directory.services import confirmations, new_profiles, profile_parts, publishing
from members.models import User
from members.standing import member_of


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My profiles; who has none is led to the first."""
    return render(request, "directory/mine.html", {"providers": list(_mine(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new profile, filled in with what the membership knows: one click makes the draft."""
    user = cast(User, request.user)
    form = NewProfileForm(
        request.POST if request.method == "POST" else None, initial=_beginning(user)
    )
    provider = form.save(by=user, now=timezone.now()) if form.is_valid() else None
    if provider is not None:
        messages.success(request, _("Votre fiche est prête. Complétez-la, puis publiez-la."))
        return redirect("directory:edit", provider.pk)
    context = {"form": form, "is_member": member_of(user) is not None}
    return render(request, "directory/new.html", context, status=422 if form.errors else 200)


@require_safe
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One profile of mine: what it lacks, its parts, its state, how often it was found."""
    provider, today = _own(request, pk), timezone.localdate()
    context = {
        "provider": provider,
        "complete": completeness(provider),
        "parts": [(name, title) for name, (title, _form) in PARTS.items()],
        "searches": searches(provider, today),
        "profile": profile(provider, today),
        "at_once": publishing.publishes_at_once(provider=provider, by=cast(User, request.user)),
    }
    return render(request, "directory/edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """The small form of one part; `?ligne=` edits a line of it."""
    provider = _own(request, pk)
    if part not in PARTS:
        raise Http404
    title, form_class = PARTS[part]
    row = _row(form_class, provider, request.GET.get("ligne"))
    form = form_class(
        request.POST if request.method == "POST" else None, provider=provider, row=row
    )
    if form.is_valid() and form.save(by=cast(User, request.user), now=timezone.now()):
        messages.success(request, _("C’est enregistré."))
        if hasattr(form_class, "rows"):
            return redirect("directory:edit_part", provider.pk, part)
        return redirect("directory:edit", provider.pk)
    context = {"provider": provider, "title": title, "part": part, "form": form, "row": row}
    context["lines"] = _lines(form_class, provider)
    return render(request, "directory/edit_part.html", context, status=422 if form.errors else 200)


@require_POST
def remove_line(request: HttpRequest, pk: int, part: str, line: int) -> HttpResponse:
    """Take a trade or a reference off."""
    provider = _own(request, pk)
    form_class = PARTS[part][1] if part in PARTS else PartForm
    row = _row(form_class, provider, str(line))
    if row is None:
        raise Http404
    profile_parts.remove(
        provider=provider, row=row, by=cast(User, request.user), now=timezone.now()
    )
    messages.success(request, _("C’est retiré."))
    return redirect("directory:edit_part", provider.pk, part)


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page exactly as the public sees it, whatever its state."""
    provider = _own(request, pk)
    context = {
        "profile": profile(provider, timezone.localdate()),
        "provider": provider,
        "is_preview": True,
        "is_mine": True,
        "data": "",
        "address": "",
    }
    return render(request, "directory/provider.html", context)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, publishing.publish)


@require_POST
def take_offline(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, publishing.take_offline)


@require_POST
def confirm_mine(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, confirmations.confirm, _("Merci ! C’est noté pour six mois."))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """« Tout est encore juste », from the letter: reading the page changes nothing."""
    ownership = confirmations.ownership_of(token)
    if ownership is None:
        raise Http404
    provider, done = ownership.provider, False
    if request.method == "POST":
        try:
            confirmations.confirm(provider=provider, by=ownership.user, now=timezone.now())
            done = True
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
    context = {"provider": provider, "is_done": done}
    return render(request, "directory/confirm.html", context)


def _act(
    request: HttpRequest, pk: int, service: Callable[..., Provider], said: str = ""
) -> HttpResponse:
    provider = _own(request, pk)
    try:
        done = service(provider=provider, by=cast(User, request.user), now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, said or _said(done))
    return redirect("directory:edit", provider.pk)


def _said(provider: Provider) -> str:
    words = {
        ProviderState.PUBLISHED: _("Votre fiche est en ligne."),
        ProviderState.PENDING: _("Votre fiche est envoyée : l’équipe la lit avant de la publier."),
        ProviderState.DRAFT: _("Votre fiche n’est plus en ligne."),
    }
    return words[ProviderState(provider.state)]


def _mine(request: HttpRequest) -> "QuerySet[Provider]":
    return Provider.objects.owned_by(cast(User, request.user)).select_related("commune")


def _own(request: HttpRequest, pk: int) -> Provider:
    """One of mine; for the team, any. Raises Http404."""
    if request.user.has_perm("directory.change_provider"):
        return get_object_or_404(Provider.objects.select_related("commune"), pk=pk)
    return get_object_or_404(_mine(request), pk=pk)


def _row(form_class: type[PartForm], provider: Provider, line: str | None) -> Any:
    """The line of a part that an address names; None when it names none. Raises Http404."""
    model = getattr(form_class, "rows", None)
    if model is None or not line:
        return None
    if not line.isdecimal() or len(line) > 18:
        raise Http404
    return get_object_or_404(model, provider=provider, pk=line)


def _lines(form_class: type[PartForm], provider: Provider) -> list[Any]:
    model = getattr(form_class, "rows", None)
    return list(model.objects.filter(provider=provider)) if model else []


def _beginning(user: User) -> dict[str, Any]:
    """What the form of a new profile holds at first."""
    known = new_profiles.from_membership(member_of(user), user)
    trades = known.pop("trades", [])
    communes = Commune.objects.of_the_territory().annotate(profiles=Count("providers"))
    here = communes.order_by("-profiles", "name", "pk").first()
    return {**known, "trade": trades[0] if trades else None, "commune": here}
