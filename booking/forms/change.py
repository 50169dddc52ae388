"""Moving and cancelling a booking: what its member says, and the reason of the team."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.forms.stay import StayForm, refusals_of
from booking.models import Booking
from booking.moments import Moment


def _reason_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Raison de la dérogation"),
        required=required,
        max_length=Booking._meta.get_field("override_reason").max_length,
        help_text=gettext_lazy(
            "L’équipe peut passer outre une règle de l’espace ; la raison reste écrite sur la "
            "réservation."
        ),
        error_messages={"required": gettext_lazy("Dites pourquoi l’équipe passe outre la règle.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MoveForm(StayForm):
    """Another moment, another place, or both, for one booking."""

    reason = _reason_field(required=False)

    def __init__(self, *args: Any, may_override: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_override:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.moment and not self.errors:
            self._read_slot(self.moment)
        return data

    def _read_slot(self, moment: Moment) -> None:
        """A booking is one stretch of time; a lunch break makes two."""
        self.slots = list(moment.slots)
        if len(moment.slots) > 1:
            self.add_error(
                "period",
                ValidationError(
                    _("La pause coupe la journée en deux : choisissez une demi-journée."),
                    code="several_parts",
                ),
            )
        for error in () if moment.slots else moment.problems:
            self.add_error("day", error)


class CancelForm(forms.Form):
    """The reason of the team, when a rule is in the way. Members cancel with an empty form."""

    reason = _reason_field(required=True)

    def __init__(self, *args: Any, may_override: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_override:
            del self.fields["reason"]

    def add_refusal(self, error: ValidationError) -> None:
        for refusal in refusals_of(error):
            self.add_error(None, refusal)
