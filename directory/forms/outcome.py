"""What became of a need, and how a host answers one."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.models import AmountBand, Need, NeedState, Otherwise, OutsideReason, Provider
from directory.services import outcome
from members.forms.refusals import RefusableForm
from members.models import TEXT_LENGTH, User
from members.validators import validate_text

CHOICES = (
    (NeedState.AWARDED_LOCAL.value, _("Confié à quelqu’un d’ici")),
    (NeedState.AWARDED_OUTSIDE.value, _("Confié ailleurs")),
    (NeedState.UNFILLED.value, _("Sans suite")),
)


class OutcomeForm(RefusableForm):
    """One choice, and what is free to say. What does not belong to the choice is left aside."""

    to = forms.ChoiceField(label=_("Qu’en est-il ?"), choices=CHOICES, widget=forms.RadioSelect)
    provider = forms.ModelChoiceField(
        label=_("À qui ?"),
        queryset=Provider.objects.none(),
        required=False,
        empty_label=_("Quelqu’un d’ici qui n’est pas dans la liste"),
    )
    outside_reason = forms.ChoiceField(
        label=_("Pourquoi ailleurs ?"),
        choices=[("", _("Choisissez")), *OutsideReason.choices],
        required=False,
    )
    amount = forms.ChoiceField(
        label=_("Montant, hors taxes"),
        choices=[("", _("Je préfère ne pas le dire")), *AmountBand.choices],
        required=False,
    )
    otherwise = forms.ChoiceField(
        label=_("Sans l’annuaire, d’où serait-ce venu ?"),
        choices=[("", _("Choisissez")), *Otherwise.choices],
        required=False,
    )
    words = forms.CharField(
        label=_("Votre avis"),
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        required=False,
        help_text=_("Lu par l’équipe."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, need: Need, chosen: str = "", **kwargs: Any) -> None:
        self.need = need
        told = need.state in outcome.TOLD
        initial = {
            "to": need.state if told else chosen,
            "provider": need.awarded_to_id,
            "outside_reason": need.outside_reason,
            "amount": need.amount,
            "otherwise": need.otherwise,
            "words": need.outcome_words,
        }
        super().__init__(*args, **{"initial": initial, **kwargs})
        asked: Any = self.fields["provider"]
        asked.queryset = Provider.objects.filter(solicitations__need=need)
        if told:  # the state is said; what goes with it may be completed
            to: Any = self.fields["to"]
            to.choices = [(value, label) for value, label in CHOICES if value == need.state]
        self.asks_provider = not need.awarded_to_id
        if not self.asks_provider:
            del self.fields["provider"]

    def save(self, *, by: User | None, now: datetime) -> Need | None:
        """The need; None when it is refused, and the form says why."""
        said = dict(self.cleaned_data)
        to = NeedState(said.pop("to"))
        if to != NeedState.AWARDED_LOCAL:
            said["provider"] = None
        try:
            return outcome.tell_outcome(need=self.need, to=to, by=by, now=now, **said)
        except ValidationError as refusal:
            self.add_refusal(refusal)
            return None
