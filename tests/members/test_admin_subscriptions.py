"""Who is on which plan, at the desk: begun, changed and ended by the services, else only read."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from members.models import Act, AuditEntry, PlanReduction, Role, Subscription
from members.services.plans import draft_version, publish_version
from members.services.subscriptions import end_plan, subscribe
from tests.factories import MONDAY, NOW, a_member, a_plan, a_user, freshly
from tests.members.test_admin_plans import page_of, words

pytestmark = pytest.mark.django_db

LIST = reverse("admin:members_subscription_changelist")
ADD = reverse("admin:members_subscription_add")


@pytest.fixture(autouse=True)
def on_a_monday_in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def host():
    return a_user("Maëlle", role=Role.HOST)


@pytest.fixture
def desk(client, host):
    return freshly(client, host)


def on_plan(name: str, plan=None, start: date = MONDAY, **more) -> Subscription:
    member = a_member(name)
    return subscribe(
        member=member, plan=plan or a_plan(), start=start, by=member.user, now=NOW, **more
    )


def test_a_subscription_is_added_by_the_service_with_its_trace(desk, host) -> None:
    member, plan = a_member("Aline Roux"), a_plan()
    data = {"member": member.pk, "plan": plan.pk, "start": "01/04/2026", "category": ""}
    assert desk.post(ADD, data).status_code == 302
    made = member.subscriptions.get()
    assert (made.plan, made.start, made.made_by) == (plan, date(2026, 4, 1), host)
    assert AuditEntry.objects.about(made).get().by == host
    again = desk.post(ADD, data)
    assert "a déjà une formule à ces dates" in words(again)
    assert member.subscriptions.count() == 1


def test_what_a_service_refuses_is_said(desk) -> None:
    member, plan = a_member(), a_plan()
    data = {"member": member.pk, "plan": plan.pk, "start": "01/04/2017", "category": ""}
    assert "n’a pas de tarif" in words(desk.post(ADD, data))
    other = a_plan()
    operator = a_user(role=Role.OPERATOR)
    draft = draft_version(plan=other, valid_from=date(2026, 4, 1), by=operator, now=NOW)
    PlanReduction.objects.create(version=draft, category="etudiant", name="Étudiants", percent=25)
    publish_version(version=draft, by=operator, now=NOW)
    data |= {"start": "01/04/2026", "category": "etudiant"}
    assert "n’a pas de réduction pour cette catégorie" in words(desk.post(ADD, data))
    assert desk.post(ADD, data | {"plan": other.pk}).status_code == 302
    assert member.subscriptions.get().category == "etudiant"


def test_the_page_of_a_subscription_is_read_only(desk) -> None:
    subscription = on_plan("Aline")
    page = desk.get(page_of(subscription)).content.decode()
    assert 'name="_save"' not in page
    assert 'name="start"' not in page
    assert desk.post(page_of(subscription), {"start": "01/01/2020"}).status_code == 403
    assert desk.post(page_of(subscription, "delete"), {"post": "yes"}).status_code == 403


def test_a_plan_is_changed_at_a_date(desk, host) -> None:
    subscription, plan = on_plan("Aline"), a_plan(name="Nomade")
    address = page_of(subscription, "change_plan")
    assert "Nouvelle formule" in words(desk.get(address))
    past = desk.post(address, {"plan": plan.pk, "on": "01/03/2026", "category": ""})
    assert "Cette date est passée." in words(past)
    answer = desk.post(address, {"plan": plan.pk, "on": "01/04/2026", "category": ""})
    subscription.refresh_from_db()
    changed = subscription.member.subscriptions.get(plan=plan)
    assert (subscription.end, changed.start) == (date(2026, 4, 1), date(2026, 4, 1))
    assert answer.url == page_of(changed)


def test_a_plan_is_ended_with_its_reason(desk, host) -> None:
    subscription = on_plan("Aline")
    address = page_of(subscription, "end_plan")
    answer = desk.post(address, {"on": "15/03/2026", "reason": "Change de métier"})
    assert answer.url == page_of(subscription)
    subscription.refresh_from_db()
    assert subscription.end == date(2026, 3, 15)
    entry = AuditEntry.objects.about(subscription).get(act=Act.ENDED)
    assert (entry.by, entry.reason) == (host, "Change de métier")
    assert "déjà pris fin" in words(desk.post(address, {"on": "15/03/2026"}))
    assert "Saisissez une date valide" in words(desk.post(address, {"on": "hier"}))


def test_what_is_over_has_no_button_any_more(desk, host) -> None:
    subscription = on_plan("Aline")
    assert "Mettre fin…" in words(desk.get(page_of(subscription)))
    end_plan(subscription=subscription, on=MONDAY, by=host, now=NOW)
    assert "Mettre fin…" not in words(desk.get(page_of(subscription)))


def test_the_list_is_filtered_by_plan_and_by_standing(desk, host) -> None:
    hours, nomad = a_plan(name="Au temps"), a_plan(name="Nomade")
    on_plan("Aline Roux", hours, MONDAY - timedelta(days=9))
    on_plan("Bruno Petit", nomad, MONDAY + timedelta(days=9))
    on_plan("Chloé Blanc", hours, MONDAY - timedelta(days=9), end=MONDAY - timedelta(days=2))
    gone = on_plan("Denis Noir", hours, MONDAY + timedelta(days=3))
    end_plan(subscription=gone, on=MONDAY, by=host, now=NOW)

    def names(**query) -> set[str]:
        found = words(desk.get(LIST, query))
        everybody = ("Aline Roux", "Bruno Petit", "Chloé Blanc", "Denis Noir")
        return {name for name in everybody if name in found}

    assert len(names()) == 4
    assert names(standing="running") == {"Aline Roux"}
    assert names(standing="coming") == {"Bruno Petit"}
    assert names(standing="ended") == {"Chloé Blanc"}
    assert names(standing="void") == {"Denis Noir"}
    assert names(plan__id__exact=nomad.pk) == {"Bruno Petit"}


def test_members_without_a_plan_are_found(desk) -> None:
    hours = a_plan(name="Au temps")
    on_plan("Aline Roux", hours)
    a_member("Bruno Petit")
    members = reverse("admin:members_member_changelist")
    without = words(desk.get(members, {"plan": "none"}))
    assert "Bruno Petit" in without
    assert "Aline Roux" not in without
    on_it = words(desk.get(members, {"plan": hours.pk}))
    assert "Aline Roux" in on_it
    assert "Bruno Petit" not in on_it
    assert desk.get(members, {"plan": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("role", "sees", "adds"),
    [(Role.OPERATOR, 200, 200), (Role.HOST, 200, 200), (Role.ACCOUNTANT, 200, 403)],
)
def test_the_team_sees_and_the_accountant_only_reads(client, role, sees, adds) -> None:
    subscription = on_plan("Aline")
    freshly(client, a_user(role=role))
    assert client.get(LIST).status_code == sees
    assert client.get(page_of(subscription)).status_code == sees
    for address in (ADD, page_of(subscription, "end_plan"), page_of(subscription, "change_plan")):
        assert client.get(address).status_code == adds
    if adds == 403:
        end = page_of(subscription, "end_plan")
        assert client.post(end, {"on": "15/03/2026"}).status_code == 403


@pytest.mark.parametrize("number", [3, 30])
def test_the_list_reads_as_much_for_thirty_as_for_three(
    desk, number, django_assert_max_num_queries
) -> None:
    plan = a_plan()
    for index in range(number):
        on_plan(f"Membre {index}", plan)
    with django_assert_max_num_queries(14):
        desk.get(LIST)
