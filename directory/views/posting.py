"""Posting a need, with or without an account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from directory.forms.needs import PostForm
from directory.gate import allowed, too_many
from directory.models import Need, NeedState
from directory.services.emptying import CONTACT_MONTHS, DRAFT_DAYS
from directory.words import suggested_trades
from members.language import current_language
from members.models import LINE_LENGTH, User


def reader(request: HttpRequest) -> User | None:
    """Who is logged in, if anybody."""
    return request.user if request.user.is_authenticated else None


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest) -> HttpResponse:
    """What, where, when, who; the rest behind « préciser »."""
    now, user = timezone.now(), reader(request)
    sent: tuple[Any, ...] = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {"title": request.GET.get("q", "")[:LINE_LENGTH]}  # a search that found nobody
    form = PostForm(*sent, user=user, now=now, initial=initial)
    if form.is_valid():
        if not allowed(request, form.gate_action, email=form.cleaned_data["contact_email"]):
            form.add_refusal(too_many())
        elif need := form.save(by=user, language=current_language(), now=now):
            return _posted(request, need)
    context = {
        "form": form,
        "draft_days": DRAFT_DAYS,
        "contact_months": CONTACT_MONTHS,
    }
    return render(request, "directory/need_post.html", context, status=422 if form.errors else 200)


@login_not_required
@require_safe
def posted(request: HttpRequest) -> HttpResponse:
    """Look into your mailbox. The key is in the letter alone: it is the proof of the address."""
    return render(request, "directory/need_posted.html")


@login_not_required
@require_safe
def trade_hint(request: HttpRequest) -> HttpResponse:
    """The select of the trade, with what the words typed so far suggest; a trade that was chosen
    by hand stays."""
    chosen = request.GET.get("trade", "")
    words = request.GET.get("title", "")[:LINE_LENGTH]
    found = [] if chosen else suggested_trades(words, most=1)
    trade = chosen or (found[0].pk if found else None)
    form = PostForm(user=None, now=timezone.now(), initial={"trade": trade})
    return render(request, "directory/_need_trade.html", {"form": form})


def _posted(request: HttpRequest, need: Need) -> HttpResponse:
    if need.state == NeedState.DRAFT:
        return redirect("directory:posted")
    messages.success(
        request,
        _("Votre besoin est publié : les prestataires d’ici sont sollicités.")
        if need.state == NeedState.OPEN
        else _("Votre besoin est enregistré : l’équipe le relit avant de le publier."),
    )
    return redirect(need.author_path)
