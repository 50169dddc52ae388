"""What `price` answers: lines explained by neutral codes and values, and the VAT within.

The words belong to who shows them.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from members.money import ZERO, VatParts, VatRate
from members.tariff.days import Days
from members.tariff.packs import Draw
from members.tariff.shape import Unit


class Code(StrEnum):
    """Why a line is there."""

    FEE_MONTH = "fee_month"
    FEE_YEAR = "fee_year"
    UNLIMITED = "unlimited"
    INCLUDED = "included"
    PACK = "pack"
    HOURS = "hours"
    HALF_DAYS = "half_days"
    DAYS = "days"
    DAILY_CAP = "daily_cap"
    MONTHLY_CAP = "monthly_cap"
    REDUCTION = "reduction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a statement, in money including VAT.

    `quantity` is in hours, half-days, days or months after `code` and `unit`. `value` is the cap in
    force or the percentage of a reduction; `label` the code of a pack or a category of person.
    """

    code: Code
    days: Days
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    kind: str = ""
    unit: Unit | None = None
    value: Decimal | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Use that the tariff does not sell: for a person to settle, never billed, never lost."""

    day: date
    kind: str
    key: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a period costs, line by line; `draws` are to be written in the ledger of packs."""

    period: Days
    lines: tuple[Line, ...]
    draws: tuple[Draw, ...]
    unpriced: tuple[Unpriced, ...]
    vat_rate: VatRate

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def vat(self) -> VatParts:
        return self.vat_rate.split(self.total)
