"""An offer is read as an amount: grouped, without cents that say nothing, in its currency."""

import pytest
from django.template import Context, Template
from django.utils import translation


@pytest.mark.parametrize(
    ("amount", "currency", "french", "english"),
    [
        ("8360.00", "EUR", "8\u00a0360\u00a0€", "€8,360"),
        ("45.50", "EUR", "45,50\u00a0€", "€45.50"),
        ("1200.00", "CHF", "CHF\u00a01’200", "CHF\u00a01’200"),
    ],
)
def test_an_amount_is_written_in_the_language_of_the_reader(amount, currency, french, english):
    shown = Template("{% load prices %}{{ amount|priced:currency }}")
    for language, words in (("fr", french), ("en", english)):
        with translation.override(language):
            assert shown.render(Context({"amount": amount, "currency": currency})) == words
