"""The prices of the simulator in the admin: a new day is a new row, nothing is edited.

Here, and not in `simulator`, because the pages of the admin wear the clothes of `members`, its
neighbour (docs/decisions/0010-simulator-prices.md).
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from members.admin.house import DaysFilter, HouseAdmin
from simulator import prices
from simulator.models import Quote


class QuoteForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Quote
        fields = ("kind", "day", "value", "source")

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("Ce jour n’est pas encore venu."), code="too_late")
        return day


class QuoteAdmin(HouseAdmin):
    """Written once. A slip is taken back on the day it was written; later it is history."""

    form = QuoteForm
    list_display = ("kind", "shown", "day", "source")
    list_filter = ("kind", ("day", DaysFilter))
    ordering = ("kind", "-day")
    fields = ("kind", "day", "value", "source")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"day": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request: HttpRequest, obj: Quote | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Quote | None = None) -> bool:
        if not super().has_delete_permission(request, obj):
            return False
        return obj is None or timezone.localdate(obj.recorded_at) == timezone.localdate()

    def save_model(self, request: HttpRequest, obj: Quote, form: Any, change: bool) -> None:
        obj.recorded_at = timezone.now()
        super().save_model(request, obj, form, change)
        prices.forget()

    def delete_model(self, request: HttpRequest, obj: Quote) -> None:
        super().delete_model(request, obj)
        prices.forget()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Quote]) -> None:
        super().delete_queryset(request, queryset)
        prices.forget()

    @admin.display(description=_("valeur"), ordering="value")
    def shown(self, quote: Quote) -> str:
        return f"{number_format(quote.value.normalize(), use_l10n=True)} {quote.unit}"
