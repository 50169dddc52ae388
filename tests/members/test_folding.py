"""Searching without accents, case or ligatures."""

import pytest

from members.folding import fold, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Œuvre d’Été", "oeuvre d'ete"),
        ("ŒUVRE", "oeuvre"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("e\u0301", "e"),  # typed as two characters
        ("  a \t\n b\u00a0c ", "a b c"),
        ("", ""),
        ("日本", "日本"),
        ("\x00", "\x00"),
    ],
)
def test_a_text_and_what_one_types_for_it_meet(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_folding_twice_is_folding_once() -> None:
    assert fold(fold("Éloïse Œuvrard")) == "eloise oeuvrard"


def test_words_are_looked_for_one_by_one() -> None:
    assert words_of(" Éloïse  HORLOGÈRE ") == ["eloise", "horlogere"]
