"""Money is rounded once, half-up; shares and VAT parts add up to the cent."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.money import VatRate, cents, is_price, share, split, vat_on

FRENCH = VatRate(percent=Decimal("20"), source="CGI, article 278", valid_from=date(2014, 1, 1))
BEFORE = VatRate(
    percent=Decimal("19.6"),
    source="CGI, article 278, ancienne rédaction",
    valid_from=date(2000, 4, 1),
    valid_until=date(2014, 1, 1),
)

amounts = st.decimals(-100_000, 100_000, places=2)
exact_values = st.fractions(-10_000, 10_000, max_denominator=2000)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("24.165", "24.17"), ("24.164", "24.16"), ("-24.165", "-24.17"), ("0.005", "0.01")],
)
def test_a_half_cent_goes_away_from_zero(exact, rounded):
    assert cents(Decimal(exact)) == Decimal(rounded)


def test_an_amount_always_has_two_places():
    assert str(cents(Decimal("3"))) == "3.00"
    assert str(cents(Fraction(-1, 1000))) == "0.00"


def test_a_float_is_not_money():
    with pytest.raises(TypeError, match="never a float"):
        cents(2.5)


@given(st.decimals(-100_000, 100_000, places=5))
def test_rounding_is_the_half_up_of_the_standard_library(amount):
    assert cents(amount) == amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@given(exact_values, exact_values)
def test_rounding_never_swaps_two_amounts(one, other):
    low, high = sorted([one, other])
    assert cents(low) <= cents(high)


@pytest.mark.parametrize("bad", [2.5, Decimal("-1"), Decimal("1.005"), Decimal("NaN"), None])
def test_a_published_price_is_in_whole_cents(bad):
    assert not is_price(bad)
    assert is_price(Decimal("2.5"))


@given(amounts, st.lists(st.integers(0, 400), min_size=1, max_size=12).filter(sum))
def test_the_parts_of_a_split_add_up_to_the_amount(amount, weights):
    parts = split(amount, weights)
    assert sum(parts) == amount
    exact = [Fraction(amount) * weight / sum(weights) for weight in weights]
    assert all(
        abs(Fraction(part) - want) <= Fraction(1, 100)
        for part, want in zip(parts, exact, strict=True)
    )


@pytest.mark.parametrize("steps", [(-1, 3, 10), (4, 3, 10), (0, 11, 10), (0, 0, 0)])
def test_a_share_lies_within_the_whole(steps):
    with pytest.raises(ValueError, match="not a share"):
        share(Decimal("10.00"), *steps)


@pytest.mark.parametrize(
    ("gross", "net", "vat"),
    [
        ("270.00", "225.00", "45.00"),
        ("29.00", "24.17", "4.83"),
        ("18.00", "15.00", "3.00"),
        ("0.00", "0.00", "0.00"),
        ("-29.00", "-24.17", "-4.83"),
    ],
)
def test_vat_of_20_percent_is_taken_out_of_the_price(gross, net, vat):
    parts = FRENCH.split(Decimal(gross))
    assert (parts.net, parts.vat) == (Decimal(net), Decimal(vat))


@given(amounts, st.decimals(0, 30, places=1))
def test_net_and_vat_add_up_to_the_price(gross, percent):
    rate = VatRate(percent=percent, source="a law", valid_from=date(2020, 1, 1))
    parts = rate.split(gross)
    assert parts.net + parts.vat == parts.gross == gross
    assert abs(Fraction(parts.vat) - Fraction(parts.net) * Fraction(percent) / 100) <= Fraction(
        1, 100
    )


def test_the_rate_of_a_day_is_the_one_the_law_had_then():
    assert vat_on([FRENCH, BEFORE], date(2013, 12, 31)) is BEFORE
    assert vat_on([FRENCH, BEFORE], date(2014, 1, 1)) is FRENCH


def test_a_day_without_a_rate_or_with_two_is_refused():
    with pytest.raises(LookupError, match="0 VAT rates"):
        vat_on([FRENCH], date(2013, 12, 31))
    with pytest.raises(LookupError, match="2 VAT rates"):
        vat_on([FRENCH, FRENCH], date(2026, 1, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": Decimal("-1")},
        {"percent": Decimal("NaN")},
        {"source": ""},
        {"valid_until": date(2014, 1, 1)},
    ],
)
def test_a_vat_rate_makes_sense(wrong):
    good = {"percent": Decimal("20"), "source": "a law", "valid_from": date(2014, 1, 1)}
    with pytest.raises(ValueError, match="VAT rate"):
        VatRate(**good | wrong)
