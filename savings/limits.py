"""The bounds of every number that comes in, and the one check that applies them.

The bounds are data so that a form can show them and the reference page can list them.
"""

from dataclasses import dataclass
from decimal import Decimal

from savings.errors import Code, SavingsError
from savings.precision import EXACT

# Enough for every published factor; more digits would only let a caller exhaust the precision.
DECIMAL_PLACES = 18


@dataclass(frozen=True, slots=True)
class Limit:
    """Least and greatest value of a field, whether the least is excluded, its step and unit."""

    low: Decimal
    high: Decimal
    unit: str
    positive: bool = False
    step: Decimal | None = None


def _limit(high: str, unit: str, *, low: str = "0", positive: bool = False) -> Limit:
    return Limit(Decimal(low), Decimal(high), unit, positive)


_HALF_DAYS = Limit(Decimal(0), Decimal(7), "days a week", step=Decimal("0.5"))

LIMITS: dict[str, Limit] = {
    "distance_km": _limit("300", "km one way", positive=True),
    "minutes": _limit("300", "min one way"),
    "remote_days_per_week": _HALF_DAYS,
    "coworking_days_per_week": _HALF_DAYS,
    "weeks": _limit("52", "weeks a year"),
    "coworking_km": _limit("300", "km one way"),
    "coworking_minutes": _limit("300", "min one way"),
    "occupancy": _limit("9", "people in the car", low="1"),
    "consumption": _limit("30", "L/100 km", positive=True),
    "consumption_kwh": _limit("60", "kWh/100 km", positive=True),
    "price": _limit("10", "per L or kWh", positive=True),
    "fiscal_power": _limit("99", "CV", low="1"),
    "annual_km": _limit("300000", "km a year", positive=True),
    "rate_per_km": _limit("3", "per km"),
    "amount": _limit("1000", "per day"),
    "fx": _limit("10", "CHF per EUR", positive=True),
    "rebound": _limit("1", "share"),
    "mission_days": _limit("10", "days a year"),
}


def check(field: str, value: object, limit_of: str | None = None) -> None:
    """Refuse a value that is no finite ``Decimal`` within the limits of ``field``.

    ``limit_of`` names another entry of ``LIMITS`` to apply under this field's name. A float or a
    bool is refused for what it is, never converted: 0.1 would no longer be what was typed.
    """
    if not isinstance(value, Decimal):
        raise SavingsError(field, Code.WRONG_TYPE, "Decimal")
    if not value.is_finite():
        raise SavingsError(field, Code.NOT_FINITE)
    limit = LIMITS[limit_of or field]
    if value > limit.high:
        raise SavingsError(field, Code.TOO_LARGE, limit.high)
    if limit.positive and value <= 0:
        raise SavingsError(field, Code.NOT_POSITIVE, Decimal(0))
    if value < limit.low:
        raise SavingsError(field, Code.TOO_SMALL, limit.low)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMAL_PLACES:
        raise SavingsError(field, Code.TOO_PRECISE, DECIMAL_PLACES)
    if limit.step is not None and EXACT.remainder(value, limit.step):
        raise SavingsError(field, Code.NOT_A_STEP, limit.step)


def check_whole(field: str, value: object) -> None:
    """Refuse a value that is no ``int`` within the limits of ``field``."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise SavingsError(field, Code.WRONG_TYPE, "int")
    limit = LIMITS[field]
    if value < limit.low:
        raise SavingsError(field, Code.TOO_SMALL, limit.low)
    if value > limit.high:
        raise SavingsError(field, Code.TOO_LARGE, limit.high)


def check_type(field: str, value: object, expected: type) -> None:
    """Refuse a value that is no ``expected``."""
    if not isinstance(value, expected):
        raise SavingsError(field, Code.WRONG_TYPE, expected.__name__)
