"""The lists that the directory starts from, and how the team edits them."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command

from directory.models import Commune, CommuneKind, Sector, Skill, Synonym, Trade
from directory.services import reference
from directory.services.reference import (
    DATA,
    lay_down,
    remove_synonym,
    save_skill,
    save_synonym,
    save_trade,
)
from members.models import Act, AuditEntry
from tests.directory.rows import a_skill, a_trade
from tests.factories import NOW, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return a_user("Odile")


def test_the_lists_are_laid_down_once():
    first = lay_down()
    assert first["trades"] >= 70
    assert first["synonyms"] >= 300
    assert first["skills"] >= 80
    assert lay_down() == dict.fromkeys(first, 0)
    bienne = Commune.objects.get(slug="hauts-de-bienne")
    assert {part.name for part in bienne.parts.all()} == {"Morez", "La Mouille", "Lézat"}
    assert Commune.objects.get(slug="morez").code == bienne.code
    assert Commune.objects.get(slug="premanon").point is None
    assert Commune.objects.of_the_territory().count() == 7


def test_what_the_team_edited_stays(by):
    lay_down()
    trade = Trade.objects.get(slug="menuisier")
    trade.name, trade.is_active = "Menuisière et menuisier", False
    gone = trade.synonyms.get(word="placard")
    new = Synonym(word="bibliothèque sur mesure")
    save_trade(trade=trade, synonyms=[new], removed=[gone], by=by, now=NOW)
    sector = Sector.objects.get(slug="bois")
    reference.save_sector(sector=sector, by=by, now=NOW)
    lay_down()
    trade.refresh_from_db()
    assert (trade.name, trade.is_active) == ("Menuisière et menuisier", False)
    words = set(trade.synonyms.values_list("word", flat=True))
    assert "placard" not in words
    assert "bibliothèque sur mesure" in words


def test_the_command_tells_what_it_added():
    said = StringIO()
    call_command("lay_down_directory", stdout=said)
    assert "trades added: 1" in said.getvalue()
    said = StringIO()
    call_command("lay_down_directory", stdout=said)
    assert said.getvalue() == (
        "communes added: 0, sectors added: 0, trades added: 0, synonyms added: 0, skills added: 0\n"
    )


def test_every_trade_of_the_list_has_everyday_words_and_both_names():
    with (DATA / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        worded = {row["trade"] for row in csv.DictReader(file)}
    with (DATA / "trades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["slug"] for row in rows} == worded
    assert all(row["name"] and row["name_en"] for row in rows)
    assert len({row["naf_rev2"] for row in rows}) > 40


# The team edits


def test_a_trade_and_its_words_leave_a_trace(by):
    trade = a_trade("Menuisier")
    word = Synonym(word="Placard")
    save_trade(trade=trade, synonyms=[word], by=by, now=NOW)
    assert word.folded == "placard"
    assert AuditEntry.objects.about(word).get().act == Act.CREATED
    trade.name = "Ébéniste"
    save_trade(trade=trade, removed=[word], by=by, now=NOW)
    assert AuditEntry.objects.about(trade).first().changes == {"name": ["Menuisier", "Ébéniste"]}
    assert AuditEntry.objects.filter(act=Act.ENDED).get().changes["word"] == ["Placard", None]


def test_a_word_stands_for_a_trade_once(by):
    trade = a_trade("Menuisier")
    save_synonym(synonym=Synonym(trade=trade, word="Fenêtre"), by=by, now=NOW)
    with refused("unique"):
        save_synonym(synonym=Synonym(trade=trade, word="FENETRE"), by=by, now=NOW)
    save_synonym(synonym=Synonym(trade=a_trade(), word="fenêtre"), by=by, now=NOW)


def test_a_word_is_taken_away(by):
    synonym = Synonym(trade=a_trade(), word="fenêtre")
    save_synonym(synonym=synonym, by=by, now=NOW)
    remove_synonym(synonym=synonym, by=by, now=NOW)
    assert not Synonym.objects.exists()


def test_skills_are_merged_in_one_step(by):
    main, other, third = a_skill("WordPress"), a_skill("WP"), a_skill("Word Press")
    other.same_as = main
    save_skill(skill=other, by=by, now=NOW)
    third.same_as = other
    with refused("same_as_another"):
        save_skill(skill=third, by=by, now=NOW)
    main.same_as = a_skill("Site")
    with refused("has_other_words"):
        save_skill(skill=main, by=by, now=NOW)
    main.same_as = main
    with refused("same_as_itself"):
        save_skill(skill=main, by=by, now=NOW)
    with refused("unique"):
        save_skill(skill=Skill(name="wordpress"), by=by, now=NOW)


def test_a_commune_is_written_with_its_rules(by):
    with refused("bad_part"):
        reference.save_commune(
            commune=Commune(name="X", slug="x", code="1", kind=CommuneKind.COMD), by=by, now=NOW
        )
