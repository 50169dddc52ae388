"""A service refuses while the admin saves: its words become errors of the form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse


class RefusalForm(forms.ModelForm):  # type: ignore[type-arg]
    """Invalid when a service has refused what it asks."""

    refusal: ValidationError | None = None

    def clean(self) -> dict[str, Any]:
        if self.refusal is not None:
            self.add_error(None, ValidationError(self.refusal.messages))
        return super().clean() or self.cleaned_data


class ShowsRefusals:
    """For a ModelAdmin whose form is a RefusalForm, and which calls a service to save."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().changeform_view  # type: ignore[misc]
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        except ValidationError as refusal:
            # The transaction of the first try is undone. Whoever typed it gets it back.
            request.refusal = refusal  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
        return response

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[RefusalForm]:
        form: type[RefusalForm] = super().get_form(request, *args, **kwargs)  # type: ignore[misc]
        form.refusal = getattr(request, "refusal", None)  # a class made for this request
        return form
