"""What anybody may send about a published profile: a message, a report, a claim."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.gate import GatedForm
from directory.models import ReportReason
from members.forms.refusals import RefusableForm
from members.models import LINE_LENGTH, TEXT_LENGTH
from members.validators import validate_one_line, validate_text


class MessageForm(GatedForm, RefusableForm):
    """Of a visitor, whose address is to be proved."""

    gate_action = "directory_message"
    field_of: ClassVar = {"duplicate": "text"}
    sender_name = forms.CharField(
        label=_("Votre nom"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    sender_email = forms.EmailField(
        label=_("Votre adresse e-mail"),
        help_text=_("Pour vous répondre. Nous vous y écrivons d’abord, pour la vérifier."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    text = forms.CharField(
        label=_("Votre message"),
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 7}),
    )


class KnownMessageForm(MessageForm):
    """Of somebody with an account: name and address are known."""

    sender_name = None  # type: ignore[assignment]
    sender_email = None  # type: ignore[assignment]


class ReportForm(GatedForm, RefusableForm):
    gate_action = "directory_report"
    reason = forms.ChoiceField(
        label=_("Qu’est-ce qui ne va pas ?"),
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Précisions"),
        required=False,
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ClaimForm(RefusableForm):
    message = forms.CharField(
        label=_("Un mot pour l’équipe"),
        required=False,
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        help_text=_("Votre fonction, par exemple : ce qui montre que c’est votre activité."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
