"""The members as a file: what it holds, who gets it, and that nothing in it runs."""

import csv
import io
from datetime import date, datetime

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from members.admin.exports import harmless
from members.models import Member, User
from tests.factories import freshly, protect

pytestmark = pytest.mark.django_db

EXPORT = "/admin/members/member/export/"
COLUMNS = ("name", "email", "trade", "member_since")
CSV, XLSX = "0", "1"


def asks(file_format: str, *columns: str, **more: object) -> dict[str, object]:
    """What the form of the export sends: a format, and the columns that are ticked."""
    ticked = {f"memberdeskresource_{column}": "on" for column in columns or COLUMNS}
    return {"resource": "0", "format": file_format, **ticked, **more}


def table(client: Client, *columns: str, query: str = "", **more: object) -> list[list[str]]:
    response = client.post(EXPORT + query, asks(CSV, *columns, **more))
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


@pytest.fixture
def admin(client: Client, operator: User) -> Client:
    freshly(client, operator)
    return client


def test_a_file_of_the_members(admin, coworker, colleague):
    Member.objects.filter(user=colleague).update(trade="Lunetière à façon")
    response = admin.post(EXPORT, asks(CSV))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="membres-2' in response["Content-Disposition"]
    assert response.content.startswith(b"\xef\xbb\xbf"), "a spreadsheet asks for the mark"
    assert table(admin) == [
        ["Nom", "Adresse e-mail", "Métier", "Membre depuis"],
        ["Aline Morel", "aline@morez.example", "", "2026-11-23"],
        ["Bruno Lacroix", "bruno@morez.example", "Lunetière à façon", "2026-11-23"],
    ]


def test_a_workbook_of_the_members_with_real_dates(admin, coworker):
    response = admin.post(EXPORT, asks(XLSX))
    [sheet] = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets
    assert sheet.title == "membres"
    [heads, row] = sheet.iter_rows(values_only=True)
    assert heads == ("Nom", "Adresse e-mail", "Métier", "Membre depuis")
    assert row == ("Aline Morel", "aline@morez.example", None, datetime(2026, 11, 23))


@pytest.mark.parametrize("trade", ["=cmd()", "+1+1", "-2+3", "@SUM(A1)"])
def test_a_name_never_runs_in_a_spreadsheet(admin, coworker, trade):
    Member.objects.update(trade=trade)
    User.objects.filter(pk=coworker.pk).update(name=trade)
    assert table(admin, "name", "trade")[1] == [f"'{trade}", f"'{trade}"]
    response = admin.post(EXPORT, asks(XLSX))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    for place in ("A2", "C2"):
        assert (sheet[place].value, sheet[place].data_type) == (f"'{trade}", "s")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("\tdir", "'\tdir"),
        ("\rdir", "'\rdir"),
        ("-12,50", "-12,50"),
        ("+33612345678", "+33612345678"),
        ("-1+cmd()", "'-1+cmd()"),
        ("a=b", "a=b"),
        ("", ""),
        (-3, -3),
        (date(2026, 3, 2), date(2026, 3, 2)),
    ],
)
def test_what_is_made_harmless(cell, written):
    assert harmless(cell) == written


def test_a_control_character_spoils_no_workbook(admin, coworker):
    Member.objects.update(trade="Lunetière\x0b")
    sheet = openpyxl.load_workbook(io.BytesIO(admin.post(EXPORT, asks(XLSX)).content)).active
    assert sheet["C2"].value == "Lunetière\ufffd"


def test_columns_are_chosen(admin, coworker):
    assert table(admin, "email") == [["Adresse e-mail"], ["aline@morez.example"]]
    page = admin.get(EXPORT).content.decode()
    assert "Adresse e-mail" in page
    assert "Email (" not in page


def test_the_file_follows_the_filters_of_the_list(admin, coworker, colleague):
    assert [row[0] for row in table(admin, "name", query="?q=bruno")[1:]] == ["Bruno Lacroix"]


def test_ticked_rows_only(admin, coworker, colleague):
    member = coworker.member
    asked = {"action": "export_admin_action", "_selected_action": [member.pk]}
    page = admin.post("/admin/members/member/", asked).content.decode()
    assert f'name="export_items" value="{member.pk}"' in page
    rows = table(admin, "name", export_items=[member.pk])
    assert [row[0] for row in rows[1:]] == ["Aline Morel"]


def test_commas_in_english(admin, coworker):
    with translation.override("en"):
        response = admin.post(
            EXPORT, asks(CSV, "email", "trade"), headers={"accept-language": "en"}
        )
    assert b"," in response.content.splitlines()[0]


def test_only_two_formats(admin):
    form = admin.get(EXPORT).context["form"]
    assert [label for _, label in form.fields["format"].choices][1:] == ["csv", "xlsx"]


@pytest.mark.parametrize(
    ("person", "status"),
    [("operator", 200), ("host", 200), ("accountant", 403), ("partner", 302), ("coworker", 302)],
    indirect=["person"],
)
def test_whoever_may_export_members_does_so(client, person, status):
    freshly(client, person)
    assert client.get(EXPORT).status_code == status
    assert client.post(EXPORT, asks(CSV)).status_code == status


def test_staff_who_may_not_see_members_exports_none(client, make_user):
    person = make_user("sans@morez.example", member=False)
    User.objects.filter(pk=person.pk).update(is_staff=True)
    freshly(client, protect(person))
    assert client.get(EXPORT).status_code == 403
    assert client.post(EXPORT, asks(CSV)).status_code == 403


def test_a_file_of_many_costs_as_much_as_one_of_few(
    admin, make_user, django_assert_max_num_queries
):
    for count in (2, 10):
        for number in range(count):
            make_user(f"m{count}-{number}@morez.example")
        with django_assert_max_num_queries(12):  # three of them are its trace
            assert len(table(admin)) > count


def test_a_file_of_people_leaves_only_with_somebody_who_has_just_said_who_they_are(
    client, operator, coworker
):
    client.force_login(operator)
    ticked = {"action": "export_admin_action", "_selected_action": coworker.member.pk}
    for answer in (
        client.get(EXPORT),
        client.post(EXPORT, asks(CSV)),
        client.post(reverse("admin:members_member_changelist"), ticked),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
