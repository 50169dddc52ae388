"""Amounts in templates, as the pages of prices write them."""

from decimal import Decimal

from django import template

from members.price_words.amounts import round_money

register = template.Library()


@register.filter
def priced(amount: Decimal, currency: str) -> str:
    """`{{ price|priced:currency }}`: « 8 360 € », “€8,360”, « CHF 8’360.50 »."""
    return round_money(Decimal(amount), currency)
