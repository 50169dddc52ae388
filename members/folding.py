"""Text as one searches for it: without case, accents or ligatures.

A database folds differently from the other (SQLite's `icontains` knows no accents), so the search
of a list that fits in memory is done here, alike on both.
"""

import re
import unicodedata

# What no decomposition takes apart. Chained `replace` is thirty times as fast as `translate`.
_LETTERS = (("œ", "oe"), ("æ", "ae"), ("ß", "ss"), ("’", "'"), ("ø", "o"), ("ł", "l"))
_MARKS = re.compile(r"[\u0300-\u036f]")


def fold(text: str) -> str:
    """« Œuvre d’Été » becomes "oeuvre d'ete"."""
    plain = text.casefold()
    if not plain.isascii():
        for letter, instead in _LETTERS:
            plain = plain.replace(letter, instead)
        plain = _MARKS.sub("", unicodedata.normalize("NFKD", plain))
    return " ".join(plain.split())


def words_of(query: str) -> list[str]:
    """The words one looks for, folded; each must be found, in any order."""
    return fold(query).split()
