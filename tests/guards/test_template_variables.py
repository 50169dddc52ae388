"""The guard against unknown template variables bites, and only then."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine, Origin, Template
from django.template.loader import render_to_string

from tests import guards


def render(source: str, name: str = "booking/page.html", **values: object) -> str:
    """Render `source` as if it stood in the file `templates/<name>`."""
    origin = Origin(str(Path(settings.BASE_DIR) / "templates" / name), name)
    engine = Engine.get_default()
    return Template(source, origin, name, engine).render(Context(values))


@pytest.mark.parametrize(
    "source",
    [
        "{{ price }}",
        "{{ price|upper }}",
        "{{ booking.nobody }}",
        "{% if price %}x{% endif %}",
        "{% if booking.nobody and price %}x{% endif %}",
        "{% if 1 and price > 2 %}x{% endif %}",
        "{% for line in price %}x{% endfor %}",
        "{% with total=price %}x{% endwith %}",
        "{% load i18n %}{% blocktranslate %}Prix {{ price }}{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate %}Prix {{ booking.name }}{% endblocktranslate %}",
    ],
)
def test_an_unknown_variable_is_a_complaint(source: str) -> None:
    render(source, booking={"name": "Poste 1"})
    (complaint,) = guards.take()
    assert complaint.startswith("templates/booking/page.html: unknown variable")


@pytest.mark.parametrize(
    "source",
    [
        "{{ booking.name }}",
        '{{ price|default:"0" }}',
        '{% if price|default:"" %}x{% endif %}',
        "{% if nothing %}x{% endif %}",
        "{% if nothing.name %}x{% endif %}",
        "{% for line in lines %}{{ forloop.counter }}{% endfor %}",
        "{% load i18n %}{% blocktranslate with n=booking.name %}Le {{ n }}{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate count n=2 %}{{ n }} un{% plural %}{{ n }}"
        "{% endblocktranslate %}",
    ],
)
def test_what_exists_or_has_a_default_is_fine(source: str) -> None:
    render(source, booking={"name": "Poste 1"}, nothing=None, lines=["a"])
    assert guards.take() == []


def test_a_component_may_ask_whether_an_argument_was_given() -> None:
    render("{% if icon %}x{% endif %}", "components/button.html")
    assert guards.take() == []


def test_a_component_may_not_print_an_argument_that_was_not_given() -> None:
    render("{{ icon }}", "components/button.html")
    assert "unknown variable 'icon'" in guards.take()[0]


def test_a_typo_in_an_attribute_is_a_complaint_even_in_a_component() -> None:
    render("{% if booking.nobody %}x{% endif %}", "components/card.html", booking=object())
    assert "unknown variable 'booking.nobody'" in guards.take()[0]


def test_the_elements_of_allauth_have_optional_attributes() -> None:
    render("{% if attrs.href %}x{% endif %}", "allauth/elements/button.html", attrs={})
    assert guards.take() == []


def test_templates_of_libraries_are_their_own_business() -> None:
    engine = Engine.get_default()
    Template("{{ price }}", Origin("/elsewhere/page.html"), "page.html", engine).render(Context())
    assert guards.take() == []


def test_the_templates_on_disk_are_watched() -> None:
    render_to_string("components/badge.html", {"tone": "free", "icon": ""})
    assert "components/badge.html: unknown variable 'text'" in guards.take()[0]
