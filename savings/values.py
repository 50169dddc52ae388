"""The small vocabulary of the calculation: currencies, energies, scopes, methods, amounts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from savings.errors import Code, SavingsError
from savings.limits import check, check_type


class Currency(StrEnum):
    """ISO 4217 code of the two currencies of the border."""

    EUR = "EUR"
    CHF = "CHF"


class Energy(StrEnum):
    """What the car runs on. A hybrid is one that is never plugged in: it burns petrol."""

    PETROL = "petrol"
    DIESEL = "diesel"
    LPG = "lpg"
    E85 = "e85"
    HYBRID = "hybrid"
    ELECTRIC = "electric"


class Method(StrEnum):
    """How the money of a kilometre is counted. ``savings.METHODS`` says what each one covers."""

    FUEL_PRICE = "fuel_price"
    FUEL_SCALE = "fuel_scale"
    FR_MARGINAL = "fr_marginal"
    FR_AVERAGE = "fr_average"
    CH_VARIABLE = "ch_variable"
    CH_FULL = "ch_full"
    CH_RATE = "ch_rate"
    OWN_RATE = "own_rate"


class CostKind(StrEnum):
    """Which part of the cost of a car a method counts."""

    FUEL = "fuel"
    VARIABLE = "variable"
    FULL = "full"


class Co2Scope(StrEnum):
    """Which emissions of the car are counted.

    ``USAGE``, the default, leaves out the manufacture of a car that is kept anyway.
    ``LIFE_CYCLE`` spreads the manufacture over the kilometres. ``BURNT`` counts the litres of
    this very car.
    """

    USAGE = "usage"
    LIFE_CYCLE = "life_cycle"
    BURNT = "burnt"


@dataclass(frozen=True, slots=True)
class Amount:
    """Money per day in a stated currency, from 0 to 1 000."""

    value: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        check("amount", self.value)
        check_type("amount_currency", self.currency, Currency)


NOTHING = Amount(Decimal(0), Currency.EUR)


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a litre, or of a kWh for an electric car, as seen on a day. No default."""

    value: Decimal
    currency: Currency
    on: date

    def __post_init__(self) -> None:
        check("price", self.value)
        check_type("price_currency", self.currency, Currency)
        check_type("price_date", self.on, date)


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """Swiss francs for one euro on a day. There is no default rate."""

    chf_per_eur: Decimal
    on: date

    def __post_init__(self) -> None:
        check("fx", self.chf_per_eur)
        check_type("fx_date", self.on, date)


def convert(value: Decimal, source: Currency, target: Currency, fx: ExchangeRate | None) -> Decimal:
    """Return ``value`` in ``target``. Zero needs no rate; anything else across currencies does."""
    if source is target or not value:
        return value
    if fx is None:
        raise SavingsError("fx", Code.REQUIRED, f"{source}/{target}")
    return value * fx.chf_per_eur if target is Currency.CHF else value / fx.chf_per_eur
