"""How long anything is kept: each rule finds what is due, and leaves the near miss alone."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from booking.services import book
from coworking.privacy import retention
from coworking.privacy.erase import erase
from coworking.privacy.retention import RULES
from directory.models import Claim, Missed, NeedState, Provider, ProviderState
from members import audit
from members.models import (
    Act,
    Announcement,
    AuditEntry,
    Consent,
    Delivery,
    Invitation,
    Member,
    Note,
    Role,
    State,
    Use,
    User,
)
from members.services import applications, membership
from members.services.consents import agree, withdraw
from members.services.subscriptions import subscribe
from tests.booking.test_races import together
from tests.coworking.lives import a_whole_life
from tests.directory.rows import a_need
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_plan, a_space, a_user, slot

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def in_months(count: int, *, days: int = 0) -> datetime:
    """So many months after the story of the tests, and some days."""
    return retention.Rule("", "", -count, 0, "", "", Note.objects.filter).before(NOW) + days * DAY


def due(key: str, now: datetime) -> tuple[object, ...]:
    return next(found.keys for found in retention.plan(now=now) if found.rule.key == key)


def run(*arguments: str, now: datetime) -> list[str]:
    out = StringIO()
    with time_machine.travel(now, tick=False):
        call_command("retention", *arguments, stdout=out)
    return out.getvalue().splitlines()


# People


def applicant(**fields) -> Member:
    member = a_member(state=State.APPLICANT, **fields)
    applications.apply(member=member, plan=a_plan(), starts_on=MONDAY, now=NOW, accepted={})
    return member


def test_who_was_refused_is_erased_after_six_months():
    member = applicant()
    applications.refuse(
        application=member.applications.get(), by=a_user(role=Role.HOST), now=NOW, reason="Complet"
    )
    assert due("refused", in_months(6)) == ()
    assert due("refused", in_months(6, days=1)) == (member.user_id,)


def test_who_gave_up_is_erased_after_six_months():
    member = applicant()
    applications.withdraw(application=member.applications.get(), by=member.user, now=NOW)
    assert member.state == State.APPLICANT
    assert due("refused", in_months(6)) == ()
    assert due("refused", in_months(6, days=1)) == (member.user_id,)


def test_a_former_member_who_asked_again_and_gave_up_is_still_a_former_one():
    member = a_former_member()
    applications.apply(member=member, plan=a_plan(), starts_on=TUESDAY, now=NOW + DAY, accepted={})
    applications.withdraw(application=member.applications.get(), by=member.user, now=NOW + DAY)
    assert due("refused", in_months(12)) == ()
    assert due("former", in_months(36, days=2)) == (member.user_id,)


def test_who_waits_for_an_answer_stays():
    applicant()
    assert people_due(in_months(60)) == []


def people_due(now: datetime) -> list[object]:
    return [
        key
        for found in retention.plan(now=now)
        if found.rule.then == "erased"
        for key in found.keys
    ]


def a_former_member() -> Member:
    member, host = a_member(), a_user(role=Role.HOST)
    subscribe(member=member, plan=a_plan(), start=MONDAY, by=host, now=NOW)
    membership.leave(member=member, by=host, now=NOW + DAY, on=TUESDAY)
    return member


def test_a_former_member_is_erased_after_three_years():
    member = a_former_member()
    assert people_due(in_months(36)) == []
    assert due("former", in_months(36, days=2)) == (member.user_id,)


def test_a_former_member_who_asked_again_and_was_refused_is_still_a_former_one():
    member = a_former_member()
    applications.apply(member=member, plan=a_plan(), starts_on=TUESDAY, now=NOW + DAY, accepted={})
    applications.refuse(
        application=member.applications.get(),
        by=a_user(role=Role.HOST),
        now=NOW + DAY,
        reason="Non",
    )
    assert due("refused", in_months(12)) == ()
    assert due("former", in_months(36, days=2)) == (member.user_id,)


def test_an_account_that_came_to_nothing_is_erased_after_a_year():
    member, without = a_member(state=State.APPLICANT), a_user()
    User.objects.update(date_joined=NOW)
    assert people_due(in_months(12)) == []
    assert due("silent", in_months(12, days=1)) == (member.user_id, without.pk)


def test_a_login_or_a_trial_day_begins_the_year_anew():
    came, looked = a_member(state=State.APPLICANT), a_member(state=State.APPLICANT)
    User.objects.update(date_joined=NOW - 300 * DAY)
    book(space=a_space(), member=came, by=came.user, slots=[slot(9, 12, TUESDAY)], now=NOW)
    User.objects.filter(pk=looked.user_id).update(last_login=NOW + DAY)
    assert people_due(in_months(12)) == []
    assert due("silent", in_months(12, days=3)) == (came.user_id, looked.user_id)


def test_an_address_that_was_never_proved_is_forgotten_after_thirty_days():
    member, proved = a_member(state=State.APPLICANT), a_member(state=State.APPLICANT)
    User.objects.update(date_joined=NOW)
    EmailAddress.objects.filter(user=member.user).update(verified=False)
    assert due("unverified", NOW + 30 * DAY) == ()
    assert due("unverified", NOW + 31 * DAY) == (member.user_id,)
    run(now=NOW + 31 * DAY)
    assert not User.objects.filter(email=member.user.email).exists()
    assert User.objects.get(pk=proved.user_id).erased_at is None
    assert mail.outbox == []


def test_a_member_whom_the_team_brought_in_stays_without_a_proved_address():
    member = a_member()
    User.objects.update(date_joined=NOW)
    EmailAddress.objects.filter(user=member.user).update(verified=False)
    assert people_due(in_months(60)) == []


@pytest.mark.parametrize("role", list(Role))
def test_the_team_and_the_partner_stay(role):
    a_user(role=role)
    User.objects.update(date_joined=NOW)
    assert people_due(in_months(60)) == []


def test_the_first_superuser_stays():
    User.objects.create_superuser("root@example.org", "haut-jura-2026", name="Racine")
    User.objects.update(date_joined=NOW)
    assert people_due(in_months(60)) == []


def test_members_stay_however_long():
    a_member()
    assert people_due(in_months(120)) == []


# Rows


def an_invitation(**fields) -> Invitation:
    values = {"email": "a@example.org", "key": "k" * 40, "invited_by": a_user()}
    times = {"made_at": NOW - 9 * DAY, "expires_at": NOW}
    row = Invitation.objects.create(**(values | times | fields))
    audit.record(act=Act.CREATED, subject=row, by=row.invited_by, now=NOW, before={})
    return row


def test_an_invitation_goes_thirty_days_after_it_expired_and_leaves_no_address_in_the_audit():
    row, accepted = (
        an_invitation(),
        an_invitation(key="a" * 40, accepted_at=NOW, accepted_by=a_member()),
    )
    LogEntry.objects.create(
        user=row.invited_by,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row),
        action_flag=ADDITION,
    )
    assert due("invitations", NOW + 30 * DAY) == ()
    assert due("invitations", NOW + 31 * DAY) == (row.pk,)
    run(now=NOW + 31 * DAY)
    assert list(Invitation.objects.all()) == [accepted]
    entry = AuditEntry.objects.get(subject_type="members.invitation", subject_id=str(row.pk))
    assert entry.changes == {}
    assert row.email not in LogEntry.objects.get().object_repr


def test_a_note_goes_after_three_years_with_its_words_in_the_audit():
    member, host = a_member(), a_user(role=Role.HOST)
    note = Note.objects.create(member=member, text="Aime le thé", author=host, written_at=NOW)
    audit.record(act=Act.CREATED, subject=note, by=host, now=NOW, before={})
    assert due("notes", in_months(36)) == ()
    run(now=in_months(36, days=1))
    assert not Note.objects.exists()
    assert "thé" not in str(list(AuditEntry.objects.values_list("changes", flat=True)))


def test_who_an_announcement_went_to_is_forgotten_after_a_year():
    member, host = a_member(), a_user(role=Role.HOST)
    told = Announcement.objects.create(title="T", body="B", author=host, published_at=NOW)
    Delivery.objects.create(announcement=told, member=member, sent_at=NOW)
    assert due("deliveries", in_months(12)) == ()
    run(now=in_months(12, days=1))
    assert not Delivery.objects.exists()
    assert Announcement.objects.exists()


def test_a_consent_is_proof_for_five_years_after_its_end():
    user = a_member().user
    agree(user=user, use=Use.NEWS, now=NOW, by=user)
    agree(user=user, use=Use.PRESENCE, now=NOW, by=user)
    withdraw(user=user, use=Use.NEWS, now=NOW, by=user)
    assert due("consents", in_months(60)) == ()
    run(now=in_months(60, days=1))
    assert [consent.use for consent in Consent.objects.all()] == [Use.PRESENCE]


def test_the_audit_is_kept_for_five_years():
    a_member()
    assert due("audit", in_months(60)) == ()
    assert due("audit", in_months(60, days=1))
    run(now=in_months(60, days=1))
    assert not AuditEntry.objects.filter(at__lt=NOW + DAY).exists()


def test_an_expired_session_goes_at_once():
    for key, ends in (("old", NOW - DAY), ("new", NOW + DAY)):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    run(now=NOW)
    assert [session.pk for session in Session.objects.all()] == ["new"]


# The command


@pytest.fixture
def old_house() -> datetime:
    """Something due under nearly every rule."""
    a_whole_life()
    applicant_refused = applicant()
    applications.refuse(
        application=applicant_refused.applications.get(),
        by=a_user(role=Role.HOST),
        now=NOW,
        reason="Complet",
    )
    a_member(state=State.APPLICANT)
    EmailAddress.objects.filter(user=a_user()).update(verified=False)
    an_invitation()
    take_offline()
    a_need(state=NeedState.DRAFT)
    Missed.objects.create(day=MONDAY, words="souffleur", times=3)
    Claim.objects.update(decision="refused", decided_at=NOW)
    User.objects.update(date_joined=NOW)
    LogEntry.objects.update(action_time=NOW)
    Session.objects.create(session_key="old", session_data="", expire_date=NOW)
    now = in_months(66)
    user = User.objects.get(name__startswith="Zéphyrine")
    withdraw(user=user, use=Use.COMMUTE, now=NOW, by=user)
    return now


def take_offline() -> None:
    """Nothing is online any more: nobody is kept by a profile."""
    Provider.objects.update(state=ProviderState.DRAFT, state_since=NOW)


def test_a_dry_run_says_what_a_run_does_and_changes_nothing(old_house):
    counts = [model.objects.count() for model in (User, Note, AuditEntry, Invitation, Session)]
    said = run("--dry-run", now=old_house)
    assert [
        model.objects.count() for model in (User, Note, AuditEntry, Invitation, Session)
    ] == counts
    assert not User.objects.exclude(erased_at=None).exists()
    assert run(now=old_house) == said
    assert len(said) == len(RULES)
    assert all(int(line[32:].split()[0]) for line in said), said


def test_a_second_run_has_nothing_to_do(old_house):
    run(now=old_house)
    entries = AuditEntry.objects.count()
    assert all(line[32:].split()[0] == "0" for line in run(now=old_house))
    assert AuditEntry.objects.count() == entries


def test_every_act_is_in_the_audit(old_house):
    run(now=old_house)
    reasons = set(AuditEntry.objects.filter(act=Act.ERASED).values_list("reason", flat=True))
    assert reasons == {f"retention: {rule.key}" for rule in RULES}


def test_who_came_back_a_moment_ago_stays():
    member = a_former_member()
    now = in_months(36, days=2)
    found = next(found for found in retention.plan(now=now) if found.rule.key == "former")
    applications.apply(member=member, plan=a_plan(), starts_on=now.date(), now=now, accepted={})
    assert retention.apply(found, now=now) == (0, [])
    assert User.objects.get(pk=member.user_id).erased_at is None


def test_who_cannot_be_erased_stays_and_is_told(monkeypatch):
    member = a_former_member()
    now = in_months(36, days=2)
    host = a_user(role=Role.HOST)
    book(
        space=a_space(),
        member=member,
        by=host,
        slots=[slot(9, 12, date(2029, 3, 6))],
        now=now,
        override_reason="Visite",
    )
    lines = run(now=now)
    assert lines[-1].startswith(f"stays: account {member.user_id}")


def test_an_erased_person_is_never_due_again():
    member = a_former_member()
    erase(user=member.user, by=None, now=NOW + 3 * DAY)
    assert people_due(in_months(60)) == []


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_do_each_thing_once():
    a_whole_life()
    take_offline()
    now = in_months(48)
    plans = [retention.plan(now=now), retention.plan(now=now)]
    done: list[int] = []

    def apply(found):
        def write():
            people = [each for each in found if each.rule.then == "erased"]
            done.extend(retention.apply(each, now=now)[0] for each in people)

        return write

    assert together(*(apply(found) for found in plans)) == ["done", "done"]
    assert sum(done) == User.objects.exclude(erased_at=None).count() > 0
    assert AuditEntry.objects.filter(act=Act.ERASED).count() == sum(done)


def test_each_rule_says_why():
    assert all(rule.why and rule.what for rule in RULES)
    assert len({rule.key for rule in RULES}) == len(RULES)
    assert timezone.is_aware(RULES[1].before(NOW))
