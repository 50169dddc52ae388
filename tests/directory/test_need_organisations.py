"""Who acts for an order giver: invited by a letter, accepted with a proved address, merged."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from directory.models import Agent, Need, Organisation
from directory.services import organisations
from members.models import AuditEntry, Role
from tests.directory.rows import a_need, an_organisation
from tests.factories import NOW, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _that_week():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def aline():
    return a_user("Aline")


@pytest.fixture
def mairie(aline) -> Organisation:
    organisation = an_organisation("Mairie de Morez", kind="public")
    Agent.objects.create(organisation=organisation, user=aline, since=NOW)
    return organisation


@pytest.fixture
def invite(mairie, aline, committed):
    """Invite an address, and hand back the token of the letter."""

    def invite(email: str = "bob@mairie.example", by=None) -> str:
        with committed():
            organisations.invite_agent(organisation=mairie, email=email, by=by or aline, now=NOW)
        found = re.search(r"/besoins/agir/([^/\s]+)/", str(mail.outbox[-1].body))
        return found[1]

    return invite


def test_the_same_letter_goes_to_an_account_and_to_none(invite) -> None:
    bob = a_user("Bob")
    invite(bob.email)
    invite("personne@mairie.example")
    one, other = (letter.body.split("agir/")[0] for letter in mail.outbox)
    assert one == other
    assert Agent.objects.count() == 1


def test_its_reader_accepts_with_the_address_it_was_sent_to(invite, mairie) -> None:
    bob = a_user("Bob")
    token = invite(bob.email.upper())
    with refused("not_yours"):
        organisations.accept_agency(token=token, user=a_user(), now=LATER)
    for _click in range(2):
        agent = organisations.accept_agency(token=token, user=bob, now=LATER)
    assert (agent.organisation, agent.since) == (mairie, LATER)
    assert AuditEntry.objects.about(agent).count() == 1
    with refused("already_agent"):
        invite(bob.email)


def test_an_address_that_is_not_proved_accepts_nothing(invite) -> None:
    bob = a_user()
    token = invite(bob.email)
    bob.emailaddress_set.update(verified=False)
    with refused("not_yours"):
        organisations.accept_agency(token=token, user=bob, now=LATER)


def test_a_link_ends_with_time_or_with_its_sender(invite, mairie, aline) -> None:
    bob = a_user()
    token = invite(bob.email)
    with refused("closed"):
        organisations.accept_agency(token=token, user=bob, now=NOW + timedelta(days=14, seconds=1))
    with refused("closed"):
        organisations.accept_agency(token=token[:-1] + "!", user=bob, now=LATER)
    Agent.objects.filter(user=aline).delete()
    with refused("closed"):
        organisations.accept_agency(token=token, user=bob, now=LATER)


def test_only_who_acts_for_it_invites_and_removes(invite, mairie) -> None:
    with refused("not_yours"):
        invite(by=a_user())
    with refused("invalid"):
        invite("pas une adresse")
    with refused("not_yours"):
        organisations.remove_agent(agent=mairie.agents.get(), by=a_user(), now=LATER)


def test_the_last_one_stays(mairie, aline) -> None:
    agent = mairie.agents.get()
    with refused("last"):
        organisations.remove_agent(agent=agent, by=aline, now=LATER)
    Agent.objects.create(organisation=mairie, user=a_user(), since=NOW)
    organisations.remove_agent(agent=agent, by=aline, now=LATER)
    assert not mairie.agents.filter(user=aline).exists()


def test_the_pages_are_for_who_acts_for_it(client: Client, mairie, aline) -> None:
    path = f"/mes-besoins/pour/{mairie.pk}/"
    other = Agent.objects.create(organisation=mairie, user=a_user("Bob"), since=NOW)
    client.force_login(a_user())
    for answer in (
        client.get(path),
        client.post(path, {"email": "x@y.example"}),
        client.post(f"{path}retirer/{other.pk}/"),
    ):
        assert answer.status_code == 404
    client.force_login(aline)
    assert "Bob" in client.get(path).content.decode()
    assert client.post(path, {"email": "x"}).status_code == 422
    assert client.post(path, {"email": "x@y.example"}).status_code == 302
    assert client.post(f"/mes-besoins/pour/{mairie.pk}/retirer/999/").status_code == 404
    assert client.post(f"{path}retirer/{other.pk}/").status_code == 302
    assert mairie.agents.count() == 1


def test_the_page_of_the_letter_acts_by_its_button(client: Client, invite, mairie) -> None:
    bob = a_user()
    path = f"/besoins/agir/{invite(bob.email)}/"
    assert "Se connecter" in client.get(path).content.decode()
    client.post(path)
    client.force_login(a_user())
    assert "J’accepte" not in client.get(path).content.decode()
    client.post(path)
    client.force_login(bob)
    assert "J’accepte" in client.get(path).content.decode()
    assert mairie.agents.count() == 1
    assert client.post(path)["Location"] == "/mes-besoins/"
    assert mairie.agents.filter(user=bob).exists()
    assert client.get("/besoins/agir/autre/").status_code == 410


def test_two_rows_are_one_order_giver(mairie, aline) -> None:
    host, bob = a_user(role=Role.HOST), a_user()
    other = an_organisation("Mairie", kind="public", legal_number="732829320")
    need = a_need(organisation=other)
    for user in (aline, bob):
        Agent.objects.create(organisation=other, user=user, since=NOW)
    with refused("forbidden"):
        organisations.merge_organisations(keep=mairie, other=other, by=aline, now=LATER)
    with refused("same"):
        organisations.merge_organisations(keep=mairie, other=mairie, by=host, now=LATER)
    done = organisations.merge_organisations(keep=mairie, other=other, by=host, now=LATER)
    assert Organisation.objects.get() == done
    assert done.legal_number == "732829320"
    assert Need.objects.get(pk=need.pk).organisation == done
    assert set(done.agents.values_list("user", flat=True)) == {aline.pk, bob.pk}
    assert AuditEntry.objects.about(need).get().by == host
