"""An unknown variable in a template of ours is a fault, not an empty string.

Django renders nothing for a name it does not know, so a typo or a forgotten context entry loses a
price or a date in silence. In `templates/`, looking one up is a complaint, except

- with a `default` filter right after it: `{{ icon|default:"" }}`, `{% if wide|default:"" %}`;
- in an `{% if %}` of a component or of an override of a library's template, a bare name that is
  not there: components have optional arguments, and the library decides what it passes;
- in an `{% if %}`, an attribute of something that is None.

`{% blocktranslate %}` looks names up in its own way and knows no dots: `{{ a.b }}` in it is empty.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import base, context, defaulttags
from django.template.base import FilterExpression, Origin, Parser, Variable, VariableDoesNotExist
from django.template.defaultfilters import default, default_if_none
from django.template.defaulttags import TemplateLiteral
from django.templatetags.i18n import BlockTranslateNode

from tests.guards import complain

LENIENT_FOLDERS = ("components", "allauth", "account", "admin", "django", "unfold")


def our_template(origin: Origin | None) -> str | None:
    """The name of a template that stands in our `templates/`, None for one of a library."""
    folder = Path(settings.BASE_DIR) / "templates"
    if origin is None or not Path(str(origin.name)).is_relative_to(folder):
        return None
    return Path(str(origin.name)).relative_to(folder).as_posix()


class WatchedVariable(Variable):
    """A variable that complains when it does not exist, unless that was foreseen."""

    __slots__ = ("has_default", "is_question", "template")

    def __init__(self, name: str, template: str, *, has_default: bool) -> None:
        super().__init__(name)
        self.template = template
        self.has_default = has_default
        self.is_question = False

    def resolve(self, context: Any) -> Any:
        try:
            return super().resolve(context)
        except VariableDoesNotExist as error:
            if not self.is_foreseen(*error.params):
                complain(f"templates/{self.template}: unknown variable {self.var!r}: {error}")
            raise

    def is_foreseen(self, bit: str, owner: object) -> bool:
        if self.has_default:
            return True
        if not self.is_question:
            return False
        folder = self.template.split("/", maxsplit=1)[0]
        if isinstance(owner, context.BaseContext):
            return folder in LENIENT_FOLDERS
        # allauth hands `attrs` and `slots` to its elements as dictionaries with optional keys.
        return owner is None or (folder == "allauth" and isinstance(owner, dict))


class WatchedExpression(FilterExpression):
    __slots__ = ()

    def __init__(self, token: str, parser: Parser) -> None:
        super().__init__(token, parser)
        template = our_template(getattr(parser, "origin", None))
        if template and self.is_var:
            first = self.filters[0][0] if self.filters else None
            has_default = first in (default, default_if_none)
            self.var = WatchedVariable(self.var.var, template, has_default=has_default)


class WatchedLiteral(TemplateLiteral):
    """A name in the condition of an `{% if %}`."""

    def __init__(self, value: Any, text: str) -> None:
        super().__init__(value, text)
        if isinstance(value.var, WatchedVariable):
            value.var.is_question = True


def render_block_translate(self: BlockTranslateNode, context: Any, nested: bool = False) -> str:
    if template := our_template(self.origin):
        given = {*self.extra_context, self.countervar}
        for token in [*self.singular, *(self.plural or [])]:
            name = token.contents
            if token.token_type == base.TokenType.VAR and name not in given and name not in context:
                complain(f"templates/{template}: unknown variable {name!r} in blocktranslate")
    return _render_block_translate(self, context, nested)


_render_block_translate = BlockTranslateNode.render


def install() -> None:
    """Watch every template that is compiled from now on."""
    base.FilterExpression = WatchedExpression
    defaulttags.TemplateLiteral = WatchedLiteral
    BlockTranslateNode.render = render_block_translate  # type: ignore[method-assign]
