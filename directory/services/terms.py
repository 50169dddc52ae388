"""The vocabulary of the search's index: each term once, whoever writes it first."""

from collections.abc import Iterable, Mapping
from typing import Final

from directory import stems
from directory.models import Gram, Term

ROWS: Final = 2000


def terms_of(wanted: Mapping[str, str]) -> dict[str, int]:
    """The ids of these stems, each given with how it is written (nothing for a facet).

    What is new is added, in one order, so that two who add the same wait for each other and do
    not lock each other out.
    """
    found = _ids(wanted)
    missing = sorted(wanted.keys() - found.keys())
    if not missing:
        return found
    Term.objects.bulk_create(
        [Term(stem=stem, word=wanted[stem]) for stem in missing],
        ignore_conflicts=True,
        batch_size=ROWS,
    )
    added = _ids(missing)
    grams = sorted(
        (letters, added[stem])
        for stem in missing
        if wanted[stem]
        for letters in stems.grams(wanted[stem])
    )
    Gram.objects.bulk_create(
        [Gram(letters=letters, term_id=term) for letters, term in grams],
        ignore_conflicts=True,
        batch_size=ROWS,
    )
    return found | added


def _ids(wanted: Iterable[str]) -> dict[str, int]:
    """Asked for in pieces: a database takes so many parameters and no more."""
    names = list(wanted)
    found: dict[str, int] = {}
    for begin in range(0, len(names), ROWS):
        rows = Term.objects.filter(stem__in=names[begin : begin + ROWS]).order_by()
        found |= dict(rows.values_list("stem", "pk"))
    return found
