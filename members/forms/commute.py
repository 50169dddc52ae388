"""The commute that an address carries from the simulator, for who has not applied yet."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.apply import QUERY, ApplyForm


class CarriedCommuteForm(forms.Form):
    """Offers to keep it until the application, which starts from it. `keep` is the consent
    `Use.COMMUTE`: without it nothing is kept.

    Its other fields are those of the application, under the names of an address.
    """

    keep = forms.BooleanField(
        label=_("Garder ce trajet pour ma candidature, et le compter dans le bilan de l’espace"),
        required=False,
        help_text=ApplyForm.base_fields["commute"].help_text,
    )

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told)
        for key, name in QUERY.items():
            self.fields[key] = deepcopy(ApplyForm.base_fields[name])
            self.fields[key].widget = forms.HiddenInput()

    @property
    def is_told(self) -> bool:
        """Whether the address says a whole commute that makes sense."""
        return self.is_valid() and all(self.cleaned_data[key] for key in QUERY)

    @property
    def is_kept(self) -> bool:
        return self.is_told and self.cleaned_data["keep"]

    @property
    def values(self) -> dict[str, Any]:
        """What `change_profile` is given."""
        return {name: self.cleaned_data[key] for key, name in QUERY.items()}
