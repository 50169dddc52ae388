"""The roof's own pages: home, health, errors."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from booking.models import Space
from booking.views import latest, space_home
from members.standing import is_inside


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The page of the only space, or the list of spaces."""
    spaces = list(Space.objects.active().order_by("commune", "name")[:200])
    if len(spaces) == 1:
        return space_home(request, spaces[0].slug)
    announcements = latest(timezone.now()) if is_inside(request.user) else []
    return render(request, "home.html", {"spaces": spaces, "announcements": announcements})


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 (`server_error`) when it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an unhandled error: 503 when the database is away, else 500.

    Drawn without context or database, which may be what failed.
    """
    lost_database = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if lost_database else 500
    response = HttpResponse(loader.get_template(f"{status}.html").render(), status=status)
    if lost_database:
        response["Retry-After"] = "30"
    return response


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose page was left open too long, or that came from another site."""
    return render(request, "403_csrf.html", status=403)
