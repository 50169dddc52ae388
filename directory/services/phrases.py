"""What everyday expressions stand for: the names of trades, sectors and communes, and synonyms.

They are read when somebody searches, so a new synonym holds at once for every provider.
"""

from collections.abc import Iterator
from typing import Final

from django.db import transaction

from directory import stems
from directory.models import Commune, CommuneKind, Phrase, PhraseKind, Sector, Synonym, Trade, facet
from directory.services.terms import ROWS, terms_of

# (stems, kind, facet)
Said = tuple[str, str, str]
_NAMES_OF_A_COMMUNE: Final = 2  # words, when it has more: « Saint-Laurent » en Grandvaux


@transaction.atomic
def learn() -> None:
    """Make the expressions as the tables now have them."""
    wanted = {said for said in _everything() if said[0]}
    words: dict[str, str] = {}
    for text in _texts():
        for stem, word in stems.stems(text).items():
            words.setdefault(stem, word)
    ids = terms_of(words | {key: "" for _stems, _kind, key in wanted})
    rows = {(said, kind, ids[key]) for said, kind, key in wanted}
    kept: set[tuple[str, str, int]] = set()
    gone: list[int] = []
    for pk, *row in Phrase.objects.order_by().values_list("pk", "stems", "kind", "facet_id"):
        found = (row[0], row[1], row[2])
        if found in rows:
            kept.add(found)
        else:
            gone.append(pk)
    for begin in range(0, len(gone), ROWS):
        Phrase.objects.filter(pk__in=gone[begin : begin + ROWS]).delete()
    Phrase.objects.bulk_create(
        [Phrase(stems=said, kind=kind, facet_id=key) for said, kind, key in sorted(rows - kept)],
        ignore_conflicts=True,
        batch_size=ROWS,
    )


def _everything() -> Iterator[Said]:
    for trade in Trade.objects.in_use():
        key = facet("trade", trade.pk)
        for name in (trade.name, trade.name_en):
            whole = stems.phrase(name)
            yield whole, PhraseKind.TRADE, key
            parts = whole.split()
            if len(parts) > 1:
                yield from ((part, PhraseKind.PART, key) for part in parts)
    for trade_id, word in Synonym.objects.filter(trade__is_active=True).values_list(
        "trade", "word"
    ):
        yield stems.phrase(word), PhraseKind.SYNONYM, facet("trade", trade_id)
    for sector in Sector.objects.all():
        key = facet("sector", sector.pk)
        for name in (sector.name, sector.name_en):
            for part in {stems.phrase(name), *stems.phrase(name).split()}:
                yield part, PhraseKind.SECTOR, key
    yield from _communes()


def _communes() -> Iterator[Said]:
    for commune in Commune.objects.all():
        key = facet("commune", commune.pk)
        name = stems.phrase(commune.name)
        yield name, PhraseKind.COMMUNE, key
        parts = name.split()
        if len(parts) > _NAMES_OF_A_COMMUNE and commune.kind != CommuneKind.ABROAD:
            yield " ".join(parts[:_NAMES_OF_A_COMMUNE]), PhraseKind.COMMUNE, key


def _texts() -> Iterator[str]:
    """All of the expressions as they are written, so that a slip in them is understood."""
    for row in Trade.objects.in_use():
        yield f"{row.name} {row.name_en}"
    yield from Synonym.objects.values_list("word", flat=True)
    for sector in Sector.objects.all():
        yield f"{sector.name} {sector.name_en}"
    yield from Commune.objects.values_list("name", flat=True)
