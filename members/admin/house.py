"""How a page of the admin behaves in this house, whatever it lists."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Field, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import RangeDateFilter

DATE_PARTS = {"year", "iso_year", "quarter", "month", "week", "week_day", "day"}
FORESEEN = range(1900, 2200)  # a day of another year is a slip of the finger


class HouseAdmin(ModelAdmin):  # type: ignore[misc]
    """A ModelAdmin in the theme's clothes: filters that wait for a button, forms that warn."""

    list_filter_submit = True
    list_fullwidth = True
    list_per_page = 50
    compressed_fields = True
    warn_unsaved_form = True

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Parts of dates are no filter of ours: a year out of range would be a fault, not empty."""
        if DATE_PARTS & set(lookup.split("__")):
            return False
        return bool(super().lookup_allowed(lookup, value, request))


class HouseInline(TabularInline):  # type: ignore[misc]
    """Rows of a table on another page. The theme shows a column's name to the eye only."""

    extra = 0

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field: forms.Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", capfirst(str(field.label)))
        return field


class DaysFilter(RangeDateFilter):  # type: ignore[misc]
    """From one day to another, both included; for an instant, days of the zone of the site.

    The theme's own reads 03/04 as the fourth of March, and compares an instant with a date.
    """

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first, last = (self._day(end) for end in ("from", "to"))
        if first:
            queryset = queryset.filter(**{f"{self.field_path}__gte": self._start(first)})
        if last:
            after = self._start(last + timedelta(days=1))
            queryset = queryset.filter(**{f"{self.field_path}__lt": after})
        return queryset

    def _day(self, end: str) -> date | None:
        """What was typed in the language of the page; what is no day filters nothing."""
        try:
            day = forms.DateField(required=False).clean(
                self.used_parameters.get(f"{self.field_path}_{end}")
            )
        except ValidationError:
            return None
        return day if day and day.year in FORESEEN else None

    def _start(self, day: date) -> date:
        if not isinstance(self.field, DateTimeField):
            return day
        return timezone.make_aware(datetime.combine(day, time.min))
