"""A service refuses: its words are shown beside the field they are about, which gets the focus."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError


class RefusableForm(forms.Form):
    """A form whose service may refuse what it asks.

    `field_of` says for a code which field it is about; a refusal that names a field needs no entry.
    """

    field_of: ClassVar[Mapping[str, str]] = {}

    def add_refusal(self, refusal: ValidationError) -> None:
        for name, error in self._named(refusal):
            self.add_error(name if name in self.fields else None, error)
        self.focus_first_error()

    def _named(self, refusal: ValidationError) -> Iterator[tuple[str, ValidationError]]:
        if hasattr(refusal, "error_dict"):
            for name, errors in refusal.error_dict.items():
                yield from ((name, error) for error in errors)
            return
        for error in refusal.error_list:
            yield self.field_about(error), error

    def field_about(self, error: ValidationError) -> str:
        return self.field_of.get(str(error.code), "")

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if self.is_bound and not valid:
            self.focus_first_error()
        return valid

    def focus_first_error(self) -> None:
        """Let the page begin at the first field to mend, without JavaScript."""
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)
        first = next((name for name in self.fields if name in self.errors), None)
        if first is not None:
            self.fields[first].widget.attrs["autofocus"] = True

    @property
    def codes(self) -> set[str]:
        found: Any = self.errors.as_data().values()
        return {str(error.code) for errors in found for error in errors}
