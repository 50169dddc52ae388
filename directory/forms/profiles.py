"""An owner's forms: a new profile, and the small form of each of its parts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from directory.models import Activity, Commune, Provider, Reference, Shown, SpokenLanguage, Trade
from directory.services import new_profiles, profile_parts, providers
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


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _skills(**options: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Compétences"),
        required=False,
        max_length=2000,
        help_text=_("Vos mots, séparés par des virgules : WordPress, escalier, devis en anglais…"),
        widget=forms.Textarea(attrs={"rows": 2}),
        **options,
    )


def _shown() -> forms.MultipleChoiceField:
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
    skills = _skills()
    description = Provider._meta.get_field("description").formfield(
        widget=forms.Textarea(attrs={"rows": 4})
    )
    commune = forms.ModelChoiceField(Commune.objects.all(), label=_("Commune"))
    email = forms.EmailField(
        label=_("Adresse e-mail professionnelle"),
        required=False,
        help_text=_("On vous écrit par le site ; cette adresse n’est publiée que si vous cochez."),
    )
    shown = _shown()

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


class PartForm(RefusableForm):
    """The form of one part of a profile. `write` calls the service; `row` is the line it edits."""

    def __init__(self, data: Any = None, *, provider: Provider, row: Any = None) -> None:
        self.provider, self.row = provider, row
        super().__init__(data, initial=self.first(provider))

    def first(self, provider: Provider) -> dict[str, Any]:
        return {}

    def write(self, by: User, now: datetime) -> None:
        raise NotImplementedError

    def save(self, *, by: User, now: datetime) -> bool:
        """Whether it was written; if not, the form says why, and keeps what was typed."""
        try:
            self.write(by, now)
        except ValidationError as refusal:
            self.add_refusal(refusal)
            if "stale" in self.codes:
                typed = {name: self.data[name] for name in self.data}
                self.data = {**typed, "seen": self.first(self.provider).get("seen", "")}
            return False
        return True


class ColumnsForm(forms.ModelForm, PartForm):  # type: ignore[type-arg]
    """Columns of the provider itself; carries the edition that it was drawn from."""

    section: ClassVar[str]
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    field_of: ClassVar[dict[str, str]] = {"legal_number_taken": "legal_number"}

    def __init__(self, data: Any = None, *, provider: Provider, row: Any = None) -> None:
        self.provider, self.row = provider, row
        # Validation writes on the instance: not on the one of the page.
        own = Provider.objects.get(pk=provider.pk)
        forms.ModelForm.__init__(self, data, instance=own, initial=self.first(provider))

    def first(self, provider: Provider) -> dict[str, Any]:
        current = Provider.objects.get(pk=provider.pk)
        return {"seen": providers.edition(current, self.section)}

    def write(self, by: User, now: datetime) -> None:
        values = {name: self.cleaned_data[name] for name in providers.SECTIONS[self.section]}
        providers.change(
            provider=self.provider,
            by=by,
            now=now,
            values=values,
            seen=self.cleaned_data["seen"],
        )

    def save(self, *, by: User, now: datetime) -> bool:  # type: ignore[override]
        return PartForm.save(self, by=by, now=now)


class PresentationForm(ColumnsForm):
    section = "presentation"

    class Meta:
        model = Provider
        fields = providers.SECTIONS["presentation"]
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 8})}


class PlaceForm(ColumnsForm):
    section = "place"

    class Meta:
        model = Provider
        fields = providers.SECTIONS["place"]


class PriceForm(ColumnsForm):
    section = "price"

    class Meta:
        model = Provider
        fields = providers.SECTIONS["price"]


class AvailabilityForm(ColumnsForm):
    """People say the last day that is good; the row holds the first that is not."""

    section = "availability"

    class Meta:
        model = Provider
        fields = providers.SECTIONS["availability"]
        widgets: ClassVar = {"available_from": _day(), "available_until": _day()}
        labels: ClassVar = {"available_until": _("jusqu’au, compris")}
        help_texts: ClassVar = {
            "available_until": _("Ensuite, la mention disparaît d’elle-même. Un an au plus.")
        }

    def first(self, provider: Provider) -> dict[str, Any]:
        until = provider.available_until
        last = until - timedelta(days=1) if until else None
        return {**super().first(provider), "available_until": last}

    def clean_available_until(self) -> Any:
        last = self.cleaned_data["available_until"]
        try:
            return last + timedelta(days=1) if last else None
        except OverflowError as error:
            raise ValidationError(_("Cette date est trop lointaine."), code="too_far") from error


class ContactForm(ColumnsForm):
    section = "contact"

    class Meta:
        model = Provider
        fields = providers.SECTIONS["contact"]
        help_texts: ClassVar = {
            "legal_contact": _("Jamais publiée : elle prouve qui peut gérer la fiche."),
        }


class SkillsForm(PartForm):
    skills = _skills()
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    field_of: ClassVar = {"too_many": "skills"}

    def first(self, provider: Provider) -> dict[str, Any]:
        words = provider.skills.order_by("name", "pk").values_list("name", flat=True)
        return {"skills": ", ".join(words), "seen": profile_parts.skills_edition(provider)}

    def write(self, by: User, now: datetime) -> None:
        profile_parts.set_skills(
            provider=self.provider,
            words=new_profiles.split_skills(self.cleaned_data["skills"]),
            by=by,
            now=now,
            seen=self.cleaned_data["seen"],
        )


class LanguagesForm(PartForm):
    languages = forms.MultipleChoiceField(
        label=_("Vous travaillez en"),
        required=False,
        choices=SpokenLanguage.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def first(self, provider: Provider) -> dict[str, Any]:
        return {"languages": [row.language for row in provider.spoken.all()]}

    def write(self, by: User, now: datetime) -> None:
        profile_parts.set_languages(
            provider=self.provider, languages=self.cleaned_data["languages"], by=by, now=now
        )


class ShownForm(PartForm):
    shown = _shown()

    def first(self, provider: Provider) -> dict[str, Any]:
        return {"shown": [row.field for row in provider.shown_fields.all()]}

    def write(self, by: User, now: datetime) -> None:
        profile_parts.set_shown(
            provider=self.provider, shown=self.cleaned_data["shown"], by=by, now=now
        )


class ActivityForm(PartForm):
    """A trade to add, or one to write anew."""

    rows: ClassVar = Activity
    trade = TradeField(label=_("Métier"))
    details = Activity._meta.get_field("details").formfield()
    mode = Activity._meta.get_field("mode").formfield()
    range_km = Activity._meta.get_field("range_km").formfield()

    def first(self, provider: Provider) -> dict[str, Any]:
        return _held(self.row, "trade", "details", "mode", "range_km")

    def write(self, by: User, now: datetime) -> None:
        profile_parts.save_activity(provider=self.provider, by=by, now=now, **self.cleaned_data)


class ReferenceForm(PartForm):
    """A job to add, or one to write anew."""

    rows: ClassVar = Reference
    client = Reference._meta.get_field("client").formfield()
    what = Reference._meta.get_field("what").formfield()
    year = Reference._meta.get_field("year").formfield()
    url = Reference._meta.get_field("url").formfield()

    def first(self, provider: Provider) -> dict[str, Any]:
        return _held(self.row, "client", "what", "year", "url")

    def write(self, by: User, now: datetime) -> None:
        profile_parts.save_reference(
            provider=self.provider,
            by=by,
            now=now,
            values=self.cleaned_data,
            reference=self.row,
        )


def _held(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names} if row is not None else {}


# In the order of the owner's page.
PARTS: dict[str, tuple[Any, type[PartForm]]] = {
    "presentation": (_("Présentation"), PresentationForm),
    "activities": (_("Métiers"), ActivityForm),
    "skills": (_("Compétences"), SkillsForm),
    "place": (_("Où vous travaillez"), PlaceForm),
    "availability": (_("Disponibilités"), AvailabilityForm),
    "price": (_("Prix"), PriceForm),
    "references": (_("Références"), ReferenceForm),
    "languages": (_("Langues"), LanguagesForm),
    "contact": (_("Coordonnées et numéro légal"), ContactForm),
    "shown": (_("Ce qui est publié"), ShownForm),
}
