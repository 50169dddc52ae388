"""The reference page says what the code says."""

import doctest
from pathlib import Path

import savings
from savings import reference

PAGE = Path(__file__).parents[2] / "docs" / "savings.md"


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference.page(), (
        "run: python -m savings.reference > docs/savings.md"
    )


def test_every_public_name_is_in_the_page() -> None:
    page = reference.page()
    shown_as_a_table = {"EDITIONS", "LIMITS", "METHODS", "Limit", "Method", "MethodInfo", "Code"}
    for name in set(savings.__all__) - shown_as_a_table:
        assert f"### `{name}`" in page, name
    for code in savings.Code:
        assert f"`{code.value}`" in page
    for method in savings.Method:
        assert f"`{method}`" in page


def test_the_example_of_the_package_is_true() -> None:
    tried = doctest.testmod(savings)
    assert tried.attempted
    assert not tried.failed
