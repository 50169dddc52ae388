"""Tariffs as data, and the one function that prices them.

Standard library only, values in, values out; nothing here reads the clock. Prices include VAT.
What a tariff may say is in `shape`, what a price answers in `statement`, the rules in `pricing`;
docs/tariffs.md has the invariants and worked examples.
"""

from members.tariff.choice import Choice, best_plan
from members.tariff.days import Days, add_months, anniversaries, in_force
from members.tariff.packs import Draw, Overdrawn, Pack, after, bought, usable
from members.tariff.presence import Stay
from members.tariff.pricing import price
from members.tariff.shape import (
    DESK,
    GUEST,
    ROOM,
    Every,
    Fee,
    Metering,
    PackOffer,
    Quota,
    Rate,
    Reduction,
    Rounding,
    Tariff,
    Unit,
)
from members.tariff.statement import Code, Line, Statement, Unpriced

__all__ = [
    "DESK",
    "GUEST",
    "ROOM",
    "Choice",
    "Code",
    "Days",
    "Draw",
    "Every",
    "Fee",
    "Line",
    "Metering",
    "Overdrawn",
    "Pack",
    "PackOffer",
    "Quota",
    "Rate",
    "Reduction",
    "Rounding",
    "Statement",
    "Stay",
    "Tariff",
    "Unit",
    "Unpriced",
    "add_months",
    "after",
    "anniversaries",
    "best_plan",
    "bought",
    "in_force",
    "price",
    "usable",
]
