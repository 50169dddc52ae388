"""Numbers are read as people of the region write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("35", "35"),
        (" 35 ", "35"),
        ("1 200", "1200"),
        ("1\u00a0200", "1200"),
        ("1\u202f200,50", "1200.50"),
        ("1’200", "1200"),
        ("1'200.5", "1200.5"),
        ("7,85", "7.85"),
        ("7.85", "7.85"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("+3", "3"),
        ("007", "7"),
    ],
)
def test_a_number_as_people_write_it(text: str, number: str) -> None:
    assert numbers.parse(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "NaN", "Infinity", "1e9", "10^9", "1.200,5", "1,200.5", "1,2,3", ",5", "5,",
     "--5", "12 km", "٣٥", "½", "0x10", "1" * 16, "\x00", "1\n2;"],
)  # fmt: skip
def test_a_text_that_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        numbers.parse(text)


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_every_grouping_and_decimal_mark_reads_the_same(digits: int, places: int) -> None:
    number = Decimal(digits).scaleb(-places)
    plain = f"{number:,f}"
    for thousands, mark in ((" ", ","), ("\u202f", ","), ("’", "."), ("", ".")):
        text = plain.replace(",", "_").replace(".", mark).replace("_", thousands)
        assert numbers.parse(text) == number


@given(st.text(max_size=40))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    try:
        number = numbers.parse(text)
    except ValueError:
        return
    assert number.is_finite()
