"""Is it still the same person at the keyboard? Asked again before dangerous acts.

A session lasts a month, and a screen is left open. What gives power or takes data away asks for
the password, a code or a passkey, unless one was given lately (`ACCOUNT_REAUTHENTICATION_TIMEOUT`).
The pages that ask are allauth's.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from members.models import User


def require_fresh_login(request: HttpRequest, *, back_to: str = "") -> HttpResponse | None:
    """None when the person proved who they are lately, else the way to do so, and back.

    A login counts as well as a confirmation: it asked for as much. `back_to` is where to go on, by
    default the address asked for. What was posted is not kept: replaying it would go round the
    middlewares, and the form opened again shows what is true by then. So ask at the GET of a form
    too, not only at its POST.

        if answer := require_fresh_login(request):
            return answer
    """
    if is_fresh(request):
        return None
    query = urlencode({REDIRECT_FIELD_NAME: back_to or request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")


def is_fresh(request: HttpRequest) -> bool:
    """Whether this person gave a password, a code or a passkey lately, with this log-in."""
    if not isinstance(request.user, User):
        return False
    latest = max((r["at"] for r in get_authentication_records(request, request.user)), default=0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def fresh_login_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """The decorator of function views; `request` is their first argument."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return require_fresh_login(request) or view(request, *args, **kwargs)

    return asked


class NeedsFreshLogin:
    """For a ModelAdmin: its `fresh_views` ask again who is there. Stands left of ModelAdmin.

        class InvoiceAdmin(NeedsFreshLogin, ExportMixin, ModelAdmin):
            fresh_views = ("export_action", "export_admin_action")

    A name is that of a method whose first argument is the request: a view (`change_view`,
    `delete_view`, one of a library) or an action of the list. Override `asks_for_fresh_login` to
    ask only some people.
    """

    fresh_views: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # On the class: the admin takes actions from there, not from the instance.
        for name in cls.__dict__.get("fresh_views", ()):
            setattr(cls, name, _asking(getattr(cls, name)))

    def asks_for_fresh_login(self, request: HttpRequest) -> bool:
        return True


def _asking(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def asked(self: NeedsFreshLogin, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        answer = require_fresh_login(request) if self.asks_for_fresh_login(request) else None
        return answer or view(self, request, *args, **kwargs)

    return asked
