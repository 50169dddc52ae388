"""What must hold for any commuter, not only for the one of the examples."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from savings import (
    METHODS,
    Amount,
    Co2Scope,
    Commute,
    Currency,
    Energy,
    ExchangeRate,
    Method,
    Price,
    Result,
    compute,
    edition,
)
from savings.precision import CENT, TENTH

LINEAR = (
    Method.FUEL_PRICE,
    Method.FUEL_SCALE,
    Method.CH_VARIABLE,
    Method.CH_FULL,
    Method.CH_RATE,
    Method.OWN_RATE,
)
TINY = Decimal("1e-15")  # what 28 digits leave of a division, on sums of a few hundred thousand
MOST_KM_AVOIDED = Decimal(218_400)  # 2 × 300 km × 7 days × 52 weeks


def decimals(low: str, high: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    first, last = (int(Decimal(bound).scaleb(places)) for bound in (low, high))
    return st.integers(first, last).map(lambda number: Decimal(number).scaleb(-places))


def half_days(most: Decimal = Decimal(7)) -> st.SearchStrategy[Decimal]:
    return st.integers(0, int(most * 2)).map(lambda halves: Decimal(halves) / 2)


def amounts() -> st.SearchStrategy[Amount]:
    return st.builds(Amount, decimals("0", "100"), st.sampled_from(Currency))


@st.composite
def commutes(draw: st.DrawFn, /, **fixed: Any) -> Commute:
    """Any commuter whose car every method knows: the inputs of all methods are given."""
    remote = draw(half_days())
    told: dict[str, Any] = {
        "distance_km": draw(decimals("0.01", "300")),
        "minutes": draw(decimals("0", "300", 0)),
        "remote_days_per_week": remote,
        "coworking_days_per_week": draw(half_days(remote)),
        "weeks": draw(decimals("0", "52", 1)),
        "coworking_km": draw(decimals("0", "300")),
        "coworking_minutes": draw(decimals("0", "300", 0)),
        "coworking_by_car": draw(st.booleans()),
        "occupancy": draw(decimals("1", "4", 1)),
        "method": draw(st.sampled_from(Method)),
        "energy": draw(st.sampled_from([Energy.PETROL, Energy.DIESEL, Energy.LPG])),
        "consumption": draw(decimals("0.1", "30", 1)),
        "price": Price(
            draw(decimals("0.01", "10")), draw(st.sampled_from(Currency)), date(2026, 3, 6)
        ),
        "fiscal_power": draw(st.integers(3, 99)),
        "annual_km": draw(decimals(str(MOST_KM_AVOIDED), "300000", 0)),
        "rate_per_km": draw(decimals("0", "3")),
        "parking": draw(amounts()),
        "toll": draw(amounts()),
        "coworking_fee": draw(amounts()),
        "home_cost": draw(amounts()),
        "allowance": draw(amounts()),
        "currency": draw(st.sampled_from(Currency)),
        "fx": ExchangeRate(draw(decimals("0.5", "2", 4)), date(2026, 3, 9)),
        "rebound": draw(decimals("0", "1")),
        "co2_scope": draw(st.sampled_from(Co2Scope)),
        "edition": edition(2026),
    }
    return Commute(**(told | fixed))


def numbers(result: Result) -> tuple[Decimal, ...]:
    return (
        result.km,
        result.hours,
        result.vehicle,
        result.gross,
        result.allowance,
        result.fee,
        result.home,
        result.net,
        result.co2_kg,
    )


def same(left: Decimal, right: Decimal) -> bool:
    return abs(left - right) <= TINY * max(Decimal(1), abs(left), abs(right))


@given(commutes(remote_days_per_week=Decimal(0), coworking_days_per_week=Decimal(0)))
def test_no_remote_day_saves_nothing(commute: Commute) -> None:
    result = compute(commute)
    assert set(numbers(result)) == {0}
    assert result.break_even_fee is None


@given(commutes(weeks=Decimal(0)))
def test_no_week_saves_nothing(commute: Commute) -> None:
    assert set(numbers(compute(commute))) == {0}


@given(commutes(), st.sampled_from(LINEAR), decimals("0", "26", 1), decimals("0", "26", 1))
def test_fuel_and_swiss_methods_are_linear_in_weeks(
    commute: Commute, method: Method, some: Decimal, more: Decimal
) -> None:
    def over(weeks: Decimal) -> tuple[Decimal, ...]:
        return numbers(compute(replace(commute, method=method, weeks=weeks)))

    parts = zip(over(some), over(more), over(some + more), strict=True)
    assert all(same(first + second, whole) for first, second, whole in parts)


@given(commutes(), decimals("0.01", "500"))
def test_net_falls_strictly_with_the_fee_when_there_are_days_at_the_space(
    commute: Commute, rise: Decimal
) -> None:
    assume(commute.coworking_days > 0)
    fee = commute.coworking_fee
    dearer = replace(commute, coworking_fee=replace(fee, value=fee.value + rise))
    assert compute(dearer).net < compute(commute).net


@given(commutes(), decimals("1", "4.5", 1))
def test_twice_the_people_halve_the_car_and_the_co2_but_not_the_hours(
    commute: Commute, people: Decimal
) -> None:
    few = compute(replace(commute, occupancy=people))
    many = compute(replace(commute, occupancy=2 * people))
    assert same(2 * many.vehicle, few.vehicle)
    assert same(2 * many.co2_kg, few.co2_kg)
    assert many.hours == few.hours


@given(commutes())
def test_a_space_as_far_as_the_office_saves_neither_road_nor_time(commute: Commute) -> None:
    result = compute(
        replace(
            commute,
            coworking_km=commute.distance_km,
            coworking_minutes=commute.minutes,
            coworking_days_per_week=commute.remote_days_per_week,
            coworking_by_car=True,
        )
    )
    assert result.km == result.hours == result.vehicle == result.co2_kg == 0


@given(commutes(method=Method.FR_MARGINAL), decimals("0", "26", 1), decimals("0", "26", 1))
def test_the_marginal_bareme_telescopes(commute: Commute, some: Decimal, more: Decimal) -> None:
    """Weeks saved one lot after the other, from what the first one leaves, cost the same."""
    first = compute(replace(commute, weeks=some))
    assume(first.km >= 0)
    assert commute.annual_km is not None
    second = compute(replace(commute, weeks=more, annual_km=commute.annual_km - first.km))
    together = compute(replace(commute, weeks=some + more))
    assert same(first.cost.value + second.cost.value, together.cost.value)


@given(commutes())
def test_a_rebound_eats_into_a_saving_and_never_into_a_loss(commute: Commute) -> None:
    result, without = compute(commute), compute(replace(commute, rebound=Decimal(0)))
    if result.km > 0:
        assert same(result.co2_kg, without.co2_kg * (1 - commute.rebound))
    else:
        assert result.co2_kg == without.co2_kg


@given(commutes())
def test_at_the_break_even_fee_nothing_is_left(commute: Commute) -> None:
    result = compute(commute)
    assume(result.break_even_fee is not None)
    assert result.break_even_fee is not None
    left = result.gross + result.allowance - result.home
    assert same(result.break_even_fee * result.coworking_days, left)
    assert same(result.net, left - result.fee)


@given(commutes())
def test_each_number_is_rounded_once_and_the_residue_closes_the_sum(commute: Commute) -> None:
    result = compute(commute)
    shown = result.shown
    assert abs(shown.net - result.net) <= CENT / 2
    assert abs(shown.gross - result.gross) <= CENT / 2
    assert abs(shown.km - result.km) <= TENTH / 2
    assert abs(shown.hours - result.hours) <= TENTH / 2
    assert abs(shown.co2_kg - result.co2_kg) <= TENTH / 2
    costs = shown.vehicle + shown.parking_and_toll
    assert costs + shown.gross_residue == shown.gross
    assert costs + shown.allowance - shown.fee - shown.home + shown.net_residue == shown.net
    assert abs(shown.net_residue) <= 3 * CENT


@given(commutes())
def test_the_currency_of_the_answer_does_not_change_what_it_is_worth(commute: Commute) -> None:
    assume(METHODS[commute.method].needs != ("rate_per_km",))  # stated in that currency
    assert commute.fx is not None
    euros = compute(replace(commute, currency=Currency.EUR)).net
    francs = compute(replace(commute, currency=Currency.CHF)).net
    assert abs(euros * commute.fx.chf_per_eur - francs) <= Decimal("1e-12") * max(
        Decimal(1), abs(francs)
    )
