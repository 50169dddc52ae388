"""The admin's theme speaks French: all of its words, and none that it no longer says."""

import polib
from django.utils import translation

from tests.house import borrowed, catalogues


def test_every_word_of_the_theme_has_its_french() -> None:
    assert borrowed.without_french() == set()
    entries = polib.pofile(str(catalogues.borrowed(catalogues.ROOT)))
    assert [entry.msgid for entry in entries if not entry.translated()] == []


def test_no_word_has_left_the_theme() -> None:
    assert borrowed.no_longer_said() == set()


def test_the_words_are_found_at_all() -> None:
    words = borrowed.words_of_the_theme()
    assert {("Apply Filters", ""), ("Select value", "")} <= words
    assert any(many for _, many in words)


def test_french_in_french_and_english_in_english() -> None:
    for language, words in (("fr", "Appliquer"), ("en", "Apply Filters")):
        with translation.override(language):
            assert translation.gettext("Apply Filters") == words


def test_the_theme_s_words_keep_their_placeholders() -> None:
    for entry in polib.pofile(str(catalogues.borrowed(catalogues.ROOT))):
        for source, words in catalogues.forms(entry):
            found = catalogues.PLACEHOLDER.findall
            assert set(found(source)) == set(found(words)), source
