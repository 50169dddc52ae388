"""How many commutes `savings` works out in a second, in one process."""

import time
from datetime import date
from decimal import Decimal
from typing import Final

from savings import Commute, Currency, Energy, ExchangeRate, Method, Price, compute, edition

AT_LEAST: Final = 10_000  # a second
SECONDS: Final = 1.0
DAY: Final = date(2026, 3, 6)


def computations(seconds: float = SECONDS) -> float:
    """Per second: each a question of its own, by every method in turn."""
    methods = list(Method)
    began = time.perf_counter()
    done = 0
    while time.perf_counter() < began + seconds:
        for method in methods:
            compute(_commute(method, done))
            done += 1
    return done / (time.perf_counter() - began)


def _commute(method: Method, number: int) -> Commute:
    return Commute(
        distance_km=Decimal(number % 250 + 1),
        minutes=Decimal(42),
        remote_days_per_week=Decimal(2),
        coworking_days_per_week=Decimal(2),
        coworking_km=Decimal(3),
        coworking_minutes=Decimal(6),
        currency=Currency.CHF,
        method=method,
        energy=Energy.PETROL,
        edition=edition(2026),
        consumption=Decimal("7.85"),
        price=Price(Decimal("1.82"), Currency.EUR, DAY),
        fiscal_power=5,
        annual_km=Decimal(300_000),
        rate_per_km=Decimal("0.5"),
        fx=ExchangeRate(Decimal("0.93"), DAY),
    )
