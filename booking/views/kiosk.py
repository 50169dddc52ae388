"""The tablet at the door, and the telephone that scanned its screen.

The tablet is nobody: no login opens there, and its cookie says only which device it is.
"""

from typing import Any, cast

from allauth.core.ratelimit import consume
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.boards.kiosk import screen_of
from booking.models import Device, Space, Visit
from booking.places import place_name
from booking.services import kiosk
from booking.views.frame import Request, member_of
from members.models import Member, User

COOKIE = "kiosk"
COOKIE_LIVES = 400 * 24 * 3600  # seconds: the longest that browsers keep one
STOP_POLLING = 286  # htmx: swap this, and ask no more


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The secret link: a button turns this browser into the kiosk. A wrong secret is a 404."""
    device = Device.objects.holding(token).select_related("space").first()
    if device is None:
        raise Http404
    if request.method != "POST":
        return render(request, "booking/kiosk/set_up.html", {"device": device})
    response = redirect("booking:kiosk")
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_LIVES,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        path="/borne/",
    )
    return response


@login_not_required
@never_cache
@require_safe
def screen(request: Request) -> HttpResponse:
    """The screen; for htmx its changing part. A tablet that was revoked shows nothing any more."""
    device = _device(request)
    if device is None:
        name = "booking/kiosk/_revoked.html" if request.htmx else "booking/kiosk/revoked.html"
        return render(request, name, status=STOP_POLLING if request.htmx else 403)
    return _screen(request, device, {})


@login_not_required
@never_cache
@require_POST
def enter_code(request: Request) -> HttpResponse:
    """Six digits: whoever they belong to arrives, or leaves."""
    device = _device(request)
    if device is None:
        return render(request, "booking/kiosk/revoked.html", status=403)
    if not consume(request, action="kiosk_code", key=f"device-{device.pk}"):
        problem = _("Trop d’essais : attendez une minute.")
        return _screen(request, device, {"problem": problem}, status=429)
    try:
        visit = kiosk.use_code(
            device=device, code=request.POST.get("code", "")[:20], now=timezone.now()
        )
    except ValidationError as refusal:
        return _screen(request, device, {"problem": " ".join(refusal.messages)}, status=422)
    return _screen(request, device, {"done": _told(visit)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scanned(request: HttpRequest, token: str) -> HttpResponse:
    """On the telephone of a member: the screen was scanned, one button more."""
    member = member_of(request)
    if member is None:
        raise Http404
    member.user = cast(User, request.user)
    try:
        device = kiosk.device_of_picture(token)
        if request.method == "POST":
            visit = kiosk.come_or_go(device=device, member=member, now=timezone.now())
            messages.success(request, _told(visit))
            return redirect("booking:presence")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("booking:presence")
    context = {"device": device, "is_here": _is_here(member, device.space)}
    return render(request, "booking/kiosk/scanned.html", context)


@require_POST
def new_code(request: HttpRequest) -> HttpResponse:
    """A code for the kiosk, shown on the page of presence while it is good."""
    member = member_of(request)
    if member is None:
        raise Http404
    kiosk.new_code(member=member, now=timezone.now())
    return redirect("booking:presence")


def _device(request: HttpRequest) -> Device | None:
    token = request.COOKIES.get(COOKIE, "")
    devices = Device.objects.holding(token).select_related("space")
    return devices.prefetch_related("space__opening_hours", "space__closures").first()


def _is_here(member: Member, space: Space) -> bool:
    return Visit.objects.open().own().filter(member=member, space=space).exists()


def _screen(
    request: Request, device: Device, told: dict[str, Any], status: int = 200
) -> HttpResponse:
    space = device.space
    context = {
        "space": space,
        "device": device,
        "screen": screen_of(device, timezone.now()),
        "problem": "",
        "done": "",
        **told,
    }
    template = "booking/kiosk/_screen.html" if request.htmx else "booking/kiosk/kiosk.html"
    with timezone.override(space.zone):
        return render(request, template, context, status=status)


def _told(visit: Visit) -> str:
    """Said on a screen that everybody sees: a first name and a place, nothing else."""
    name = visit.member.user.get_short_name() if visit.member.user.name else ""
    if not visit.is_open:
        return _("Au revoir %(name)s, à bientôt !") % {"name": name}
    place = place_name(visit.booking.resource) if visit.booking else ""
    return _("Bienvenue %(name)s ! Votre place : %(place)s") % {"name": name, "place": place}
