"""My membership: where I stand, in words, and each step from there."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from booking.services import book
from members.models import Decision, Member, Pause, Plan, Role, State, Subscription
from members.services import applications, membership, subscriptions
from tests.booking.pages import signed_in, words
from tests.factories import MONDAY, NOW, a_member, a_plan, a_space, a_user, slot

pytestmark = pytest.mark.django_db

MINE = "/compte/adhesion/"
WITHDRAW = f"{MINE}candidature/retirer/"
LEAVE, STAY, PLAN = f"{MINE}depart/", f"{MINE}rester/", f"{MINE}formule/"
PAUSE, RESUME = f"{MINE}pause/", f"{MINE}reprise/"
STEPS = (WITHDRAW, LEAVE, STAY, PLAN, PAUSE, RESUME)


@pytest.fixture(autouse=True)
def _on_that_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def member() -> Member:
    return a_member("Aline Morel")


@pytest.fixture
def aline(member) -> Client:
    return signed_in(member)


def subscribe(member: Member, start: date = MONDAY, **plan) -> Subscription:
    return subscriptions.subscribe(
        member=member, plan=a_plan(**plan), start=start, by=a_user(role=Role.HOST), now=NOW
    )


def again(member: Member) -> Member:
    return Member.objects.select_related("user").get(pk=member.pk)


def shown(client: Client, path: str = MINE) -> str:
    return words(client.get(path)).replace("\xa0", " ")


def errors(response) -> dict[str, list[str]]:
    data = response.context["form"].errors.as_data()
    return {field: [error.code for error in found] for field, found in data.items()}


def applied(member: Member, **fields):
    plan = fields.pop("plan", None) or a_plan(name="Nomade")
    return applications.apply(
        member=member, plan=plan, starts_on=MONDAY, now=NOW, accepted={}, **fields
    )


def test_a_member_reads_plan_price_and_terms(aline, member) -> None:
    subscribe(member, name="Résident", fee=Decimal(190), fee_every="month", notice_days=30)
    page = shown(aline)
    for said in (
        "Vous êtes membre",
        "Résident",
        "190 € par mois",
        "Sans engagement, préavis de 30 jours",
        "peut prendre fin le 1 avril 2026",
    ):
        assert said in page


def test_a_member_without_a_plan_is_invited_to_choose_one(aline) -> None:
    page = shown(aline)
    assert "Aucune formule en cours" in page
    assert "Choisir une formule" in page


def test_an_applicant_reads_what_was_asked_and_takes_it_back() -> None:
    applicant = a_member(state=State.APPLICANT)
    application, client = applied(applicant, message="Deux jours par semaine"), signed_in(applicant)
    page = shown(client)
    assert "Nomade" in page
    assert "Deux jours par semaine" in page
    assert "Retirer votre candidature ?" in shown(client, WITHDRAW)
    answers = [client.post(WITHDRAW) for _click in range(2)]
    assert [answer["Location"] for answer in answers] == [MINE, MINE]
    application.refresh_from_db()
    assert application.decision == Decision.WITHDRAWN
    assert "Demander à devenir membre" in shown(client)


def test_who_was_refused_reads_why_and_may_ask_again() -> None:
    applicant = a_member(state=State.APPLICANT)
    applications.refuse(
        application=applied(applicant), by=a_user(role=Role.HOST), now=NOW, reason="Complet en mars"
    )
    page = shown(signed_in(applicant))
    assert "La raison : Complet en mars" in page
    assert "Faire une nouvelle demande" in page


def test_a_former_member_may_come_back(aline, member) -> None:
    membership.leave(member=member, by=member.user, now=NOW)
    page = shown(aline)
    assert "Vous n’êtes plus membre" in page
    assert "Redevenir membre" in page


def test_a_pause_and_the_return(aline, member) -> None:
    answer = aline.post(PAUSE, {"start": "2026-03-02", "end": "2026-04-01", "reason": "Congé"})
    assert answer["Location"] == MINE
    assert again(member).state == State.PAUSED
    assert Pause.objects.get().end == date(2026, 4, 1)
    assert "de retour le 1 avril 2026" in shown(aline)
    aline.post(RESUME)
    assert again(member).state == State.ACTIVE
    assert "Il n’y a rien à faire" in words(aline.post(RESUME, follow=True))


def test_a_pause_to_come_is_called_off(aline) -> None:
    aline.post(PAUSE, {"start": "2026-04-01", "end": "", "reason": ""})
    assert "En pause à partir du 1 avril 2026, jusqu’à votre retour" in shown(aline)
    assert "La pause prévue n’aura pas lieu" in shown(aline, RESUME)
    aline.post(RESUME)
    assert not Pause.objects.exists()


def test_leaving_says_the_earliest_day_and_what_becomes_of_bookings(aline, member) -> None:
    subscribe(member, notice_days=30)
    space = a_space()
    [booking] = book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
    page = aline.get(LEAVE)
    assert "Au plus tôt le 1 avril 2026" in words(page).replace("\xa0", " ")
    assert "1 réservation à venir" in words(page)
    assert f'href="{booking.get_absolute_url()}"' in page.content.decode()
    assert 'href="/reservations/"' in page.content.decode()
    too_early = aline.post(LEAVE, {"on": "2026-03-31", "reason": ""})
    assert (too_early.status_code, errors(too_early)) == (422, {"on": ["notice"]})
    aline.post(LEAVE, {"on": "2026-04-01", "reason": "Je déménage"})
    assert again(member).leaves_on == date(2026, 4, 1)
    assert "Votre adhésion prend fin le 1 avril 2026" in shown(aline)
    booking.refresh_from_db()
    assert not booking.is_cancelled


def test_someone_elses_bookings_are_not_listed(aline) -> None:
    other, space = a_member(), a_space()
    book(space=space, member=other, by=other.user, slots=[slot(9, 12)], now=NOW)
    assert "réservation à venir" not in shown(aline, LEAVE)


def test_who_leaves_may_stay_after_all(aline, member) -> None:
    subscription = subscribe(member, notice_days=30)
    aline.post(LEAVE, {"on": "2026-04-01"})
    assert "Finalement, je reste" in shown(aline)
    assert "ne prend plus fin le 1 avril 2026" in shown(aline, STAY)
    aline.post(STAY)
    assert again(member).leaves_on is None
    subscription.refresh_from_db()
    assert subscription.end is None


def test_leaving_at_once_without_notice(aline, member) -> None:
    aline.post(LEAVE, {"on": "2026-03-02"})
    assert again(member).state == State.FORMER


def test_another_plan_from_a_day_on(aline, member) -> None:
    subscribe(member, name="Nomade")
    resident = a_plan(name="Résident")
    assert "Résident" in shown(aline, PLAN)
    aline.post(PLAN, {"plan": str(resident.pk), "on": "2026-04-01"})
    page = shown(aline)
    assert "À partir du 1 avril 2026" in page
    assert "Prend fin le 1 avril 2026" in page
    coming = Subscription.objects.get(plan=resident)
    assert (coming.member, coming.start) == (member, date(2026, 4, 1))


def test_a_plan_that_commits_changes_only_when_it_is_over(aline, member) -> None:
    subscribe(member, commitment_months=12)
    answer = aline.post(PLAN, {"plan": str(a_plan().pk), "on": "2026-04-01"})
    assert errors(answer) == {"on": ["notice"]}


def test_a_plan_that_is_not_offered_is_not_to_be_had(aline, member) -> None:
    subscribe(member)
    answer = aline.post(PLAN, {"plan": str(a_plan(is_offered=False).pk), "on": "2026-04-01"})
    assert errors(answer) == {"plan": ["invalid_choice"]}


def test_without_an_offer_there_is_nothing_to_change_to(aline) -> None:
    assert "Aucune formule n’est proposée" in shown(aline, PLAN)


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        (PAUSE, {"start": "2026-02-30"}, "start"),
        (PAUSE, {"start": "\x00"}, "start"),
        (PAUSE, {"start": "2026-03-01"}, "start"),
        (PAUSE, {"start": "9999-12-31"}, "start"),
        (PAUSE, {"start": "2026-03-10", "end": "2026-03-10"}, "__all__"),
        (PAUSE, {"start": "2026-03-10", "reason": "x" * 5000}, "reason"),
        (PAUSE, {"start": "2026-03-10", "reason": "\x00"}, "reason"),
        (LEAVE, {"on": ""}, "on"),
        (LEAVE, {"on": "2020-01-01"}, "on"),
        (LEAVE, {"on": "9999-12-31"}, "on"),
        (LEAVE, {"on": "2026-04-01", "reason": "x" * 5000}, "reason"),
        (PLAN, {"plan": "0", "on": "2026-04-01"}, "plan"),
        (PLAN, {"plan": "\x00", "on": "2026-04-01"}, "plan"),
    ],
)
def test_garbage_is_explained_and_changes_nothing(aline, member, path, fields, field) -> None:
    a_plan()
    answer = aline.post(path, fields)
    assert answer.status_code == 422
    assert set(errors(answer)) == {field}
    assert (again(member).state, again(member).leaves_on) == (State.ACTIVE, None)
    assert not Pause.objects.exists()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("day", ["2020-01-01", "9999-12-31"])
def test_a_plan_does_not_change_in_the_past_or_in_another_century(aline, day) -> None:
    answer = aline.post(PLAN, {"plan": str(a_plan().pk), "on": day})
    assert set(errors(answer)) == {"on"}


@pytest.mark.parametrize("path", STEPS)
def test_what_cannot_be_done_leads_back(path) -> None:
    stranger = signed_in(a_member(state=State.APPLICANT))
    assert stranger.get(path)["Location"] == MINE
    assert "rien à faire" in words(stranger.post(path, follow=True))


@pytest.mark.parametrize("path", STEPS)
def test_the_steps_are_of_members_only(client, path) -> None:
    assert signed_in(a_user()).get(path).status_code == 404
    assert client.get(path)["Location"].startswith("/compte/login/")


def test_another_member_sees_and_changes_nothing_of_mine(member) -> None:
    subscribe(member, name="Formule de quelqu’un")
    membership.leave(member=member, by=member.user, now=NOW, on=MONDAY + timedelta(days=9))
    other = signed_in(a_member())
    assert "Formule de quelqu’un" not in shown(other)
    other.post(STAY)
    assert again(member).leaves_on is not None


def test_the_page_asks_as_often_after_many_plans_and_pauses(
    aline, member, django_assert_max_num_queries
) -> None:
    subscribe(member)
    aline.get(MINE)
    with django_assert_max_num_queries(30) as few:
        aline.get(MINE)
    past = Plan.objects.get()
    for weeks in range(30):
        start = MONDAY - timedelta(weeks=weeks + 2)
        Subscription.objects.create(
            member=member,
            plan=past,
            start=start,
            end=start + timedelta(days=3),
            made_by=member.user,
            made_at=NOW,
        )
        Pause.objects.create(member=member, start=start, end=start + timedelta(days=1))
    with django_assert_max_num_queries(len(few.captured_queries)):
        aline.get(MINE)


def test_the_account_and_its_menu_lead_here(aline) -> None:
    page = aline.get("/compte/").content.decode()
    assert page.count(f'href="{MINE}"') == 2


@pytest.mark.parametrize(
    ("state", "offers", "link"),
    [
        (State.APPLICANT, False, True),
        (State.FORMER, True, True),
        (State.REFUSED, True, True),
        (State.ACTIVE, True, False),
    ],
)
def test_a_refused_booking_leads_to_the_membership(state, offers, link) -> None:
    who, space = a_member(state=State.APPLICANT), a_space(offers_trial_day=offers)
    Member.objects.filter(pk=who.pk).update(state=state)
    answer = signed_in(who).post(
        f"/espaces/{space.slug}/reserver/",
        {"date": "2026-03-03", "period": "morning", "request_key": "0" * 31 + "1"},
    )
    assert ("Devenir membre, ou voir mon adhésion" in words(answer)) is link


def test_the_form_of_a_booking_says_that_it_is_the_trial_day() -> None:
    applicant, space = a_member(state=State.APPLICANT), a_space()
    client, path = signed_in(applicant), f"/espaces/{space.slug}/reserver/"
    page = shown(client, path)
    assert "C’est votre journée d’essai gratuite" in page
    assert "Réserver aussi d’autres jours" not in page
    book(space=space, member=applicant, by=applicant.user, slots=[slot(9, 12)], now=NOW)
    page = shown(client, path)
    assert "Votre journée d’essai est le lundi 2 mars" in page
    assert "Demander à devenir membre" in page
    assert "journée d’essai gratuite" not in shown(signed_in(a_member()), path)
