"""Why a provider is asked, in the words of the page and of the letter."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.scoring import IN_REACH, NEAR, WEIGHTS, Criterion


def why(breakdown: Iterable[Sequence[object]]) -> list[str]:
    """Each part of a stored breakdown as a reason; a part that is unknown by now is left out."""
    return [
        _REASONS[str(criterion)](int(str(points)))
        for criterion, points in breakdown
        if str(criterion) in _REASONS
    ]


def _must(points: int) -> str:
    count = max(1, points // WEIGHTS[Criterion.MUST])
    return ngettext(
        "la compétence indispensable",
        "les %(count)d compétences indispensables",
        count,
    ) % {"count": count}


def _nice(points: int) -> str:
    count = max(1, points // WEIGHTS[Criterion.NICE])
    return ngettext("une compétence souhaitée", "%(count)d compétences souhaitées", count) % {
        "count": count
    }


def _near(points: int) -> str:
    for farthest, weight in NEAR:
        if points >= weight:
            return _("à moins de %(km)d km à vol d’oiseau") % {"km": farthest}
    return _("dans le rayon de déplacement") if points >= IN_REACH else ""


def _engaged(points: int) -> str:
    if points >= WEIGHTS[Criterion.ENGAGED]:  # who was never asked has left nobody waiting
        return _("aucune demande laissée sans réponse")
    return _("répond souvent aux demandes")


_REASONS: Final[dict[str, Callable[[int], str]]] = {
    Criterion.TRADE.value: lambda points: _("le métier demandé"),
    Criterion.WORDS.value: lambda points: _("un métier que la demande décrit"),
    Criterion.MUST.value: _must,
    Criterion.NICE.value: _nice,
    Criterion.NEAR.value: _near,
    Criterion.COMMUNE.value: lambda points: _("la même commune"),
    Criterion.REMOTE.value: lambda points: _("le travail à distance est possible"),
    Criterion.AVAILABLE.value: lambda points: _("disponible à la date souhaitée"),
    Criterion.LANGUAGE.value: lambda points: _("la langue du donneur d’ordre"),
    Criterion.BUDGET.value: lambda points: _("le budget correspond"),
    Criterion.COWORKER.value: lambda points: _("de l’espace de coworking"),
    Criterion.ENGAGED.value: _engaged,
}
