"""The question of the page of the plans: how many hours a month, and for whom."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from members.price_words import number
from members.tariff import Days

USUAL_HOURS = "40"
SPACES = str.maketrans("", "", " \u00a0\u202f")


class HoursField(forms.DecimalField):
    """Hours as people type them: « 12,5 », « 12.5 », « 1 000 »."""

    widget = forms.TextInput

    def clean(self, value: Any) -> Any:
        return super().clean(str(value or "").translate(SPACES).replace(",", "."))


class CalculatorForm(forms.Form):
    """Bound to the query string; what is missing there has its usual value.

    Args:
        day: gives the month, which has only so many hours.
        categories: those that get a reduction, as (code, name); the question is left out when
            there are none.
    """

    SLIDER_MOST = 160

    heures = HoursField(
        label=_("Heures par mois"),
        min_value=0,
        decimal_places=2,
        error_messages={
            "required": _("Dites combien d’heures par mois."),
            "invalid": _("Saisissez un nombre d’heures, par exemple 20 ou 12,5."),
            "max_decimal_places": _("Au plus deux chiffres après la virgule."),
            "min_value": _("Un nombre d’heures n’est pas négatif."),
        },
    )
    categorie = forms.ChoiceField(
        label=_("Réduction"),
        required=False,
        error_messages={"invalid_choice": _("Cette catégorie n’existe pas.")},
    )

    def __init__(self, given: QueryDict, *, day: date, categories: Sequence[tuple[str, str]]):
        super().__init__(
            {"heures": given.get("heures", USUAL_HOURS), "categorie": given.get("categorie", "")}
        )
        self.use_required_attribute = False  # the browser would hold back what we explain
        self.most = 24 * len(Days.month_of(day))
        attributes = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 12}
        self.fields["heures"].widget.attrs |= attributes
        if categories:
            choice = cast(forms.ChoiceField, self.fields["categorie"])
            choice.choices = [("", _("Aucune")), *categories]
        else:
            del self.fields["categorie"]
        for name, field in self.fields.items():
            # It stands on the page from the start, so that an update needs no new input.
            field.widget.attrs["aria-describedby"] = f"id_{name}_errors"

    def clean_heures(self) -> Decimal:
        hours: Decimal = self.cleaned_data["heures"]
        if hours > self.most:
            raise ValidationError(
                _("Ce mois n’a que %(most)s heures."),
                code="max_value",
                params={"most": number(Decimal(self.most))},
            )
        return hours

    @property
    def hours(self) -> Decimal:
        hours: Decimal = self.cleaned_data["heures"]
        return hours

    @property
    def slider(self) -> int:
        """Where the slider stands: at its end for more hours than people work."""
        return min(int(self.hours), self.SLIDER_MOST)

    @property
    def hours_said(self) -> str:
        return number(self.hours)

    @property
    def categories(self) -> forms.BoundField | None:
        """The question of the category, where some plan has a reduction."""
        return self["categorie"] if "categorie" in self.fields else None

    @property
    def category(self) -> str:
        category: str = self.cleaned_data.get("categorie", "")
        return category

    @property
    def query(self) -> str:
        """The question as a query string, short."""
        told = {"heures": f"{self.hours.normalize():f}"}
        return urlencode(told | ({"categorie": self.category} if self.category else {}))
