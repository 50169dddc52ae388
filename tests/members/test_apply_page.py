"""Asking to join, on the page: few questions, texts read in their version, nothing presumed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from members.models import (
    Admission,
    Application,
    Consent,
    LegalText,
    Member,
    Plan,
    PlanReduction,
    PlanVersion,
    State,
    Use,
)
from members.services import applications
from tests.booking.pages import signed_in, words
from tests.factories import MONDAY, NOW, a_member, a_plan, a_space, a_user

pytestmark = pytest.mark.django_db

PAGE = "/compte/adhesion/candidature/"
MINE = "/compte/adhesion/"


@pytest.fixture(autouse=True)
def _on_that_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def applicant() -> Member:
    return a_member("Aline Morel", state=State.APPLICANT)


@pytest.fixture
def aline(applicant) -> Client:
    return signed_in(applicant)


def form(plan: Plan | None, **fields: str) -> dict[str, str]:
    return {"plan": str(plan.pk) if plan else "", "starts_on": "2026-03-09"} | fields


def errors(response) -> dict[str, list[str]]:
    data = response.context["form"].errors.as_data()
    return {field: [error.code for error in found] for field, found in data.items()}


def a_text(version: str, use: Use = Use.RULES, days_ago: int = 30, **fields) -> LegalText:
    published = NOW - timedelta(days=days_ago)
    values = {"body": "Pas de bruit.", "published_at": published} | fields
    return LegalText.objects.create(use=use, version=version, **values)


def with_reduction(category: str = "etudiants", name: str = "Étudiants", **fields) -> Plan:
    """A plan that gives less to somebody: its version is written before it is published."""
    plan = Plan.objects.create(code="reduit", name="Réduite", is_offered=True, **fields)
    version = PlanVersion.objects.create(plan=plan, valid_from=date(2018, 1, 1), fee=Decimal(10))
    PlanReduction.objects.create(version=version, category=category, name=name, percent=Decimal(30))
    PlanVersion.objects.filter(pk=version.pk).update(published_at=NOW)
    return plan


def test_a_new_person_asks_and_reads_where_the_application_stands(aline, applicant) -> None:
    plan = a_plan(name="Nomade")
    asked = aline.get(PAGE)
    assert "Aline Morel" in words(asked)
    for said in ("Nomade", "3,00 € l’heure", "adhésion de 29 € par an", "Un hôte vous répond"):
        assert said in words(asked).replace("\xa0", " ")
    answer = aline.post(
        PAGE, form(plan, trade="Graphiste", company="Atelier", heard="member", message="Bonjour")
    )
    assert (answer.status_code, answer["Location"]) == (302, MINE)
    application = Application.objects.get()
    assert (application.member, application.plan) == (applicant, plan)
    assert (application.starts_on, application.heard) == (date(2026, 3, 9), "member")
    applicant.refresh_from_db()
    assert (applicant.trade, applicant.company) == ("Graphiste", "Atelier")
    assert "Votre candidature attend une réponse" in words(aline.get(MINE))


def test_an_instant_plan_makes_a_member_at_once(aline, applicant) -> None:
    plan = a_plan(admission=Admission.INSTANT)
    assert "Adhésion immédiate" in words(aline.get(PAGE))
    answer = aline.post(PAGE, form(plan), follow=True)
    assert "Vous êtes membre" in words(answer)
    applicant.refresh_from_db()
    assert applicant.state == State.ACTIVE


def test_without_a_plan_on_offer_the_page_says_so(aline) -> None:
    a_plan(is_offered=False)
    Plan.objects.create(code="brouillon", name="Brouillon", is_offered=True)
    answer = aline.get(PAGE)
    assert "Aucune formule n’est proposée pour le moment" in words(answer)
    assert "form apply" not in answer.content.decode()


def test_consents_are_asked_one_by_one_and_none_is_presumed(aline, applicant) -> None:
    plan = a_plan()
    shown = aline.get(PAGE).context["form"]
    for name in ("directory", "presence", "news", "commute"):
        assert not shown[name].value()
    aline.post(PAGE, form(plan, news="on"))
    standing = Consent.objects.standing().filter(user=applicant.user)
    assert [consent.use for consent in standing] == [Use.NEWS]


def test_the_simulator_prefills_a_commute_and_nothing_is_kept_without_consent(
    aline, applicant
) -> None:
    plan = a_plan()
    shown = aline.get(f"{PAGE}?km=35.5&minutes=42&means=car").context["form"]
    assert shown["commute_km"].value() == Decimal("35.5")
    assert (shown["commute_minutes"].value(), shown["commute_means"].value()) == (42, "car")
    assert not shown["commute"].value()
    commute = {"commute_km": "35.5", "commute_minutes": "42", "commute_means": "car"}
    aline.post(PAGE, form(plan, **commute))
    applicant.refresh_from_db()
    assert (applicant.commute_km, applicant.commute_means) == (None, "")
    other = a_member(state=State.APPLICANT)
    signed_in(other).post(PAGE, form(plan, **commute, commute="on"))
    other.refresh_from_db()
    assert (other.commute_km, other.commute_minutes) == (Decimal("35.5"), 42)


@pytest.mark.parametrize(
    "query",
    [
        "?km=NaN&minutes=1e9&means=fusée",
        "?km=-3&minutes=0&means=",
        "?km=%00&minutes=%00&means=%00&plan=%00",
        "?km=" + "9" * 5000,
    ],
)
def test_nonsense_in_the_address_prefills_nothing(aline, query) -> None:
    a_plan()
    answer = aline.get(PAGE + query)
    assert answer.status_code == 200
    shown = answer.context["form"]
    assert not any(shown[name].value() for name in ("commute_km", "commute_minutes"))


def test_the_texts_in_force_are_accepted_one_by_one(aline, applicant) -> None:
    plan = a_plan()
    a_text("2025-01", days_ago=300)
    a_text("2026-01")
    a_text("2026-02", Use.TERMS)
    a_text("2027-01", published_at=None)
    shown = words(aline.get(PAGE))
    assert "règlement intérieur, version 2026-01" in shown
    assert "2025-01" not in shown
    assert "2027-01" not in shown
    answer = aline.post(PAGE, form(plan, rules="2026-01"))
    assert (answer.status_code, errors(answer)) == (422, {"terms": ["required"]})
    assert not Application.objects.exists()
    assert not Consent.objects.exists()
    aline.post(PAGE, form(plan, rules="2026-01", terms="2026-02"))
    consents = Consent.objects.filter(user=applicant.user, use__in=[Use.RULES, Use.TERMS])
    assert {(c.use, c.version) for c in consents} == {("rules", "2026-01"), ("terms", "2026-02")}


def test_a_text_published_meanwhile_is_read_again(aline) -> None:
    plan = a_plan()
    a_text("2025-01", days_ago=300)
    a_text("2026-01", days_ago=0)
    answer = aline.post(PAGE, form(plan, rules="2025-01", trade="Horlogère"))
    assert (answer.status_code, errors(answer)) == (422, {"rules": ["texts"]})
    assert "Une nouvelle version vient d’être publiée" in words(answer)
    html = answer.content.decode()
    box = html[html.index('name="rules"') :].split(">")[0]
    assert 'value="2026-01"' in box
    assert "checked" not in box
    assert "Horlogère" in html
    assert aline.post(PAGE, form(plan, rules="2026-01")).status_code == 302


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"starts_on": "2026-03-01"}, "starts_on"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"starts_on": "\x00"}, "starts_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"plan": ""}, "plan"),
        ({"plan": "99999999999999999999"}, "plan"),
        ({"plan": "\x00"}, "plan"),
        ({"trade": "a\x00b"}, "trade"),
        ({"trade": "x" * 5000}, "trade"),
        ({"company": "a\u202eb"}, "company"),
        ({"message": "x" * 5000}, "message"),
        ({"message": "\x00"}, "message"),
        ({"heard": "x" * 5000}, "heard"),
        ({"commute_km": "NaN"}, "commute_km"),
        ({"commute_km": "1e400"}, "commute_km"),
        ({"commute_minutes": "9" * 5000}, "commute_minutes"),
        ({"commute_means": "\x00"}, "commute_means"),
    ],
)
def test_garbage_is_explained_beside_its_field(aline, fields, field) -> None:
    answer = aline.post(PAGE, form(a_plan()) | fields)
    assert answer.status_code == 422
    assert set(errors(answer)) == {field}
    assert "autofocus" in answer.content.decode()
    assert not Application.objects.exists()


def test_a_draft_plan_or_one_no_longer_offered_cannot_be_asked(aline) -> None:
    a_plan()
    draft = Plan.objects.create(code="brouillon", name="Brouillon", is_offered=True)
    for plan in (draft, a_plan(is_offered=False)):
        assert errors(aline.post(PAGE, form(plan))) == {"plan": ["invalid_choice"]}


def test_a_plan_withdrawn_while_the_page_was_open_is_refused_beside_the_plans(
    aline, monkeypatch
) -> None:
    plan, _other = a_plan(), a_plan()
    shown = aline.get(PAGE).context["form"].offers
    Plan.objects.filter(pk=plan.pk).update(is_offered=False)
    for offer in shown:
        offer.plan.refresh_from_db()
    monkeypatch.setattr("members.views.apply.offers", lambda day: shown)
    assert errors(aline.post(PAGE, form(plan))) == {"plan": ["not_offered"]}


def test_a_reduction_is_one_that_the_plan_gives(aline) -> None:
    full, reduced = a_plan(), with_reduction()
    assert "Étudiants (Réduite)" in words(aline.get(PAGE))
    answer = aline.post(PAGE, form(full, category="etudiants"))
    assert errors(answer) == {"category": ["unknown_category"]}
    assert errors(aline.post(PAGE, form(reduced, category="ministres"))) == {
        "category": ["invalid_choice"]
    }
    aline.post(PAGE, form(reduced, category="etudiants"))
    assert Application.objects.get().category == "etudiants"


def test_without_reductions_nobody_is_asked_for_one(aline) -> None:
    a_plan()
    assert "Tarif réduit" not in words(aline.get(PAGE))


def test_sending_twice_asks_once(aline) -> None:
    plan = a_plan()
    answers = [aline.post(PAGE, form(plan)) for _click in range(2)]
    assert [answer["Location"] for answer in answers] == [MINE, MINE]
    assert Application.objects.count() == 1
    assert "déjà enregistrée" in words(aline.get(MINE))
    assert aline.get(PAGE)["Location"] == MINE


def test_a_member_is_led_to_the_membership(applicant) -> None:
    member = a_member()
    assert signed_in(member).get(PAGE)["Location"] == MINE
    assert signed_in(member).post(PAGE, form(a_plan()))["Location"] == MINE
    assert not Application.objects.exists()


@pytest.mark.parametrize("state", [State.REFUSED, State.FORMER])
def test_who_was_refused_or_left_asks_again(applicant, state) -> None:
    Member.objects.filter(pk=applicant.pk).update(state=state)
    assert signed_in(applicant).post(PAGE, form(a_plan())).status_code == 302
    applicant.refresh_from_db()
    assert applicant.state == State.APPLICANT


def test_staff_who_never_joined_has_nothing_here() -> None:
    client = signed_in(a_user())
    assert [client.get(path).status_code for path in (PAGE, MINE)] == [404, 404]


def test_each_sees_only_their_own(aline) -> None:
    other = a_member("Bruno Lacroix", state=State.APPLICANT)
    plan = a_plan(name="Secrète de Bruno")
    applications.apply(member=other, plan=plan, starts_on=MONDAY, now=NOW, accepted={})
    shown = words(aline.get(MINE))
    assert "Secrète de Bruno" not in shown
    assert "Retirer ma candidature" not in shown


def test_the_page_asks_the_database_as_often_for_many_plans(
    aline, django_assert_max_num_queries
) -> None:
    a_plan()
    aline.get(PAGE)
    with django_assert_max_num_queries(16) as few:
        aline.get(PAGE)
    for _plan in range(12):
        a_plan()
    with django_assert_max_num_queries(len(few.captured_queries)):
        aline.get(PAGE)


def test_published_texts_are_read_by_anyone_and_drafts_by_nobody(client) -> None:
    a_text("2025-01", days_ago=300)
    a_text("2026/01", body="Le café se partage.", body_en="Coffee is shared.")
    a_text("2027-01", published_at=None)
    now = client.get("/compte/adhesion/textes/rules/2026/01/")
    assert "Le café se partage." in words(now)
    assert "n’est plus en vigueur" not in words(now)
    assert "n’est plus en vigueur" in words(client.get("/compte/adhesion/textes/rules/2025-01/"))
    english = client.get(
        "/compte/adhesion/textes/rules/2026/01/", headers={"accept-language": "en"}
    )
    assert "Coffee is shared." in words(english)
    for nothing in (
        "rules/2027-01",
        "rules/%00",
        "terms/2026/01",
        "autre/2026/01",
        "rules/" + "x" * 5000,
    ):
        assert client.get(f"/compte/adhesion/textes/{nothing}/").status_code == 404


def test_a_new_person_is_invited_to_try_and_to_join(aline, client) -> None:
    space = a_space()
    for path in ("/", f"/espaces/{space.slug}/"):
        home = aline.get(path)
        assert "Bienvenue, Aline" in words(home)
        html = home.content.decode()
        assert f'href="/espaces/{space.slug}/reserver/"' in html
        assert f'href="{PAGE}"' in html
    assert "La première journée est offerte" in words(client.get("/"))
    assert "Bienvenue, " not in words(signed_in(a_member()).get("/"))


def test_who_applied_follows_the_application_from_the_home(aline, applicant) -> None:
    a_space()
    applications.apply(member=applicant, plan=a_plan(), starts_on=MONDAY, now=NOW, accepted={})
    home = aline.get("/")
    assert "Votre candidature attend une réponse" in words(home)
    assert "Demander à devenir membre" not in words(home)


def test_a_space_without_trial_days_promises_none(aline, client) -> None:
    a_space(offers_trial_day=False)
    assert "journée d’essai gratuite" not in words(aline.get("/"))
    assert "La première journée" not in words(client.get("/"))
