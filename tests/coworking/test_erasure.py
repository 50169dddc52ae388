"""Erasing a person: nothing of her is left anywhere, and what happened still counts."""

import os
import signal
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection, connections, models
from django.test import Client
from django.urls import reverse

from booking.models import Booking, CalendarFeed, TrialDay, Visit
from booking.services import book
from coworking.privacy import erase as erasing
from coworking.privacy.erase import erase
from members.models import (
    Act,
    Application,
    AuditEntry,
    Consent,
    Decision,
    Invitation,
    Member,
    Role,
    State,
    Subscription,
    User,
)
from members.services import applications, erasure
from members.services.erasure import ERASED_NAME
from tests.booking.test_races import together
from tests.coworking.lives import EMAIL, NAME, WORD, a_whole_life, personal_tables
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_plan, a_space, a_user, slot
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=200)
PASSWORD = "haut-jura-2026"

# What becomes of each table that knows a person; a new table is decided here or the test fails.
DELETED = {
    "account.EmailAddress",
    "account.EmailConfirmation",
    "booking.ArrivalCode",
    "booking.CalendarFeed",
    "directory.Activity",
    "directory.Agent",
    "directory.Attachment",
    "directory.Claim",
    "directory.Entry",
    "directory.Found",
    "directory.Message",
    "directory.Ownership",
    "directory.Provider_skills",
    "directory.Reference",
    "directory.Report",
    "directory.ShownField",
    "directory.Speaks",
    "members.Delivery",
    "members.Document",
    "members.Note",
    "members.User_user_permissions",
    "members.WelcomeDone",
    "mfa.Authenticator",
    "usersessions.UserSession",
}
EMPTIED = {
    "admin.LogEntry",
    "booking.Booking",
    "directory.Need",
    "directory.Organisation",
    "directory.Provider",
    "directory.Solicitation",
    "booking.Visit",
    "members.Application",
    "members.AuditEntry",
    "members.Invitation",
    "members.Member",
    "members.Pause",
    "members.User",
}
KEPT = {
    "booking.Device": "of the team, about a tablet",
    "booking.Series": "days, hours and a place, of nobody",
    "booking.Wait": "a moment and a place, of nobody",
    "booking.TrialDay": "a day and a place, of nobody",
    "directory.Need_skills_must": "what was looked for, by nobody",
    "directory.Need_skills_nice": "as the others",
    "members.Announcement": "of the team, to everybody",
    "members.Consent": "proof, five years after its end; says no name",
    "members.Subscription": "what was sold, when",
    "members.User_groups": "who has a role is not erased before it is taken away",
}
# Columns of text that hold none of her words: codes, keys, and what the team chose.
WORDLESS = {
    "account.EmailAddress": {"email"},  # looked for by its own word, in lower case
    "account.EmailConfirmation": {"key"},
    "admin.LogEntry": {"object_id"},
    "booking.Booking": {"status", "kind"},
    "booking.ArrivalCode": {"code"},
    "booking.CalendarFeed": {"token"},
    "directory.Activity": {"mode"},
    "directory.Attachment": {"media_type"},
    "directory.Claim": {"key", "decision"},
    "directory.Entry": {"mode"},
    "directory.Message": {"key", "fingerprint"},
    "directory.Need": {
        *("key", "fingerprint", "language", "kind", "mode", "budget", "state"),
        *("outside_reason", "amount", "otherwise"),
    },
    "directory.Organisation": {"legal_number", "legal_state", "kind"},
    "directory.Provider": {
        *("legal_number", "legal_state", "mode", "price_unit", "currency", "state"),
    },
    "directory.Report": {"reason"},
    "directory.ShownField": {"field"},
    "directory.Solicitation": {"origin", "breakdown", "key", "decline_reason", "currency"},
    "directory.Speaks": {"language"},
    "booking.Device": {"name", "token_hash"},
    "booking.Visit": {"arrived_by", "left_by"},
    "booking.Wait": {"ending"},
    "members.Announcement": {"title", "title_en", "body", "body_en"},
    "members.Application": {"category", "heard", "decision", "reason"},
    "members.AuditEntry": {"act", "subject_type", "subject_id"},
    "members.Consent": {"use", "version"},
    "members.Document": {"media_type"},
    "members.Invitation": {"key", "email"},
    "members.Member": {"state", "commute_means"},
    "members.Subscription": {"category"},
    "members.User": {"password", "language", "email"},
    "mfa.Authenticator": {"type"},
    "usersessions.UserSession": {"ip", "session_key", "data"},
}


