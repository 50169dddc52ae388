"""The list of members: who is shown, in which order, found how, and what is done to several."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import Booking
from members.models import (
    Act,
    Announcement,
    AuditEntry,
    Delivery,
    Member,
    Role,
    State,
    User,
)
from members.services import applications
from members.services.applications import apply
from members.services.deliveries import deliver
from members.services.letters import write_to
from members.services.membership import leave, pause
from members.services.subscriptions import subscribe
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_plan, a_space, a_user, at, freshly
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

LIST = "/admin/members/member/"


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def operator():
    return a_user("Odile Paget", role=Role.OPERATOR)


@pytest.fixture
def desk(client, operator):
    return freshly(client, operator)


def names(client, query=""):
    page = client.get(LIST + query)
    assert page.status_code == 200
    return [member.user.name for member in page.context["cl"].result_list]


def a_visit(space, member, day):
    Booking.objects.create(
        resource=space.resources.get(code="P1"),
        member=member,
        kind="desk",
        start=at(9, day=day),
        end=at(12, day=day),
        made_by=member.user,
        made_at=NOW,
    )


@pytest.fixture
def visitors():
    """Who came three days, forty days, a hundred days ago, and never."""
    space = a_space()
    for name, days in (("Alix", 3), ("Basile", 40), ("Cléo", 100), ("Dune", None)):
        member = a_member(name)
        if days:
            a_visit(space, member, MONDAY - timedelta(days=days))
    return space


def test_who_is_in_the_house_or_at_its_door_is_shown_first(desk, operator):
    a_member("Active")
    a_member("Candidate", state=State.APPLICANT)
    pause(member=a_member("En pause"), start=MONDAY, end=None, by=operator, now=NOW)
    leave(member=a_member("Partie"), on=MONDAY, by=operator, now=NOW)
    assert names(desk) == ["Active", "Candidate", "En pause"]
    assert names(desk, "?state=former") == ["Partie"]
    assert names(desk, "?state=all") == ["Active", "Candidate", "En pause", "Partie"]


def test_by_plan_and_without_one(desk, operator):
    plan = a_plan(name="Nomade")
    subscribe(member=a_member("Avec"), plan=plan, start=MONDAY, by=operator, now=NOW)
    subscribe(member=a_member("Plus tard"), plan=plan, start=TUESDAY, by=operator, now=NOW)
    a_member("Sans")
    assert names(desk, f"?plan={plan.pk}") == ["Avec"]
    assert names(desk, "?plan=none") == ["Plus tard", "Sans"]
    assert "Nomade" in desk.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?visit=30", ["Basile", "Cléo"]),
        ("?visit=90", ["Cléo"]),
        ("?visit=never", ["Dune"]),
        ("?o=5", ["Dune", "Cléo", "Basile", "Alix"]),
        ("?o=-5", ["Alix", "Basile", "Cléo", "Dune"]),
    ],
)
def test_by_last_visit(desk, visitors, query, found):
    assert names(desk, query) == found


def test_by_next_booking(desk, visitors):
    a_visit(visitors, Member.objects.get(user__name="Dune"), TUESDAY)
    assert names(desk, "?o=6")[0] == "Dune"
    assert "03/03/2026" in desk.get(LIST).content.decode()


def test_somebody_is_found_by_company(desk):
    member = a_member("Alix")
    Member.objects.filter(pk=member.pk).update(company="Juralune")
    a_member("Basile")
    assert names(desk, "?q=juralune") == ["Alix"]


@pytest.mark.parametrize("name", ["state", "plan", "visit", "trial", "visible"])
@pytest.mark.parametrize("value", ["", "x", "%00", "-1", "99999999999999999999", "a%27--"])
def test_a_damaged_filter_is_no_fault(desk, name, value):
    a_member("Alix")
    assert desk.get(f"{LIST}?{name}={value}").status_code in {200, 302}


def test_the_list_costs_the_same_for_three_as_for_thirty(desk, operator):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            desk.get(LIST)
        return len(caught)

    space, plan = a_space(), a_plan()
    counts = []
    for number in (3, 27):
        for index in range(number):
            member = a_member()
            subscribe(member=member, plan=plan, start=MONDAY, by=operator, now=NOW)
            a_visit(space, member, MONDAY - timedelta(days=number + index))
        counts.append(queries())
    assert counts[0] == counts[1] <= 15


# Several at once


def act(client, action, members, **more):
    asked = {"action": action, "_selected_action": [member.pk for member in members]}
    return client.post(f"{LIST}?state=all", asked | more, follow=True)


def test_applications_are_approved_together_and_refusals_are_told(desk, monkeypatch):
    plan = a_plan()
    good, bad = (a_member(name, state=State.APPLICANT) for name in ("Bonne", "Mauvaise"))
    apply(member=good, plan=plan, starts_on=TUESDAY, now=NOW, accepted={})
    apply(member=bad, plan=plan, starts_on=TUESDAY, now=NOW, accepted={})
    approve = applications.approve

    def slower_for_one(*, application, **rest):
        if application.member == bad:
            raise ValidationError("Déjà décidée.", code="decided")
        return approve(application=application, **rest)

    monkeypatch.setattr(applications, "approve", slower_for_one)
    page = act(desk, "approve", [good, bad]).content.decode()
    assert Member.objects.get(pk=good.pk).state == State.ACTIVE
    assert "1 candidature acceptée" in page
    assert "Mauvaise : Déjà décidée." in page.replace("\xa0", " ")


def test_a_letter_to_chosen_members_waits_in_the_queue_and_stands_on_no_page(desk, operator):
    alix, basile = a_member("Alix"), a_member("Basile")
    a_member("Cléo")
    form = act(desk, "write", [alix, basile]).content.decode()
    assert "À 2 membres" in form
    assert not Announcement.objects.exists()
    sent = {"confirm": "1", "title": "Badge à rendre", "body": "Merci de passer."}
    act(desk, "write", [alix, basile], **sent)
    letter = Announcement.objects.get()
    assert {row.member for row in Delivery.objects.filter(announcement=letter)} == {alix, basile}
    assert not Announcement.objects.current(NOW).exists()
    assert not Announcement.objects.published(NOW).exists()
    assert "Badge à rendre" not in desk.get("/annonces/").content.decode()
    entry = AuditEntry.objects.about(letter).get()
    assert (entry.act, entry.by) == (Act.PUBLISHED, operator)


def test_a_letter_reaches_whoever_it_was_written_to_and_nobody_else(operator):
    """Neither has agreed to announcements; one is gone before the letter leaves."""
    alix, gone = a_member("Alix"), a_member("Basile")
    write_to(members=[alix, gone], title="Badge", body="Merci.", by=operator, now=NOW)
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    mail.outbox.clear()
    done = deliver(clock=lambda: NOW)
    assert (done.sent, done.dropped) == (1, 1)
    [letter] = mail.outbox
    assert letter.to == [alix.user.email]
    assert "accepté" not in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers


def test_a_letter_without_words_is_asked_for_again(desk):
    page = act(desk, "write", [a_member()], confirm="1", title="", body="").content.decode()
    assert "Envoyer la lettre" in page
    assert not Delivery.objects.exists()


def test_a_letter_is_written_by_the_team_to_somebody(operator):
    gone = a_member()
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    letter = {"title": "Bonjour", "body": "…", "now": NOW}
    with refused("empty"):
        write_to(members=[gone], by=operator, **letter)
    with refused("forbidden"):
        write_to(members=[a_member()], by=a_user(role=Role.ACCOUNTANT), **letter)


def test_an_export_leaves_its_trace(desk, operator):
    a_member("Alix")
    columns = ("name", "state", "plan", "company", "last_visit", "member_since")
    ticked = {f"memberdeskresource_{name}": "on" for name in columns}
    answer = desk.post(f"{LIST}export/", {"resource": "0", "format": "0", **ticked})
    assert "Alix;actif" in answer.content.decode("utf-8-sig")
    entry = AuditEntry.objects.get(act=Act.EXPORTED)
    assert entry.by == operator
    assert entry.changes["rows"] == [None, 1]
    assert entry.changes["columns"][1][0] == "Nom"


def test_the_accountant_reads_the_list_and_does_nothing_with_it(client):
    a_member("Alix")
    freshly(client, a_user(role=Role.ACCOUNTANT))
    assert names(client) == ["Alix"]
    page = client.get(LIST).content.decode()
    assert not re.search(r'<option value="(approve|write|hide|export_admin_action)"', page)
    assert client.get(f"{LIST}export/").status_code == 403


def test_by_the_day_of_joining(desk):
    a_member("Alix")
    assert names(desk, "?joined_at_from=02/03/2026") == ["Alix"]
    assert names(desk, "?joined_at_from=03/03/2026") == []
