"""Arriving with a guest, and saying when a visit ended."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import Space, Visit
from booking.slots import AmbiguousTime, NonexistentTime, to_instant
from members.models import Member
from members.models.people import LINE_LENGTH
from members.validators import validate_one_line


class ArriveForm(forms.Form):
    """Which space, and for whom when it is a guest."""

    space = forms.ModelChoiceField(
        Space.objects.active().with_calendar(), to_field_name="slug", widget=forms.HiddenInput
    )
    guest_name = forms.CharField(
        label=gettext_lazy("Nom du visiteur"),
        required=False,
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class WordForm(forms.Form):
    """The departure of a visit that a rule closed: a time on the wall of its space."""

    left = forms.TimeField(
        label=gettext_lazy("Je suis parti à"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        self.visit = visit
        local = visit.end_at(visit.arrived_at).astimezone(visit.space.zone)
        kwargs.setdefault("initial", {"left": local.time().replace(second=0, microsecond=0)})
        kwargs.setdefault("prefix", f"visit-{visit.pk}")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """With `left_at`: the instant of the time given, on the day of the arrival; None when it
        is the closing as it stands."""
        data = super().clean() or {}
        if "left" in data:
            data["left_at"] = self._instant(data["left"])
        return data

    def _instant(self, at: Any) -> datetime | None:
        if at == self.initial["left"]:
            return None
        zone = self.visit.space.zone
        day = self.visit.arrived_at.astimezone(zone).date()
        try:
            return to_instant(day, at, zone)
        except (NonexistentTime, AmbiguousTime) as error:
            raise ValidationError(
                _("L’heure change cette nuit-là : donnez une autre heure."), code="odd_time"
            ) from error


class ArrivalByHandForm(forms.Form):
    """The team notes who has come: a member by the address, and a guest of the member."""

    email = forms.EmailField(
        label=gettext_lazy("Adresse e-mail du membre"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "list": "known-here"}),
    )
    guest_name = forms.CharField(
        label=gettext_lazy("Nom du visiteur"),
        required=False,
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        help_text=gettext_lazy("Vide : c’est le membre lui-même qui arrive."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_email(self) -> Member:
        """The member of this address, with the user."""
        member = Member.objects.with_user().filter(user__email=self.cleaned_data["email"].lower())
        found = member.first()
        if found is None:
            raise ValidationError(_("Aucun membre n’a cette adresse."), code="no_member")
        return found
