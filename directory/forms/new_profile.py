"""The form of a new profile, and the fields that its later parts share with it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from directory.models import Commune, Provider, Shown, Trade
from directory.services import new_profiles
from members.forms.refusals import RefusableForm
from members.models import User


class _BySector(ModelChoiceIterator):  # type: ignore[type-arg]
    """The trades under the name of their family."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        trades = sorted(self.queryset, key=lambda t: (t.sector.position, t.sector.name, t.name))
        for sector, group in groupby(trades, key=lambda trade: str(trade.sector)):
            yield (sector, [self.choice(trade) for trade in group])


class TradeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    iterator = _BySector

    def __init__(self, **kwargs: Any) -> None:
        trades = Trade.objects.in_use().select_related("sector")
        super().__init__(trades, empty_label=_("Choisissez un métier"), **kwargs)


def skills_field(**options: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Compétences"),
        required=False,
        max_length=2000,
        help_text=_("Vos mots, séparés par des virgules : WordPress, escalier, devis en anglais…"),
        widget=forms.Textarea(attrs={"rows": 2}),
        **options,
    )


def shown_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Ce que vous acceptez de publier"),
        required=False,
        choices=Shown.choices,
        help_text=_("Chaque case est un accord, que vous pouvez retirer à tout moment."),
        widget=forms.CheckboxSelectMultiple,
    )


class NewProfileForm(RefusableForm):
    """All that one click needs; the rest is written later, part by part."""

    name = Provider._meta.get_field("name").formfield()
    headline = Provider._meta.get_field("headline").formfield()
    trade = TradeField(label=_("Métier principal"), required=False)
    skills = skills_field()
    description = Provider._meta.get_field("description").formfield(
        widget=forms.Textarea(attrs={"rows": 4})
    )
    commune = forms.ModelChoiceField(Commune.objects.all(), label=_("Commune"))
    email = forms.EmailField(
        label=_("Adresse e-mail professionnelle"),
        required=False,
        help_text=_("On vous écrit par le site ; cette adresse n’est publiée que si vous cochez."),
    )
    shown = shown_field()

    def save(self, *, by: User, now: datetime) -> Provider | None:
        """The new draft; None when it is refused, and the form says why."""
        data = dict(self.cleaned_data)
        trade, words, shown = data.pop("trade"), data.pop("skills"), data.pop("shown")
        try:
            return new_profiles.create(
                by=by,
                now=now,
                values=data,
                trades=[trade] if trade else [],
                skills=new_profiles.split_skills(words),
                shown=shown,
            )
        except ValidationError as refusal:
            self.add_refusal(refusal)
            return None
