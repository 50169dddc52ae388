"""The operator erases a person who asked by letter. It stands at the roof: it touches every app."""

from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coworking.privacy.erase import erase, why_not
from coworking.privacy.forms import EraseForm
from members.fresh import fresh_login_required
from members.models import Member, User


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_login_required
def erase_member(request: HttpRequest, object_id: int) -> HttpResponse:
    """Ask how the person asked, and the word; then erase."""
    by, now = cast(User, request.user), timezone.now()
    if not by.has_perm("members.erase_member"):
        raise PermissionDenied
    member = get_object_or_404(
        Member.objects.with_user().filter(user__erased_at=None), pk=object_id
    )
    form = EraseForm(request.POST or None)
    if form.is_valid():
        try:
            erase(user=member.user, by=by, now=now, reason=form.cleaned_data["asked"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("La personne est effacée."))
            return redirect("admin:members_member_changelist")
    context = {
        **admin.site.each_context(request),
        "title": _("Effacer cette personne"),
        "opts": Member._meta,
        "member": member,
        "form": form,
        "refusals": [refusal.messages[0] for refusal in why_not(member.user, now)],
    }
    return TemplateResponse(request, "admin/members/member/erase.html", context)
