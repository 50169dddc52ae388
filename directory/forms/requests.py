"""What a provider says to a request: an answer, or no with a reason; and who comes forward."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Currency, DeclineReason, Need, Provider, Solicitation
from members.forms.refusals import RefusableForm
from members.models import TEXT_LENGTH, User
from members.validators import validate_text


class AnswerForm(RefusableForm):
    answer = forms.CharField(
        label=_("Votre réponse"),
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        help_text=_("Comment vous feriez, ce qui est compris, ce qu’il vous faut savoir encore."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    price = forms.DecimalField(
        label=_("Prix proposé, hors taxes"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        help_text=_("Vide : à discuter."),
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    currency = forms.ChoiceField(label=_("Monnaie"), choices=Currency.choices)
    starts_on = forms.DateField(
        label=_("Vous pouvez commencer le"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    @classmethod
    def about(cls, solicitation: Solicitation, data: Any = None) -> "AnswerForm":
        """Filled with what was answered before, if anything was."""
        initial: dict[str, Any] = {"currency": solicitation.currency}
        if solicitation.answered_at is None:
            initial["currency"] = solicitation.provider.currency
        else:
            initial |= {name: getattr(solicitation, name) for name in ("answer", "price")}
            initial["starts_on"] = solicitation.starts_on
        return cls(data, initial=initial, auto_id="answer_%s")

    def said(self) -> dict[str, Any]:
        """For the service."""
        values = dict(self.cleaned_data)
        return {"text": values.pop("answer"), **values}


class DeclineForm(RefusableForm):
    reason = forms.ChoiceField(
        label=_("Pourquoi ?"), choices=DeclineReason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Un mot pour le demandeur"),
        required=False,
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class VolunteerForm(RefusableForm):
    """Which of one's published profiles answers."""

    provider = forms.ModelChoiceField(label=_("Avec la fiche"), queryset=Provider.objects.none())

    def __init__(self, *args: Any, user: User, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Provider.objects.published().owned_by(user).exclude(solicitations__need=need)
        field: Any = self.fields["provider"]
        field.queryset = mine.order_by("name", "pk")
        field.empty_label = None
