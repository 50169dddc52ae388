"""Why a provider was found, in words."""

from datetime import date
from typing import Any, NamedTuple

from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _


class Reason(NamedTuple):
    """A code and what it speaks of. The codes and their parameters:

    `trade`, `sector`, `skill` (name); `synonym`, `corrected` (word, name); `name`, `details`,
    `description` (word); `place` (name); `distance`, `range` (km); `available` (until, the first
    day on which the word is no longer good).
    """

    code: str
    params: dict[str, Any]

    @property
    def words(self) -> str:
        return _SENTENCES[self.code](self.params)


def _day_before(day: date) -> str:
    return date_format(date.fromordinal(day.toordinal() - 1), "j F")


_SENTENCES = {
    "trade": lambda p: _("métier : %(name)s") % p,
    "sector": lambda p: _("secteur : %(name)s") % p,
    "skill": lambda p: _("compétence : %(name)s") % p,
    "synonym": lambda p: _("« %(word)s » désigne %(name)s") % p,
    "corrected": lambda p: _("« %(word)s » compris comme « %(name)s »") % p,
    "name": lambda p: _("« %(word)s » est dans le nom") % p,
    "details": lambda p: _("« %(word)s » est dans les activités") % p,
    "description": lambda p: _("« %(word)s » est dans la présentation") % p,
    "place": lambda p: _("à %(name)s") % p,
    "distance": lambda p: _("à %(km)s km à vol d’oiseau") % {"km": localize(p["km"])},
    "range": lambda p: _("intervient jusqu’à %(km)s km") % p,
    "available": lambda p: _("disponible jusqu’au %(day)s") % {"day": _day_before(p["until"])},
}
