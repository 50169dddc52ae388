"""The commuter of these tests: half of the cross-border workers of the Arc jurassien drive more
than 35 km and 42 minutes one way (OSTAJ 2020). Two days a week at the space, three km away."""

from datetime import date
from decimal import Decimal
from typing import Any

from savings import Amount, Commute, Currency, Energy, Method, Price, edition

FRENCH = {"currency": Currency.EUR, "coworking_fee": Amount(Decimal(12), Currency.EUR)}
SWISS = {"currency": Currency.CHF, "coworking_fee": Amount(Decimal(15), Currency.CHF)}
PETROL_CAR = {
    "consumption": Decimal("7.85"),
    "price": Price(Decimal("1.72"), Currency.EUR, date(2026, 2, 27)),
}


def commuter(**changes: Any) -> Commute:
    """The commuter, in Swiss francs by the variable cost, with ``changes``."""
    told: dict[str, Any] = {
        "distance_km": Decimal(35),
        "minutes": Decimal(42),
        "remote_days_per_week": Decimal(2),
        "coworking_days_per_week": Decimal(2),
        "coworking_km": Decimal(3),
        "coworking_minutes": Decimal(6),
        "weeks": Decimal(46),
        "currency": Currency.CHF,
        "method": Method.CH_VARIABLE,
        "energy": Energy.PETROL,
        "edition": edition(2026),
    }
    return Commute(**(told | changes))
