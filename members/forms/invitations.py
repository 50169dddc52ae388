"""Inviting a friend, and the small sign-up of who was invited."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.models import LINE_LENGTH, TEXT_LENGTH, Invitation, User
from members.services import invitations
from members.validators import validate_one_line, validate_text


class ReferForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse e-mail de la personne"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Son prénom ou son nom"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    message = forms.CharField(
        label=_("Un mot de votre part"),
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        required=False,
        help_text=_("Il figure dans la lettre, sans adresse web."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def save(self, *, by: User, now: datetime) -> Invitation | None:
        """The invitation; None when it is refused, and the form says why."""
        try:
            return invitations.invite(**self.cleaned_data, by=by, now=now)
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None


class JoinForm(forms.Form):
    """A name and a password; the address is the one that was written to."""

    name = forms.CharField(
        label=_("Nom"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        help_text=_("Celui que l’on vous donne à l’accueil : prénom et nom, ou nom d’usage."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = PasswordField(
        label=_("Mot de passe"),
        autocomplete="new-password",
    )

    def __init__(self, data: Any = None, *, invitation: Invitation) -> None:
        super().__init__(data, initial={"name": invitation.name})
        self.invitation = invitation
        self.fields["password1"].help_text = password_validators_help_text_html()

    def clean(self) -> dict[str, Any]:
        """The rules of sign-up: a password unlike the name and the address."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if password := said.get("password1"):
            user = User(email=self.invitation.email, name=said.get("name", ""))
            try:
                get_adapter().clean_password(password, user=user)
            except ValidationError as refusal:
                self.add_error("password1", refusal)
        return said

    def save(self, *, language: str, now: datetime) -> User | None:
        """The account; None when the invitation was closed meanwhile, and the form says why."""
        user = User(name=self.cleaned_data["name"], language=language)
        user.set_password(self.cleaned_data["password1"])  # slow on purpose: before the lock
        try:
            invitations.accept(invitation=self.invitation, user=user, now=now)
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None
        return user
