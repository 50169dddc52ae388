"""The one way this package says no.

A refusal names the field, a neutral code and the limit that was met. It carries no sentence: the
wording, and its language, belong to whoever talks to people (a form, an API, the command line).
"""

from decimal import Decimal
from enum import StrEnum


class Code(StrEnum):
    """Why a value was refused. ``limit_is`` says what the limit of such a refusal holds."""

    limit_is: str

    def __new__(cls, value: str, limit_is: str) -> "Code":
        code = str.__new__(cls, value)
        code._value_ = value
        code.limit_is = limit_is
        return code

    WRONG_TYPE = "wrong_type", "the name of the type expected"
    NOT_FINITE = "not_finite", "nothing: the value is NaN or infinite"
    TOO_PRECISE = "too_precise", "the most decimal places accepted"
    NOT_POSITIVE = "not_positive", "0, which is itself excluded"
    TOO_SMALL = "too_small", "the least value accepted"
    TOO_LARGE = "too_large", "the greatest value accepted"
    NOT_A_STEP = "not_a_step", "the step of which the value must be a multiple"
    REQUIRED = "required", "the method, the scope or the two currencies that need the field"
    ABOVE_REMOTE_DAYS = "above_remote_days", "the remote days a week"
    BELOW_AVOIDED_KM = "below_avoided_km", "the kilometres avoided in a year"
    UNKNOWN_YEAR = "unknown_year", "the years on record, such as “2023–2026”"
    NOT_IN_TABLE = "not_in_table", "the keys on record"


class SavingsError(ValueError):
    """A refused input: ``field``, ``code`` and ``limit`` (``None`` when the code has none)."""

    def __init__(self, field: str, code: Code, limit: Decimal | int | str | None = None) -> None:
        super().__init__(field, code, limit)
        self.field = field
        self.code = code
        self.limit = limit

    def __str__(self) -> str:
        text = f"{self.field}: {self.code}"
        return text if self.limit is None else f"{text} (limit {self.limit})"
