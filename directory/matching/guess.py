"""What a need is about, by its words, when it names no trade."""

from dataclasses import dataclass
from typing import Final

from directory.models import Need, Skill
from directory.words import suggested_trades
from members.folding import fold

LONGEST_EXPRESSION: Final = 3  # words of the name of a skill
MOST_WORDS: Final = 80
MOST_TRADES: Final = 3


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
    trades = frozenset(trade.pk for trade in suggested_trades(text, most=MOST_TRADES))
    names = Skill.objects.filter(folded__in=expressions(text))
    skills = frozenset(names.values_list("pk", flat=True))
    return Guess(trades, skills) if trades or skills else None


def expressions(text: str) -> frozenset[str]:
    """Every run of up to three words of a text, folded."""
    signs = (each if each.isalnum() else " " for each in fold(text))
    words = "".join(signs).split()[:MOST_WORDS]
    return frozenset(
        " ".join(words[start : start + length])
        for length in range(1, LONGEST_EXPRESSION + 1)
        for start in range(len(words) - length + 1)
    )