def columns_with(word: str) -> set[str]:
    """`table.column` wherever the database holds the word, whatever its case and the column."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                of, name = map(connection.ops.quote_name, (table, column.name))
                query = f"SELECT 1 FROM {of} WHERE LOWER(CAST({name} AS text)) LIKE %s LIMIT 1"  # noqa: S608
                cursor.execute(query, [f"%{word.lower()}%"])
                if cursor.fetchone():
                    found.add(f"{table}.{column.name}")
    return found


def of_table(found: set[str], model: type[models.Model]) -> set[str]:
    start = f"{model._meta.db_table}."
    return {name.removeprefix(start) for name in found if name.startswith(start)}


def test_every_table_that_knows_a_person_is_decided():
    assert set(personal_tables()) == DELETED | EMPTIED | set(KEPT)


def test_the_life_of_the_test_has_a_row_in_every_table_and_a_word_in_every_text():
    member = a_whole_life()
    # In the audit her words stand among the values, in the log in the message.
    found, faults = columns_with(WORD), []
    for label, model in personal_tables().items():
        if label != "members.User_groups" and not model._default_manager.exists():
            faults.append(f"{label}: no row")
        texts = {
            column.column
            for column in model._meta.concrete_fields
            if isinstance(column, models.CharField | models.TextField | models.JSONField)
        }
        missing = texts - of_table(found, model) - WORDLESS.get(label, set())
        faults += [f"{label}.{name}" for name in sorted(missing)]
    assert faults == []
    assert member.state == State.FORMER


def test_no_column_of_the_database_holds_a_word_of_hers():
    member = a_whole_life()
    other = a_member("Bruno Lacroix")
    assert erase(user=member.user, by=member.user, now=LATER)
    assert columns_with(WORD) == set()
    assert (
        columns_with("zephyrine") | columns_with("zéphyrine") | columns_with("z\\u00e9ph") == set()
    )
    assert columns_with("Lacroix")  # negative control: the words of others are found
    assert other.user.is_active


def test_tables_that_say_who_she_is_are_empty():
    member = a_whole_life()
    erase(user=member.user, by=member.user, now=LATER)
    for label in DELETED - {"account.EmailConfirmation"}:
        model = personal_tables()[label]
        names = {column.name for column in model._meta.concrete_fields}
        whose = {"user": member.user} if "user" in names else {"member": member}
        whose = whose if names & set(whose) else {}  # of a profile or a need: nobody else has any
        assert not model._default_manager.filter(**whose).exists(), label
    assert not EmailConfirmation.objects.exists()


def test_what_happened_still_counts():
    member = a_whole_life()
    erase(user=member.user, by=member.user, now=LATER)
    assert Booking.objects.filter(member=member).count() == 4
    assert Visit.objects.filter(member=member).count() == 2
    assert TrialDay.objects.filter(member=member).exists()
    assert Subscription.objects.filter(member=member).exists()
    consents = Consent.objects.filter(user=member.user)
    assert consents.count() == 2
    assert not consents.standing().exists()
    assert Application.objects.get(member=member).decision == Decision.APPROVED


def test_two_desks_at_one_time_stay_two_although_the_reason_is_forgotten():
    """The reason is what lets two bookings of one member stand side by side in the database."""
    member = a_whole_life()
    erase(user=member.user, by=member.user, now=LATER)
    beside = Booking.objects.confirmed().filter(member=member)
    assert beside.count() == 3
    assert set(beside.values_list("override_reason", flat=True)) == {"", "–"}


def test_she_is_nobody():
    member = a_whole_life()
    erase(user=member.user, by=member.user, now=LATER)
    user = User.objects.get(pk=member.user_id)
    assert (user.name, user.erased_at, user.is_active) == (ERASED_NAME, LATER, False)
    assert user.email.endswith("@invalid.example")
    assert not user.has_usable_password()
    row = Member.objects.get(pk=member.pk)
    assert (row.trade, row.commute_km, row.visible_since) == ("", None, None)


def test_the_audit_says_that_it_was_done_and_nothing_else():
    member = a_whole_life()
    erase(user=member.user, by=member.user, now=LATER)
    entries = AuditEntry.objects.filter(member=member)
    done = entries.get(act=Act.ERASED)
    assert (done.by, done.at, done.changes) == (member.user, LATER, {})
    others = entries.exclude(pk=done.pk)
    assert others.count() > 10
    assert all(entry.redacted_at == LATER and entry.changes == {} for entry in others)


def test_the_last_letter_goes_to_the_old_address(django_capture_on_commit_callbacks):
    member = a_whole_life()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        erase(user=member.user, by=member.user, now=LATER)
    [letter] = mail.outbox
    assert letter.to == [EMAIL]
    assert letter.subject == "Votre compte est effacé"


def test_nobody_writes_to_an_address_that_was_never_proved(django_capture_on_commit_callbacks):
    user = a_user()
    EmailAddress.objects.filter(user=user).update(verified=False)
    with django_capture_on_commit_callbacks(execute=True):
        erase(user=user, by=None, now=LATER)
    assert mail.outbox == []


def test_she_cannot_log_in_and_every_device_is_logged_out():
    member = a_whole_life()
    devices = [Client(), Client()]
    for device in devices:
        assert device.login(email=EMAIL, password=PASSWORD)
    other = Client()
    other.force_login(a_member().user)
    erase(user=member.user, by=member.user, now=LATER)
    for device in devices:
        assert device.get(reverse("members:account")).status_code == 302
        assert not device.login(email=EMAIL, password=PASSWORD)
    assert Session.objects.count() == 1
    assert other.get(reverse("members:account")).status_code == 200


def test_the_same_address_can_sign_up_anew(client):
    member = a_whole_life()
    erase(user=member.user, by=member.user, now=LATER)
    form = {"name": NAME, "email": EMAIL, "password1": "trois-sapins-et-un-lac"}
    assert client.post(reverse("account_signup"), form).status_code == 302
    anew = User.objects.get(email=EMAIL)
    assert anew.pk != member.user_id
    assert anew.member.state == State.APPLICANT


def test_erasing_twice_changes_nothing(django_capture_on_commit_callbacks):
    member = a_whole_life()
    erase(user=member.user, by=member.user, now=LATER)
    before = User.objects.values().get(pk=member.user_id)
    with django_capture_on_commit_callbacks(execute=True):
        assert not erase(user=member.user, by=None, now=LATER + timedelta(days=1))
    assert User.objects.values().get(pk=member.user_id) == before
    assert AuditEntry.objects.filter(act=Act.ERASED).count() == 1


# Who, and when not


@pytest.mark.parametrize("state", [State.ACTIVE, State.PAUSED])
def test_a_member_leaves_first(state):
    member = a_member()
    if state == State.PAUSED:
        Member.objects.filter(pk=member.pk).update(state=state)
    with refused("still_member"):
        erase(user=member.user, by=member.user, now=LATER)


def test_a_place_that_is_kept_is_given_back_first():
    member = a_member(state=State.APPLICANT)
    space = a_space()
    book(space=space, member=member, by=member.user, slots=[slot(9, 12, TUESDAY)], now=NOW)
    with refused("coming_bookings"):
        erase(user=member.user, by=member.user, now=NOW)
    assert erase(user=member.user, by=member.user, now=LATER)


@pytest.mark.parametrize("role", list(Role))
def test_who_has_a_role_loses_it_first(role):
    user = a_user(role=role)
    with refused("staff"):
        erase(user=user, by=user, now=LATER)


def test_an_applicant_withdraws_by_it():
    member = a_member(state=State.APPLICANT)
    applications.apply(
        member=member, plan=a_plan(), starts_on=MONDAY, now=NOW, accepted={}, message="Moi"
    )
    erase(user=member.user, by=member.user, now=LATER)
    member.refresh_from_db()
    assert member.state == State.FORMER
    assert member.applications.get().decision == Decision.WITHDRAWN
    assert member.applications.get().message == ""


def test_an_invitation_that_is_still_open_is_taken_back():
    member = a_whole_life()
    erase(user=member.user, by=member.user, now=NOW + timedelta(days=90))
    assert not Invitation.objects.filter(accepted_at=None, revoked_at=None).exists()


def test_only_the_person_or_an_operator():
    member = a_member(state=State.APPLICANT)
    for stranger in (a_member().user, a_user(role=Role.HOST), a_user(role=Role.ACCOUNTANT)):
        with refused("forbidden"):
            erase(user=member.user, by=stranger, now=LATER)
    assert erase(user=member.user, by=a_user(role=Role.OPERATOR), now=LATER, reason="letter")
    assert AuditEntry.objects.get(act=Act.ERASED).reason == "letter"


def test_the_log_of_the_admin_keeps_the_lines_about_others():
    member, other = a_whole_life(), a_member("Bruno Lacroix")
    row = LogEntry.objects.order_by("pk").first()
    row.pk, row.object_id, row.object_repr, row.change_message = None, "0", "Bruno Lacroix", "[]"
    row.save()
    erase(user=member.user, by=member.user, now=LATER)
    assert LogEntry.objects.get(pk=row.pk).object_repr == str(other)


# Two at once, and cut off in the middle


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_erasure():
    member = a_whole_life()
    mail.outbox.clear()
    done = []

    def click() -> None:
        done.append(erase(user=member.user, by=None, now=LATER))

    assert together(click, click) == ["done", "done"]
    assert sorted(done) == [False, True]
    assert AuditEntry.objects.filter(act=Act.ERASED).count() == 1
    assert len(mail.outbox) == 1


def test_negative_control_who_does_not_look_again_under_the_lock_erases_twice(monkeypatch):
    member = a_whole_life()
    seen = [(User.objects.get(pk=member.user_id), Member.objects.get(pk=member.pk)) for _ in "ab"]
    monkeypatch.setattr(erasure, "lock_person", lambda user: seen.pop())
    assert [erase(user=member.user, by=None, now=LATER) for _ in "ab"] == [True, True]
    assert AuditEntry.objects.filter(act=Act.ERASED).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_in_the_middle_has_erased_nothing():
    member = a_whole_life()
    before = columns_with(WORD)
    connections.close_all()  # a connection must not be shared with a child
    child = os.fork()
    if child == 0:
        erasure._empty_account = lambda user, now: os.kill(os.getpid(), signal.SIGKILL)
        erase(user=member.user, by=None, now=LATER)
        os._exit(0)  # never reached: the parent sees that it was
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert columns_with(WORD) == before
    assert CalendarFeed.objects.filter(member=member).exists()
    assert erase(user=member.user, by=None, now=LATER)
    assert columns_with(WORD) == set()


# Afterwards


def test_the_pages_of_the_team_show_nobody_without_breaking(client):
    member = a_whole_life()
    erase(user=member.user, by=member.user, now=LATER)
    client.force_login(a_user(role=Role.OPERATOR))
    for path in (
        reverse("admin:members_member_changelist") + "?state=all",
        reverse("admin:members_member_change", args=[member.pk]),
        reverse("admin:members_user_changelist"),
        reverse("admin:booking_booking_changelist"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert ERASED_NAME in answer.content.decode(), path


def test_why_not_reads_only_and_says_everything():
    member = a_member()
    book(space=a_space(), member=member, by=member.user, slots=[slot(9, 12, TUESDAY)], now=NOW)
    codes = {refusal.code for refusal in erasing.why_not(member.user, NOW)}
    assert codes == {"still_member", "coming_bookings"}
