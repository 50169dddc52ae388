"""One's bookings in one's own calendar: a file to download, an address to subscribe to."""

import hashlib
import re

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from booking import ical, services
from booking.models import Booking, CalendarFeed
from members.models import Member


@require_safe
def ics(request: HttpRequest, pk: str) -> HttpResponse:
    """One booking as a file that a calendar opens."""
    bookings = Booking.objects.visible_to(request.user).with_place()
    booking = get_object_or_404(bookings, pk=pk)
    day = booking.slot.local_day(booking.resource.space.zone)
    response = HttpResponse(ical.message([booking]), content_type=ical.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="reservation-{day}.ics"'
    response["Cache-Control"] = "private, no-cache"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """The page where a member opens, renews or closes the secret address of their calendar."""
    member = get_object_or_404(Member, user=request.user)
    if request.method == "POST":
        return _change_address(request, member)
    feed = CalendarFeed.objects.filter(member=member).first()
    address = ""
    if feed is not None:
        address = f"{settings.SITE_URL}{reverse('booking:feed', args=[feed.token])}"
    context = {
        "feed": feed,
        "address": address,
        "webcal": re.sub(r"^https?:", "webcal:", address),
    }
    return render(request, "booking/calendar.html", context)


def _change_address(request: HttpRequest, member: Member) -> HttpResponse:
    now = timezone.now()
    match request.POST.get("action"):
        case "open":
            services.open_feed(member=member, now=now)
            messages.success(request, _("Votre adresse de calendrier est prête."))
        case "rotate":
            services.rotate_feed(member=member, now=now)
            messages.success(request, _("L’adresse a changé. L’ancienne ne montre plus rien."))
        case "close":
            services.close_feed(member=member)
            messages.success(request, _("L’adresse est fermée et ne montre plus rien."))
        case _unknown:
            return HttpResponseBadRequest()
    return redirect("booking:calendar")


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The bookings of whoever holds the token, for a calendar that comes back every hour.

    Only an ETag tells what changed: an event also leaves by growing old, which no date of the
    rows shows. Two queries.
    """
    feeds = CalendarFeed.objects.select_related("member__user")
    found = get_object_or_404(feeds, token=token, member__user__is_active=True)
    with translation.override(found.member.user.language):
        body = ical.feed(ical.feed_bookings(found.member, timezone.now()))
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    full = HttpResponse(body, content_type=ical.CONTENT_TYPE, headers={"ETag": etag})
    response = get_conditional_response(request, etag=etag, response=full) or full
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
