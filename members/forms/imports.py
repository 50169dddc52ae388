"""The two steps of an import: a file to look at, then the word to go on."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanWidget

from members import sheets
from members.services.imports import unreadable


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Fichier CSV"),
        # An empty one is told by the report, like all the rest.
        allow_empty_file=True,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv,.txt"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse by the size alone, before a byte is read: `too_big`."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > sheets.MAX_BYTES:
            raise ValidationError(unreadable("too_big"), code="too_big")
        return upload


class ConfirmForm(forms.Form):
    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    with_letters = forms.BooleanField(
        label=_("Envoyer à chacun une lettre pour choisir son mot de passe"),
        required=False,
        help_text=_("Sans elle, personne ne reçoit rien. Cent lettres au plus à la fois."),
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, data: Any = None, *, digest: str = "") -> None:
        super().__init__(data, initial={"digest": digest})
