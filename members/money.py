"""Amounts of money: rounded once, half-up, here and nowhere else; shares and VAT that add up.

Standard library only. An amount is a `Decimal` with two places in the currency of the space; an
exact value on its way to becoming one is a `Fraction`. Floats are refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

ZERO = Decimal("0.00")


def half_up(value: Decimal | Fraction) -> int:
    """The nearest whole number; a half goes away from zero, so that a credit mirrors its debit."""
    exact = Fraction(value)
    whole = int(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def cents(amount: Decimal | Fraction) -> Decimal:
    """The amount with two places, half-up: 24.165 gives 24.17 and -24.165 gives -24.17.

    Raises TypeError for a float.
    """
    if not isinstance(amount, Decimal | Fraction):
        raise TypeError("money is a Decimal or a Fraction, never a float")
    return Decimal(half_up(Fraction(amount) * 100)).scaleb(-2)


def is_price(amount: object) -> bool:
    """Whether a published price makes sense: a Decimal, zero or more, in whole cents."""
    if not isinstance(amount, Decimal) or not amount.is_finite():
        return False
    return amount >= 0 and Fraction(amount) * 100 % 1 == 0


def share(amount: Decimal, start: int, end: int, whole: int) -> Decimal:
    """What the steps `[start, end)` of `whole` equal steps cost.

    It is the difference of two rounded running totals: the shares of any cut of the whole add up
    to the amount to the cent, whoever computes them and in whatever order.
    Raises ValueError unless 0 <= start <= end <= whole and whole > 0.
    """
    if not 0 <= start <= end <= whole or whole == 0:
        raise ValueError(f"[{start}, {end}) is not a share of {whole}")
    exact = Fraction(amount)
    return cents(exact * end / whole) - cents(exact * start / whole)


def split(amount: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """The amount cut in proportion to the weights; the parts add up to it exactly."""
    whole, parts, start = sum(weights), [], 0
    for weight in weights:
        parts.append(share(amount, start, start + weight, whole))
        start += weight
    return parts


@dataclass(frozen=True, slots=True)
class VatParts:
    """An amount including tax, and the two parts that make it up to the cent."""

    gross: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRate:
    """A VAT rate in percent, the text of law it comes from, and the days `[start, end)` it holds.

    Raises ValueError for a negative rate, a missing source or dates in the wrong order.
    """

    percent: Decimal
    source: str
    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if not self.percent.is_finite() or self.percent < 0:
            raise ValueError("a VAT rate is zero or more")
        if not self.source:
            raise ValueError("a VAT rate names its source")
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("a VAT rate ends after it starts")

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def split(self, gross: Decimal) -> VatParts:
        """The parts of an amount that includes this tax: the net is rounded, the tax is the rest.

        At 20 %, 29.00 gives 24.17 and 4.83.
        """
        net = cents(Fraction(gross) * 100 / (100 + Fraction(self.percent)))
        return VatParts(gross=cents(gross), net=net, vat=cents(gross) - net)


def vat_on(rates: Iterable[VatRate], day: date) -> VatRate:
    """The one rate in force on a day. Raises LookupError when there is none, or more than one."""
    found = [rate for rate in rates if rate.holds_on(day)]
    if len(found) != 1:
        raise LookupError(f"{len(found)} VAT rates in force on {day}, one expected")
    return found[0]
