"""Who must have a second factor, and the gate that asks for it before the admin.

A password of the team opens the data of every member. `STAFF_SECOND_FACTOR` switches the gate.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.models import User

# Recovery codes stand in for one of these, and are none by themselves.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Leaving is always allowed; the way in asks for the factor by itself.
OPEN = frozenset({"admin:login", "admin:logout"})


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def lacks_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this person works in the admin, and may not before adding a second factor.

    Every role of the team comes with `is_staff` (`services.set_roles`), and the admin opens to
    nobody without it.
    """
    return (
        settings.STAFF_SECOND_FACTOR
        and isinstance(user, User)
        and (user.is_staff or user.is_superuser)
        and not has_second_factor(user)
    )


def refuse(request: HttpRequest) -> HttpResponse:
    """The page that says why, and leads to enrolment."""
    return render(request, "members/second_factor_needed.html", status=403)


class StaffSecondFactor:
    """Middleware: no page of the admin, whatever its method, without a second factor.

    It goes by the app of the address, so that a view added to the admin by any library, with or
    without Django's `admin_view`, is behind the gate.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or "admin" not in match.app_names or match.view_name in OPEN:
            return None
        return refuse(request) if lacks_second_factor(request.user) else None
