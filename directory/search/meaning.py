"""What the words of a question mean to the index: terms, expressions, places, slips put right."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count

from directory import stems
from directory.models import Gram, Phrase, PhraseKind, Term
from directory.search import weights

LONGEST_PHRASE: Final = 4  # stems
MOST_BEGINNINGS: Final = 12
MOST_CANDIDATES: Final = 60
MOST_CORRECTED: Final = 3  # words of one question
MOST_CORRECTIONS: Final = 3  # of one word
SHORTEST_BEGINNING: Final = 3
SHORTEST_SLIP: Final = 4
# The longer a word, the more letters of it may be wrong.
SLIPS: Final = ((9, 2), (6, 2), (SHORTEST_SLIP, 1))
# Said before the name of a place, they speak of the place.
OF_A_PLACE: Final = frozenset({"mairie", "commune", "ville", "village"})

_QUALITY: Final = {
    PhraseKind.TRADE: weights.EXACT,
    PhraseKind.SYNONYM: weights.SYNONYM,
    PhraseKind.SECTOR: weights.EXACT,
    PhraseKind.COMMUNE: weights.EXACT,
    PhraseKind.PART: weights.PART,
}


@dataclass(slots=True)
class Word:
    """One word: the terms it may stand for, and how surely, out of a hundred."""

    said: str
    stem: str
    terms: dict[int, int] = field(default_factory=dict)
    # Of a facet that an expression stands for: its name in the index, the kind, the expression.
    facets: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    corrected: str = ""
    beginnings: tuple[str, ...] = ()

    def means(self, term: int, quality: int) -> None:
        self.terms[term] = max(quality, self.terms.get(term, 0))


@dataclass(slots=True)
class Meaning:
    """`words` are what must be found; `places` the ids of communes that were named beside them."""

    words: list[Word]
    places: tuple[int, ...] = ()
    did_you_mean: str = ""

    @property
    def terms(self) -> set[int]:
        return {term for word in self.words for term in word.terms}


def meaning(question: str) -> Meaning:
    """Three queries, and one more for each of the `MOST_CORRECTED` words that nobody uses."""
    words = [Word(said, stems.stem(said)) for said in stems.asked(question)]
    if not words:
        return Meaning([])
    _find_terms(words)
    _complete(words)
    _correct(words)
    places = _read_phrases(words)
    corrected = " ".join(word.corrected or word.said for word in words)
    did_you_mean = corrected if any(word.corrected for word in words) else ""
    kept = [word for number, word in enumerate(words) if number not in places]
    named = {key for keys in places.values() for key in keys}
    if not kept:  # a place and nothing else: those who are there
        return Meaning(words, (), did_you_mean)
    return Meaning(kept, tuple(sorted(named)), did_you_mean)


def _find_terms(words: Sequence[Word]) -> None:
    found = dict(
        Term.objects.filter(stem__in={word.stem for word in words})
        .order_by()
        .values_list("stem", "pk")
    )
    for word in words:
        if word.stem in found:
            word.means(found[word.stem], weights.EXACT)


def _complete(words: Sequence[Word]) -> None:
    """The last word may be half typed."""
    last = words[-1]
    if last.terms or len(last.said) < SHORTEST_BEGINNING or not last.said.isascii():
        return
    after = last.said[:-1] + chr(ord(last.said[-1]) + 1)
    rows = Term.objects.filter(word__gte=last.said, word__lt=after).order_by("word", "pk")
    begun = list(rows.values_list("pk", "stem")[:MOST_BEGINNINGS])
    for term, _stem in begun:
        last.means(term, weights.BEGINNING)
    last.beginnings = tuple(stem for _term, stem in begun)


def _correct(words: Sequence[Word]) -> None:
    """The nearest known words to those that are not known: with the fewest slips."""
    unknown = [w for w in words if not w.terms and len(w.said) >= SHORTEST_SLIP]
    for word in unknown[:MOST_CORRECTED]:
        letters, most = stems.grams(word.said), _most_slips(word.said)
        near = (
            Gram.objects.filter(letters__in=letters)
            .values("term_id")
            .annotate(shared=Count("pk"))
            .filter(shared__gte=max(2, len(letters) - stems.GRAM * most))
            .order_by("-shared", "term_id")
            .values_list("term_id", "term__stem", "term__word")
        )
        _take_nearest(word, near[:MOST_CANDIDATES], most)


def _most_slips(word: str) -> int:
    return next(slips for length, slips in SLIPS if len(word) >= length)


def _take_nearest(word: Word, candidates: Iterable[tuple[int, str, str]], most: int) -> None:
    measured = sorted(
        (stems.slips(word.said, written, most), written, term, stem)
        for term, stem, written in candidates
    )
    near = [one for one in measured if one[0] <= most]
    best = [one for one in near if one[0] == near[0][0]][:MOST_CORRECTIONS]
    for _slips, _written, term, _stem in best:
        word.means(term, weights.CORRECTED)
    if best:
        word.corrected, word.stem = best[0][1], best[0][3]
        word.beginnings = tuple(stem for *_rest, stem in best[1:])


def _read_phrases(words: Sequence[Word]) -> dict[int, set[int]]:
    """Add what expressions stand for; the numbers of the words that name a place, with it."""
    spoken = [word.stem for word in words]
    runs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for first, after, run in stems.runs(spoken, LONGEST_PHRASE):
        runs[run].append((first, after))
    for number, word in enumerate(words):
        for other in word.beginnings:
            runs[other].append((number, number + 1))
    rows = (
        Phrase.objects.filter(stems__in=list(runs))
        .order_by("stems", "kind", "facet")
        .values_list("stems", "kind", "facet_id", "facet__stem")
    )
    places: dict[int, set[int]] = defaultdict(set)
    for said, kind, term, facet in rows:
        for first, after in runs[said]:
            typed = " ".join(word.corrected or word.said for word in words[first:after])
            for number in range(first, after):
                _add_facet(words[number], (facet, kind, typed), said, term)
            if kind == PhraseKind.COMMUNE:
                begins = first - 1 if first and words[first - 1].said in OF_A_PLACE else first
                for number in range(begins, after):
                    places[number].add(int(facet.rpartition(":")[2]))
    return places


def _add_facet(word: Word, facet: tuple[str, str, str], said: str, term: int) -> None:
    quality = _QUALITY[PhraseKind(facet[1])]
    if word.corrected:
        quality = quality * weights.CORRECTED // weights.EXACT
    elif said in word.beginnings:
        quality = quality * weights.BEGINNING // weights.EXACT
    if quality > word.terms.get(term, 0):
        word.facets[term] = facet
    word.means(term, quality)
