"""The application: few questions, a commute that may be left out, and consents one by one."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from members.forms.refusals import RefusableForm
from members.models import (
    LINE_LENGTH,
    TEXT_LENGTH,
    Heard,
    LegalText,
    Means,
    Member,
    Plan,
    Use,
)
from members.offers import Offer, reductions_of
from members.services.profiles import COMMUTE
from members.validators import validate_one_line, validate_text

# The free consents, each beside its field; what every member accepts are the texts.
CONSENTS: Final = {
    "directory": Use.DIRECTORY,
    "presence": Use.PRESENCE,
    "news": Use.NEWS,
    "commute": Use.COMMUTE,
}
# What the simulator knows already, by its name in an address.
QUERY: Final = {"km": "commute_km", "minutes": "commute_minutes", "means": "commute_means"}


class VersionBox(forms.CheckboxInput):
    """A box whose value is the version that the page shows: ticking it says which one was read."""

    def __init__(self, version: str) -> None:
        super().__init__(check_test=lambda value: value == version)
        self.version = version

    def format_value(self, value: Any) -> str:
        return self.version

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, "")


class ApplyForm(RefusableForm):
    """Ask for a plan. `accepted`, `profile` and `consents` are what the service is given."""

    field_of: ClassVar = {
        "not_offered": "plan",
        "no_price": "starts_on",
        "unknown_category": "category",
    }

    trade = forms.CharField(
        label=_("Métier"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        required=False,
        help_text=_("Par exemple : graphiste, horlogère, développeur."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    company = forms.CharField(
        label=_("Entreprise ou employeur"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    plan = forms.ChoiceField(
        label=_("Formule souhaitée"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez une formule."),
            "invalid_choice": _("Cette formule n’est pas proposée."),
        },
    )
    starts_on = forms.DateField(
        label=_("Je voudrais commencer le"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Indiquez un jour."),
            "invalid": _("Ce jour n’existe pas au calendrier. Écrivez-le comme 31/12/2026."),
        },
    )
    category = forms.ChoiceField(
        label=_("Tarif réduit"),
        required=False,
        help_text=_("L’équipe vous demandera un justificatif."),
        error_messages={"invalid_choice": _("Choisissez une catégorie de la liste.")},
    )
    heard = forms.ChoiceField(
        label=_("Comment avez-vous connu l’espace ?"),
        required=False,
        choices=[("", "—"), *Heard.choices],
        error_messages={"invalid_choice": _("Choisissez une réponse de la liste.")},
    )
    message = forms.CharField(
        label=_("Message à l’équipe"),
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    commute_km = forms.DecimalField(
        label=_("Distance jusqu’au travail, en km"),
        max_digits=4,
        decimal_places=1,
        min_value=0.1,
        max_value=500,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )
    commute_minutes = forms.IntegerField(
        label=_("Durée du trajet, en minutes"),
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    commute_means = forms.ChoiceField(
        label=_("Moyen de transport"),
        required=False,
        choices=[("", "—"), *Means.choices],
        error_messages={"invalid_choice": _("Choisissez un moyen de la liste.")},
    )
    commute = forms.BooleanField(
        label=_("J’accepte que mon trajet compte dans le bilan de l’espace"),
        required=False,
        help_text=_(
            "Pour mesurer les kilomètres, les heures et le CO₂ que l’espace épargne. Le bilan ne "
            "montre que des totaux. Sans cette case, rien n’est gardé de votre trajet."
        ),
    )
    directory = forms.BooleanField(
        label=_("Les autres membres voient mon nom et mon métier"),
        required=False,
        help_text=_("Pour que l’on sache qui vient, et que l’on se rencontre."),
    )
    presence = forms.BooleanField(
        label=_("J’apparais dans « qui est là »"),
        required=False,
        help_text=_("Pour que les membres sachent qui ils croiseront un jour donné."),
    )
    news = forms.BooleanField(
        label=_("Je reçois les annonces par e-mail"),
        required=False,
        help_text=_("Pour être prévenu des événements et des changements d’horaires."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        member: Member,
        offers: list[Offer],
        texts: Mapping[Use, LegalText],
        agreed: Collection[str],
        today: date,
        query: Mapping[str, Any] | None = None,
    ) -> None:
        initial: dict[str, Any] = {
            "trade": member.trade,
            "company": member.company,
            "starts_on": today,
            **{name: getattr(member, name) for name in COMMUTE},
            **{name: use in agreed for name, use in CONSENTS.items()},
        }
        super().__init__(data, initial=initial)
        self.offers, self.texts = offers, texts
        self._offer_plans()
        self._ask_for_texts()
        if query:
            self._prefill(query)

    def _offer_plans(self) -> None:
        plan, category = self.fields["plan"], self.fields["category"]
        plan.choices = [(str(offer.plan.pk), offer.plan.label) for offer in self.offers]  # type: ignore[attr-defined]
        if len(self.offers) == 1:
            self.initial["plan"] = str(self.offers[0].plan.pk)
        if reductions := reductions_of(self.offers):
            category.choices = [("", _("Plein tarif")), *reductions]  # type: ignore[attr-defined]
        else:
            del self.fields["category"]

    def _ask_for_texts(self) -> None:
        for use, text in self.texts.items():
            self.fields[use.value] = forms.CharField(
                label=use.label,
                widget=VersionBox(text.version),
                error_messages={"required": _("Lisez et acceptez ce texte.")},
            )

    def _prefill(self, query: Mapping[str, Any]) -> None:
        """Start from what an address says, as far as it makes sense. Nothing is kept of it."""
        for key, name in QUERY.items():
            try:
                value = self.fields[name].clean(query.get(key, ""))
            except ValidationError:
                continue
            if value not in (None, ""):
                self.initial[name] = value
        for offer in self.offers:
            if offer.plan.code == query.get("plan"):
                self.initial["plan"] = str(offer.plan.pk)

    def clean_plan(self) -> Plan:
        asked = self.cleaned_data["plan"]
        return next(offer.plan for offer in self.offers if str(offer.plan.pk) == asked)

    def field_about(self, error: ValidationError) -> str:
        if error.code == "texts" and error.params:
            return str(error.params["use"])
        return super().field_about(error)

    @property
    def accepted(self) -> dict[Use, str]:
        """The version of each text whose box is ticked."""
        return {use: self.cleaned_data[use.value] for use in self.texts}

    @property
    def profile(self) -> dict[str, Any]:
        said, names = self.cleaned_data, ["trade", "company"]
        return {name: said[name] for name in (*names, *(COMMUTE if said["commute"] else ()))}

    @property
    def consents(self) -> dict[Use, bool]:
        return {use: self.cleaned_data[name] for name, use in CONSENTS.items()}

    # For the page

    @property
    def plan_cards(self) -> list[tuple[Any, Offer]]:
        """Each radio with the plan it stands for."""
        return list(zip(self["plan"], self.offers, strict=True))

    @property
    def text_boxes(self) -> list[tuple[Any, LegalText]]:
        return [(self[use.value], text) for use, text in self.texts.items()]

    @property
    def asks_category(self) -> bool:
        return "category" in self.fields

    @property
    def shows_commute(self) -> bool:
        """Open that part of the page: something is there, or is wrong."""
        names = [*COMMUTE, "commute"]
        return any(self[name].value() or name in self.errors for name in names)
