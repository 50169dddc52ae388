"""The page of the figures: periods, sentences, tables with their bars; and the same as a sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.figures import Figures, Often, Shares
from directory.suppression import Cell
from members.tariff import add_months

WIDTH: Final = 1000  # of a bar, in units of its drawing


@dataclass(frozen=True, slots=True)
class Period:
    """`[start, end)`, and the word for it in the address."""

    key: str
    label: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a table: `part` of `WIDTH` is drawn; `share` is in per cent, in words."""

    label: str
    value: int | None
    share: str
    part: int


@dataclass(frozen=True, slots=True)
class Table:
    """Lines that share out a total; none of them when too little happened."""

    key: str
    title: str
    bars: tuple[Bar, ...]
    total: int | None
    is_empty: bool  # nothing happened at all
    shares_out: bool = True  # else a list of what came often, without a total


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    sentence: str
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    number: str
    words: str


def periods(today: date) -> list[Period]:
    """The periods one may choose, the first one unless told otherwise."""
    first = today.replace(month=1, day=1)
    month = today.replace(day=1)
    last = first.replace(year=first.year - 1)
    return [
        Period("annee", str(first.year), first, first.replace(year=first.year + 1)),
        Period("annee-derniere", str(last.year), last, first),
        Period("douze-mois", _("12 derniers mois"), add_months(month, -12), month),
    ]


def words_of(period: Period, today: date) -> str:
    """« du 1 janvier 2026 au 31 décembre 2026 »: the days that are counted, none to come."""
    last = min(date.fromordinal(period.end.toordinal() - 1), today)
    return _("du %(start)s au %(end)s") % {
        "start": date_format(period.start, "j F Y"),
        "end": date_format(last, "j F Y"),
    }


def facts(found: Figures) -> list[Fact]:
    """What one wants to know first; nothing that is hidden."""
    answered, here = found.answers.cell("answered"), found.outcomes.cell("awarded_local")
    list_ = []
    if found.posted.value is not None:
        many = found.posted.value
        list_.append(Fact(str(many), ngettext("besoin publié", "besoins publiés", many)))
    if share := _share(answered, found.posted):
        list_.append(Fact(share, _("ont reçu une réponse")))
    if found.delay:
        days = _days(found.delay.half)
        list_.append(Fact(days, _("pour la moitié des premières réponses")))
    if here.value:
        words = ngettext("commande restée ici", "commandes restées ici", here.value)
        list_.append(Fact(str(here.value), words))
    return list_


def sections(found: Figures) -> list[Section]:
    return [
        Section(
            _("Ce qui a été demandé"),
            _("Les besoins publiés pendant la période, selon leur genre et qui les a écrits."),
            (
                _table("kinds", _("Par genre de demande"), found.kinds),
                _table("organisations", _("Par donneur d’ordre"), found.organisations),
            ),
        ),
        Section(
            _("Ce qui a été répondu"),
            _delay(found),
            (
                _table("answers", _("Besoins qui ont reçu une réponse"), found.answers),
                _table("asked", _("Ce qu’ont fait les prestataires sollicités"), found.asked),
                _table("declined", _("Pourquoi ils ont décliné"), found.declined),
            ),
        ),
        Section(
            _("Ce que les commandes sont devenues"),
            _("Une commande restée ici est attribuée à un prestataire du territoire."),
            (
                _table("outcomes", _("Suite donnée"), found.outcomes),
                _table("outside", _("Pourquoi ailleurs"), found.outside),
                _table("amounts_here", _("Montants restés ici, en euros"), found.amounts_here),
                _table("amounts_outside", _("Montants partis, en euros"), found.amounts_outside),
                _table(
                    "otherwise",
                    _("Commandes restées ici : sans l’annuaire, elles seraient venues"),
                    found.otherwise,
                ),
            ),
        ),
        Section(
            _("Ce qui manque ici"),
            _("Les besoins sans suite, et les mots cherchés cinq fois ou plus sans résultat."),
            (
                _table("trades", _("Métiers des besoins sans suite"), found.trades),
                _often("skills", _("Compétences des besoins sans suite"), found.skills),
                _often("missed", _("Recherches sans résultat"), found.missed),
            ),
        ),
    ]


def _table(key: str, title: str, shares: Shares) -> Table:
    bars = tuple(
        Bar(line.label, line.cell.value, _share(line.cell, shares.total), _part(line.cell, shares))
        for line in shares.lines
        if line.cell.value != 0
    )
    says = any(bar.value is not None for bar in bars)
    return Table(
        key, title, bars if says else (), shares.total.value, is_empty=shares.total.value == 0
    )


def _often(key: str, title: str, rows: Sequence[Often]) -> Table:
    most = max((row.times for row in rows), default=1)
    bars = tuple(Bar(row.name, row.times, "", row.times * WIDTH // most) for row in rows)
    return Table(key, title, bars, None, is_empty=not rows, shares_out=False)


def _part(cell: Cell, shares: Shares) -> int:
    return (cell.value or 0) * WIDTH // (shares.total.value or 1)


def _share(cell: Cell, total: Cell) -> str:
    """« 40 % », or nothing where one of the two is hidden or zero."""
    if not cell.value or not total.value:
        return ""
    return _("%(number)s %%") % {"number": round(100 * cell.value / total.value)}


def _delay(found: Figures) -> str:
    if found.delay is None:
        return _("Trop peu de réponses pour dire en combien de temps elles viennent.")
    return _(
        "La première réponse vient en %(half)s pour la moitié des besoins, en %(quarter)s pour le "
        "quart le plus rapide, en %(three)s pour les trois quarts."
    ) % {
        "half": _days(found.delay.half),
        "quarter": _days(found.delay.quarter),
        "three": _days(found.delay.three_quarters),
    }


def _days(days: float) -> str:
    many = number_format(days, decimal_pos=None if days != int(days) else 0)
    # In French what is under two is singular: « 1,5 jour ».
    return ngettext("%(many)s jour", "%(many)s jours", int(days)) % {"many": many}


def sheet(found: Figures) -> Iterator[tuple[str, str, str]]:
    """Title of the table, line, count, of every table; zeros too, hidden counts in words."""
    yield _("Tableau"), _("Ligne"), _("Nombre")
    for section in sections(found):
        for table in section.tables:
            shares = getattr(found, table.key)
            if isinstance(shares, Shares):
                for line in shares.lines:
                    yield table.title, line.label, _count(line.cell)
                yield table.title, _("Total"), _count(shares.total)
            else:
                for row in shares:
                    yield table.title, row.name, str(row.times)
    if found.delay:
        title = _("Jours jusqu’à la première réponse")
        yield title, _("un quart des besoins"), _plain(found.delay.quarter)
        yield title, _("la moitié"), _plain(found.delay.half)
        yield title, _("les trois quarts"), _plain(found.delay.three_quarters)


def _count(cell: Cell) -> str:
    return _("masqué") if cell.value is None else str(cell.value)


def _plain(days: float) -> str:
    return number_format(days, decimal_pos=1)
