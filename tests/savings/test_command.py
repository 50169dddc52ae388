"""``python -m savings`` answers people and machines, and refuses both politely."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest

from savings.__main__ import main

COMMUTE = ["--distance", "35", "--minutes", "42", "--days", "2"]
SPACE = ["--coworking-days", "2", "--coworking-km", "3", "--coworking-minutes", "6"]


def test_it_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "savings", *COMMUTE, "--currency", "CHF"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert answer.startswith("You save, each year: CHF 1,775.29")


def test_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMUTE, *SPACE, "--currency", "CHF", "--cross-border"]) == 0
    answer = capsys.readouterr().out
    assert "You save, each year: CHF 1,623.13" in answer
    assert "2 × 35 × 92 − 2 × 3 × 92" in answer
    assert "TCS, coût kilométrique" in answer
    assert "ch_rate          CHF 4,416.00" in answer
    assert "not computed: consumption: required" in answer
    assert "ask your employer" not in answer


def test_a_loss_is_called_a_loss(capsys: pytest.CaptureFixture[str]) -> None:
    car = ["--method", "fuel_price", "--consumption", "7,85", "--price", "1,72@2026-02-27"]
    assert main([*COMMUTE, *SPACE, "--currency", "EUR", *car, "--fee", "12"]) == 0
    answer = capsys.readouterr().out
    assert "You lose, each year: EUR 309.00" in answer
    assert "as of 2026-02-27" in answer


def test_the_ceiling_warns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMUTE, "--currency", "CHF", "--cross-border", "--mission-days", "5"]) == 0
    assert "ask your employer" in capsys.readouterr().out


def test_json_is_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    costs = ["--fee", "12EUR", "--fx", "0.93@2026-03-09"]
    assert main([*COMMUTE, *SPACE, "--currency", "CHF", *costs, "--cross-border", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    result = answer["result"]
    assert (result["method"], result["currency"], result["edition"]) == ("ch_variable", "CHF", 2026)
    assert (result["km"], result["hours"], result["gross"]) == ("5888.0", "110.4", "1623.13")
    assert Decimal(result["net"]) == Decimal("1623.13") - Decimal("1026.72")
    assert result["ceiling"] == {"days": "92.00", "days_per_week": "2.0", "exceeded": False}
    steps = {line["code"]: line for line in result["explanation"]}
    assert steps["fx"]["on"] == "2026-03-09"
    assert steps["vehicle"]["figures"][0]["valid_from"] == "2026-01-01"
    assert {row["method"] for row in answer["comparison"]["results"]} == {
        "ch_variable",
        "ch_full",
        "ch_rate",
    }
    assert answer["impact_co2"]["saved_kg"] == "687.1"


def test_a_refusal_names_the_field(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--distance", "1e9", *COMMUTE[2:], "--currency", "CHF"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == "savings: distance_km: too_large (limit 300)\n"


def test_a_refusal_in_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMUTE, "--currency", "CHF", "--year", "2031", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error == {"field": "year", "code": "unknown_year", "limit": "2025–2026"}


@pytest.mark.parametrize(
    ("option", "text", "complaint"),
    [
        ("--weeks", "many", "not a number: many"),
        ("--price", "1.72", "needs its day"),
        ("--price", "1.72@yesterday", "needs its day"),
        ("--fee", "twelve", "not a number: twelve"),
        ("--fee", "", "not an amount"),
    ],
)
def test_text_that_is_no_value_is_a_usage_error(
    option: str, text: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*COMMUTE, "--currency", "CHF", option, text])
    assert stopped.value.code == 2
    assert complaint in capsys.readouterr().err
