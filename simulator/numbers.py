"""Numbers as people type them: « 1 200 », « 7,85 », « 7.85 », « 1’200 »."""

import re
from decimal import Decimal

# The spaces and apostrophes that French and Swiss hands put between thousands.
_SEPARATORS = str.maketrans("", "", " \u00a0\u2009\u202f'\u2019")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,12})?", re.ASCII)


def parse(text: str) -> Decimal:
    """Return the number, exactly as typed; raise ``ValueError`` if it is none.

    A comma and a point are both the decimal mark; a text with both is no number, since they
    trade places between languages. Neither « 1e9 » nor « NaN » is how a person writes a number.
    """
    compact = text.strip().replace("\u2212", "-").translate(_SEPARATORS)
    if not _NUMBER.fullmatch(compact):
        raise ValueError(f"no number: {text!r}")
    return Decimal(compact.replace(",", "."))
