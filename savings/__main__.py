"""``python -m savings``: the calculation on the command line, explained or as JSON.

Exit status 0 with an answer, 2 with a refusal. Numbers take a decimal point or comma. Money is
``12`` in the currency of the answer or ``12EUR`` in another; a price and an exchange rate carry
their day, as in ``1.72EUR@2026-02-27`` and ``0.93@2026-03-09``.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from savings import (
    Amount,
    Co2Scope,
    Commute,
    Comparison,
    Currency,
    Energy,
    ExchangeRate,
    ImpactCo2,
    Method,
    Price,
    Result,
    SavingsError,
    compare,
    compute,
    edition,
    explain,
    impact_co2,
)
from savings.editions import EDITIONS
from savings.emissions import IMPACT_CO2_ELECTRIC, IMPACT_CO2_THERMAL
from savings.france import WEEKS
from savings.record import comparison_record, error_record, impact_co2_record, result_record

WORKING_DAYS = Decimal(5)
_MONEY = re.compile(r"(?P<value>.+?)(?P<currency>EUR|CHF)?")
_USUAL_METHOD = {Currency.CHF: Method.CH_VARIABLE, Currency.EUR: Method.FR_MARGINAL}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; print the answer on stdout, a refusal on stderr (on stdout as JSON)."""
    options = _parser().parse_args(arguments)
    try:
        commute = _commute(options)
        result, comparison, impact = compute(commute), compare(commute), _impact_co2(commute)
    except SavingsError as error:
        if options.json:
            print(json.dumps({"error": error_record(error)}, indent=2))
        else:
            print(f"savings: {error}", file=sys.stderr)
        return 2
    if options.json:
        record = {
            "result": result_record(result),
            "comparison": comparison_record(comparison),
            "impact_co2": impact_co2_record(impact),
        }
        print(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_report(result, comparison, impact)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m savings", description="Commute savings.")
    add = parser.add_argument
    add("--distance", type=_number, required=True, help="km one way")
    add("--minutes", type=_number, required=True, help="minutes one way")
    add("--days", type=_number, required=True, help="remote days a week, by 0.5")
    add("--currency", type=Currency, choices=list(Currency), required=True)
    add("--method", type=Method, choices=list(Method), help="default: variable cost, or barème")
    add("--year", type=int, default=max(EDITIONS), help="year of the tables")
    add("--weeks", type=_number, default=WEEKS.value, help="weeks worked a year")
    add("--coworking-days", type=_number, default=Decimal(0), help="of the remote days")
    add("--coworking-km", type=_number, default=Decimal(0), help="km one way to the space")
    add("--coworking-minutes", type=_number, default=Decimal(0), help="minutes one way")
    add("--not-by-car", action="store_true", help="the space is reached without the car")
    add("--occupancy", type=_number, default=Decimal(1), help="people who share the car")
    add("--energy", type=Energy, choices=list(Energy), default=Energy.PETROL)
    add("--consumption", type=_number, help="L or kWh per 100 km")
    add("--price", type=_dated_money, help="per L or kWh, as 1.72EUR@2026-02-27")
    add("--fiscal-power", type=int, help="CV")
    add("--annual-km", type=_number, help="km a year without telework")
    add("--rate", type=_number, help="cost per km of your own")
    for name in ("parking", "toll", "fee", "home", "allowance"):
        add(f"--{name}", type=_money, help="a day, as 12 or 12EUR")
    add("--fx", type=_dated_money, help="CHF for one EUR, as 0.93@2026-03-09")
    add("--scope", type=Co2Scope, choices=list(Co2Scope), default=Co2Scope.USAGE)
    add("--rebound", type=_number, default=Decimal(0), help="share of CO2 lost, 0 to 1")
    add("--cross-border", action="store_true", help="show the ceiling of 40 %%")
    add("--mission-days", type=_number, default=Decimal(0), help="days a year")
    add("--json", action="store_true", help="for machines")
    return parser


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"not a number: {text}") from None


Money = tuple[Decimal, Currency | None]


def _money(text: str) -> Money:
    match = _MONEY.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"not an amount: {text}")
    return _number(match["value"]), Currency(match["currency"]) if match["currency"] else None


def _dated_money(text: str) -> tuple[Money, date]:
    money, _, day = text.partition("@")
    try:
        return _money(money), date.fromisoformat(day)
    except ValueError:
        raise argparse.ArgumentTypeError(f"needs its day, as 1.72@2026-02-27: {text}") from None


def _commute(options: argparse.Namespace) -> Commute:
    currency: Currency = options.currency

    def amount(money: Money | None) -> Amount:
        value, its_currency = money or (Decimal(0), None)
        return Amount(value, its_currency or currency)

    price = None
    if options.price is not None:
        money, day = options.price
        price = Price(money[0], money[1] or currency, day)
    fx = None
    if options.fx is not None:
        money, day = options.fx
        fx = ExchangeRate(money[0], day)
    return Commute(
        distance_km=options.distance,
        minutes=options.minutes,
        remote_days_per_week=options.days,
        currency=currency,
        method=options.method or _USUAL_METHOD[currency],
        energy=options.energy,
        edition=edition(options.year),
        weeks=options.weeks,
        coworking_days_per_week=options.coworking_days,
        coworking_km=options.coworking_km,
        coworking_minutes=options.coworking_minutes,
        coworking_by_car=not options.not_by_car,
        occupancy=options.occupancy,
        consumption=options.consumption,
        price=price,
        fiscal_power=options.fiscal_power,
        annual_km=options.annual_km,
        rate_per_km=options.rate,
        parking=amount(options.parking),
        toll=amount(options.toll),
        coworking_fee=amount(options.fee),
        home_cost=amount(options.home),
        allowance=amount(options.allowance),
        fx=fx,
        co2_scope=options.scope,
        rebound=options.rebound,
        cross_border=options.cross_border,
        mission_days=options.mission_days,
    )


def _impact_co2(commute: Commute) -> ImpactCo2:
    electric = commute.energy is Energy.ELECTRIC
    remote = commute.remote_days_per_week
    return impact_co2(
        distance_km=commute.distance_km,
        telework_days=remote,
        office_days=max(WORKING_DAYS - remote, Decimal(0)),
        factor=(IMPACT_CO2_ELECTRIC if electric else IMPACT_CO2_THERMAL).value,
    )


def _report(result: Result, comparison: Comparison, impact: ImpactCo2) -> list[str]:
    commute, shown = result.commute, result.shown
    verb = "lose" if shown.net < 0 else "save"
    lines = [
        f"You {verb}, each year: {commute.currency} {abs(shown.net):,} "
        f"({commute.method}, {commute.energy} car, tables of {commute.edition.year})",
        "",
    ]
    for line in explain(result):
        value = f"{line.value:f} {line.unit}"
        seen = "" if line.on is None else f"  as of {line.on}"
        lines.append(f"  {line.code:<16} {value:>16}  {line.formula}{seen}".rstrip())
        lines += [f"  {'':<16} {'':>16}  ← {figure.source}" for figure in line.figures]
    if result.ceiling is not None and result.ceiling.exceeded:
        lines += ["", "More days than a cross-border worker may telework: ask your employer."]
    lines += ["", "Net by method:"]
    lines += [
        f"  {other.commute.method:<16} {commute.currency} {other.shown.net:,}"
        for other in comparison.results
    ]
    lines += [f"  {method:<16} not computed: {error}" for method, error in comparison.refused]
    record = impact_co2_record(impact)
    lines += ["", f"Impact CO2 would count {record['saved_kg']} kg CO2e saved."]
    return lines


if __name__ == "__main__":
    sys.exit(main())
