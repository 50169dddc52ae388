"""Pages where a person reads what is kept, takes a copy, and leaves no trace."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coworking.privacy.copy import write_copy
from coworking.privacy.erase import erase, why_not
from coworking.privacy.forms import EraseMeForm
from coworking.privacy.register import REGISTER
from members.fresh import fresh_login_required, require_fresh_login
from members.models import User


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom, why and how long, for everybody."""
    return render(request, "privacy/privacy.html", {"register": REGISTER})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: HttpRequest) -> HttpResponseBase:
    """What is kept of me; a POST hands over the copy, since it writes that it did."""
    if request.method != "POST":
        return render(request, "privacy/my_data.html", {"register": REGISTER})
    if answer := require_fresh_login(request):
        return answer
    now = timezone.now()
    archive = write_copy(user=cast(User, request.user), now=now)
    return FileResponse(
        archive,
        as_attachment=True,
        filename=f"mes-donnees-{timezone.localdate(now)}.zip",
        content_type="application/zip",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_login_required
def erase_me(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and what stands in the way; then, for good."""
    user, now = cast(User, request.user), timezone.now()
    form = EraseMeForm(request.POST or None)
    if form.is_valid():
        try:
            erase(user=user, by=user, now=now)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            logout(request)
            messages.success(request, _("Votre compte et vos données sont effacés."))
            return redirect("home")
    codes = {refusal.code for refusal in why_not(user, now)}
    return render(request, "privacy/erase_me.html", {"form": form, "codes": codes})
