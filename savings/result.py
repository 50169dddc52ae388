"""The answer: exact numbers, and the rounded ones that people read."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from savings.commute import Commute
from savings.figures import Dated
from savings.precision import CENT, EXACT, TENTH, rounded
from savings.vehicle import Cost


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The telework ceiling of a cross-border worker, in days a year and in half days a week.

    ``days_per_week`` is rounded down: so many half days a week stay within ``days``.
    """

    days: Decimal
    days_per_week: Decimal
    exceeded: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What people read, each number rounded once: money to 0.01, km, hours and CO2 to 0.1.

    Rounded parts need not add up to the rounded total. ``gross_residue`` is ``gross`` minus
    (``vehicle`` + ``parking_and_toll``); ``net_residue`` is ``net`` minus (those two +
    ``allowance`` − ``fee`` − ``home``). A statement adds them as its rounding line.
    """

    km: Decimal
    hours: Decimal
    co2_kg: Decimal
    vehicle: Decimal
    parking_and_toll: Decimal
    gross: Decimal
    allowance: Decimal
    fee: Decimal
    home: Decimal
    net: Decimal
    break_even_fee: Decimal | None
    gross_residue: Decimal
    net_residue: Decimal


@dataclass(frozen=True, slots=True)
class Result:
    """One year's savings, unrounded. Money is in ``commute.currency``; negative is a loss.

    ``cost`` is the car before it is shared and converted, ``vehicle`` the share of it saved.
    ``break_even_fee`` is the price of a coworking day that leaves a net of zero, ``None``
    without coworking days; it is negative when no price would. ``ceiling`` is ``None`` unless
    the worker crosses the border.
    """

    commute: Commute
    remote_days: Decimal
    coworking_days: Decimal
    home_days: Decimal
    km: Decimal
    hours: Decimal
    cost: Cost
    vehicle: Decimal
    parking_and_toll: Decimal
    gross: Decimal
    allowance: Decimal
    fee: Decimal
    home: Decimal
    net: Decimal
    break_even_fee: Decimal | None
    co2_kg: Decimal
    co2_per_km: Decimal
    co2_figure: Dated[Any]
    ceiling: Ceiling | None

    @property
    def shown(self) -> Shown:
        """The rounded numbers, with what rounding moved."""
        vehicle, parking = rounded(self.vehicle, CENT), rounded(self.parking_and_toll, CENT)
        allowance, fee = rounded(self.allowance, CENT), rounded(self.fee, CENT)
        home, gross, net = (rounded(value, CENT) for value in (self.home, self.gross, self.net))
        parts = EXACT.add(vehicle, parking)
        flows = EXACT.subtract(EXACT.subtract(allowance, fee), home)
        return Shown(
            km=rounded(self.km, TENTH),
            hours=rounded(self.hours, TENTH),
            co2_kg=rounded(self.co2_kg, TENTH),
            vehicle=vehicle,
            parking_and_toll=parking,
            gross=gross,
            allowance=allowance,
            fee=fee,
            home=home,
            net=net,
            break_even_fee=(
                None if self.break_even_fee is None else rounded(self.break_even_fee, CENT)
            ),
            gross_residue=EXACT.subtract(gross, parts),
            net_residue=EXACT.subtract(net, EXACT.add(parts, flows)),
        )
