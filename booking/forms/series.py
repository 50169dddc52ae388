"""What people ask of a series: which days and hours, then the same for a change of it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from booking.forms.book import DAMAGED_PAGE
from booking.forms.fields import PlaceField, RequestKeyField
from booking.forms.moment import TIME_ERRORS
from booking.forms.stay import refusals_of
from booking.models import Resource, Series, Space
from booking.models.opening import Weekday
from booking.moments import Moment
from booking.recurrence import Recurrence
from booking.services.series_changes import Scope
from booking.services.series_days import rule_of

FIELD_OF_REFUSAL: Final = {
    "no_weekday": "weekdays",
    "no_day": "weekdays",
    "end_before_start": "end",
    "ends_before_starts": "last_day",
    "too_long": "last_day",
    "too_many_days": "last_day",
    "too_far": "last_day",
    "past": "first_day",
    "not_bookable": "resource",
}
# Names in addresses and in HTML, where they differ: `from` is a word of Python.
HTML_NAMES: Final = {"start": "from", "end": "to", "first_day": "first", "last_day": "last"}
FIRST_OFFER: Final = timedelta(weeks=13)  # how long a series is when nothing is said
DAY_ERRORS: Final = {
    "required": gettext_lazy("Indiquez un jour."),
    "invalid": gettext_lazy("Ce jour n’existe pas au calendrier. Écrivez-le comme 31/12/2026."),
}


def _time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        error_messages=TIME_ERRORS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        error_messages=DAY_ERRORS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class HoursForm(forms.Form):
    """The hours and the place of every day of a series."""

    start = _time_field(gettext_lazy("De"))
    end = _time_field(gettext_lazy("À"))
    resource = PlaceField(
        label=gettext_lazy("Place"),
        required=False,
        error_messages={
            "required": gettext_lazy("Choisissez une place."),
            "invalid_choice": gettext_lazy("Cette place n’existe pas dans cet espace."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        space: Space,
        resources: Sequence[Resource],
        needs_place: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        place = cast(PlaceField, self.fields["resource"])
        place.required = needs_place  # without one it is any desk
        place.offer(resources)
        for name in ("start", "end"):
            self.fields[name].widget.attrs["step"] = 60 * space.grid_minutes

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix(HTML_NAMES.get(field_name, field_name))

    def add_refusal(self, error: ValidationError) -> None:
        for refusal in refusals_of(error):
            field = FIELD_OF_REFUSAL.get(str(refusal.code))
            self.add_error(field if field in self.fields else None, refusal)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What was asked, as hidden fields ask it again; the key of the page apart."""
        data = cast(QueryDict, self.data)
        names = (self.add_prefix(name) for name in self.fields if name != "request_key")
        return [(name, value) for name in names for value in data.getlist(name)]


class SeriesForm(HoursForm):
    """Weekdays between two dates. After `is_valid()`, `rule` is what was asked."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Chaque semaine, le"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choisissez au moins un jour de la semaine."),
            "invalid_choice": gettext_lazy("Choisissez des jours de la liste."),
            "invalid_list": gettext_lazy("Choisissez des jours de la liste."),
        },
    )
    first_day = _day_field(gettext_lazy("Du"))
    last_day = _day_field(gettext_lazy("Jusqu’au"))
    elsewhere = forms.BooleanField(
        label=gettext_lazy("Une autre place libre, les jours où celle-ci est prise"),
        required=False,
    )

    rule: Recurrence

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            names = ("weekdays", "start", "end", "first_day", "last_day")
            try:
                self.rule = rule_of(**{name: data[name] for name in names})
            except ValidationError as error:
                self.add_refusal(error)
        return data

    @staticmethod
    def first_offer(moment: Moment, space: Space, now: datetime) -> dict[str, Any]:
        """The form as it starts from a moment: that day of the week, for three months."""
        today = now.astimezone(space.zone).date()
        last = min(moment.day + FIRST_OFFER, today + timedelta(days=space.series_days))
        return {
            "weekdays": [moment.day.weekday()],
            "start": moment.start,
            "end": moment.end,
            "first_day": moment.day,
            "last_day": max(last, moment.day),
        }


class MakeSeriesForm(SeriesForm):
    """The same, said yes to: with the key that makes a second click find the first series."""

    request_key = RequestKeyField(
        initial=uuid.uuid4,
        error_messages={"invalid": DAMAGED_PAGE, "required": DAMAGED_PAGE},
    )


SCOPES: Final = {
    Scope.THIS: gettext_lazy("Celle-ci seulement"),
    Scope.FOLLOWING: gettext_lazy("Celle-ci et les suivantes"),
    Scope.ALL: gettext_lazy("Toutes celles à venir"),
}


class ScopeForm(forms.Form):
    """How far a change goes: from one booking, or over the whole series."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Quelles réservations"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Dites lesquelles."),
            "invalid_choice": gettext_lazy("Choisissez dans la liste."),
        },
    )

    def __init__(self, *args: Any, has_booking: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(Scope) if has_booking else [Scope.ALL]
        field = cast(forms.ChoiceField, self.fields["scope"])
        field.choices = [(scope.value, SCOPES[scope]) for scope in offered]
        field.initial = (Scope.FOLLOWING if has_booking else Scope.ALL).value

    def clean_scope(self) -> Scope:
        return Scope(self.cleaned_data["scope"])

    def add_refusal(self, error: ValidationError) -> None:
        for refusal in refusals_of(error):
            self.add_error(None, refusal)


class ChangeSeriesForm(HoursForm, ScopeForm):
    """Other hours or another place, and how far."""

    field_order = ("scope", "start", "end", "resource")

    @staticmethod
    def as_it_is(series: Series) -> dict[str, Any]:
        return {
            "start": series.start_time,
            "end": series.end_time,
            "resource": series.resource_id or "",
        }
