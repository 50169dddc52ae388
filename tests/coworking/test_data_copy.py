"""The copy of somebody's data: all of it, hers alone, and quickly."""

import io
import json
import re
import time
import uuid
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from booking.models import Booking
from coworking.privacy.copy import as_page, as_plain, sections_of, write_copy
from members.models import Act, AuditEntry, State
from tests.coworking.lives import (
    EMAIL,
    NAME,
    OF_OTHERS,
    SECRET,
    WORD,
    a_whole_life,
    personal_tables,
)
from tests.directory.rows import a_need, a_provider, a_skill
from tests.factories import NOW, a_member, a_space, a_user

pytestmark = pytest.mark.django_db

# Tables that know a person and are not in the copy, and why.
EXCEPTIONS = {
    "booking.Device": "a tablet of the team; who added it is in the audit",
    "members.Announcement": "written by the team for everybody; says nothing of a person",
    "account.EmailConfirmation": "the secret of an address that is in the copy",
    "directory.Entry": "what the search sieves by, made from the profile, which is in the copy",
    "members.User_user_permissions": "rights are given by roles, which are in the copy",
    "admin.LogEntry": "how the team worked; what it did to the person is in the audit",
}
SECRETS = {
    "booking.ArrivalCode": ("code",),
    "booking.CalendarFeed": ("token",),
    "members.User": ("password",),
}


def archive_of(user) -> zipfile.ZipFile:
    with write_copy(user=user, now=NOW) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def data_of(user):
    return json.loads(archive_of(user).read("donnees.json"))


def test_every_table_that_knows_a_person_is_in_the_copy_or_says_why_not():
    covered = {table for section in sections_of(a_user()) for table in section.tables}
    assert set(personal_tables()) - covered == set(EXCEPTIONS)


def test_negative_control_a_table_that_is_one_step_away_is_found():
    assert {"members.Delivery", "account.EmailConfirmation"} <= set(personal_tables())
    assert "members.Plan" not in personal_tables()


def test_every_column_of_a_table_is_in_the_copy_but_secrets_and_the_key_to_oneself():
    data = data_of(a_whole_life().user)
    left_out = {}
    for section in sections_of(a_user()):
        rows = data[section.key]
        row = rows if section.is_single else rows[0] if rows else None
        for label in section.tables if row else ():
            columns = {field.name for field in apps.get_model(label)._meta.concrete_fields}
            if "_" not in label and label != "members.AuditEntry":
                left_out.setdefault(label, set()).update(columns - set(row))
    assert {label: names for label, names in left_out.items() if names - {"member", "user"}} == {
        "members.User": {"password"},
        # Of an invitation that she sent, whom she invited.
        "members.Invitation": {"email", "name", "key", "invited_by", "accepted_by"},
        "members.Document": {"content", "member"},  # its file is in the archive
        "booking.Booking": {"request_key", "sequence", "member"},
        "booking.Series": {"request_key", "member"},
        "booking.ArrivalCode": {"code", "member"},
        "booking.CalendarFeed": {"token", "member"},
        "directory.Attachment": {"content"},  # its file is in the archive
        "directory.Claim": {"user", "key"},
        # Of a message that she received, who wrote it.
        "directory.Message": {"key", "fingerprint", "sender", "sender_name", "sender_email"},
        "directory.Need": {"key", "fingerprint"},
        "directory.Report": {"text"},  # it may say who wrote it
        "directory.Solicitation": {"key", "provider", "breakdown"},  # of answers: whose they are
        "mfa.Authenticator": {"user", "data"},
        "usersessions.UserSession": {"user", "data", "session_key"},
    }


