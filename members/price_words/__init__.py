"""Prices in words, in the language of the reader: what a plan costs, and why a line is there.

One place says them, for the public page, the operator's desk and whoever sends a quote. The
arithmetic is in `members.tariff`; nothing here reads a table or the clock.
"""

from members.price_words.amounts import money, number, percent, round_money
from members.price_words.lines import line, pace, yearly_share
from members.price_words.plans import PlanWords, describe, lowered, tax_source

__all__ = [
    "PlanWords",
    "describe",
    "line",
    "lowered",
    "money",
    "number",
    "pace",
    "percent",
    "round_money",
    "tax_source",
    "yearly_share",
]
