"""Commute savings: what a year of working away from the office saves in money, hours, kilometres
and CO2.

Plain arithmetic on ``Decimal``: no framework, no clock, no file, no network. Every published
figure carries its unit, its source and its dates; a year without table raises, it never falls
back on another one. The same module serves the public simulator (the promise) and the impact
report (the proof).

    >>> from decimal import Decimal
    >>> from savings import Commute, Currency, Energy, Method, compute, edition
    >>> commute = Commute(
    ...     distance_km=Decimal(35), minutes=Decimal(42), remote_days_per_week=Decimal(2),
    ...     coworking_days_per_week=Decimal(2), coworking_km=Decimal(3),
    ...     coworking_minutes=Decimal(6), currency=Currency.CHF, energy=Energy.PETROL,
    ...     method=Method.CH_VARIABLE, edition=edition(2026),
    ... )
    >>> shown = compute(commute).shown
    >>> shown.net, shown.km, shown.hours
    (Decimal('1623.13'), Decimal('5888.0'), Decimal('110.4'))
"""

from savings.arithmetic import Comparison, compare, compute
from savings.commute import Commute
from savings.editions import EDITIONS, Edition, edition
from savings.emissions import ImpactCo2, impact_co2
from savings.errors import Code, SavingsError
from savings.explanation import Line, explain
from savings.figures import Dated
from savings.limits import LIMITS, Limit
from savings.result import Ceiling, Result, Shown
from savings.values import (
    Amount,
    Co2Scope,
    CostKind,
    Currency,
    Energy,
    ExchangeRate,
    Method,
    Price,
)
from savings.vehicle import METHODS, MethodInfo

__all__ = [
    "EDITIONS",
    "LIMITS",
    "METHODS",
    "Amount",
    "Ceiling",
    "Co2Scope",
    "Code",
    "Commute",
    "Comparison",
    "CostKind",
    "Currency",
    "Dated",
    "Edition",
    "Energy",
    "ExchangeRate",
    "ImpactCo2",
    "Limit",
    "Line",
    "Method",
    "MethodInfo",
    "Price",
    "Result",
    "SavingsError",
    "Shown",
    "compare",
    "compute",
    "edition",
    "explain",
    "impact_co2",
]
