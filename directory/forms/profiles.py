"""An owner's forms: the small form of each part of a profile."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.forms.new_profile import TradeField, shown_field, skills_field
from directory.models import Activity, Provider, Reference, SpokenLanguage
from directory.services import new_profiles, profile_parts, providers
from members.forms.refusals import RefusableForm
from members.models import User


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _web_address(label: Any) -> forms.URLField:
    return forms.URLField(label=label, required=False, max_length=200, assume_scheme="https")


class PartForm(RefusableForm):
    """The form of one part of a profile. `write` calls the service; `row` is the line it edits."""

    provider: Provider
    row: Any

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


class RowsForm(PartForm):
    """Rows that belong to the provider."""

    def __init__(self, data: Any = None, *, provider: Provider, row: Any = None) -> None:
        self.provider, self.row = provider, row
        super().__init__(data, initial=self.first(provider))


class ColumnsForm(forms.ModelForm, PartForm):  # type: ignore[type-arg]
    """Columns of the provider itself; carries the edition that it was drawn from."""

    section: ClassVar[str]
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    field_of: ClassVar[dict[str, str]] = {"legal_number_taken": "legal_number"}

    def __init__(self, data: Any = None, *, provider: Provider, row: Any = None) -> None:
        self.provider, self.row = provider, row
        # Validation writes on the instance: not on the one of the page.
        own = Provider.objects.get(pk=provider.pk)
        super().__init__(data, instance=own, initial=self.first(provider))

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
    website = _web_address(_("Site web"))

    class Meta:
        model = Provider
        fields = providers.SECTIONS["contact"]
        help_texts: ClassVar = {
            "legal_contact": _("Jamais publiée : elle prouve qui peut gérer la fiche."),
        }


class SkillsForm(RowsForm):
    skills = skills_field()
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


class LanguagesForm(RowsForm):
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


class ShownForm(RowsForm):
    shown = shown_field()

    def first(self, provider: Provider) -> dict[str, Any]:
        return {"shown": [row.field for row in provider.shown_fields.all()]}

    def write(self, by: User, now: datetime) -> None:
        profile_parts.set_shown(
            provider=self.provider, shown=self.cleaned_data["shown"], by=by, now=now
        )


class ActivityForm(RowsForm):
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


class ReferenceForm(RowsForm):
    """A job to add, or one to write anew."""

    rows: ClassVar = Reference
    client = Reference._meta.get_field("client").formfield()
    what = Reference._meta.get_field("what").formfield()
    year = Reference._meta.get_field("year").formfield()
    url = _web_address(_("Page web"))

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
PARTS: dict[str, tuple[Any, type[RowsForm] | type[ColumnsForm]]] = {
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
