"""From the tables to scored providers: who passes the sieve, and what it costs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.matching import candidates, score_of, why
from directory.matching.guess import expressions
from directory.models import (
    Activity,
    Mode,
    Need,
    Origin,
    Provider,
    ProviderState,
    Speaks,
    Synonym,
    Trade,
)
from directory.scoring import Criterion
from members.models import State
from tests.directory.crowds import many_providers
from tests.directory.rows import (
    a_commune,
    a_need,
    a_provider,
    a_skill,
    a_solicitation,
    a_trade,
    an_organisation,
    saved,
)
from tests.factories import MONDAY, NOW, a_member, a_user

pytestmark = pytest.mark.django_db

# About 25 km north of Morez.
AWAY = {"latitude": "46.7478", "longitude": "6.0231"}
ON_SITE = {"mode": Mode.ON_SITE}


@pytest.fixture
def joiner() -> Trade:
    return a_trade("Menuisier")


def a_job(trade: Trade | None, **fields: Any) -> Need:
    return a_need(trade=trade, **(ON_SITE | {"radius_km": 10} | fields))


def found(need: Need) -> list[str]:
    keys = [score.candidate.id for score in candidates(need=need, now=NOW)]
    names = dict(Provider.objects.values_list("pk", "name"))
    return [names[key] for key in keys]


def breakdown(need: Need, provider: Provider) -> dict[str, int]:
    score = score_of(need=need, provider=provider, now=NOW)
    return dict(score.breakdown) if score else {}


@pytest.mark.parametrize(
    "state", [ProviderState.DRAFT, ProviderState.PENDING, ProviderState.SUSPENDED]
)
def test_what_is_not_published_is_never_matched(joiner: Trade, state: str) -> None:
    hidden = a_provider("Caché", trades=(joiner,), state=state)
    a_provider("Publié", trades=(joiner,))
    need = a_job(joiner)
    assert found(need) == ["Publié"]
    everybody = candidates(need=need, now=NOW, among=Provider.objects.all())
    assert hidden.pk not in [each.candidate.id for each in everybody]
    assert score_of(need=need, provider=hidden, now=NOW) is None


def test_another_trade_is_not_asked(joiner: Trade) -> None:
    a_provider("Plombier", trades=(a_trade("Plombier"),))
    assert found(a_job(joiner)) == []


def test_a_skill_that_must_be_excludes_whoever_lacks_it(joiner: Trade) -> None:
    oak, stairs = a_skill("Chêne"), a_skill("Escaliers")
    a_provider("Les deux", trades=(joiner,), skills=(oak, stairs))
    a_provider("Un seul", trades=(joiner,), skills=(oak,))
    need = a_job(joiner)
    need.skills_must.set([oak, stairs])
    assert found(need) == ["Les deux"]
    assert breakdown(need, Provider.objects.get(name="Les deux"))["must"] == 20


def test_another_word_for_a_skill_is_that_skill(joiner: Trade) -> None:
    wordpress = a_skill("WordPress")
    word = a_skill("Word Press")
    word.same_as = wordpress
    saved(word)
    a_provider("Une graphie", trades=(joiner,), skills=(word,))
    a_provider("L’autre", trades=(joiner,), skills=(wordpress,))
    for asked in (wordpress, word):
        need = a_job(joiner)
        need.skills_must.set([asked])
        assert sorted(found(need)) == ["L’autre", "Une graphie"]


def test_a_skill_alone_is_enough_to_be_asked(joiner: Trade) -> None:
    oak = a_skill("Chêne")
    a_provider("Sculpteur", trades=(a_trade("Sculpteur"),), skills=(oak,))
    a_provider("Menuisier", trades=(joiner,))
    need = a_job(joiner)
    need.skills_nice.set([oak])
    assert found(need) == ["Menuisier", "Sculpteur"]


@pytest.mark.parametrize(
    ("radius", "goes", "is_asked"),
    [(10, 10, False), (10, 30, True), (30, 10, True), (24, 24, False)],
)
def test_the_reach_is_the_wider_of_the_two(
    joiner: Trade, radius: int, goes: int, is_asked: bool
) -> None:
    a_provider("Loin", trades=(joiner,), range_km=goes, commune=a_commune(**AWAY), **ON_SITE)
    assert (found(a_job(joiner, radius_km=radius)) == ["Loin"]) == is_asked


def test_an_activity_may_go_farther_than_the_profile_or_less_far(joiner: Trade) -> None:
    for name, of_profile, of_activity in (("Plus", 5, 40), ("Moins", 40, 5)):
        provider = a_provider(name, range_km=of_profile, commune=a_commune(**AWAY), **ON_SITE)
        saved(Activity(provider=provider, trade=joiner, range_km=of_activity))
    assert found(a_job(joiner)) == ["Plus"]


def test_who_works_from_afar_is_asked_when_the_need_allows_it(joiner: Trade) -> None:
    far = {"latitude": "43.3", "longitude": "5.4"}  # Marseille
    a_provider("Sur place", trades=(joiner,), commune=a_commune(**far), **ON_SITE)
    a_provider("À distance", trades=(joiner,), commune=a_commune(**far), mode=Mode.REMOTE)
    activity = a_provider("Par le métier", commune=a_commune(**far), **ON_SITE)
    saved(Activity(provider=activity, trade=joiner, mode=Mode.BOTH))
    assert found(a_job(joiner)) == []
    for mode in (Mode.BOTH, Mode.REMOTE):
        assert sorted(found(a_job(joiner, mode=mode))) == ["Par le métier", "À distance"]


def test_its_own_place_counts_before_that_of_its_commune(joiner: Trade) -> None:
    a_provider("Près", trades=(joiner,), commune=a_commune(**AWAY), range_km=0, **ON_SITE)
    Provider.objects.update(latitude="46.5228", longitude="6.0231")
    assert found(a_job(joiner)) == ["Près"]


def test_an_unknown_place_excludes_nobody(joiner: Trade) -> None:
    nowhere = a_commune(latitude=None, longitude=None)
    a_provider("Quelque part", trades=(joiner,), commune=nowhere, **ON_SITE)
    assert found(a_job(joiner)) == ["Quelque part"]
    lost = an_organisation(commune=nowhere)
    near = breakdown(a_job(joiner, organisation=lost), Provider.objects.get())
    assert (near["near"], near["commune"]) == (14, 4)  # the same commune is near, wherever it is


def test_the_best_comes_first(joiner: Trade) -> None:
    commune = a_commune()
    here = {"commune": commune, "trades": (joiner,)}
    coworker = a_member(state=State.ACTIVE).user
    a_provider("Métier", trades=(joiner,))
    a_provider("De la commune", **here)
    a_provider("Disponible", available_from=MONDAY, available_until=MONDAY + timedelta(60), **here)
    a_provider("Membre", owner=coworker, **here)
    priced = {"price_unit": "job", "price_low": Decimal(300), "price_high": Decimal(900)}
    a_provider("Abordable", **priced, **here)
    english = a_provider("Anglophone", **here)
    saved(Speaks(provider=english, language="en"))
    need = a_job(
        joiner,
        organisation=an_organisation(commune=commune),
        budget="to_2000",
        language="en",
    )
    assert found(need) == [
        "Disponible", "Abordable", "Anglophone", "Membre", "De la commune", "Métier",
    ]  # fmt: skip
    assert breakdown(need, english)["language"] == 4
    assert "language" not in breakdown(a_job(joiner), english)


def test_who_only_applies_is_no_coworker_yet(joiner: Trade) -> None:
    provider = a_provider(trades=(joiner,), owner=a_member(state=State.APPLICANT).user)
    assert "coworker" not in breakdown(a_job(joiner), provider)


def test_engagement_looks_at_requests_that_had_time(joiner: Trade) -> None:
    provider = a_provider(trades=(joiner,), owner=a_user())
    need = a_job(joiner)
    assert breakdown(need, provider)["engaged"] == 5
    long_ago = NOW - timedelta(days=30)
    read = {"sent_at": long_ago, "opened_at": long_ago}
    a_solicitation(a_need(), provider, sent_at=NOW - timedelta(days=3))  # may still answer
    a_solicitation(a_need(), provider, sent_at=NOW - timedelta(days=400))
    a_solicitation(a_need(), provider, origin=Origin.VOLUNTEER, **read)
    assert breakdown(need, provider)["engaged"] == 5
    a_solicitation(a_need(), provider, sent_at=long_ago)
    assert "engaged" not in breakdown(need, provider)
    for number in range(4):
        said = {"declined_at": long_ago, "decline_reason": "no_time"} if number else {}
        said = said or {"answered_at": long_ago}
        a_solicitation(a_need(), provider, **read, **said)
    assert breakdown(need, provider)["engaged"] == 4  # four of five


def test_a_need_without_a_trade_is_understood_by_its_words(joiner: Trade) -> None:
    saved(Synonym(trade=joiner, word="Pose de fenêtres"))
    a_provider("Menuisier", trades=(joiner,))
    a_provider("Autre", trades=(a_trade("Comptable"),))
    need = a_job(None, title="Pour la pose de fenêtre à l’école")
    assert found(need) == ["Menuisier"]
    assert breakdown(need, Provider.objects.get(name="Menuisier"))["words"] == 25
    assert found(a_job(None, title="Une aide", description="Il faut deux menuisiers.")) == [
        "Menuisier"
    ]
    assert found(a_job(None, title="Une aide", description="Pour demain")) == []


def test_a_skill_named_in_the_words_counts() -> None:
    a_provider("Codeuse", trades=(a_trade(),), skills=(a_skill("Django REST"),))
    assert found(a_job(None, title="Une API avec Django REST !")) == ["Codeuse"]


def test_expressions_are_runs_of_words() -> None:
    assert expressions("L’été, Django  REST") == {
        "l", "ete", "django", "rest", "l ete", "ete django", "django rest",
        "l ete django", "ete django rest",
    }  # fmt: skip
    assert expressions(" … ") == frozenset()


def test_reasons_are_words() -> None:
    said = why([["trade", 40], ["must", 20], ["nice", 6], ["near", 10], ["of before", 3]])
    assert said == [
        "le métier demandé",
        "les 2 compétences indispensables",
        "une compétence souhaitée",
        "à moins de 15 km à vol d’oiseau",
    ]


def test_every_criterion_has_words() -> None:
    for points in (1, 5, 40):
        assert all(why([[each.value, points]]) for each in Criterion)


def test_matching_costs_the_same_number_of_queries_at_any_size(joiner: Trade) -> None:
    skill, commune = a_skill(), a_commune()
    need = a_job(joiner, language="en")
    need.skills_must.set([skill])

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            number = len(candidates(need=need, now=NOW))
        assert number == Provider.objects.count()
        return len(caught)

    many_providers(20, trade=joiner, skill=skill, commune=commune)
    few = queries()
    many_providers(180, trade=joiner, skill=skill, commune=commune)
    assert queries() == few
    assert few <= 9
