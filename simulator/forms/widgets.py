"""Inputs written without a template each: the page has thirty of them and must be instant."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Attributes = dict[str, Any]


class PlainInput(forms.TextInput):
    """An `<input>`; its type may be given among the attributes."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: Attributes | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        own = {"type": self.input_type, "name": name} | self.attrs
        shown = self.format_value(value)
        if shown is not None:
            own["value"] = shown
        return format_html("<input{}>", flatatt(self.build_attrs(own, attrs)))


class PlainSelect(forms.Select):
    """A `<select>` of one value, without groups."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: Attributes | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        options = format_html_join(
            "",
            "<option{}>{}</option>",
            (
                (flatatt({"value": key, "selected": str(key) == str(value)}), label)
                for key, label in self.choices
            ),
        )
        attributes = self.build_attrs({"name": name} | self.attrs, attrs)
        return format_html("<select{}>{}</select>", flatatt(attributes), options)
