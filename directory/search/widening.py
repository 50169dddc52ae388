"""No search is a dead end: what to leave out when few were found."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.search.asking import Query, Wider
from directory.search.meaning import Meaning

ENOUGH: Final = 5

# What leaving a filter out is called, and the filter; the narrowest first.
_FILTERS: Final = (
    (gettext_lazy("partout"), ("within_km", "commune")),
    (gettext_lazy("quelle que soit la disponibilité"), ("available_on",)),
    (gettext_lazy("dans toutes les langues"), ("language",)),
    (gettext_lazy("sur place ou à distance"), ("mode",)),
    (gettext_lazy("dans tous les métiers"), ("trade",)),
    (gettext_lazy("dans tous les secteurs"), ("sector",)),
)


def wider(query: Query, meant: Meaning, total: int) -> tuple[Wider, ...]:
    """The questions to ask instead; none when enough was found."""
    return tuple(_wider(query, meant)) if total < ENOUGH else ()


def _wider(query: Query, meant: Meaning) -> Iterator[Wider]:
    if meant.did_you_mean:
        words = meant.did_you_mean
        yield Wider(_("chercher « %(words)s »") % {"words": words}, replace(query, words=words))
    asked = [(label, left_out) for label, left_out in _FILTERS if _holds(query, left_out)]
    for label, left_out in asked:
        yield Wider(str(label), _without(query, *left_out))
    if query.words and len(asked) > 1:
        yield Wider(_("sans aucun filtre"), Query(words=query.words))
    if query != Query():
        yield Wider(_("tous les prestataires"), Query())


def _holds(query: Query, names: tuple[str, ...]) -> bool:
    return any(getattr(query, name) not in ("", None) for name in names)


def _without(query: Query, *names: str) -> Query:
    return replace(query, **{name: getattr(Query(), name) for name in names})
