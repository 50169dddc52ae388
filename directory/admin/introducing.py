"""« Présenter un prestataire » : on a need's page, whom the directory finds, and why, in words."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from directory.boards.introducing import possible_for
from directory.models import Need, Provider
from directory.services import solicitations
from members.admin.asking import address, asked_for
from members.models import User
from members.models.people import LINE_LENGTH


class NameForm(forms.Form):
    """Somebody whom the host has in mind."""

    q = forms.CharField(
        label=gettext_lazy("Chercher par le nom"),
        max_length=LINE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "desk-input", "type": "search"}),
    )


class IntroducesProviders:
    """For the ModelAdmin of needs, whose `has_moderate_permission` says who may."""

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Présenter un prestataire…"),
        permissions=["moderate"],
        url_path="presenter",
        icon="person_add",
    )
    def introduce(self, request: HttpRequest, object_id: str) -> HttpResponse:
        need: Need = asked_for(cast(Any, self), request, object_id)
        if request.method == "POST":
            return self._introduced(request, need)
        form = NameForm(request.GET)
        name = form.cleaned_data["q"] if form.is_valid() else ""
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Présenter un prestataire"),
            "opts": self.opts,  # type: ignore[attr-defined]
            "need": need,
            "form": form,
            "name": name,
            "back": address(need),
            "possible": possible_for(need=need, now=timezone.now(), name=name),
        }
        return TemplateResponse(request, "admin/directory/introduce.html", context)

    def _introduced(self, request: HttpRequest, need: Need) -> HttpResponse:
        if not request.user.has_perm("directory.moderate_need"):
            raise PermissionDenied
        key = request.POST.get("provider", "")
        provider = get_object_or_404(Provider, pk=key if key.isdecimal() else None)
        try:
            solicitations.introduce(
                need=need, provider=provider, by=cast(User, request.user), now=timezone.now()
            )
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            words = _("%(provider)s reçoit la demande.") % {"provider": provider}
            messages.success(request, words)
        return redirect(address(need))
