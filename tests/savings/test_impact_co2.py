"""Impact CO2's own telework formula, against cases executed from its code."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from savings import Code, SavingsError, impact_co2
from savings.emissions import IMPACT_CO2_ELECTRIC, IMPACT_CO2_THERMAL

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden" / "impactco2.json").read_text(encoding="utf-8")
)["cases"]
TOLERANCE = Decimal("1e-9")


def close(computed: Decimal, golden: str) -> bool:
    return abs(computed - Decimal(golden)) <= TOLERANCE * abs(Decimal(golden))


@pytest.mark.parametrize("case", CASES, ids=[f"{c['slug']}-{c['km_one_way']}" for c in CASES])
def test_it_counts_like_impact_co2(case: dict[str, Any]) -> None:
    impact = impact_co2(
        distance_km=Decimal(case["km_one_way"]),
        telework_days=Decimal(case["telework_days"]),
        office_days=Decimal(case["office_days"]),
        factor=Decimal(case["factor_kg_per_km"]),
    )
    assert close(impact.saved_kg, case["saved_raw"])
    assert close(impact.generated_kg, case["generated_raw"])
    for computed, shown in (
        (impact.saved_kg, case["saved_shown"]),
        (impact.generated_kg, case["generated_shown"]),
    ):
        assert round(computed, -int(Decimal(shown).as_tuple().exponent)) == Decimal(shown)


def test_our_factors_are_those_of_the_cases() -> None:
    factors = {case["slug"]: Decimal(case["factor_kg_per_km"]) for case in CASES}
    assert IMPACT_CO2_THERMAL.value == factors["voiturethermique"]
    assert IMPACT_CO2_ELECTRIC.value == factors["voitureelectrique"]


def test_eight_days_of_telework_a_week_are_refused() -> None:
    with pytest.raises(SavingsError) as refusal:
        impact_co2(distance_km=Decimal(10), telework_days=Decimal(8), office_days=Decimal(0))
    assert (refusal.value.field, refusal.value.code) == ("telework_days", Code.TOO_LARGE)
