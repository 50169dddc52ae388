"""What everything else refers to: communes, sectors, trades with their synonyms, skills.

`lay_down` starts them from `directory/data/`; the team edits them afterwards.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from directory.models import Commune, Provider, Sector, Skill, Synonym, Trade
from directory.services.index import reindex_those
from directory.services.phrases import learn
from members import audit
from members.folding import fold
from members.models import Act, User

DATA: Final = Path(__file__).resolve().parents[1] / "data"

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def save_commune(*, commune: Commune, by: User, now: datetime) -> Commune:
    """Write a commune; who is there is found at its new place. Raises as the fields do."""
    _write(commune, by=by, now=now)
    learn()
    reindex_those(providers=Provider.objects.filter(commune=commune))
    return commune


@transaction.atomic
def save_sector(*, sector: Sector, by: User, now: datetime) -> Sector:
    """Write a sector. Raises as the fields do."""
    _write(sector, by=by, now=now)
    learn()
    return sector


@transaction.atomic
def save_trade(
    *,
    trade: Trade,
    by: User,
    now: datetime,
    synonyms: Iterable[Synonym] = (),
    removed: Iterable[Synonym] = (),
) -> Trade:
    """Write a trade, the synonyms that are new or changed, and take the others away; searches
    know them at once. Raises ValidationError as the fields do (`unique` for a word given twice).
    """
    before = _write(trade, by=by, now=now)
    for synonym in removed:
        _remove(synonym, by=by, now=now)
    for synonym in synonyms:
        synonym.trade = trade
        _write(synonym, by=by, now=now)
    learn()
    if before and before["sector_id"] != trade.sector_id:
        reindex_those(providers=Provider.objects.filter(activities__trade=trade))
    return trade


@transaction.atomic
def save_synonym(*, synonym: Synonym, by: User, now: datetime) -> Synonym:
    """Write an everyday word for a trade. Raises as the fields do, and `unique`."""
    _write(synonym, by=by, now=now)
    learn()
    return synonym


@transaction.atomic
def remove_synonym(*, synonym: Synonym, by: User, now: datetime) -> None:
    """The word no longer stands for the trade."""
    _remove(synonym, by=by, now=now)
    learn()


@transaction.atomic
def save_skill(*, skill: Skill, by: User, now: datetime) -> Skill:
    """Write a skill, or make it another word for `same_as`; its providers are found by the new
    words at once.

    Raises ValidationError as the fields do, and `same_as_itself`, `same_as_another` (the skill it
    points to is itself another word), `has_other_words`.
    """
    before: Any = {}
    if not skill._state.adding:
        before = audit.snapshot(Skill.objects.select_for_update(no_key=True).get(pk=skill.pk))
    _check_same_as(skill)
    _write(skill, by=by, now=now)
    firsts = {skill.pk, skill.same_as_id, before.get("same_as_id")} - {None}
    reindex_those(
        providers=Provider.objects.filter(Q(skills__in=firsts) | Q(skills__same_as__in=firsts))
    )
    return skill


def _check_same_as(skill: Skill) -> None:
    if skill.same_as is None:
        return
    if skill.same_as_id == skill.pk:
        words, code = _("Une compétence ne se remplace pas elle-même."), "same_as_itself"
    elif skill.same_as.same_as_id is not None:
        words, code = _("Choisissez la compétence que celle-ci désigne déjà."), "same_as_another"
    elif skill.pk and skill.other_words.exists():
        words, code = _("D’autres mots désignent cette compétence."), "has_other_words"
    else:
        return
    raise ValidationError({"same_as": ValidationError(words, code=code)})


def _remove(synonym: Synonym, *, by: User, now: datetime) -> None:
    taken = {"word": (synonym.word, None), "trade_id": (synonym.trade_id, None)}
    audit.record(act=Act.ENDED, subject=synonym, by=by, now=now, changes=taken)
    synonym.delete()


def _write(row: models.Model, *, by: User, now: datetime) -> audit.Values:
    """Save with its trace; returns what stood there before."""
    before: audit.Values = {}
    if not row._state.adding:
        before = audit.snapshot(type(row)._default_manager.get(pk=row.pk))
    act = Act.CHANGED if before else Act.CREATED
    row.full_clean()
    row.save()
    audit.record(act=act, subject=row, by=by, now=now, before=before)
    return before


@transaction.atomic
def lay_down() -> dict[str, int]:
    """Add what the files of `directory/data/` have and the tables have not; returns how many of
    each. What is there is left as it is. Safe to run any number of times.

    Synonyms come with a trade that is new: of one that was there already, the team's list holds,
    the words it took away included.
    """
    added = {
        "communes": _communes(),
        "sectors": len(_missing(Sector, "slug", (_sector(row) for row in _read("sectors")))),
    }
    sectors = dict(Sector.objects.order_by().values_list("slug", "pk"))
    trades = _missing(Trade, "slug", (_trade(row, sectors) for row in _read("trades")))
    new = {trade.slug: trade for trade in trades}
    synonyms = [
        _saved(Synonym(trade=new[row["trade"]], word=row["word"]))
        for row in _read("synonyms")
        if row["trade"] in new
    ]
    skills = (
        Skill(name=row["name"], name_en=row["name_en"], folded=fold(row["name"]))
        for row in _read("skills")
    )
    added |= {
        "trades": len(trades),
        "synonyms": len(synonyms),
        "skills": len(_missing(Skill, "folded", skills)),
    }
    learn()
    return added


def _read(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _communes() -> int:
    """The whole ones first: a former commune is a part of one of them."""
    rows = sorted(_read("communes"), key=lambda row: bool(row["part_of"]))
    known = {(one.code, one.kind): one for one in Commune.objects.all()}
    added = 0
    for row in rows:
        key = (row["code"], row["kind"])
        if key in known:
            continue
        known[key] = _saved(
            Commune(
                code=row["code"],
                kind=row["kind"],
                name=row["name"],
                slug=row["slug"],
                part_of=known[(row["part_of"], "COM")] if row["part_of"] else None,
                postcode=row["postcode"],
                latitude=Decimal(row["latitude"]) if row["latitude"] else None,
                longitude=Decimal(row["longitude"]) if row["longitude"] else None,
                in_territory=row["in_territory"] == "yes",
            )
        )
        added += 1
    return added


def _sector(row: dict[str, str]) -> Sector:
    position = int(row["position"])
    return Sector(slug=row["slug"], name=row["name"], name_en=row["name_en"], position=position)


def _trade(row: dict[str, str], sectors: dict[str, int]) -> Trade:
    values = {name: row[name] for name in ("slug", "name", "name_en", "naf_rev2", "naf_2025")}
    return Trade(sector_id=sectors[row["sector"]], **values)


def _missing(table: type[Row], key: str, rows: Iterable[Row]) -> list[Row]:
    """Save those whose key is in no row yet; returns them."""
    known = set(table._default_manager.order_by().values_list(key, flat=True))
    return [_saved(row) for row in rows if getattr(row, key) not in known]


def _saved(row: Row) -> Row:
    row.full_clean()
    row.save()
    return row
