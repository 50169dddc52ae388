"""The prices that the simulator supposes: the operator's latest rows, else the quotes of `savings`.

Read once a minute for each process and kept in its memory: a page asks the database for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.core.cache import caches

from savings import Currency, Dated, Energy, ExchangeRate, Price
from savings.france import PUMP_PRICES as FRENCH_PRICES
from savings.switzerland import PUMP_PRICES as SWISS_PRICES
from simulator.models import Kind, Quote

# After that a price says that it may have changed.
OLD_AFTER: Final = timedelta(days=60)
KEPT_FOR: Final = 60  # seconds
_KEY: Final = "simulator.prices"

# A hybrid that is never plugged in fills up like a petrol car.
_FILLS_UP_LIKE: Final = {Energy.HYBRID: Energy.PETROL}
_SHIPPED: Final = {Currency.EUR: FRENCH_PRICES, Currency.CHF: SWISS_PRICES}


def _shipped() -> dict[Kind, Dated[Decimal]]:
    found = {}
    for currency, prices in _SHIPPED.items():
        for energy, quotes in prices.items():
            if (kind := Kind.of(energy, currency)) is not None:
                found[kind] = quotes[-1]
    return found


@dataclass(frozen=True, slots=True)
class Prices:
    """The latest dated figure of each kind; what is missing, the person has to say."""

    quotes: Mapping[Kind, Dated[Decimal]] = field(default_factory=_shipped)

    def of(self, energy: Energy, currency: Currency) -> Dated[Decimal] | None:
        """The price of a litre or of a kWh in the country of `currency`, None if unknown."""
        kind = Kind.of(_FILLS_UP_LIKE.get(energy, energy), currency)
        return None if kind is None else self.quotes.get(kind)

    def price(self, energy: Energy, currency: Currency) -> Price | None:
        """The same as an input of the calculation."""
        quote = self.of(energy, currency)
        if quote is None or quote.valid_from is None:
            return None
        return Price(quote.value, currency, quote.valid_from)

    @property
    def rate(self) -> Dated[Decimal] | None:
        """Francs for one euro. There is none until the operator writes one."""
        return self.quotes.get(Kind.RATE)

    @property
    def exchange_rate(self) -> ExchangeRate | None:
        """The same as an input of the calculation."""
        rate = self.rate
        if rate is None or rate.valid_from is None:
            return None
        return ExchangeRate(rate.value, rate.valid_from)


def current() -> Prices:
    """The prices that hold, at most a minute old. One query when this process forgot them."""
    memory = caches["process"]
    kept: Prices | None = memory.get(_KEY)
    if kept is None:
        kept = Prices(_shipped() | _recorded())
        memory.set(_KEY, kept, KEPT_FOR)
    return kept


def forget() -> None:
    """Read again at the next page of this process; the others follow within the minute."""
    caches["process"].clear()


def is_old(quote: Dated[Decimal], today: date) -> bool:
    """Whether the figure was seen so long ago that the page should say so."""
    return quote.valid_from is not None and today - quote.valid_from > OLD_AFTER


def _recorded() -> dict[Kind, Dated[Decimal]]:
    return {
        Kind(row.kind): Dated(row.kind, row.value, row.unit, row.source, row.day, row.day)
        for row in Quote.objects.latest_of_each()
    }
