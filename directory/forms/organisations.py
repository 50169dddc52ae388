"""Inviting somebody to act for an order giver."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from directory.services import organisations
from members.forms.refusals import RefusableForm
from members.models import User


class InviteAgentForm(RefusableForm):
    email = forms.EmailField(
        label=_("Adresse e-mail de la personne"),
        help_text=_("Avec ou sans compte : elle acceptera sur la page de la lettre."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def save(self, *, organisation: Organisation, by: User, now: datetime) -> bool:
        """Whether the letter leaves; when it is refused, the form says why."""
        try:
            organisations.invite_agent(
                organisation=organisation, email=self.cleaned_data["email"], by=by, now=now
            )
        except ValidationError as refusal:
            self.add_refusal(refusal)
            return False
        return True
