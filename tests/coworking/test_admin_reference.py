"""The directory's lists at the team's desk: edited through services, each edit with its trace."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.models import Skill, Synonym, Trade
from directory.search import Query, find
from directory.services.index import reindex_everything
from directory.services.reference import lay_down
from members.models import Act, AuditEntry, Role
from tests.directory.rows import a_commune, a_provider, a_skill, a_trade
from tests.factories import MONDAY, a_user, freshly

pytestmark = pytest.mark.django_db

LISTS = ("commune", "sector", "trade", "synonym", "skill")


@pytest.fixture
def operator():
    return a_user("Odile", role=Role.OPERATOR)


@pytest.fixture
def desk(client, operator):
    return freshly(client, operator)


@pytest.fixture
def host_desk(client):
    return freshly(client, a_user("Hervé", role=Role.HOST))


def listing(model: str) -> str:
    return reverse(f"admin:directory_{model}_changelist")


def page_of(row) -> str:
    return reverse(f"admin:directory_{row._meta.model_name}_change", args=[row.pk])


def a_form(trade: Trade, *words: str, **values: str) -> dict[str, str]:
    """What the form of a trade sends, with these new words."""
    known = list(trade.synonyms.order_by("word", "id"))
    data = {
        "name": trade.name,
        "name_en": trade.name_en,
        "sector": str(trade.sector_id),
        "naf_rev2": "",
        "naf_2025": "",
        "is_active": "on",
        "synonyms-TOTAL_FORMS": str(len(known) + len(words)),
        "synonyms-INITIAL_FORMS": str(len(known)),
    }
    for number, synonym in enumerate(known):
        data |= {
            f"synonyms-{number}-id": str(synonym.pk),
            f"synonyms-{number}-trade": str(trade.pk),
            f"synonyms-{number}-word": synonym.word,
        }
    for number, word in enumerate(words, len(known)):
        data |= {f"synonyms-{number}-trade": str(trade.pk), f"synonyms-{number}-word": word}
    return data | values


def test_a_trade_is_edited_with_its_words_and_found_by_them(desk, operator):
    trade = a_trade("Expert-comptable")
    provider = a_provider(trades=(trade,))
    reindex_everything()
    answer = desk.post(page_of(trade), a_form(trade, "compta", "bilan"))
    assert answer.status_code == 302
    assert list(find(Query(words="compta"), today=MONDAY).providers) == [provider.pk]
    words = AuditEntry.objects.filter(subject_type="directory.synonym", by=operator)
    assert [entry.act for entry in words] == [Act.CREATED, Act.CREATED]
    answer = desk.post(page_of(trade), a_form(trade, **{"synonyms-0-DELETE": "on"}))
    assert answer.status_code == 302
    assert [one.word for one in trade.synonyms.all()] == ["compta"]
    assert AuditEntry.objects.filter(act=Act.ENDED).get().changes["word"] == ["bilan", None]


def test_a_word_given_twice_is_refused_in_words(desk):
    trade = a_trade("Menuisier")
    answer = desk.post(page_of(trade), a_form(trade, "fenêtre", "FENETRE"))
    assert answer.status_code == 200
    assert "Ce mot désigne déjà ce métier" in answer.content.decode()
    assert not Synonym.objects.exists()


def test_the_address_of_a_trade_stays(desk):
    trade = a_trade("Menuisier")
    desk.post(page_of(trade), a_form(trade, name="Ébéniste", slug="autre"))
    trade.refresh_from_db()
    assert trade.name == "Ébéniste"
    assert trade.slug != "autre"


def test_skills_are_merged(desk):
    main, other = a_skill("WordPress"), a_skill("WP")
    data = {"name": "WP", "name_en": "", "same_as": str(main.pk)}
    assert desk.post(page_of(other), data).status_code == 302
    assert Skill.objects.get(pk=other.pk).same_as == main
    refused = desk.post(page_of(main), {"name": "WordPress", "name_en": "", "same_as": main.pk})
    assert "ne se remplace pas elle-même" in refused.content.decode()


def test_the_host_adds_and_removes_words_and_no_more(host_desk):
    trade, skill = a_trade("Menuisier"), a_skill("Bois")
    add = reverse("admin:directory_synonym_add")
    assert host_desk.post(add, {"word": "fenêtre", "trade": trade.pk}).status_code == 302
    synonym = Synonym.objects.get()
    remove = reverse("admin:directory_synonym_delete", args=[synonym.pk])
    assert host_desk.post(remove, {"post": "yes"}).status_code == 302
    assert not Synonym.objects.exists()
    for model in LISTS:
        assert host_desk.get(listing(model)).status_code == 200
    for row in (trade, skill, trade.sector, a_commune()):
        assert host_desk.post(page_of(row), {"name": "Autre"}).status_code == 403


@pytest.mark.parametrize("model", LISTS)
def test_a_list_costs_the_same_with_many_rows(desk, model):
    a_trade("Menuisier").synonyms.create(word="fenêtre", folded="fenetre")
    a_skill(), a_commune()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(listing(model)).status_code == 200
        return len(asked)

    queries()
    few = queries()
    lay_down()
    assert queries() == few


@pytest.mark.parametrize("model", LISTS)
def test_a_list_is_searched(desk, model):
    lay_down()
    if model == "sector":
        word = "bois"
    else:
        word = {"commune": "morez", "trade": "compta", "synonym": "compta", "skill": "word"}[model]
    answer = desk.get(listing(model), {"q": word})
    assert answer.context["cl"].result_count >= 1
