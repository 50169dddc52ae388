"""The forms of the second factor: allauth's, in our words."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm as AllauthCodeForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthCodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateAppForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddPasskeyForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as AllauthRenamePasskeyForm
from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import LINE_LENGTH
from members.validators import validate_one_line

CODE_LABEL = _("Code")
NAME_LABEL = _("Nom de la clé")


def as_code(field: forms.Field) -> None:
    """Six digits of an app or eight of a recovery code: no placeholder, the keys for digits."""
    field.widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}
    field.widget.attrs.pop("placeholder", None)


class CodeForm(AllauthCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = CODE_LABEL
        self.fields["code"].widget.attrs["autofocus"] = True
        as_code(self.fields["code"])


class CodeAgainForm(AllauthCodeAgainForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = CODE_LABEL
        as_code(self.fields["code"])


class ActivateAppForm(AllauthActivateAppForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code affiché par l’application")
        as_code(self.fields["code"])


class AddPasskeyForm(AllauthAddPasskeyForm):
    name = forms.CharField(
        label=NAME_LABEL,
        required=False,  # what the browser made would be lost with a form that is refused
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        help_text=_("Pour la reconnaître : « iPhone », « ordinateur du bureau »…"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Se connecter avec cette clé seule, sans mot de passe")
        passwordless.help_text = _(
            "L’appareil vous reconnaît alors par son code, votre doigt ou votre visage. Sans cela, "
            "la clé s’ajoute au mot de passe."
        )
        self.initial.setdefault("passwordless", True)


class RenamePasskeyForm(AllauthRenamePasskeyForm):
    name = forms.CharField(label=NAME_LABEL, max_length=LINE_LENGTH, validators=[validate_one_line])
