"""Words as the search compares them: folded, without their endings. Pure: text in, words out.

« Menuisières » and "menuisier" become one stem. The stemmer reads accents and people leave them
out, so it is given folded words whose telling endings got their accents back.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from snowballstemmer import stemmer

from members.folding import fold

MOST_WORDS: Final = 8  # of a question; the rest of it is not read
LONGEST_QUESTION: Final = 200
LONGEST_TEXT: Final = 10_000
LONGEST_WORD: Final = 30
_SHORT: Final = {"st": "saint", "ste": "sainte"}
GRAM: Final = 3

_WORD: Final = re.compile(r"[^\W_]+")
_FRENCH: Final = stemmer("french")

# A folded ending gets its accents back, a trade is one for women, men and workshops, and « photos »
# are several « photo »; the first that fits.
_BEFORE: Final = tuple(
    (re.compile(rf"(?<=\w\w){ending}$"), instead)
    for ending, instead in (
        ("ieres?", "ière"),
        ("ites?", "ité"),
        ("ees?", "ée"),
        ("trices?", "teur"),
        ("euses?", "eur"),
        ("eries?", "ier"),
        ("os", "o"),
    )
)
# What the stemmer leaves of a trade: « plombi », « traducteur », « développeur ».
_AFTER: Final = re.compile(r"(?<=\w\w\w)(?:i|eur)$")
_DOUBLE: Final = re.compile(r"([a-z])\1")

EMPTY: Final = frozenset(
    word
    for line in (
        "a afin ai ainsi alors apres as au aucun aussi autre autres aux avant avec avez avoir c",
        "car ce cela celle ces cet cette ceux chaque chez ci comme d dans de depuis des dont du",
        "elle elles en encore entre est et etre eu fait faites font hors ici il ils j je jusqu l",
        "la le les leur leurs lors lui m ma mais me meme mes moins mon n ne ni nos notre nous on",
        "ont ou par parce pas pendant peu plus pour pres puis qu quand que quel quelle quelles",
        "quels qui quoi s sa sans se ses si son sont sous sur t ta tes toi ton tous tout toute",
        "toutes tres tu un une vers vos votre vous y the and of for",
    )
    for word in line.split()
)
# Said when one looks for somebody; of a profile they are words like others.
ASKING: Final = frozenset(
    word
    for line in (
        "aider autour besoin bon bonne cher cherche chercher cherchons faire faudrait faut",
        "trouver voudrais voudrait veux proche proximite quelqu recherche recherchons alentours",
        "environs urgent urgence pro professionnel svp bonjour merci coin looking need",
    )
    for word in line.split()
)


def words(text: str, most: int = LONGEST_TEXT) -> list[str]:
    """The folded words of a text's first `most` letters, those that say nothing included."""
    found = _WORD.findall(fold(text[:most]))
    return [_SHORT.get(word, word[:LONGEST_WORD]) for word in found]


def telling(found: Iterable[str]) -> list[str]:
    """Those of the words that say something."""
    return [word for word in found if word not in EMPTY and (len(word) > 1 or word.isdecimal())]


def asked(question: str) -> list[str]:
    """The telling words of a question, `MOST_WORDS` at most, each once.

    A question of small words alone is taken as it is: better a poor search than none.
    """
    everything = words(question, LONGEST_QUESTION)
    found = [word for word in telling(everything) if word not in ASKING]
    found = found or telling(everything) or everything
    return list(dict.fromkeys(found))[:MOST_WORDS]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of one folded word."""
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, instead in _BEFORE:
        word, times = ending.subn(instead, word)
        if times:
            break
    left = fold(_FRENCH.stemWord(word)).replace("ph", "f")
    return _DOUBLE.sub(r"\1", _AFTER.sub("", left))


def stems(text: str) -> dict[str, str]:
    """The stems of a text, each with the first word that had it."""
    found: dict[str, str] = {}
    for word in telling(words(text)):
        found.setdefault(stem(word), word)
    return found


def phrase(text: str) -> str:
    """The stems of an expression in order: « sites Internet » becomes "sit internet"."""
    return " ".join(stem(word) for word in telling(words(text)))


def runs(of: list[str], longest: int) -> Iterator[tuple[int, int, str]]:
    """Every run of neighbours as (first, after the last, joined by spaces)."""
    for first in range(len(of)):
        for after in range(first + 1, min(len(of), first + longest) + 1):
            yield first, after, " ".join(of[first:after])


def grams(word: str) -> set[str]:
    """The runs of three letters of a word, its edges marked: what two spellings share."""
    padded = f" {word} "
    return {padded[at : at + GRAM] for at in range(len(padded) - GRAM + 1)}


def slips(one: str, other: str, most: int) -> int:
    """How many letters are missing, added, wrong or swapped with a neighbour; `most` + 1 when
    there are more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
