"""What one member writes to another."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import TEXT_LENGTH
from members.validators import validate_text


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Votre message"),
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 5}),
    )
