"""Forms of the admin: they read what staff types, by the clock of the space."""

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from booking.models import Booking, Closure, Resource, Space, Visit
from booking.slots import AmbiguousTime, NonexistentTime, to_instant
from members.admin.refusals import RefusalForm


class WallClockWidget(UnfoldAdminSplitDateTimeWidget):  # type: ignore[misc]
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.widgets[1].format = "%H:%M"  # nobody books seconds


class WallClockField(forms.SplitDateTimeField):
    """A date and a time as the clock on the wall shows them: a datetime without zone."""

    widget = WallClockWidget

    def compress(self, data_list: tuple[date, time] | None) -> datetime | None:
        with timezone.override(UTC):  # where every time of day exists once
            instant = super().compress(data_list)
        return instant.replace(tzinfo=None) if instant else None


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Resource) -> str:
        return f"{obj.space} · {obj.code} · {obj}"


class BookingForm(RefusalForm):
    """What staff books or moves. Rules are the services' business."""

    resource = PlaceField(
        label=_("Place"),
        queryset=Resource.objects.select_related("space").order_by(
            "space__name", "space_id", "position", "id"
        ),
        widget=UnfoldAdminSelectWidget,
    )
    start = WallClockField(label=_("Début"), help_text=_("À l’heure de l’espace."))
    end = WallClockField(label=_("Fin"), help_text=_("À l’heure de l’espace."))
    reason = forms.CharField(
        label=_("Raison de la dérogation"),
        required=False,
        max_length=200,
        help_text=_(
            "Vide, les règles de l’espace s’appliquent. Remplie, elle passe outre les règles, sauf "
            "une place déjà prise ; le membre la lit dans l’e-mail."
        ),
        widget=UnfoldAdminTextInputWidget,
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    class Meta:
        model = Booking
        fields = ("member", "resource", "start", "end")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            zone = self.instance.resource.space.zone
            for name in ("start", "end"):
                local = getattr(self.instance, name).astimezone(zone)
                self.initial[name] = local.replace(tzinfo=None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        place = cleaned.get("resource")
        zone = place.space.zone if place else timezone.get_default_timezone()
        _read_on_wall(self, cleaned, ("start", "end"), zone)
        return cleaned


class VisitForm(RefusalForm):
    """What the team corrects of a visit, and why. The rules are the service's business."""

    arrived_at = WallClockField(label=_("Arrivée"), help_text=_("À l’heure de l’espace."))
    left_at = WallClockField(
        label=_("Départ"), required=False, help_text=_("Vide : la personne est encore là.")
    )
    reason = forms.CharField(
        label=_("Raison de la correction"),
        max_length=200,
        help_text=_("Elle reste dans le journal, avec les heures d’avant."),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Visit
        fields = ("arrived_at", "left_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.instance.space.zone
        for name in ("arrived_at", "left_at"):
            if instant := getattr(self.instance, name):
                self.initial[name] = instant.astimezone(zone).replace(tzinfo=None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _read_on_wall(self, cleaned, ("arrived_at", "left_at"), self.instance.space.zone)
        return cleaned


def _read_on_wall(
    form: forms.BaseForm, cleaned: dict[str, Any], names: Iterable[str], zone: ZoneInfo
) -> None:
    """Make instants of the times of these fields, or say beside the field why there are none."""
    for name in names:
        local = cleaned.get(name)
        if local is None:
            continue
        try:
            cleaned[name] = to_instant(local.date(), local.time(), zone)
        except NonexistentTime:
            form.add_error(name, _nonexistent())
        except AmbiguousTime:
            form.add_error(name, _ambiguous())
        except OverflowError:
            form.add_error(name, ValidationError(_("Cette date est hors de portée."), "invalid"))


class CancelForm(forms.Form):
    """Why staff cancels bookings."""

    reason = forms.CharField(
        label=_("Raison"),
        required=False,
        max_length=200,
        help_text=_(
            "Obligatoire quand le délai d’annulation est passé. Chaque membre la lit dans l’e-mail."
        ),
        widget=UnfoldAdminTextInputWidget,
    )


class ClosureForm(RefusalForm):
    """Days that are closed. Which place stays what it was."""

    resource = PlaceField(
        label=_("Place"),
        required=False,
        queryset=Resource.objects.select_related("space").order_by(
            "space__name", "space_id", "position", "id"
        ),
        widget=UnfoldAdminSelectWidget,
        empty_label=_("Tout l’espace"),
    )

    class Meta:
        model = Closure
        fields = ("space", "resource", "starts_on", "ends_on", "reason", "reason_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            for name in {"space", "resource"} & set(self.fields):
                self.fields[name].disabled = True


class ResourceForm(RefusalForm):
    """Its kind and its space cannot be changed once it is booked (`has_bookings`, annotated)."""

    class Meta:
        model = Resource
        fields = ("space", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if getattr(self.instance, "has_bookings", False):
            for name in {"space", "kind"} & set(self.fields):
                self.fields[name].disabled = True


class IndentedJSON(json.JSONEncoder):
    """A floor plan that a person can read and edit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"indent": 2}))


class SpaceForm(RefusalForm):
    class Meta:
        model = Space
        fields = ("floor_plan",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "floor_plan" in self.fields:
            self.fields["floor_plan"].encoder = IndentedJSON  # type: ignore[attr-defined]


def _nonexistent() -> ValidationError:
    return ValidationError(
        _("Cette heure n’existe pas ce jour-là : on passe à l’heure d’été."),
        code="nonexistent_time",
    )


def _ambiguous() -> ValidationError:
    return ValidationError(
        _("Cette heure a lieu deux fois ce jour-là : on passe à l’heure d’hiver."),
        code="ambiguous_time",
    )
