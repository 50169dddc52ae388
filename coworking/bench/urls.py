"""The addresses of the platform, and an empty view: what the machine costs without us."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from coworking.urls import handler500

__all__ = ["handler500", "urlpatterns"]


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("empty/", empty, name="empty"), path("", include("coworking.urls"))]
