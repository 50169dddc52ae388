"""Announcements for those of the house, and the address that ends their letters."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from members.models import Announcement, Use, User
from members.notices import reader_of
from members.services.consents import withdraw
from members.views.inside import inside_only

PER_PAGE = 20


@require_safe
@inside_only
def announcements(request: HttpRequest) -> HttpResponse:
    """The current ones, then the past ones, the latest first."""
    now = timezone.now()
    published = Announcement.objects.published(now)
    page = Paginator(published, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "page": page,
        "current": [row for row in rows if row.is_current(now)],
        "past": [row for row in rows if not row.is_current(now)],
    }
    return render(request, "members/announcements.html", context)


@login_not_required
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_news(request: HttpRequest, signed: str) -> HttpResponse:
    """No more announcements by e-mail, without logging in: the signed address is the right.

    A mail program posts `List-Unsubscribe=One-Click` (RFC 8058): it has no cookie, so no CSRF
    token, and nothing here rests on a cookie. Every other post comes from our own page, and is
    checked as usual. A GET only shows a button: mail scanners follow links.
    """
    key = reader_of(signed)
    if key is None:
        raise Http404
    user = get_object_or_404(User, pk=key)
    with translation.override(user.language):
        if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
            _stop(user)
            return HttpResponse(_("C’est fait."), content_type="text/plain; charset=utf-8")
        return _stop_by_hand(request, user=user, signed=signed)


@csrf_protect
def _stop_by_hand(request: HttpRequest, *, user: User, signed: str) -> HttpResponse:
    if request.method == "POST":
        _stop(user)
        return redirect("members:stop_news", signed)
    receives = user.consents.standing().filter(use=Use.NEWS).exists()
    return render(request, "members/stop_news.html", {"receives": receives})


def _stop(user: User) -> None:
    """Once or ten times: the first withdraws, the others find nothing to do."""
    withdraw(user=user, use=Use.NEWS, now=timezone.now(), by=user)
