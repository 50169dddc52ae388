"""The question of a query string: the whole state of a search is its address."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Commune, Mode, Sector, SpokenLanguage, Trade
from directory.search import Query

LONGEST: Final = 100  # characters of what is typed
LAST_PAGE: Final = 10_000
WITHIN_KM: Final = (5, 10, 20, 30, 50)

# The parameters, in the order of the address. `page` is no part of the question.
ASKED: Final = ("q", "sector", "trade", "commune", "within", "mode", "language", "available")

FILTERS: Final = tuple(name for name in ASKED if name not in {"q", "commune"})


class SearchForm(forms.Form):
    """Bound to a query string. `query` and `page` once it is valid, `address` of the question.

    A name that is in no list is refused with the code `unknown`.
    """

    q = forms.CharField(
        label=_("Que cherchez-vous ?"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "enterkeyhint": "search",
                "placeholder": _("site internet, menuisier, compta…"),
            }
        ),
    )
    commune = forms.ChoiceField(label=_("Où ?"), required=False)
    within = forms.TypedChoiceField(
        label=_("Jusqu’à"), required=False, coerce=int, empty_value=None
    )
    sector = forms.ChoiceField(label=_("Secteur"), required=False)
    trade = forms.ChoiceField(label=_("Métier"), required=False)
    mode = forms.ChoiceField(label=_("Travail"), required=False)
    language = forms.ChoiceField(label=_("Langue"), required=False)
    available = forms.BooleanField(label=_("Disponible maintenant"), required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.sectors = list(Sector.objects.all())
        self.trades = list(Trade.objects.in_use().select_related("sector"))
        self.communes = list(Commune.objects.select_related("part_of"))
        choices = self._choices()
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                field.choices = choices[name]
                message = _("« %(value)s » n’est pas dans la liste.")
                field.error_messages["invalid_choice"] = message

    def _choices(self) -> dict[str, list[tuple[Any, Any]]]:
        return {
            "sector": [("", _("tous les secteurs")), *_named(self.sectors)],
            "trade": [("", _("tous les métiers")), *self._trades_by_sector()],
            "commune": [("", _("partout")), *self._communes_by_place()],
            "within": [
                ("", _("la commune seule")),
                *((str(km), _("%(km)s km autour") % {"km": km}) for km in WITHIN_KM),
            ],
            "mode": [
                ("", _("peu importe")),
                *((mode.value, mode.label) for mode in (Mode.ON_SITE, Mode.REMOTE)),
            ],
            "language": [("", _("toutes les langues")), *SpokenLanguage.choices],
        }

    def _trades_by_sector(self) -> list[tuple[Any, Any]]:
        return [
            (str(sector), _named(inside))
            for sector in self.sectors
            if (inside := [trade for trade in self.trades if trade.sector_id == sector.pk])
        ]

    def _communes_by_place(self) -> list[tuple[Any, Any]]:
        here = [commune for commune in self.communes if commune.in_territory]
        around = [commune for commune in self.communes if not commune.in_territory]
        groups = ((_("Sur le territoire"), here), (_("Autour"), around))
        return [(label, _named(rows)) for label, rows in groups if rows]

    @property
    def is_asked(self) -> bool:
        """Something of a search is in the address, be it empty: « show me everybody »."""
        return any(name in self.data for name in ASKED)

    @property
    def filters(self) -> int:
        """How many of the questions behind « Affiner » are answered."""
        return sum(bool(self.data.get(name)) for name in FILTERS)

    @property
    def filters_are_wrong(self) -> bool:
        return any(name in self.errors for name in FILTERS)

    @property
    def query(self) -> Query:
        told = self.cleaned_data
        return Query(
            words=told["q"],
            trade=told["trade"],
            sector=told["sector"],
            commune=told["commune"],
            within_km=told["within"] if told["commune"] else None,
            mode=told["mode"],
            language=told["language"],
            available_on=self.today if told["available"] else None,
        )

    @property
    def number(self) -> int:
        """Of the page, from one."""
        return self.cleaned_data.get("page") or 1


def _named(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(row.slug, str(row)) for row in rows]


def address_of(query: Query) -> str:
    """The query string of a question, short: only what it says."""
    told = {
        "q": query.words,
        "sector": query.sector,
        "trade": query.trade,
        "commune": query.commune,
        "within": query.within_km or "",
        "mode": query.mode,
        "language": query.language,
        "available": "on" if query.available_on else "",
    }
    return urlencode({name: value for name, value in told.items() if value})


def without(query: Query, part: str) -> Query:
    """The question with one of its parts left out; a distance goes with its commune."""
    empty = Query()
    changes: dict[str, Any] = {part: getattr(empty, part)}
    if part == "commune":
        changes["within_km"] = None
    return replace(query, **changes)
