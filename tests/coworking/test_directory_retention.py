"""How long the directory keeps anything: each rule finds what is due and leaves the near miss."""

from datetime import datetime

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType

from coworking.privacy.retention import RULES
from directory.models import (
    Agent,
    Attachment,
    Claim,
    Found,
    Message,
    Missed,
    Need,
    NeedState,
    Organisation,
    Ownership,
    Provider,
    Report,
)
from members import audit
from members.models import Act, AuditEntry, Role, User
from tests.coworking.test_retention import DAY, due, in_months, people_due, run
from tests.directory.rows import (
    a_need,
    a_provider,
    a_solicitation,
    an_organisation,
    saved,
)
from tests.factories import MONDAY, NOW, a_user

pytestmark = pytest.mark.django_db


def test_a_need_that_was_never_confirmed_goes_after_a_week_with_its_file_and_its_order_giver():
    need = a_need("Un portail", state=NeedState.DRAFT)
    kept = a_need(state=NeedState.SUBMITTED)
    file = {"file_name": "plan.pdf", "media_type": "application/pdf", "content": b"%PDF"}
    saved(Attachment(need=need, added_at=NOW, **file))
    audit.record(act=Act.CREATED, subject=need, by=None, now=NOW, before={})
    LogEntry.objects.create(
        user=a_user(),
        content_type=ContentType.objects.get_for_model(need),
        object_id=str(need.pk),
        object_repr=str(need),
        action_flag=ADDITION,
    )
    assert due("unconfirmed", NOW + 7 * DAY) == due("orderless", NOW + 7 * DAY) == ()
    run(now=NOW + 8 * DAY)
    assert [row.pk for row in Need.objects.all()] == [kept.pk]
    assert [row.pk for row in Organisation.objects.all()] == [kept.organisation_id]
    assert not Attachment.objects.exists()
    assert AuditEntry.objects.get(subject_type="directory.need", act=Act.CREATED).changes == {}
    assert "portail" not in LogEntry.objects.get().object_repr


def test_an_order_giver_with_another_need_or_an_agent_stays():
    firm, theirs = an_organisation(), an_organisation()
    saved(Agent(organisation=theirs, user=a_user(), since=NOW))
    a_need(organisation=theirs, state=NeedState.DRAFT)
    a_need(organisation=firm, state=NeedState.DRAFT)
    a_need(organisation=firm, state="withdrawn")
    assert due("orderless", NOW + 30 * DAY) == ()


@pytest.mark.parametrize("state", ["awarded_local", "unfilled", "withdrawn", "rejected", "expired"])
def test_a_need_is_emptied_two_years_after_its_end(state):
    firm, person = an_organisation("Fromagerie"), an_organisation("Mme Roux", kind="person")
    ended = [a_need("Un portail", state=state, organisation=giver) for giver in (firm, person)]
    a_need()  # open: it has not ended
    file = {"file_name": "plan.pdf", "media_type": "application/pdf", "content": b"%PDF"}
    saved(Attachment(need=ended[0], added_at=NOW, **file))
    answer = a_solicitation(ended[0], a_provider(), opened_at=NOW + DAY, answered_at=NOW + DAY)
    answer.answer = "Bonjour Madame Roux"
    saved(answer)
    audit.record(act=Act.CHANGED, subject=answer, by=None, now=NOW, before={})
    assert due("needs", in_months(24)) == ()
    run(now=in_months(24, days=1))
    rows = Need.objects.filter(pk__in=[need.pk for need in ended])
    assert set(rows.values_list("title", "contact_phone", "state")) == {
        ("Besoin effacé", "", state),
    }
    assert not Attachment.objects.exists()
    answer.refresh_from_db()
    assert (answer.answer, answer.answered_at) == ("", NOW + DAY)
    assert AuditEntry.objects.get(subject_type="directory.solicitation").changes == {}
    firm.refresh_from_db(), person.refresh_from_db()
    assert (firm.name, person.name) == ("Fromagerie", "Donneur d’ordre effacé")
    assert due("needs", in_months(30)) == ()