def test_it_holds_her_whole_life():
    data = data_of(a_whole_life().user)
    assert data["format"] == "coworking-personal-data/1"
    assert data["account"]["name"] == NAME
    assert data["addresses"][0]["email"] == EMAIL
    assert data["member"]["state"] == State.FORMER
    assert data["member"]["trade"] == f"trade de {WORD}"
    assert data["applications"][0]["message"] == f"Moi, {WORD}"
    assert data["subscriptions"][0]["start"] == "2026-03-02"
    assert data["pauses"][0]["reason"] == f"Vacances de {WORD}"
    assert {consent["use"] for consent in data["consents"]} == {"commute", "directory"}
    assert data["notes"][0]["text"] == f"{WORD} aime le calme"
    assert data["notes"][0]["author"] == "team"
    assert data["welcome"][0]["step"] == "Remettre la clé"
    assert data["announcements"][0]["announcement"] == "Apéritif"
    assert data["second_factors"][0]["name"] == f"Clé de {WORD}"
    assert data["devices"][0]["user_agent"] == f"Navigateur de {WORD}"
    assert len(data["invitations_received"]) == 2
    assert len(data["invitations_sent"]) == 1
    assert sorted(row["made_by"] for row in data["bookings"]) == ["me", "me", "team", "team"]
    assert {row["guest_name"] for row in data["visits"]} == {"", f"Cousin de {WORD}"}
    assert data["trial_day"][0]["day"] == "2026-03-02"
    assert data["calendar"][0]["created_at"].startswith("2026-03-02T")


def test_it_holds_what_she_is_to_the_directory_as_a_provider():
    data = data_of(a_whole_life().user)
    assert [row["name"] for row in data["providers"]] == [f"Atelier {WORD}", "Atelier commun"]
    assert data["providers"][0]["skills"].startswith("Compétence")
    assert data["activities"][0]["details"] == f"Comme {WORD}"
    assert data["spoken"][0]["language"] == "de"
    assert data["references"][0]["client"] == f"M. {WORD}"
    assert [row["field"] for row in data["shown_fields"]] == ["phone", "email"]
    assert data["found"][0]["times"] == 2
    assert len(data["ownerships"]) == 2
    assert data["claims"][0]["message"] == f"Moi, {WORD}"
    assert data["asked"][0]["answer"] == f"{WORD} peut lundi"
    assert [row["text"] for row in data["messages_sent"]] == [f"De {WORD}"]
    assert [row["text"] for row in data["messages_received"]] == [f"Bonjour {WORD}"]
    assert data["reports"][0]["reason"] == "wrong"


def test_it_holds_what_she_ordered_with_an_account_and_before_having_one():
    data = data_of(a_whole_life().user)
    assert [row["author"] for row in data["needs"]] == ["me", None]
    assert {row["title"] for row in data["needs"]} == {f"Porte de {WORD}"}
    assert data["needs"][0]["skills_must"].startswith("Compétence")
    assert len(data["organisations"]) == 2
    assert len(data["agencies"]) == 1
    assert data["answers"][0]["answer"] == f"Bonjour {WORD}"
    assert {row["subject"] for row in data["directory_history"]} == {
        *("directory.provider", "directory.need"),
    }


def test_the_files_of_her_needs_are_in_it():
    archive = archive_of(a_whole_life().user)
    paths = [name for name in archive.namelist() if name.startswith("pieces-jointes/")]
    assert [archive.read(path) for path in paths] == [b"%PDF of the door"] * 2
    assert all(".." not in path and path.count("/") == 1 for path in paths)
    rows = json.loads(archive.read("donnees.json"))["attachments"]
    assert [row["file"] for row in rows] == paths


def test_a_need_at_an_address_that_she_never_proved_is_not_hers():
    user = a_user()
    EmailAddress.objects.filter(user=user).update(verified=False)
    a_need(contact_email=user.email)
    assert data_of(user)["needs"] == []


def test_the_states_she_went_through_are_there_with_their_dates():
    data = data_of(a_whole_life().user)
    moves = [
        tuple(row["changes"]["state"]) for row in data["history"] if row["act"] == Act.STATE.value
    ]
    assert moves == [("applicant", "active"), ("active", "former")]
    assert {row["by"] for row in data["history"]} == {"me", "team", None}


