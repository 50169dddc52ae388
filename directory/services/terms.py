"""The vocabulary of the search's index: each term once, whoever writes it first."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from directory import stems
from directory.models import Gram, Term

ROWS: Final = 2000

# By stem: the id, and how it is written.
Found = dict[str, tuple[int, str]]


def terms_of(wanted: Mapping[str, str]) -> dict[str, int]:
    """The ids of these stems, each given with how it is written (nothing for a facet).

    What is new is added and what was forgotten comes back, in one order, so that two who add the
    same wait for each other and do not lock each other out.
    """
    found = _ids(wanted)
    new = sorted(wanted.keys() - found.keys())
    Term.objects.bulk_create(
        [Term(stem=stem, word=wanted[stem]) for stem in new],
        ignore_conflicts=True,
        batch_size=ROWS,
    )
    silent = sorted(stem for stem, (_pk, word) in found.items() if wanted[stem] and not word)
    for begin in range(0, len(silent), ROWS):
        back = [Term(pk=found[stem][0], word=wanted[stem]) for stem in silent[begin : begin + ROWS]]
        Term.objects.bulk_update(back, ["word"], batch_size=ROWS // 4)
    found |= _ids(new)
    Gram.objects.bulk_create(
        [
            Gram(letters=letters, term_id=found[stem][0])
            for stem in sorted({*new, *silent})
            if wanted[stem]
            for letters in sorted(stems.grams(wanted[stem]))
        ],
        ignore_conflicts=True,
        batch_size=ROWS,
    )
    return {stem: pk for stem, (pk, _word) in found.items()}


def forget_unused(spoken: Collection[str]) -> None:
    """Words that nobody says any more are no longer what a slip may have meant. `spoken` are the
    stems of the expressions. The row stays: somebody may be about to say it again."""
    unused = Term.objects.filter(postings=None, phrases=None).exclude(word="").order_by("pk")
    gone = [pk for pk, stem in unused.values_list("pk", "stem") if stem not in spoken]
    for begin in range(0, len(gone), ROWS):
        some = gone[begin : begin + ROWS]
        Gram.objects.filter(term__in=some).delete()
        Term.objects.filter(pk__in=some).update(word="")


def _ids(wanted: Iterable[str]) -> Found:
    """Asked for in pieces: a database takes so many parameters and no more."""
    names = list(wanted)
    found: Found = {}
    for begin in range(0, len(names), ROWS):
        rows = Term.objects.filter(stem__in=names[begin : begin + ROWS]).order_by()
        found |= {stem: (pk, word) for stem, pk, word in rows.values_list("stem", "pk", "word")}
    return found
