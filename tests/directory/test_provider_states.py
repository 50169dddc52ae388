"""Publishing, moderating, and saying twice a year that all of it is still true."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from directory.models import PROVIDER_MOVES, Provider, ProviderState
from directory.services import confirmations, publishing
from directory.services.confirmations import GOOD_FOR, OFFLINE_AFTER, REMIND_AFTER
from members.models import Act, AuditEntry, Role, State, User
from tests.directory.rows import a_provider, a_trade
from tests.factories import NOW, a_member, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return a_user("Aline Morel", email="aline@example.org")


@pytest.fixture
def host() -> User:
    return a_user("Hugo", role=Role.HOST, email="hugo@example.org")


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    def call(service: Any, **arguments: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return service(**{"now": NOW} | arguments)

    return call


def a_draft(owner: User, **fields: Any) -> Provider:
    return a_provider(owner=owner, state=ProviderState.DRAFT, trades=(a_trade(),), **fields)


def test_a_stranger_to_the_house_waits_for_the_host_who_publishes(owner, host, committed) -> None:
    draft = a_draft(owner)
    waiting = committed(publishing.publish, provider=draft, by=owner)
    assert waiting.state == ProviderState.PENDING
    [letter] = mail.outbox
    assert letter.to == [host.email]
    published = committed(publishing.approve, provider=draft, by=host)
    assert published.is_published
    assert published.first_published_at == published.confirmed_at == NOW
    assert mail.outbox[1].to == [owner.email]
    assert AuditEntry.objects.about(draft).first().act == Act.STATE


def test_a_coworker_inside_the_house_publishes_at_once(committed) -> None:
    member = a_member()
    assert committed(publishing.publish, provider=a_draft(member.user), by=member.user).is_published
    left = a_member(state=State.APPLICANT)
    waits = committed(publishing.publish, provider=a_draft(left.user), by=left.user)
    assert waits.state == ProviderState.PENDING


def test_who_was_published_comes_back_at_once_unless_the_team_said_something(
    owner, host, committed
) -> None:
    provider = a_provider(owner=owner, trades=(a_trade(),))
    assert committed(publishing.take_offline, provider=provider, by=owner).state == "draft"
    assert committed(publishing.publish, provider=provider, by=owner).is_published
    committed(publishing.suspend, provider=provider, by=host, reason="Faux prix")
    committed(publishing.send_back, provider=provider, by=host, reason="À corriger")
    assert committed(publishing.publish, provider=provider, by=owner).state == "pending"


def test_a_profile_that_says_nothing_is_not_published(owner) -> None:
    empty = a_provider(owner=owner, state="draft", headline="")
    with refused("incomplete"):
        publishing.publish(provider=empty, by=owner, now=NOW)


def test_the_host_sends_back_with_a_word(owner, host, committed) -> None:
    waiting = a_provider(owner=owner, state="pending")
    with refused("required"):
        publishing.send_back(provider=waiting, by=host, now=NOW, reason=" ")
    back = committed(publishing.send_back, provider=waiting, by=host, reason="Dites le prix")
    assert (back.state, back.state_reason) == ("draft", "Dites le prix")
    assert "Dites le prix" in str(mail.outbox[0].body)


def test_a_suspended_profile_is_the_teams_to_free(owner, host, committed) -> None:
    provider = a_provider(owner=owner)
    committed(publishing.suspend, provider=provider, by=host, reason="Signalée")
    for service in (publishing.publish, publishing.take_offline):
        if service is publishing.publish:
            provider.activities.create(trade=a_trade())
        with refused("move_not_allowed"):
            service(provider=provider, by=owner, now=NOW)
    assert "Signalée" in str(mail.outbox[0].body)
    assert committed(publishing.approve, provider=provider, by=host).is_published


@pytest.mark.parametrize("state", ProviderState.values)
@pytest.mark.parametrize(
    ("service", "to"), [("approve", "published"), ("send_back", "draft"), ("suspend", "suspended")]
)
def test_the_team_moves_by_the_table_only(host, state, service, to) -> None:
    provider = a_provider(state=state, owner=a_user())
    reason = {} if service == "approve" else {"reason": "Parce que"}
    call = getattr(publishing, service)
    fine = state == to or (state, to) in {(str(a), str(b)) for a, b in PROVIDER_MOVES}
    # A draft is its owner's; a published one is suspended, not sent back.
    fine = fine and (service, state) not in {("send_back", "published"), ("approve", "draft")}
    if fine:
        assert call(provider=provider, by=host, now=NOW, **reason).state == to
        return
    with refused("move_not_allowed"):
        call(provider=provider, by=host, now=NOW, **reason)


def test_nobody_else_moderates(owner) -> None:
    provider = a_provider(owner=owner, state="pending")
    for by in (owner, a_user(role=Role.ACCOUNTANT), a_user(role=Role.PARTNER)):
        with refused("forbidden"):
            publishing.approve(provider=provider, by=by, now=NOW)


def test_what_the_team_entered_is_published_by_the_team(host) -> None:
    entered = a_provider(state="draft")
    with refused("incomplete"):
        publishing.approve(provider=entered, by=host, now=NOW)
    entered.activities.create(trade=a_trade())
    assert publishing.approve(provider=entered, by=host, now=NOW).is_published


# Twice a year


def run(now: Any, committed: Any) -> int:
    done: int = committed(lambda now: confirmations.ask_for_confirmation(now=now), now=now)
    return done


def test_the_letters_of_a_year_without_an_answer(owner, committed) -> None:
    provider = a_provider("Aline Web", owner=owner)
    a_provider("Sans responsable")
    asked = NOW + GOOD_FOR
    reminded = asked + REMIND_AFTER
    for day, letters in (
        (asked - timedelta(days=1), 0),
        (asked + timedelta(days=3), 1),  # three days late: due all the same
        (asked + timedelta(days=4), 1),
        (reminded + timedelta(days=5), 2),
        (reminded + timedelta(days=6), 2),
    ):
        run(day, committed)
        assert len(mail.outbox) == letters, day
    run(reminded + timedelta(days=5) + OFFLINE_AFTER, committed)
    provider.refresh_from_db()
    assert provider.state == ProviderState.DRAFT
    assert mail.outbox[2].subject == "Votre fiche a quitté l’annuaire"
    assert AuditEntry.objects.about(provider).first().by is None
    assert run(reminded + 2 * OFFLINE_AFTER, committed) == 0
    assert publishing.publishes_at_once(provider=provider, by=owner)


def test_one_click_is_enough(owner, client, committed) -> None:
    provider = a_provider("Aline Web", owner=owner)
    run(NOW + GOOD_FOR, committed)
    path = re.search(r"(/mes-fiches/confirmer/\S+)", str(mail.outbox[0].body))[1]
    for _scanner in range(3):
        assert "Tout est encore juste" in client.get(path).content.decode()
    provider.refresh_from_db()
    assert provider.confirmation_asked_at is not None
    assert "noté pour six mois" in client.post(path).content.decode()
    provider.refresh_from_db()
    assert provider.confirmation_asked_at is None
    assert client.get(path[:-3] + "x/").status_code == 404


def test_only_what_is_online_is_confirmed_and_by_its_owner(owner) -> None:
    with refused("not_published"):
        confirmations.confirm(provider=a_draft(owner), by=owner, now=NOW)
    with refused("not_yours"):
        confirmations.confirm(provider=a_provider(owner=owner), by=a_user(), now=NOW)