def test_nobody_else_is_named():
    archive = archive_of(a_whole_life().user)
    for name in ("donnees.json", "donnees.html"):
        assert OF_OTHERS.casefold() not in archive.read(name).decode().casefold()


def test_no_secret_leaves():
    member = a_whole_life()
    archive = archive_of(member.user)
    found = "".join(archive.read(name).decode() for name in ("donnees.json", "donnees.html"))
    for secret in (member.user.password, member.calendar_feed.token, "0" * 40, SECRET):
        assert secret not in found


def test_her_documents_are_in_it_and_none_escapes_the_folder():
    archive = archive_of(a_whole_life().user)
    [path] = [name for name in archive.namelist() if name.startswith("documents/")]
    assert archive.read(path) == b"%PDF of hers"
    assert ".." not in path
    assert path.count("/") == 1
    assert json.loads(archive.read("donnees.json"))["documents"][0]["file"] == path


def test_the_page_to_read_needs_nothing_but_itself():
    page = archive_of(a_whole_life().user).read("donnees.html").decode()
    assert "<script" not in page
    assert not re.search(r"\b(src|href)=[\"'](?!#)", page)
    assert not re.search(r"url\(|@import", page)
    assert NAME in page


def test_the_page_says_what_happened_in_words():
    page = archive_of(a_whole_life().user).read("donnees.html").decode()
    assert "État : candidat → actif" in page
    assert "Décidée par : – → l’équipe" in page
    assert "Décidée le : – → 2 mars 2026 08:00" in page
    assert not re.search(r"\d{4}-\d\d-\d\dT", page)


def test_the_page_is_in_her_language():
    user = a_whole_life().user
    with translation.override("en"):
        assert '<html lang="en"' in as_page(sections_of(user), user, NOW)


def test_a_person_without_membership_has_a_copy_too():
    data = data_of(a_user("Paule"))
    assert data["account"]["name"] == "Paule"
    assert data["member"] == []
    assert data["bookings"] == []


def test_that_it_was_handed_over_is_in_the_audit_and_in_the_next_copy():
    user = a_member().user
    archive_of(user)
    assert AuditEntry.objects.filter(act=Act.DISCLOSED, by=user).count() == 1
    assert data_of(user)["history"][-1]["act"] == "disclosed"


def many_bookings(member, space, count: int) -> None:
    desk = space.resources.order_by("pk").first()
    Booking.objects.bulk_create(
        Booking(
            id=uuid.uuid4(),
            resource=desk,
            member=member,
            kind=desk.kind,
            start=NOW + timedelta(days=day),
            end=NOW + timedelta(days=day, hours=4),
            made_by=member.user,
            made_at=NOW,
        )
        for day in range(count)
    )


def test_five_years_of_bookings_take_less_than_a_second():
    member = a_member()
    many_bookings(member, a_space(), 1500)
    began = time.process_time()
    archive = archive_of(member.user)
    assert time.process_time() - began < 1
    assert len(json.loads(archive.read("donnees.json"))["bookings"]) == 1500


def test_it_costs_as_many_queries_for_three_bookings_as_for_thirty():
    space, costs = a_space(), []
    for count in (3, 30):
        member = a_member()
        many_bookings(member, space, count)
        Booking.objects.filter(member=member).update(status="confirmed")
        with CaptureQueriesContext(connection) as queries:
            sections = sections_of(member.user)
            json.dumps(as_plain(sections, NOW))
        costs.append(len(queries))
        Booking.objects.filter(member=member).delete()
    assert costs[0] == costs[1]


def test_a_long_life_costs_no_more_queries_than_a_short_one():
    costs, short = [], a_member().user
    a_provider(owner=short, skills=(a_skill(),))
    a_need(author=short).skills_must.set([a_skill()])
    for user in (a_whole_life().user, short):
        with CaptureQueriesContext(connection) as queries:
            sections_of(user)
        costs.append(len(queries))
    assert costs[0] <= costs[1]
