"""What a need is about, by its words, when it names no trade."""

from dataclasses import dataclass
from typing import Final

from directory.models import Need, Skill, Synonym, Trade
from members.folding import fold

LONGEST_EXPRESSION: Final = 3  # words
MOST_WORDS: Final = 80


@dataclass(frozen=True, slots=True)
class Guess:
    trades: frozenset[int]
    skills: frozenset[int]


def guess(need: Need) -> Guess:
    """The trades and skills that the title names; those of the details where it names none.

    Three queries, or six.
    """
    return _named_in(need.title) or _named_in(need.description) or Guess(frozenset(), frozenset())


def _named_in(text: str) -> Guess | None:
    said = expressions(text)
    if not said:
        return None
    names = Trade.objects.in_use().values_list("pk", "name")
    trades = {pk for pk, name in names if expression(name) in said}
    words = Synonym.objects.filter(trade__is_active=True).values_list("trade", "folded")
    trades |= {trade for trade, folded in words if expression(folded) in said}
    skills = Skill.objects.filter(folded__in=said).values_list("pk", flat=True)
    found = Guess(frozenset(trades), frozenset(skills))
    return found if found.trades or found.skills else None


def expression(text: str) -> str:
    """An expression in the form in which two ways to write it are one."""
    return " ".join(_singular(word) for word in _words(text))


def expressions(text: str) -> frozenset[str]:
    """Every run of up to three words of a text, as `expression`, and as it is written."""
    words = _words(text)[:MOST_WORDS]
    runs = {
        tuple(words[start : start + length])
        for length in range(1, LONGEST_EXPRESSION + 1)
        for start in range(len(words) - length + 1)
    }
    as_written = {" ".join(run) for run in runs}
    return frozenset(as_written | {" ".join(map(_singular, run)) for run in runs})


def _words(text: str) -> list[str]:
    plain = "".join(each if each.isalnum() else " " for each in fold(text))
    return plain.split()


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word
