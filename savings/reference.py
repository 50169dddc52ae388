"""The reference page of this package, written from its docstrings and its tables.

``python -m savings.reference`` prints the page; `docs/savings.md` is that output, kept up to date
by a test.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import savings
from savings import __main__ as command
from savings import arithmetic, emissions, france, switzerland
from savings.figures import Dated
from savings.precision import plain

FUNCTIONS: tuple[Callable[..., Any], ...] = (
    savings.compute,
    savings.compare,
    savings.explain,
    savings.impact_co2,
    savings.edition,
)
TYPES: tuple[type, ...] = (
    savings.Commute,
    savings.Amount,
    savings.Price,
    savings.ExchangeRate,
    savings.Edition,
    savings.Result,
    savings.Shown,
    savings.Ceiling,
    savings.Comparison,
    savings.Line,
    savings.Dated,
    savings.ImpactCo2,
    savings.SavingsError,
)
ENUMS: tuple[type[StrEnum], ...] = (
    savings.Currency,
    savings.Energy,
    savings.CostKind,
    savings.Co2Scope,
)


def page() -> str:
    """Return the whole page as Markdown."""
    return "\n".join(
        [
            "# Commute savings: reference",
            "",
            "Written by `python -m savings.reference > docs/savings.md`. Do not edit by hand.",
            "",
            *_markdown(savings),
            "",
            "## Command line",
            "",
            *_markdown(command),
            "",
            "    python -m savings --distance 35 --minutes 42 --days 2 --currency CHF",
            "    python -m savings --help",
            "",
            "## Arithmetic",
            "",
            *_markdown(arithmetic),
            "",
            "## Methods",
            "",
            *_methods(),
            "",
            "## Functions",
            "",
            *_documented(FUNCTIONS),
            "## Types",
            "",
            *_documented(TYPES),
            *_enums(),
            "## Limits of the inputs",
            "",
            *_limits(),
            "",
            "## Refusals",
            "",
            *_codes(),
            "",
            "## Figures",
            "",
            *_figures(),
            "",
            *_tables(),
            "## Editions",
            "",
            *_editions(),
            "",
        ]
    )


def _markdown(thing: object) -> list[str]:
    return (inspect.getdoc(thing) or "").replace("``", "`").replace("::\n", ":\n").splitlines()


def _documented(things: Iterable[Callable[..., Any]]) -> Iterator[str]:
    for thing in things:
        yield f"### `{thing.__name__}`"
        yield ""
        yield from _markdown(thing)
        yield ""


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    header = list(header)
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _methods() -> Iterator[str]:
    return _table(
        ("method", "counts", "currency", "needs", "cost of the car"),
        (
            (
                f"`{method}`",
                info.kind,
                info.currency or "as given",
                ", ".join(f"`{field}`" for field in info.needs) or "–",
                info.formula,
            )
            for method, info in savings.METHODS.items()
        ),
    )


def _enums() -> Iterator[str]:
    for enum in ENUMS:
        yield f"### `{enum.__name__}`"
        yield ""
        yield from _markdown(enum)
        yield ""
        yield "Values: " + ", ".join(f"`{member.value}`" for member in enum) + "."
        yield ""


def _limits() -> Iterator[str]:
    return _table(
        ("field", "from", "to", "by", "unit"),
        (
            (
                f"`{field}`",
                f"above {plain(limit.low)}" if limit.positive else plain(limit.low),
                plain(limit.high),
                plain(limit.step) if limit.step is not None else "–",
                limit.unit,
            )
            for field, limit in savings.LIMITS.items()
        ),
    )


def _codes() -> Iterator[str]:
    return _table(
        ("code", "limit holds"), ((f"`{code.value}`", code.limit_is) for code in savings.Code)
    )


def _figures() -> Iterator[str]:
    figures: tuple[Dated[Decimal], ...] = (
        *france.FIGURES,
        *switzerland.FIGURES,
        *emissions.FIGURES,
    )
    rows = [_figure_row(figure, plain(figure.value)) for figure in figures]
    for variable in switzerland.VARIABLE_COST.editions:
        value = f"{plain(variable.value.chf)} / {plain(variable.value.km)}"
        rows.append(_figure_row(variable, value))
    return _table(("figure", "value", "unit", "source", "from", "to"), rows)


def _figure_row(figure: Dated[Any], value: str) -> tuple[str, ...]:
    until = _day(figure.valid_to, "in force" if figure.valid_from else "–")
    since = _day(figure.valid_from, "unknown")
    return (figure.name, value, figure.unit, figure.source, since, until)


def _day(day: date | None, otherwise: str) -> str:
    return otherwise if day is None else day.isoformat()


def _tables() -> Iterator[str]:
    for bareme in france.BAREME.editions:
        yield from _heading(bareme)
        yield from _table(
            ("from CV", "d ≤ 5 000", "5 001–20 000", "> 20 000"),
            (
                (
                    str(band.power),
                    f"d × {band.low}",
                    f"d × {band.middle} + {band.constant}",
                    f"d × {band.high}",
                )
                for band in bareme.value
            ),
        )
        yield ""
    for scale in france.FUEL_SCALE.editions:
        yield from _heading(scale)
        energies = (savings.Energy.DIESEL, savings.Energy.PETROL, savings.Energy.LPG)
        yield from _table(
            ("CV", *energies),
            (
                (band.label, *(plain(band.per_km.get(energy, "–")) for energy in energies))
                for band in scale.value
            ),
        )
        yield ""


def _heading(table: Dated[Any]) -> tuple[str, ...]:
    since, until = _day(table.valid_from, "unknown"), _day(table.valid_to, "in force")
    return (
        f"### {table.name}, {since} to {until}",
        "",
        f"In {table.unit}. {table.source}.",
        "",
    )


def _editions() -> Iterator[str]:
    return _table(
        ("edition", "barème", "fuel scale", "Swiss tax rate", "Swiss cost"),
        (
            (
                str(edition.year),
                str(edition.bareme_year),
                str(edition.fuel_scale_year),
                str(edition.swiss_rate_year),
                str(edition.swiss_cost_year),
            )
            for edition in savings.EDITIONS.values()
        ),
    )


if __name__ == "__main__":
    print(page(), end="")
