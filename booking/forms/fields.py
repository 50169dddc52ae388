"""Fields of the booking forms: a place, some days, the key of one rendering of a page."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from booking.models import Resource
from booking.places import KIND_PLURALS, place_label

MOST_DAYS = 31


class PlaceField(forms.TypedChoiceField):
    """One of the given resources; empty for any desk. `cleaned_data` holds the `Resource`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=self._resource, empty_value=None, **kwargs)
        self._resources: dict[str, Resource] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> "PlaceField":
        # A form copies its fields; the copy looks places up in its own list.
        copy = super().__deepcopy__(memo)
        copy.coerce, copy._resources = copy._resource, {}
        return copy

    def _resource(self, value: Any) -> Resource:
        return self._resources[str(value)]

    def offer(self, resources: Iterable[Resource], free: Iterable[Resource] | None = None) -> None:
        """Set the choices, grouped by kind; given the free ones, say which are taken."""
        self._resources = {str(resource.pk): resource for resource in resources}
        free_ids = None if free is None else {resource.pk for resource in free}
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, resource in self._resources.items():
            label = f"{resource.code} · {place_label(resource)}"
            if free_ids is not None and resource.pk not in free_ids:
                label = _("%(place)s (occupé)") % {"place": label}
            groups.setdefault(resource.kind, []).append((key, label))
        any_desk = [] if self.required else [("", _("N’importe quel poste libre"))]
        self.choices = [*any_desk, *((KIND_PLURALS[kind], items) for kind, items in groups.items())]


class DaysField(forms.MultipleChoiceField):
    """Dates beside the main one. Any date may come: the list offered may be a day old."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, days: Iterable[date], sent: Iterable[str]) -> None:
        """Set the choices: the days offered, and those that were ticked on an older page."""
        ticked = (day for text in list(sent)[:MOST_DAYS] if (day := date_or_none(text)))
        self.choices = [
            (day.isoformat(), date_format(day, "D j F")) for day in sorted({*days, *ticked})
        ]

    def valid_value(self, value: str) -> bool:
        return date_or_none(value) is not None

    def clean(self, value: Any) -> list[date]:
        texts = super().clean(value)
        if len(texts) > MOST_DAYS:
            raise ValidationError(
                _("Choisissez au plus %(days)s jours."),
                code="too_many_days",
                params={"days": MOST_DAYS},
            )
        return [day for text in texts if (day := date_or_none(text))]


class RequestKeyField(forms.UUIDField):
    """The key of one rendering of a form. A damaged one is replaced by a new one on the page."""

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().to_python(data) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()


def date_or_none(text: Any) -> date | None:
    try:
        return parse_date(str(text))
    except ValueError:
        return None
