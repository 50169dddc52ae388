"""The fields of the simulator: numbers as people type them, choices, days."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from savings import SavingsError
from savings.limits import check, check_whole
from simulator import numbers, words
from simulator.forms.widgets import HalfDaySlider, PlainInput, PlainSelect

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class SharedField(forms.Field):
    """A field as declared, for every form: Django copies each for a form that may change it, and
    thirty copies are a twentieth of an answer. Nothing here may change a field or its widget."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class NumberField(SharedField):
    """A number as people type it, within the limits that `savings` gives under ``limit``."""

    widget = PlainInput
    default_error_messages = {  # noqa: RUF012 (Django's own way of declaring them)
        "required": _("Saisissez un nombre."),
        "not_a_number": _("Saisissez un nombre, par exemple 1 200 ou 7,5."),
    }

    def __init__(
        self, limit: str, *, unit: "StrOrPromise", whole: bool = False, **options: Any
    ) -> None:
        super().__init__(help_text=unit, **options)
        self.limit, self.whole = limit, whole

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        if isinstance(widget, HalfDaySlider):
            return {}  # nothing is typed there
        return {"inputmode": "decimal", "autocomplete": "off", "maxlength": 30}

    def to_python(self, value: str | None) -> Decimal | None:
        if value is None or not value.strip():
            return None
        try:
            number = numbers.parse(value)
            if self.whole and number != int(number):
                raise ValueError(value)
        except ValueError:
            raise forms.ValidationError(
                self.error_messages["not_a_number"], code="not_a_number"
            ) from None
        return number

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        try:
            if self.whole:
                check_whole(self.limit, int(value))
            else:
                check(self.limit, value)
        except SavingsError as error:
            raise refused(error) from None


def refused(error: SavingsError) -> forms.ValidationError:
    """Return the refusal of `savings` as one of a form: same code, in words."""
    return forms.ValidationError(
        words.refusal(error), code=error.code, params={"limit": error.limit}
    )


class SharedChoiceField(SharedField, forms.ChoiceField):
    pass


class SharedDateField(SharedField, forms.DateField):
    pass


def choice(
    label: "StrOrPromise", choices: "list[tuple[str, StrOrPromise]]", **options: Any
) -> forms.ChoiceField:
    """A choice of one among several."""
    options.setdefault("widget", PlainSelect)
    return SharedChoiceField(label=label, choices=choices, **options)


def day(label: "StrOrPromise") -> forms.DateField:
    """A day that may be left empty, written as browsers write it."""
    widget = PlainInput(attrs={"type": "date"})
    return SharedDateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])
