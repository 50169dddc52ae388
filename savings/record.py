"""A result as plain data: strings and lists only, ready for JSON. Numbers are decimal strings."""

from dataclasses import fields
from decimal import Decimal
from typing import Any

from savings.arithmetic import Comparison
from savings.emissions import ImpactCo2
from savings.errors import SavingsError
from savings.explanation import Line, explain
from savings.figures import Dated
from savings.precision import TENTH, rounded
from savings.result import Result, Shown

Record = dict[str, Any]


def result_record(result: Result) -> Record:
    """Return the shown numbers, the ceiling and the explanation of one result."""
    shown = result.shown
    ceiling = result.ceiling
    return {
        "method": str(result.commute.method),
        "currency": str(result.commute.currency),
        "edition": result.commute.edition.year,
        "remote_days": _number(result.remote_days),
        "coworking_days": _number(result.coworking_days),
        **{field.name: _number(getattr(shown, field.name)) for field in fields(Shown)},
        "ceiling": None
        if ceiling is None
        else {
            "days": _number(ceiling.days),
            "days_per_week": _number(ceiling.days_per_week),
            "exceeded": ceiling.exceeded,
        },
        "explanation": [_line_record(line) for line in explain(result)],
    }


def comparison_record(comparison: Comparison) -> Record:
    """Return gross and net by method, and why the other methods did not answer."""
    return {
        "results": [
            {
                "method": str(result.commute.method),
                "gross": _number(result.shown.gross),
                "net": _number(result.shown.net),
            }
            for result in comparison.results
        ],
        "refused": [
            {"method": str(method), **error_record(error)} for method, error in comparison.refused
        ],
    }


def impact_co2_record(impact: ImpactCo2) -> Record:
    """Return the two quantities of Impact CO2, in kg CO2e a year."""
    return {
        "generated_kg": _number(rounded(impact.generated_kg, TENTH)),
        "saved_kg": _number(rounded(impact.saved_kg, TENTH)),
    }


def error_record(error: SavingsError) -> Record:
    """Return a refusal as field, code and limit."""
    limit = None if error.limit is None else str(error.limit)
    return {"field": error.field, "code": str(error.code), "limit": limit}


def _line_record(line: Line) -> Record:
    return {
        "code": line.code,
        "value": _number(line.value),
        "unit": str(line.unit),
        "formula": line.formula,
        "on": None if line.on is None else line.on.isoformat(),
        "figures": [_figure_record(figure) for figure in line.figures],
    }


def _figure_record(figure: Dated[Any]) -> Record:
    return {
        "name": figure.name,
        "value": str(figure.value) if isinstance(figure.value, Decimal) else None,
        "unit": figure.unit,
        "source": figure.source,
        "valid_from": None if figure.valid_from is None else figure.valid_from.isoformat(),
        "valid_to": None if figure.valid_to is None else figure.valid_to.isoformat(),
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
