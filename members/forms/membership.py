"""What a member is asked on the way: when, until when, why, which plan."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.refusals import RefusableForm
from members.models import Plan
from members.offers import Offer
from members.validators import validate_one_line

DAY_ERRORS = {
    "required": _("Indiquez un jour."),
    "invalid": _("Ce jour n’existe pas au calendrier. Écrivez-le comme 31/12/2026."),
}


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=DAY_ERRORS,
    )


def reason_field(max_length: int) -> forms.CharField:
    return forms.CharField(
        label=_("Raison"),
        required=False,
        max_length=max_length,
        validators=[validate_one_line],
        help_text=_("Seule l’équipe la lit."),
    )


class ConfirmForm(RefusableForm):
    """Nothing to say but yes."""


class PauseForm(RefusableForm):
    field_of: ClassVar = {"past": "start", "too_far": "start", "leaving": "start"}

    start = day_field(_("En pause à partir du"))
    end = day_field(
        _("De retour le"),
        required=False,
        help_text=_("Vide : jusqu’à ce que vous mettiez fin à la pause."),
    )
    reason = reason_field(200)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"start": today})


class LeaveForm(RefusableForm):
    field_of: ClassVar = {"past": "on", "too_far": "on", "notice": "on"}

    on = day_field(
        _("Je ne suis plus membre à partir du"),
        help_text=_("Le premier jour sans adhésion."),
    )
    reason = reason_field(500)

    def __init__(self, data: Any = None, *, earliest: date) -> None:
        super().__init__(data, initial={"on": earliest})


class PlanForm(RefusableForm):
    """Another plan from a day on."""

    field_of: ClassVar = {
        "past": "on",
        "too_far": "on",
        "notice": "on",
        "no_price": "on",
        "leaving": "on",
        "not_offered": "plan",
        "unknown_category": "plan",
    }

    plan = forms.ChoiceField(
        label=_("Nouvelle formule"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez une formule."),
            "invalid_choice": _("Cette formule n’est pas proposée."),
        },
    )
    on = day_field(_("À partir du"))

    def __init__(self, data: Any = None, *, offers: list[Offer], earliest: date) -> None:
        super().__init__(data, initial={"on": earliest})
        self.offers = offers
        self.fields["plan"].choices = [(str(o.plan.pk), o.plan.label) for o in offers]  # type: ignore[attr-defined]

    def clean_plan(self) -> Plan:
        asked = self.cleaned_data["plan"]
        return next(offer.plan for offer in self.offers if str(offer.plan.pk) == asked)

    @property
    def plan_cards(self) -> list[tuple[Any, Offer]]:
        return list(zip(self["plan"], self.offers, strict=True))
