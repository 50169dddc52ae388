"""The public page of a provider, and what anybody may send from it."""

from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from directory import gate
from directory.boards.profile import profile
from directory.boards.profile_data import address_of, data_of
from directory.forms.public import ClaimForm, KnownMessageForm, MessageForm, ReportForm
from directory.models import ClaimDecision, Ownership, Provider
from directory.services import claims, reports
from directory.services import messages as relays
from members.models import User


@login_not_required
@require_safe
def provider(request: HttpRequest, slug: str) -> HttpResponse:
    """A published profile; its owners and the team read it in any state."""
    found = _found(request, slug)
    shown = profile(found, timezone.localdate())
    context = {
        "profile": shown,
        "provider": found,
        "is_preview": not found.is_published,
        "is_mine": _is_mine(request, found),
        "has_owner": Ownership.objects.filter(provider=found).exists(),
        "data": data_of(shown) if found.is_published else "",
        "address": address_of(shown),
    }
    return render(request, "directory/provider.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """A message: relayed at once with an account, else once its sender has proved the address."""
    found, now = _published(slug), timezone.now()
    sender = User.objects.filter(pk=request.user.pk or 0).first()  # None: a visitor
    form_class = MessageForm if sender is None else KnownMessageForm
    form = form_class(request.POST if request.method == "POST" else None, now=now)
    if form.is_valid() and _send(request, found, sender, form, now):
        if sender is None:
            context = {"provider": found, "email": form.cleaned_data["sender_email"]}
            return render(request, "directory/message_waits.html", context)
        messages.success(request, _("Votre message est parti. La réponse viendra par e-mail."))
        return redirect(found)
    context = {"provider": found, "form": form}
    return render(request, "directory/write.html", context, status=422 if form.errors else 200)


def _send(
    request: HttpRequest, found: Provider, sender: User | None, form: MessageForm, now: datetime
) -> bool:
    """Whether it was written, and relayed if it may be; if not, the form says why."""
    data = form.cleaned_data
    if not gate.allowed(request, form.gate_action, email=data.get("sender_email", "")):
        form.add_refusal(gate.too_many())
        return False
    try:
        message = relays.write(provider=found, now=now, sender=sender, **data)
        if sender is not None:
            relays.relay(message=message, now=now)
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return False
    return True


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_message(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of the letter: the message, and the button that lets it leave."""
    message = relays.message_of(token, timezone.now())
    if message is None:
        return render(request, "directory/link_over.html", status=404)
    if request.method == "POST":
        try:
            message = relays.relay(message=message, now=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
    return render(request, "directory/send_message.html", {"message": message})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """« Signaler » : what is wrong, for the host to look at."""
    found, now = _published(slug), timezone.now()
    form = ReportForm(request.POST if request.method == "POST" else None, now=now)
    if form.is_valid():
        if gate.allowed(request, form.gate_action):
            reports.report(provider=found, now=now, **form.cleaned_data)
            messages.success(request, _("Merci. L’équipe va regarder cette fiche."))
            return redirect(found)
        form.add_refusal(gate.too_many())
    context = {"provider": found, "form": form}
    return render(request, "directory/report.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """« C’est ma fiche », by somebody with an account."""
    found, form = _published(slug), ClaimForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not gate.allowed(request, "directory_claim"):
            form.add_refusal(gate.too_many())
        elif _claim(request, found, form):
            messages.success(request, _("Votre demande est partie. La réponse viendra par e-mail."))
            return redirect(found)
    context = {"provider": found, "form": form}
    return render(request, "directory/claim.html", context, status=422 if form.errors else 200)


def _claim(request: HttpRequest, found: Provider, form: ClaimForm) -> bool:
    try:
        claims.claim(
            provider=found,
            user=cast(User, request.user),
            now=timezone.now(),
            message=form.cleaned_data["message"],
        )
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return False
    return True


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The legal contact says yes or no, by a button: opening the page says nothing."""
    found = claims.claim_of(token, timezone.now())
    if found is None:
        return render(request, "directory/link_over.html", status=404)
    if request.method == "POST":
        yes = request.POST.get("answer") == "yes"
        decision = ClaimDecision.ACCEPTED if yes else ClaimDecision.REFUSED
        try:
            found = claims.decide(claim=found, decision=decision, by=None, now=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
    return render(request, "directory/claim_answer.html", {"claim": found})


def _published(slug: str) -> Provider:
    rows = Provider.objects.published().select_related("commune")
    return get_object_or_404(rows, slug=slug)


def _found(request: HttpRequest, slug: str) -> Provider:
    """A published profile, or one that this person may see anyway. Raises Http404."""
    found = get_object_or_404(Provider.objects.select_related("commune"), slug=slug)
    if not (found.is_published or _is_mine(request, found) or _is_team(request)):
        raise Http404
    return found


def _is_mine(request: HttpRequest, found: Provider) -> bool:
    return Ownership.objects.filter(provider=found, user_id=request.user.pk or 0).exists()


def _is_team(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("directory.view_provider"))
