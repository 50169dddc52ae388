"""Confirming an erasure: by a word that nobody types by mistake."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

WORD = _("EFFACER")


class EraseMeForm(forms.Form):
    word = forms.CharField(
        label=_("Pour confirmer, écrivez EFFACER"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_word(self) -> str:
        return same_word(self.cleaned_data["word"])


class Asked(TextChoices):
    """How a person asked. A choice and no text: what is typed here would outlive the erasure."""

    LETTER = "letter", _("par lettre")
    EMAIL = "email", _("par e-mail")
    DESK = "desk", _("sur place")
    PHONE = "phone", _("par téléphone")


class EraseForm(EraseMeForm):
    """The operator's: also how the person asked."""

    asked = forms.ChoiceField(label=_("La personne l’a demandé"), choices=Asked)
    field_order = ("asked", "word")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The pages of the admin's theme know no other widgets.
        self.fields["word"].widget = UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"})
        self.fields["asked"].widget = UnfoldAdminSelectWidget(choices=Asked.choices)


def same_word(typed: str) -> str:
    if typed.strip().casefold() != str(WORD).casefold():
        raise ValidationError(
            _("Écrivez %(word)s pour confirmer."), code="word", params={"word": WORD}
        )
    return typed
