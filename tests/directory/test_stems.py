"""Words as the search compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.stems import asked, grams, phrase, runs, slips, stem, stems, words


@pytest.mark.parametrize(
    "family",
    [
        "menuisier menuisiers Menuisière MENUISIERES menuiserie menuiseries",
        "traducteur traductrice traduction traductions",
        "photographe photographes photographie fotographe",
        "électricité electricite",
        "maçon macon maçonnerie",
        "œuvre oeuvres Œuvre",
        "cheval chevaux",
        "photo photos",
        "développeur développeuse",
        "coiffeur coiffeuse coiffeuses",
    ],
)
def test_a_family_has_one_stem(family):
    assert len({stem(word) for word in words(family)}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("bois", "boisson"), ("macon", "maire"), ("site", "sieste"), ("lac", "lacet")],
)
def test_strangers_have_two(one, other):
    assert stem(one) != stem(other)


def test_hyphens_and_apostrophes_part_words():
    assert words("L’expert-comptable d'Hauts-de-Bienne") == [
        *("l", "expert", "comptable", "d", "hauts", "de", "bienne")
    ]


def test_small_words_say_nothing():
    assert asked("Bonjour, je cherche un menuisier pour l’école") == ["menuisier", "ecole"]
    assert asked("pour la") == ["pour", "la"]
    assert asked("st claude") == ["saint", "claude"]


def test_an_expression_is_its_stems_in_order():
    assert phrase("Création de sites Internet") == phrase("creation site internet")
    assert list(runs(["a", "b", "c"], 2)) == [
        *((0, 1, "a"), (0, 2, "a b"), (1, 2, "b"), (1, 3, "b c"), (2, 3, "c"))
    ]


@pytest.mark.parametrize(
    ("one", "other", "most", "found"),
    [
        ("menuisier", "menuisier", 2, 0),
        ("menusier", "menuisier", 2, 1),
        ("menuiiser", "menuisier", 2, 1),
        ("carelage", "carrelages", 2, 2),
        ("plombier", "plomb", 2, 3),
        ("abcdef", "ghijkl", 2, 3),
    ],
)
def test_slips_are_counted(one, other, most, found):
    assert slips(one, other, most) == slips(other, one, most) == found


def test_three_letters_at_a_time():
    assert grams("bois") == {" bo", "boi", "ois", "is "}


@pytest.mark.parametrize(
    "hostile",
    [
        "x" * 5000,
        "menuisier " * 1000,
        "\0\0menuisier\0",
        "'; DROP TABLE directory_provider; --",
        "<script>alert(1)</script>",
        "🪵🪚 %_\\*",
        "﷽" * 500,
    ],
)
def test_a_hostile_question_is_short_and_made_of_letters(hostile):
    found = asked(hostile)
    assert len(found) <= 8
    assert all(0 < len(word) <= 30 and "\0" not in word and " " not in word for word in found)


@given(st.text())
def test_any_text_has_words_that_stay_what_they_are(text):
    for word, written in stems(text).items():
        assert stem(written) == word
        assert words(written) == [written]
