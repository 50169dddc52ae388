"""What every page of booking starts from: the space, the member, the zone of the clock."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from booking.models import Space
from booking.places import Viewer
from members import standing
from members.models import Member


class Request(HttpRequest):
    """As the middlewares hand it to the views."""

    htmx: HtmxDetails


def open_space(slug: str) -> Space:
    """The space of an address with its calendar, or 404. Three queries."""
    return get_object_or_404(Space.objects.active().with_calendar(), slug=slug)


def member_of(request: HttpRequest) -> Member | None:
    """The visitor as a member; None for strangers and for staff who never joined.

    The same object as the navigation's: one query for each request.
    """
    return standing.member_of(request.user)


def viewer_of(request: HttpRequest) -> Viewer:
    return Viewer.of(request.user, member_of(request))


def page(
    request: HttpRequest, space: Space, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page whose times are those of the clock on the wall of the space."""
    with timezone.override(space.zone):
        response = render(
            request, template, {"space": space, "site_space": space, **context}, status=status
        )
    patch_vary_headers(response, ["HX-Request"])
    return response


def local_day(space: Space, now: datetime) -> date:
    return now.astimezone(space.zone).date()
