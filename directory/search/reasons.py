"""Why a provider was found, in words."""

from datetime import date
from typing import Any, NamedTuple

from django.utils.formats import date_format, localize
from django.utils.translation import gettext_lazy as _


class Reason(NamedTuple):
    """A code and what it speaks of. The codes and their parameters:

    `trade`, `sector`, `skill` (name); `synonym`, `corrected` (word, name); `name`, `details`,
    `description` (word); `place` (name); `distance`, `range` (km); `available` (day: the last).
    """

    code: str
    params: dict[str, Any]

    @property
    def words(self) -> str:
        """In the reader's language."""
        sentence = _SENTENCES[self.code]
        return sentence % {name: _said(value) for name, value in self.params.items()}


def _said(value: object) -> str:
    return date_format(value, "j F") if isinstance(value, date) else str(localize(value))


_SENTENCES = {
    "trade": _("métier : %(name)s"),
    "sector": _("secteur : %(name)s"),
    "skill": _("compétence : %(name)s"),
    "synonym": _("« %(word)s » désigne %(name)s"),
    "corrected": _("« %(word)s » compris comme « %(name)s »"),
    "name": _("« %(word)s » est dans le nom"),
    "details": _("« %(word)s » est dans les activités"),
    "description": _("« %(word)s » est dans la présentation"),
    "place": _("à %(name)s"),
    "distance": _("à %(km)s km à vol d’oiseau"),
    "range": _("intervient jusqu’à %(km)s km"),
    "available": _("disponible jusqu’au %(day)s"),
}
