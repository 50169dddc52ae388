"""The fields of a need, for posting it and for changing it."""

from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.models import AmountBand, Commune, Mode, NeedKind, Skill, Trade
from directory.models.needs import MOST_ANSWERS
from directory.models.providers import FARTHEST_KM
from directory.services import needs
from directory.words import suggested_trades
from members.folding import fold
from members.forms.refusals import RefusableForm
from members.models import LINE_LENGTH
from members.validators import LONGEST_TEXT, validate_one_line, validate_text

MOST_SKILLS: Final = 10


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SkillsField(forms.CharField):
    """Skills with commas between them, among those the directory knows: an unknown one would
    exclude everybody."""

    def clean(self, value: Any) -> Any:
        words = {fold(word): word.strip() for word in str(super().clean(value)).split(",")}
        words.pop("", None)
        if len(words) > MOST_SKILLS:
            raise ValidationError(_("Dix compétences au plus."), code="too_many")
        rows = Skill.objects.select_related("same_as").filter(folded__in=words)
        found = {skill.folded: skill.same_as or skill for skill in rows}
        if unknown := [word for key, word in words.items() if key not in found]:
            raise ValidationError(
                _("L’annuaire ne connaît pas encore « %(words)s » : dites-le dans les détails."),
                code="unknown_skill",
                params={"words": ", ".join(unknown)},
            )
        return sorted(set(found.values()), key=lambda skill: skill.pk)


class AboutNeed(RefusableForm):
    """What is looked for. The trade is suggested from the words when it is left empty."""

    title = forms.CharField(
        label=_("Qu’est-ce qu’il vous faut ?"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        help_text=_("En une phrase : « une vitrine à réparer », « un site pour la boulangerie »."),
    )
    description = forms.CharField(
        label=_("Les détails"),
        max_length=LONGEST_TEXT,
        validators=[validate_text],
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    commune = forms.ModelChoiceField(
        label=_("Où ?"), queryset=Commune.objects.all(), empty_label=_("Choisissez")
    )
    deadline = forms.DateField(label=_("Réponses jusqu’au"), widget=DayInput())
    starts_on = forms.DateField(
        label=_("Début souhaité"),
        required=False,
        widget=DayInput(),
    )
    contact_name = forms.CharField(
        label=_("Votre nom"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    trade = forms.ModelChoiceField(
        label=_("Métier"),
        queryset=Trade.objects.in_use(),
        required=False,
        empty_label=_("Selon mes mots"),
    )
    kind = forms.ChoiceField(label=_("Genre"), choices=NeedKind.choices, initial=NeedKind.NEED)
    mode = forms.ChoiceField(label=_("Travail"), choices=Mode.choices, initial=Mode.ON_SITE)
    radius_km = forms.IntegerField(
        label=_("Dans un rayon de, en km"), min_value=0, max_value=FARTHEST_KM, initial=30
    )
    budget = forms.ChoiceField(
        label=_("Budget, hors taxes"),
        choices=[("", _("Je ne sais pas encore")), *AmountBand.choices],
        required=False,
    )
    answers_wanted = forms.IntegerField(
        label=_("Réponses souhaitées"), min_value=1, max_value=MOST_ANSWERS, initial=3
    )
    skills_must = SkillsField(
        label=_("Compétences indispensables"),
        required=False,
        max_length=500,
        help_text=_("Séparées par des virgules. Qui ne les a pas n’est pas sollicité."),
    )
    skills_nice = SkillsField(label=_("Compétences souhaitées"), required=False, max_length=500)
    contact_phone = forms.CharField(
        label=_("Votre téléphone"),
        max_length=30,
        validators=[validate_one_line],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    is_anonymous = forms.BooleanField(
        label=_("Rester anonyme"),
        required=False,
        help_text=_("Votre nom n’est montré qu’à qui vous répond et que vous acceptez."),
    )

    MORE: ClassVar[tuple[str, ...]] = (
        "kind", "mode", "radius_km", "budget", "answers_wanted", "skills_must", "skills_nice",
        "contact_phone", "is_anonymous",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        deadline, start = said.get("deadline"), said.get("starts_on")
        if deadline and start and start < deadline:
            self.add_error(
                "starts_on",
                ValidationError(
                    _("Le travail commence après la date des réponses."), code="bad_start"
                ),
            )
        if said.get("trade") is None and "trade" not in self.errors:
            words = f"{said.get('title', '')} {said.get('description', '')}"
            said["trade"] = next(iter(suggested_trades(words, most=1)), None)
            self.suggest(said["trade"])
        return said

    def suggest(self, trade: Trade | None) -> None:
        """Drawn again, the select has what the words suggest."""
        if trade is not None:
            data: Any = self.data
            self.data = data = data.copy()
            data["trade"] = str(trade.pk)

    @property
    def about(self) -> dict[str, Any]:
        """The columns of the need."""
        return {name: self.cleaned_data[name] for name in needs.FIELDS}

    @property
    def skills(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("skills_must", "skills_nice")}

    @property
    def more(self) -> list[Any]:
        """The fields behind « préciser »."""
        return [self[name] for name in self.MORE]

    @property
    def shows_more(self) -> bool:
        """Open that part: something there is wrong, or was said."""
        return any(name in self.errors or self._was_said(name) for name in self.MORE)

    def _was_said(self, name: str) -> bool:
        return str(self[name].value() or "") != str(self.fields[name].initial or "")
