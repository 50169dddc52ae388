"""From everyday words to a trade: a suggestion, which whoever typed them may change."""

from directory.models import Synonym, Trade
from members.folding import fold

_SHORTEST = 3  # signs: a shorter word means too many things


def suggested_trades(text: str, *, most: int = 3) -> list[Trade]:
    """The trades whose name or synonym stands in the text, the longest word first.

    Two queries, whatever the text. Plurals count as their singular.
    """
    said = f" {_plain(text)} "
    if not said.strip():
        return []
    trades = {trade.pk: trade for trade in Trade.objects.in_use()}
    words = [(_plain(trade.name), pk) for pk, trade in trades.items()]
    synonyms = Synonym.objects.order_by("pk").values_list("folded", "trade_id")
    words += [(_plain(folded), pk) for folded, pk in synonyms]
    best: dict[int, int] = {}
    for word, pk in words:
        if len(word) >= _SHORTEST and pk in trades and f" {word} " in said:
            best[pk] = max(best.get(pk, 0), len(word))
    order = sorted(best, key=lambda pk: (-best[pk], trades[pk].name, pk))
    return [trades[pk] for pk in order[:most]]


def _plain(text: str) -> str:
    """Folded, without signs, each word without the mark of its plural."""
    words = "".join(sign if sign.isalnum() else " " for sign in fold(text)).split()
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in words)