def a_message(relayed_at: datetime | None, key: str) -> Message:
    who = {"sender_name": "Luc", "sender_email": "luc@example.org", "text": "Bonjour"}
    keys = {"key": key * 32, "fingerprint": key * 64, "made_at": NOW}
    return saved(Message(provider=a_provider(), relayed_at=relayed_at, **who, **keys))


def test_a_message_goes_after_a_year_and_one_of_nobody_after_a_week():
    relayed, unproved = a_message(NOW, "a"), a_message(None, "b")
    assert due("unproved", NOW + 7 * DAY) == ()
    assert due("unproved", NOW + 8 * DAY) == (unproved.pk,)
    assert due("messages", in_months(12)) == ()
    assert due("messages", in_months(12, days=1)) == (relayed.pk,)


def test_a_report_and_a_claim_go_a_year_after_the_answer():
    host, provider = a_user(role=Role.HOST), a_provider()
    handled = {"handled_at": NOW, "handled_by": host, "made_at": NOW}
    report = saved(Report(provider=provider, reason="spam", **handled))
    saved(Report(provider=provider, reason="spam", made_at=NOW))
    claim = {"provider": provider, "made_at": NOW}
    decided = saved(Claim(user=a_user(), key="a" * 32, decision="refused", decided_at=NOW, **claim))
    saved(Claim(user=a_user(), key="b" * 32, **claim))
    for key, row in (("reports", report), ("claims", decided)):
        assert due(key, in_months(12)) == ()
        assert due(key, in_months(12, days=1)) == (row.pk,)


def test_searches_are_counted_for_three_years():
    found = saved(Found(provider=a_provider(), day=MONDAY, words="toit", times=1))
    missed = saved(Missed(day=MONDAY, words="souffleur", times=1))
    assert due("found", in_months(36)) == due("missed", in_months(36)) == ()
    assert due("found", in_months(36, days=1)) == (found.pk,)
    assert due("missed", in_months(36, days=1)) == (missed.pk,)


def test_a_profile_that_stays_offline_goes_after_a_year_or_is_emptied_if_it_was_asked():
    draft = a_provider(state="draft")
    asked = a_provider("Atelier Roux")
    a_solicitation(a_need(), asked)
    online = a_provider()
    asked.state = "draft"
    saved(asked)
    Provider.objects.update(changed_at=NOW, state_since=NOW)
    assert due("profiles", in_months(12)) == due("offline", in_months(12)) == ()
    assert due("profiles", in_months(12, days=1)) == (draft.pk,)
    assert due("offline", in_months(12, days=1)) == (asked.pk,)
    run(now=in_months(12, days=1))
    names = dict(Provider.objects.values_list("pk", "name"))
    assert names == {asked.pk: "Fiche effacée", online.pk: online.name}
    assert due("offline", in_months(60)) == ()


# Accounts of people who only use the directory


def test_who_has_a_profile_online_is_not_silent():
    user = a_user()
    User.objects.update(date_joined=NOW)
    provider = a_provider(owner=user)
    assert user.pk not in people_due(in_months(60))
    Provider.objects.filter(pk=provider.pk).update(state="draft", changed_at=NOW)
    assert due("silent", in_months(12, days=1)) == (user.pk,)


def test_who_ordered_within_the_year_is_not_silent():
    user = a_user()
    User.objects.update(date_joined=NOW)
    need = a_need(author=user, state="expired")
    Need.objects.filter(pk=need.pk).update(state_since=NOW + 30 * DAY)
    assert due("silent", in_months(12, days=1)) == ()
    assert due("silent", in_months(13, days=2)) == (user.pk,)


def test_a_need_that_is_open_for_years_keeps_its_author_and_is_told():
    user = a_user()
    User.objects.update(date_joined=NOW)
    a_need(contact_email=user.email)  # before she had the account
    lines = run(now=in_months(12, days=1))
    assert lines[-1].startswith(f"stays: account {user.pk}: Un besoin est ouvert")


def test_a_profile_that_is_shared_keeps_both():
    users = [a_user(), a_user()]
    User.objects.update(date_joined=NOW)
    provider = a_provider(owner=users[0])
    saved(Ownership(provider=provider, user=users[1], since=NOW))
    assert people_due(in_months(60)) == []


def test_every_key_fits_its_column():
    assert all(len(rule.key) < 12 and len(rule.after) < 11 for rule in RULES)
