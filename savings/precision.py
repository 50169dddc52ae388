"""How numbers are carried and shown: 28 digits on the way, one half-up rounding at the end."""

from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=28, rounding=ROUND_HALF_UP)

CENT = Decimal("0.01")
TENTH = Decimal("0.1")


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """Round once, half-up, to ``step``; never answers minus zero."""
    return EXACT.add(value.quantize(step, context=EXACT), Decimal(0))


def plain(value: Decimal | int | str) -> str:
    """Write a number in full without exponent or trailing zeros: ``1E+3`` becomes ``"1000"``."""
    if not isinstance(value, Decimal):
        return str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
