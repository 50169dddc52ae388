"""A page of the admin that asks something before a service is called: a date, a reason, a yes.

@action(description=_("Mettre fin…"), permissions=["steer"])
def end(self, request, object_id):
    return ask(self, request, object_id, EndForm, title=_("Mettre fin"), act=self._end)
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminSingleDateWidget

from members.boards.plans import Preview


class DayField(forms.DateField):
    """A day, with the calendar of the theme."""

    widget = UnfoldAdminSingleDateWidget


def address(row: models.Model) -> str:
    """The page of a row in the admin."""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def asked_for(model_admin: "ModelAdmin[Any]", request: HttpRequest, object_id: str) -> Any:
    """The row of an address, seen as its list sees it. Raises Http404."""
    row = model_admin.get_object(request, object_id)
    if row is None:
        raise Http404
    return row


def ask(
    model_admin: "ModelAdmin[Any]",
    request: HttpRequest,
    row: models.Model,
    form_class: type[forms.Form],
    *,
    title: str,
    act: Callable[[dict[str, Any]], tuple[models.Model, str]],
    about: str = "",
    preview: Preview | None = None,
    initial: dict[str, Any] | None = None,
) -> HttpResponse:
    """Ask, then act. What a service refuses is said on the page, beside what was typed.

    Args:
        act: given what was typed, calls the service; returns the row to lead to, and what to say.
        about: what it is about; the row's own name when empty.
        preview: prices in words, shown above the questions.
    """
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            done, said = act(form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            model_admin.log_change(request, row, title)
            model_admin.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(address(done))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "form": form,
        "about": about or str(row),
        "back": address(row),
        "media": model_admin.media + form.media,
        "preview": preview,
    }
    return TemplateResponse(request, "admin/members/ask.html", context)
