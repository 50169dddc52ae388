"""What the directory forgets of a person, and what still counts; what others wrote is theirs."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from coworking.privacy.erase import erase
from directory.models import Agent, Need, NeedState, Organisation, Ownership, Provider
from directory.services import emptying
from members import audit
from members.models import Act, AuditEntry
from tests.coworking.lives import WORD, a_whole_life
from tests.directory.rows import (
    a_need,
    a_provider,
    a_solicitation,
    an_organisation,
    saved,
)
from tests.factories import NOW, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=200)
DAY = timedelta(days=1)


def erased(user) -> None:
    assert erase(user=user, by=user, now=LATER)


def test_a_profile_is_offline_and_keeps_its_commune_and_what_it_was_asked():
    user = a_user()
    provider = a_provider("Atelier Roux", owner=user, slug="atelier-roux", phone="06 00 00 00 00")
    asked = a_solicitation(a_need(), provider, opened_at=NOW + DAY, answered_at=NOW + DAY)
    erased(user)
    row = Provider.objects.get(pk=provider.pk)
    assert (row.name, row.state, row.phone) == ("Fiche effacée", "draft", "")
    assert "roux" not in row.slug
    assert row.commune == provider.commune
    row = row.solicitations.get()
    assert (row.sent_at, row.answered_at) == (asked.sent_at, asked.answered_at)
    assert not Ownership.objects.filter(provider=provider).exists()


@pytest.mark.parametrize("state", ["draft", "pending", "published", "suspended"])
def test_a_profile_may_stand_anywhere(state):
    user = a_user()
    provider = a_provider(owner=user, state=state)
    erased(user)
    assert Provider.objects.get(pk=provider.pk).state == "draft"


def test_a_profile_that_another_speaks_for_stays_and_loses_her_address():
    user, partner = a_user(), a_user()
    provider = a_provider("Les deux scies", owner=user, email=user.email, legal_contact=user.email)
    saved(Ownership(provider=provider, user=partner, since=NOW))
    erased(user)
    row = Provider.objects.get(pk=provider.pk)
    assert (row.name, row.state, row.email) == ("Les deux scies", "published", "")
    assert row.legal_contact == ""
    assert [ownership.user for ownership in row.ownerships.all()] == [partner]


def test_an_unowned_profile_loses_the_address_where_she_was_reached():
    user = a_user()
    provider = a_provider("Imprimerie", legal_contact=user.email.upper())
    audit.record(act=Act.CREATED, subject=provider, by=None, now=NOW, before={})
    erased(user)
    assert Provider.objects.get(pk=provider.pk).legal_contact == ""
    entry = AuditEntry.objects.get(subject_type="directory.provider")
    assert entry.changes == {}


def test_the_facts_of_a_need_stay_for_the_figures():
    user, provider = a_user(), a_provider()
    need = a_need(author=user, amount="", state="awarded_local", budget="to_2000")
    Need.objects.filter(pk=need.pk).update(
        awarded_to=provider, amount="to_2000", otherwise="abroad", outcome_words="Merci Luc"
    )
    erased(user)
    row = Need.objects.get(pk=need.pk)
    assert (row.title, row.contact_name, row.outcome_words) == (
        *("Besoin effacé", "Personne effacée", ""),
    )
    assert row.contact_email.endswith("@invalid.example")
    assert (row.state, row.awarded_to, row.amount) == ("awarded_local", provider, "to_2000")
    assert (row.budget, row.otherwise, row.author) == ("to_2000", "abroad", user)
    assert row.opened_at == need.opened_at
    row.full_clean()


def test_the_links_of_old_letters_lead_nowhere():
    user = a_user()
    need = a_need(author=user, state="expired")
    asked = a_solicitation(a_need(), a_provider(owner=user))
    erased(user)
    assert not Need.objects.filter(key=need.key).exists()
    asked_now = type(asked).objects.get(pk=asked.pk)
    assert asked_now.key != asked.key
    assert len(asked_now.key) >= 32


def test_no_letter_asks_nobody_for_the_outcome():
    user = a_user()
    need = a_need(author=user, state="expired")
    erased(user)
    row = Need.objects.get(pk=need.pk)
    assert row.outcome_asked_at == row.outcome_reminded_at == LATER


def test_a_need_that_is_open_is_settled_first():
    user = a_user()
    need = a_need(contact_email=user.email.upper())
    with refused("open_needs"):
        erase(user=user, by=user, now=LATER)
    need.state = NeedState.WITHDRAWN
    saved(need)
    erased(user)


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_a_need_that_nobody_has_seen_is_withdrawn_by_it(state):
    user = a_user()
    need = a_need(author=user, state=state)
    erased(user)
    need.refresh_from_db()
    assert (need.state, need.state_since) == ("withdrawn", LATER)


def test_a_firm_for_which_another_acts_keeps_its_name():
    user = a_user()
    hers, shared = an_organisation("Chez elle"), an_organisation("Boulangerie")
    busy = an_organisation("Mairie")
    for firm in (hers, shared, busy):
        saved(Agent(organisation=firm, user=user, since=NOW))
    saved(Agent(organisation=shared, user=a_user(), since=NOW))
    a_need(organisation=busy)
    erased(user)
    names = [Organisation.objects.get(pk=firm.pk).name for firm in (hers, shared, busy)]
    assert names == [emptying.ORGANISATION_NAME, "Boulangerie", "Mairie"]
    assert list(Agent.objects.values_list("organisation", flat=True)) == [shared.pk]


def test_the_needs_of_others_are_untouched():
    user, other = a_user(), a_user()
    need = a_need(author=other, state="expired")
    unproved = a_need(contact_email="x@example.org", state="expired")
    EmailAddress.objects.create(user=user, email="x@example.org", verified=False)
    erased(user)
    for row in (need, unproved):
        assert Need.objects.get(pk=row.pk).title == row.title


def test_the_audit_of_the_directory_says_that_it_was_and_nothing_else():
    member = a_whole_life()
    erase(user=member.user, by=member.user, now=LATER)
    entries = AuditEntry.objects.filter(subject_type__startswith="directory.")
    assert entries.count() >= 3
    assert all(entry.changes == {} and entry.redacted_at == LATER for entry in entries)
    assert WORD not in str(list(entries.values()))
