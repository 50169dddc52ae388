"""The audit in the admin: read in words, filtered, changed by nobody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.admin.changes import told
from members.models import Act, AuditEntry, Role
from members.services import set_roles
from members.services.subscriptions import subscribe
from tests.factories import MONDAY, NOW, a_member, a_plan, a_user

pytestmark = pytest.mark.django_db

LIST = "/admin/members/auditentry/"


@pytest.fixture
def operator():
    return a_user("Odile Paget", role=Role.OPERATOR)


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


def words_of(entry):
    [one] = told([entry])
    return {change.label: (change.old, change.new) for change in one.changes}


def test_rows_are_called_by_name_and_dates_are_local(operator):
    member, plan = a_member("Camille Roux"), a_plan(name="Nomade")
    subscribe(member=member, plan=plan, start=MONDAY, by=operator, now=NOW)
    entry = AuditEntry.objects.get(subject_type="members.subscription")
    assert words_of(entry) == {"Formule": ("", "Nomade"), "À partir du": ("", "2 mars 2026")}


def test_roles_are_called_as_people_call_them(operator):
    person = a_user()
    set_roles(user=person, roles=[Role.HOST], by=operator, now=NOW)
    entry = AuditEntry.objects.get(act=Act.ROLES, subject_id=str(person.pk))
    assert words_of(entry)["Rôles"] == ("", "Hôte")


@pytest.mark.parametrize(
    ("kind", "key", "changes"),
    [
        ("nowhere.nothing", "1", {"x": [1, 2]}),
        ("bad", "1", {}),
        ("members.member", "no number", {"state": ["gone", "active"]}),
        ("members.member", "99999", {"user_id": [1, 99999], "old_column": ["a", "b"]}),
        ("members.member", "1", {"state": "odd", "leaves_on": ["never", "2026-02-31"]}),
        ("booking.booking", "1", {"start": [None, {"a": 1}]}),
    ],
)
def test_what_no_model_knows_is_shown_as_it_was_written(desk, kind, key, changes):
    AuditEntry.objects.create(
        at=NOW, act=Act.CHANGED, subject_type=kind, subject_id=key, changes=changes
    )
    assert desk.get(LIST).status_code == 200


def test_the_list_is_filtered_and_searched(desk, operator):
    member = a_member("Camille Roux")
    other = a_member("Basile Petit")
    for query in (
        f"member__id__exact={member.pk}",
        f"member={member.pk}",
        "q=camille",
    ):
        page = desk.get(f"{LIST}?{query}")
        found = {entry.member for entry in page.context["cl"].result_list}
        assert other not in found or query.startswith("member=")
    for query in ("at_from=99/99/9999", "act__exact=nothing", "by=x", "member=x", "p=-1", "e=1"):
        assert desk.get(f"{LIST}?{query}").status_code in {200, 302}


def test_nobody_changes_an_entry(desk):
    entry = AuditEntry.objects.create(
        at=NOW, act=Act.CHANGED, subject_type="members.member", subject_id="1"
    )
    page = f"{LIST}{entry.pk}"
    assert desk.get(f"{page}/change/").status_code == 200
    assert desk.post(f"{page}/change/", {"reason": "x"}).status_code == 403
    assert desk.post(f"{page}/delete/").status_code == 403
    assert desk.get(f"{LIST}add/").status_code == 403


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.PARTNER])
def test_the_audit_is_for_the_team(client, role):
    client.force_login(a_user(role=role))
    assert client.get(LIST).status_code in {302, 403}


def test_the_list_costs_the_same_for_three_as_for_thirty(desk, operator):
    plan, counts = a_plan(), []
    for number in (3, 27):
        for _index in range(number):
            subscribe(member=a_member(), plan=plan, start=MONDAY, by=operator, now=NOW)
        with CaptureQueriesContext(connection) as caught:
            desk.get(LIST)
        counts.append(len(caught))
    assert counts[1] <= counts[0] <= 15  # the page of three names more tables
