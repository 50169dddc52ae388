"""Who is found, in which order, why, and what comes when nobody is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import Activity, CommuneKind, Mode, ProviderState, Speaks, Synonym
from directory.search import Query, find
from directory.services.index import reindex, reindex_everything
from tests.directory.rows import a_commune, a_provider, a_skill, a_trade, saved
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

FAR = {"latitude": "46.90", "longitude": "6.35"}  # some 48 km from Morez


def search(words: str = "", page: int = 1, size: int = 20, **asked):
    return find(Query(words=words, **asked), page=page, size=size, today=MONDAY)


def found(words: str = "", **asked):
    return list(search(words, **asked).providers)


def reasons(words: str = "", **asked):
    [hit] = search(words, **asked).hits
    return [reason.words for reason in hit.reasons]


@pytest.fixture
def joiner():
    return a_trade("Menuisier")


@pytest.fixture
def morez():
    return a_commune("Morez", slug="morez")


# Who


@pytest.mark.parametrize("state", [s for s in ProviderState if s != ProviderState.PUBLISHED])
def test_only_published_providers_are_found(joiner, state):
    a_provider("Hidden", trades=(joiner,), state=state)
    shown = a_provider("Shown", trades=(joiner,))
    reindex_everything()
    assert found("menuisier") == found() == [shown.pk]


def test_a_provider_that_is_suspended_is_gone_at_once(joiner):
    provider = a_provider("Atelier", trades=(joiner,))
    reindex_everything()
    provider.state = ProviderState.SUSPENDED
    provider.save()
    assert found("menuisier") == []  # even before the index knows
    reindex(provider=provider)
    assert search("menuisier").total == search().total == 0


def test_each_field_is_searched_and_a_trade_weighs_most(joiner):
    by_text = a_provider("A", description="Un menuisier du Jura")
    by_line = a_provider("B", headline="Un menuisier du Jura")
    detail = a_provider("C", trades=(other := a_trade("Artisan"),))
    Activity.objects.filter(provider=detail, trade=other).update(details="comme un menuisier")
    by_name = a_provider("Le menuisier")
    by_skill = a_provider("E", skills=(a_skill("Menuisier d’art"),))
    by_trade = a_provider("F", trades=(joiner,))
    reindex_everything()
    in_order = [by_trade, by_skill, by_name, detail, by_line, by_text]
    assert found("menuisiers") == [one.pk for one in in_order]


def test_who_answers_to_every_word_comes_first(joiner):
    both = a_provider("Marches", description="Escalier et menuiserie")
    one = a_provider("Atelier", trades=(joiner,))
    reindex_everything()
    assert found("menuisier escalier") == [both.pk, one.pk]


def test_a_sector_is_found_by_its_name(joiner):
    joiner.sector.name = "Bâtiment"
    joiner.sector.save()
    provider = a_provider(trades=(joiner,))
    reindex_everything()
    assert found("batiments") == [provider.pk]
    assert reasons("batiment") == ["secteur : bâtiment"]


@pytest.mark.parametrize(
    "words", ["ébéniste", "EBENISTES", "ebenniste", "ébéni", "« ébéniste »", "l’ébéniste"]
)
def test_accents_case_plurals_slips_and_beginnings_are_forgiven(words):
    provider = a_provider(trades=(a_trade("Ébéniste"),))
    reindex_everything()
    assert found(words) == [provider.pk]


def test_a_synonym_finds_its_trade(joiner):
    saved_synonym(a_trade("Expert-comptable"), "compta")
    trade = saved_synonym(joiner, "pose de fenêtres")
    provider = a_provider(trades=(trade,))
    reindex_everything()
    assert found("pose parquet") == []
    assert found("pose fenetre") == [provider.pk]
    assert reasons("pose fenetre") == ["« pose fenetre » désigne menuisier"]
    assert found("compta") == []


def saved_synonym(trade, word):
    synonym = Synonym(trade=trade, word=word)
    synonym.full_clean()
    synonym.save()
    return trade


def test_another_word_for_a_skill_finds_it():
    main, other = a_skill("Référencement"), a_skill("SEO")
    other.same_as = main
    other.save()
    one, two = a_provider(skills=(main,)), a_provider(skills=(other,))
    reindex_everything()
    assert found("seo") == found("référencement") == [one.pk, two.pk]


# Places


def test_the_name_of_a_commune_is_a_place(joiner, morez):
    far = a_commune("Pontarlier", **FAR)
    there = a_provider("Z", commune=morez, trades=(joiner,), range_km=5)
    comes = a_provider("Y", commune=far, trades=(joiner,), range_km=80)
    stays = a_provider("X", commune=far, trades=(joiner,), range_km=5)
    a_provider("W", commune=morez, trades=(a_trade("Plombier"),))
    reindex_everything()
    for words in ("menuisier Morez", "menuisier à morez", "menuisier mairie de Morez"):
        assert found(words) == [there.pk, comes.pk, stays.pk], words
    hits = search("menuisier morez").hits
    assert [reason.words for reason in hits[0].reasons] == ["métier : menuisier", "à Morez"]
    assert [reason.words for reason in hits[1].reasons] == [
        *("métier : menuisier", "à 49 km à vol d’oiseau", "intervient jusqu’à 80 km")
    ]
    assert hits[0].distance_km == 0
    assert round(hits[2].distance_km) == 49


def test_a_place_alone_finds_who_is_there(morez):
    there = a_provider(commune=morez)
    a_provider()
    reindex_everything()
    assert found("Morez") == [there.pk]
    assert reasons("morez") == ["à Morez"]


def test_a_commune_includes_its_former_communes():
    whole = a_commune("Hauts de Bienne", slug="hauts")
    part = a_commune("Lézat", slug="lezat", kind=CommuneKind.COMD, part_of=whole)
    inside, other = a_provider(commune=part), a_provider(commune=whole)
    reindex_everything()
    assert found(commune="hauts") == [inside.pk, other.pk]
    assert found("Hauts-de-Bienne") == [inside.pk, other.pk]
    assert found(commune="lezat") == [inside.pk]


def test_within_a_distance_of_a_commune(morez):
    far = a_commune("Pontarlier", **FAR)
    near, there = (
        a_provider(commune=a_commune("Morbier", latitude="46.54")),
        a_provider(commune=far),
    )
    own = a_provider(commune=far, latitude="46.52", longitude="6.02")
    reindex_everything()
    assert found(commune="morez", within_km=5) == [own.pk, near.pk]
    assert found(commune="morez", within_km=50) == [own.pk, near.pk, there.pk]
    assert found(commune="morez", within_km=48) == [own.pk, near.pk]


def test_without_a_point_a_distance_means_the_commune():
    nowhere = a_commune("Prémanon", slug="premanon", latitude=None, longitude=None)
    inside = a_provider(commune=nowhere)
    a_provider()
    reindex_everything()
    assert found(commune="premanon", within_km=50) == [inside.pk]
    assert search(commune="premanon", within_km=50).hits[0].distance_km is None


# Filters


def test_filters(joiner):
    one = a_provider(trades=(joiner,), mode=Mode.REMOTE)
    two = a_provider(trades=(a_trade("Plombier"),), mode=Mode.ON_SITE)
    three = a_provider(trades=(joiner,), mode=Mode.BOTH)
    saved(Speaks(provider=two, language="de"))
    saved(Speaks(provider=two, language="en"))
    saved(Speaks(provider=three, language="en"))
    reindex_everything()
    assert found(trade=joiner.slug) == found(sector=joiner.sector.slug) == [one.pk, three.pk]
    assert found(mode=Mode.REMOTE) == [one.pk, three.pk]
    assert found(mode=Mode.ON_SITE) == [two.pk, three.pk]
    assert found(language="en") == [two.pk, three.pk]
    assert found("plombier", language="de") == [two.pk]
    assert found("menuisier", mode=Mode.ON_SITE, language="en") == [three.pk]
    assert found("menuisier", trade=joiner.slug, mode=Mode.REMOTE) == [one.pk, three.pk]


@pytest.mark.parametrize(
    "asked", [{"trade": "x"}, {"sector": "x"}, {"commune": "x"}, {"mode": "x"}, {"language": "x"}]
)
def test_what_is_unknown_finds_nobody(asked, joiner):
    a_provider(trades=(joiner,))
    reindex_everything()
    assert found(**asked) == found("menuisier", **asked) == []


def test_availability_ends_by_itself(joiner):
    a_provider(trades=(joiner,))
    free = {"available_from": MONDAY, "available_until": MONDAY + timedelta(days=2)}
    provider = a_provider(trades=(joiner,), **free)
    reindex_everything()
    for day, who in ((-1, []), (0, [provider.pk]), (1, [provider.pk]), (2, [])):
        assert found(available_on=MONDAY + timedelta(days=day)) == who
    assert reasons("menuisier", available_on=MONDAY) == [
        *("métier : menuisier", "disponible jusqu’au 3 mars")
    ]


def test_without_words_who_was_confirmed_last_comes_first():
    old, new = a_provider(), a_provider()
    type(new).objects.filter(pk=new.pk).update(confirmed_at=new.confirmed_at + timedelta(days=9))
    reindex_everything()
    assert found() == [new.pk, old.pk]


# What helps on


def test_a_slip_is_told(joiner):
    a_provider(trades=(joiner,))
    reindex_everything()
    assert search("menusier").did_you_mean == "menuisier"
    assert search("menuisier").did_you_mean == ""


def test_nobody_is_no_dead_end(joiner, morez):
    provider = a_provider(trades=(joiner,))
    reindex_everything()
    nothing = search("menusier", commune="morez", within_km=0, language="de")
    assert nothing.total == 0
    labels = [way.label for way in nothing.wider]
    assert labels == [
        *("chercher « menuisier »", "partout", "dans toutes les langues"),
        *("sans aucun filtre", "tous les prestataires"),
    ]
    without_filters = nothing.wider[3].query
    assert list(find(without_filters, today=MONDAY).providers) == [provider.pk]


def test_enough_needs_no_way_on(joiner):
    for _number in range(5):
        a_provider(trades=(joiner,))
    reindex_everything()
    assert search("menuisier", trade=joiner.slug).wider == ()


def test_skills_details_and_descriptions_are_told():
    provider = a_provider("Atelier Vif", skills=(a_skill("WordPress"),), description="En sapin")
    Activity.objects.create(provider=provider, trade=a_trade("Divers"), details="Chalets")
    reindex_everything()
    assert reasons("wordpress") == ["compétence : WordPress"]
    assert reasons("vif sapin chalet") == [
        "« vif » est dans le nom",
        "« sapin » est dans la présentation",
        "« chalet » est dans les activités",
    ]


# Pages


def test_pages(joiner):
    everyone = [a_provider(trades=(joiner,)).pk for _number in range(5)]
    reindex_everything()
    for words in ("menuisier", ""):
        first, last = search(words, size=2), search(words, page=3, size=2)
        assert (first.total, first.pages, first.page) == (5, 3, 1)
        assert list(first.providers) == everyone[:2]
        assert list(last.providers) == everyone[4:]
        for impossible in (4, 10**12):
            assert search(words, page=impossible, size=2) == last
        assert search(words, page=-1, size=2) == first
    assert search("personne").pages == 1


@pytest.mark.parametrize("words", ["menuisier", "", "menuisire", "menuisier artisan morez"])
def test_the_number_of_queries_is_constant(words, joiner, morez):
    def a_crowd(number):
        for _number in range(number):
            skills, trades = (a_skill(),), (joiner, a_trade("Artisan"))
            a_provider(skills=skills, trades=trades, commune=morez)
        reindex_everything()

    def queries():
        with CaptureQueriesContext(connection) as asked:
            search(words, size=100)
        return len(asked)

    a_crowd(3)
    few = queries()
    a_crowd(60)
    assert queries() == few <= 12


# Bad input


@pytest.mark.parametrize(
    "words",
    [
        "'; DROP TABLE directory_provider; --",
        '" OR 1=1 /* % _ \\',
        "<script>alert('x')</script>",
        "\0",
        "men\0uisier",
        "🪵🪚",
        "menuisier 🪵",
        "x" * 5000,
        "mot " * 1250,
        "日本語 прокат",
        "@trade:1",
        "-",
    ],
)
def test_bad_input_is_a_question_like_others(words, joiner):
    provider = a_provider(trades=(joiner,))
    reindex_everything()
    hits = found(words)
    assert hits in ([], [provider.pk])
    assert (hits == [provider.pk]) == ("menuisier" in words or words in ("\0", "🪵🪚", "-"))
