"""The safety of an account: recovery codes, sessions, and looking at the site as a member.

Most of the second factor is allauth's own views. Three of them are made anew here, at the same
addresses, because theirs write on a GET.
"""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.internal.sessionkit import get_session_user
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members import acting
from members.models import User


@never_cache
@require_safe
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes that are left. allauth's own view notes that they were seen; we show them again."""
    kept = kept_codes(request)
    context = {"codes": kept.get_unused_codes(), "total": len(kept.generate_codes())}
    return render(request, "mfa/recovery_codes/index.html", context)


@never_cache
@require_safe
def download_recovery_codes(request: HttpRequest) -> HttpResponse:
    """The same, as a file to keep."""
    lines = "".join(f"{code}\n" for code in kept_codes(request).get_unused_codes())
    headers = {"Content-Disposition": f'attachment; filename="{_("codes-de-secours")}.txt"'}
    return HttpResponse(lines, content_type="text/plain; charset=utf-8", headers=headers)


def kept_codes(request: HttpRequest) -> RecoveryCodes:
    raise_if_reauthentication_required(request, app="allauth.mfa")
    kind = Authenticator.Type.RECOVERY_CODES
    row = get_object_or_404(Authenticator, user_id=request.user.pk, type=kind)
    return RecoveryCodes(row)


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where I am logged in, and logging out everywhere else. allauth's own tidies up on a GET."""
    if request.method == "POST":
        end_other_sessions(request, get_object_or_404(User, pk=request.user.pk))
        messages.success(request, _("Vos autres appareils sont déconnectés."))
        return redirect("usersessions_list")
    rows = UserSession.objects.filter(user_id=request.user.pk).order_by("-created_at", "-pk")
    alive = [row for row in rows if is_alive(row)]
    days = settings.SESSION_COOKIE_AGE // (24 * 3600)
    context = {"sessions": alive, "days": days}
    return render(request, "usersessions/usersession_list.html", context)


def is_alive(row: UserSession) -> bool:
    """Neither ended nor closed by a new password, which leaves the rows of others behind."""
    session = row._session_store(row.session_key)
    return get_session_user(session) is not None


@require_POST
def act_as(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at the site in the place of this member; 404 for whoever may not, and for colleagues."""
    user = get_object_or_404(User, pk=request.user.pk)
    member = get_object_or_404(acting.members_open_to(user), pk=pk)
    acting.start(request, member=member, now=timezone.now())
    return redirect("home")


@require_POST
def stop_acting(request: HttpRequest) -> HttpResponse:
    """Be oneself again, back at the member in the admin."""
    member = acting.stop(request, now=timezone.now())
    if member is None:
        return redirect("home")
    messages.info(request, acting.STOPPED)
    return redirect("admin:members_member_change", member.pk)
