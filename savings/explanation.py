"""How a result was reached, line by line, for a page to word and for a machine to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from savings.emissions import REBOUNDS
from savings.figures import Dated
from savings.france import WEEKS
from savings.precision import EXACT, plain
from savings.result import Result
from savings.switzerland import CEILING_SHARE, DAYS_PER_WEEK
from savings.values import Amount, Currency, Method


@dataclass(frozen=True, slots=True)
class Line:
    """One step: a neutral ``code``, its rounded ``value`` and ``unit``, the ``formula`` in
    figures and signs only, and the published ``figures`` it rests on.

    ``on`` is the date of the price or of the rate that was given, ``None`` if none was.
    """

    code: str
    value: Decimal
    unit: str
    formula: str
    figures: tuple[Dated[Any], ...] = ()
    on: date | None = None


def explain(result: Result) -> tuple[Line, ...]:
    """Return the lines of ``result`` in the order of the calculation. Costs that are nil and
    steps that do not apply have no line."""
    with localcontext(EXACT):
        return (*_quantities(result), *_savings(result), *_balance(result), _emissions(result))


def _quantities(result: Result) -> Iterator[Line]:
    commute, shown = result.commute, result.shown
    remote, coworking = result.remote_days, result.coworking_days
    weeks = (WEEKS,) if commute.weeks == WEEKS.value else ()
    formula = _text(commute.remote_days_per_week, "×", commute.weeks)
    yield Line("remote_days", remote, "days", formula, weeks)
    if coworking:
        formula = _text(commute.coworking_days_per_week, "×", commute.weeks)
        yield Line("coworking_days", coworking, "days", formula, weeks)
    leg = commute.coworking_km if commute.coworking_by_car else Decimal(0)
    yield Line("km", shown.km, "km", _trips(commute.distance_km, remote, leg, coworking))
    trips = _trips(commute.minutes, remote, commute.coworking_minutes, coworking)
    yield Line("hours", shown.hours, "h", f"({trips}) / 60")
    if result.ceiling is not None:
        terms = (CEILING_SHARE.value, "×", DAYS_PER_WEEK, "×", commute.weeks)
        formula = _text(*terms, "−", commute.mission_days)
        yield Line("ceiling", result.ceiling.days, "days", formula, (CEILING_SHARE,))


def _savings(result: Result) -> Iterator[Line]:
    commute, shown = result.commute, result.shown
    currency = commute.currency
    if commute.fx is not None and _mixes_currencies(result):
        yield Line("fx", commute.fx.chf_per_eur, "CHF/EUR", "", on=commute.fx.on)
    formula = _text(*result.cost.formula)
    if commute.occupancy != 1:
        formula = f"({formula}) / {plain(commute.occupancy)}"
    if result.cost.currency is not currency:
        formula = f"({formula}){_conversion(result, result.cost.currency)}"
    priced = commute.method is Method.FUEL_PRICE
    on = commute.price.on if priced and commute.price is not None else None
    yield Line("vehicle", shown.vehicle, currency, formula, result.cost.figures, on)
    if result.parking_and_toll:
        formula = " + ".join(
            _per_day(result, amount, result.remote_days)
            for amount in (commute.parking, commute.toll)
            if amount.value
        )
        yield Line("parking_and_toll", shown.parking_and_toll, currency, formula)
    formula = _sum(shown.vehicle, shown.parking_and_toll, shown.gross_residue)
    yield Line("gross", shown.gross, currency, formula)


def _balance(result: Result) -> Iterator[Line]:
    commute, shown = result.commute, result.shown
    flows = (
        ("allowance", shown.allowance, commute.allowance, result.remote_days),
        ("fee", -shown.fee, commute.coworking_fee, result.coworking_days),
        ("home", -shown.home, commute.home_cost, result.home_days),
    )
    for code, value, amount, days in flows:
        if value:
            formula = _per_day(result, amount, days)
            yield Line(code, value, commute.currency, formula if value > 0 else f"−{formula}")
    if shown.net_residue:
        yield Line("rounding", shown.net_residue, commute.currency, "")
    parts = (shown.vehicle, shown.parking_and_toll, *(value for _, value, _, _ in flows))
    yield Line("net", shown.net, commute.currency, _sum(*parts, shown.net_residue))
    if shown.break_even_fee is not None:
        total = _sum(*parts[:-2], parts[-1])
        formula = f"({total}) / {plain(result.coworking_days)}"
        yield Line("break_even_fee", shown.break_even_fee, commute.currency, formula)


def _emissions(result: Result) -> Line:
    commute = result.commute
    formula = _text(result.km, "×", result.co2_per_km)
    if commute.occupancy != 1:
        formula += f" / {plain(commute.occupancy)}"
    figures: tuple[Dated[Any], ...] = (result.co2_figure,)
    if commute.rebound and result.km > 0:
        formula += f" × (1 − {plain(commute.rebound)})"
        figures += tuple(each for each in REBOUNDS if each.value == commute.rebound)
    return Line("co2", result.shown.co2_kg, "kg CO2e", formula, figures)


def _mixes_currencies(result: Result) -> bool:
    commute = result.commute
    amounts = (
        commute.parking,
        commute.toll,
        commute.allowance,
        commute.coworking_fee,
        commute.home_cost,
    )
    currencies = {amount.currency for amount in amounts if amount.value}
    return currencies | {result.cost.currency} != {commute.currency}


def _text(*terms: Decimal | str) -> str:
    text = " ".join(plain(term) for term in terms)
    return text.replace("[ ", "[").replace(" ]", "]")


def _trips(each: Decimal, days: Decimal, less: Decimal, coworking: Decimal) -> str:
    text = _text(Decimal(2), "×", each, "×", days)
    if not less or not coworking:
        return text
    return f"{text} − {_text(Decimal(2), '×', less, '×', coworking)}"


def _sum(*parts: Decimal) -> str:
    signed = [part for part in parts if part] or [Decimal(0)]
    text = f"{signed[0]}".replace("-", "−")
    return text + "".join(f" {'−' if part < 0 else '+'} {abs(part)}" for part in signed[1:])


def _per_day(result: Result, amount: Amount, days: Decimal) -> str:
    text = _text(amount.value, "×", days)
    return text + _conversion(result, amount.currency)


def _conversion(result: Result, source: Currency) -> str:
    commute = result.commute
    if source is commute.currency or commute.fx is None:
        return ""
    sign = "×" if commute.currency is Currency.CHF else "/"
    return f" {sign} {plain(commute.fx.chf_per_eur)}"
