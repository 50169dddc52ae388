"""The calculation itself, and the comparison of its methods.

With d and t the commute one way in km and minutes, c and tc the leg to the space::

    N  = remote days a week × weeks      Nc = coworking days a week × weeks      Nh = N − Nc
    km    = 2·d·N − 2·c·Nc               (the second term only by car)
    hours = (2·t·N − 2·tc·Nc) / 60
    gross = vehicle(km) / occupancy + (parking + toll)·N      (vehicle: see the methods)
    net   = gross + allowance·N − fee·Nc − home·Nh
    break-even fee = (gross + allowance·N − home·Nh) / Nc     (none when Nc = 0)
    co2   = km × kg CO2e per vehicle-km / occupancy × (1 − rebound, only when km > 0)
    ceiling = 0.40 × 5 × weeks − mission days                 (cross-border; N above it warns)

Nothing is rounded on the way; ``Result.shown`` rounds each number once, half-up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from savings.commute import Commute
from savings.emissions import factor_per_km
from savings.errors import SavingsError
from savings.precision import EXACT
from savings.result import Ceiling, Result
from savings.switzerland import CEILING_SHARE, DAYS_PER_WEEK
from savings.values import Amount, Method, convert
from savings.vehicle import cost_of

HALF = Decimal("0.5")


def compute(commute: Commute) -> Result:
    """Return one year's savings by the method of the commute.

    Raises ``SavingsError`` when the method lacks an input, when a table has no such year or car,
    and when currencies mix without an exchange rate.
    """
    with localcontext(EXACT):
        remote, coworking = commute.remote_days, commute.coworking_days
        km = commute.avoided_km
        minutes = 2 * commute.minutes * remote - 2 * commute.coworking_minutes * coworking

        cost = cost_of(commute, km)
        share = cost.value / commute.occupancy
        vehicle = convert(share, cost.currency, commute.currency, commute.fx)
        parking_and_toll = _yearly(commute, commute.parking, remote) + _yearly(
            commute, commute.toll, remote
        )
        gross = vehicle + parking_and_toll
        allowance = _yearly(commute, commute.allowance, remote)
        fee = _yearly(commute, commute.coworking_fee, coworking)
        home = _yearly(commute, commute.home_cost, remote - coworking)
        before_fee = gross + allowance - home

        per_km, figure = factor_per_km(commute.co2_scope, commute.energy, commute.consumption)
        co2 = km * per_km / commute.occupancy
        if km > 0:  # a rebound eats into a saving; it never makes a loss smaller
            co2 *= 1 - commute.rebound

        return Result(
            commute=commute,
            remote_days=remote,
            coworking_days=coworking,
            home_days=remote - coworking,
            km=km,
            hours=minutes / 60,
            cost=cost,
            vehicle=vehicle,
            parking_and_toll=parking_and_toll,
            gross=gross,
            allowance=allowance,
            fee=fee,
            home=home,
            net=before_fee - fee,
            break_even_fee=before_fee / coworking if coworking else None,
            co2_kg=co2,
            co2_per_km=per_km,
            co2_figure=figure,
            ceiling=_ceiling(commute, remote) if commute.cross_border else None,
        )


def _yearly(commute: Commute, amount: Amount, days: Decimal) -> Decimal:
    return convert(amount.value * days, amount.currency, commute.currency, commute.fx)


def _ceiling(commute: Commute, remote_days: Decimal) -> Ceiling:
    worked = CEILING_SHARE.value * DAYS_PER_WEEK * commute.weeks
    days = max(worked - commute.mission_days, Decimal(0))
    half_days = days / commute.weeks // HALF if commute.weeks else Decimal(0)
    return Ceiling(days=days, days_per_week=half_days * HALF, exceeded=remote_days > days)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same commute by several methods: those that answered, and why the others did not."""

    results: tuple[Result, ...]
    refused: tuple[tuple[Method, SavingsError], ...]

    @property
    def lowest(self) -> Result | None:
        """The result with the least net saving, ``None`` if no method answered."""
        return min(self.results, key=lambda result: result.net, default=None)

    @property
    def highest(self) -> Result | None:
        """The result with the greatest net saving, ``None`` if no method answered."""
        return max(self.results, key=lambda result: result.net, default=None)


def compare(commute: Commute, methods: Iterable[Method] = tuple(Method)) -> Comparison:
    """Return the commute by each of ``methods``, whatever its own one: a range, not a point."""
    results: list[Result] = []
    refused: list[tuple[Method, SavingsError]] = []
    for method in methods:
        try:
            results.append(compute(replace(commute, method=method)))
        except SavingsError as error:
            refused.append((method, error))
    return Comparison(tuple(results), tuple(refused))
