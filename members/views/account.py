"""The account page. Sign-up, login, password and address are allauth's own views."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.forms.account import AccountForm
from members.language import remember_language
from members.models import User
from members.second_factor import has_second_factor
from members.services.consents import standing_consents


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, who may see it, and in which language."""
    user = get_object_or_404(User.objects.select_related("member"), pk=request.user.pk)
    member = getattr(user, "member", None)
    data = request.POST if request.method == "POST" else None
    standing = standing_consents(user) if member else {}
    form = AccountForm(data, user=user, member=member, standing=standing)
    if form.is_valid():
        form.save(now=timezone.now())
        with translation.override(user.language):
            messages.success(request, _("Vos informations sont enregistrées."))
        return remember_language(redirect("members:account"), user.language)
    is_protected = has_second_factor(user)
    context = {"form": form, "account": user, "member": member, "is_protected": is_protected}
    context["nav_member"] = member  # read already, with the user
    return render(request, "members/account.html", context)
