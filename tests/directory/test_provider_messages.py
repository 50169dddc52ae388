"""What anybody may send to a profile: relayed messages, reports, claims."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from directory.gate import SAME_WITHIN
from directory.models import Claim, ClaimDecision, Message, Ownership, Provider, Report
from directory.services import claims, messages, publishing, reports
from directory.services.messages import LIFE, MOST_COPIES
from members.models import Role, User
from tests.directory.rows import a_need, a_provider
from tests.factories import NOW, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db
VISITOR = {"sender_name": "Jean Bon", "sender_email": "jean@boulangerie.example"}


@pytest.fixture
def owner() -> User:
    return a_user("Aline Morel", email="aline@example.org")


@pytest.fixture
def provider(owner: User) -> Provider:
    return a_provider("Aline Web", owner=owner)


@pytest.fixture
def host() -> User:
    return a_user("Hugo", role=Role.HOST, email="hugo@example.org")


@pytest.fixture
def done(django_capture_on_commit_callbacks: Any) -> Any:
    """Call a service, and let its letters leave."""

    def call(service: Any, **arguments: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return service(**{"now": NOW} | arguments)

    return call


def test_an_account_writes_at_once_and_the_answer_goes_to_its_address(provider, done) -> None:
    sender = a_user("Bruno", email="bruno@example.org")
    row = done(messages.write, provider=provider, text="Un devis ?", sender=sender)
    assert mail.outbox == []
    done(messages.relay, message=row)
    done(messages.relay, message=row)
    [letter] = mail.outbox
    assert letter.to == ["aline@example.org"]
    assert letter.extra_headers["Reply-To"] == "bruno@example.org"
    assert "Un devis ?" in str(letter.body)


def test_a_visitor_proves_the_address_first_and_the_proof_says_nothing_of_the_message(
    provider, done
) -> None:
    done(messages.write, provider=provider, text="PUBLICITÉ", **VISITOR)
    [letter] = mail.outbox
    assert letter.to == ["jean@boulangerie.example"]
    for typed in ("PUBLICITÉ", "Jean Bon"):
        assert typed not in str(letter.body)
    assert Message.objects.get().relayed_at is None


def test_a_link_is_signed_and_ends(provider) -> None:
    row = messages.write(provider=provider, text="Bonjour", now=NOW, **VISITOR)
    token = messages._SIGNER.sign(row.key)
    assert messages.message_of(token, NOW + LIFE - timedelta(seconds=1)) == row
    assert messages.message_of(token, NOW + LIFE) is None
    for altered in (row.key, token[:-1], token[1:], "", "."):
        assert messages.message_of(altered, NOW) is None


def test_the_same_words_within_a_week(provider) -> None:
    def write(to: Provider, now: Any = NOW, **more: Any) -> None:
        messages.write(provider=to, now=now, **{"text": "Un  Devis", **VISITOR} | more)

    write(provider)
    with refused("duplicate"):
        write(provider, text="un devis")
    write(provider, sender_email="autre@example.org")
    write(provider, now=NOW + SAME_WITHIN)
    for _each in range(MOST_COPIES - 1):
        write(a_provider(owner=a_user()))
    with refused("duplicate"):
        write(a_provider(owner=a_user()))


def test_who_is_not_there_gets_no_message(provider, owner, host) -> None:
    with refused("nobody"):
        messages.write(provider=a_provider(), text="Bonjour", now=NOW, **VISITOR)
    with refused("oneself"):
        messages.write(provider=provider, text="Bonjour", now=NOW, sender=owner)
    row = messages.write(provider=provider, text="Bonjour", now=NOW, **VISITOR)
    publishing.suspend(provider=provider, by=host, now=NOW, reason="Signalée")
    with refused("not_published"):
        messages.write(provider=provider, text="Autre", now=NOW, **VISITOR)
    with refused("not_published"):
        messages.relay(message=row, now=NOW)


def test_without_an_owner_the_noted_contact_reads_it(done) -> None:
    unowned = a_provider(legal_contact="patron@atelier.example")
    row = done(messages.write, provider=unowned, text="Bonjour", **VISITOR)
    done(messages.relay, message=row)
    assert mail.outbox[-1].to == ["patron@atelier.example"]


@pytest.mark.django_db(transaction=True)
def test_what_the_mail_server_refuses_may_be_tried_again(settings) -> None:
    provider, sender = a_provider(owner=a_user()), a_user("Bruno")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    row = messages.write(provider=provider, text="Bonjour", now=NOW, sender=sender)
    with refused("not_sent"):
        messages.relay(message=row, now=NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    again = messages.write(provider=provider, text="Bonjour", now=NOW, sender=sender)
    assert messages.relay(message=again, now=NOW).relayed_at == NOW
    assert len(mail.outbox) == 1


# Reports


def test_a_report_is_told_once_until_it_is_handled(provider, host, done) -> None:
    first, _second = (done(reports.report, provider=provider, reason="spam") for _ in range(2))
    assert [letter.to for letter in mail.outbox] == [[host.email]]
    done(reports.report, need=a_need(), reason="wrong", text="Ce n’est pas vrai")
    assert len(mail.outbox) == 2
    handled = reports.handle(report=first, outcome="Vu, rien à dire", by=host, now=NOW)
    assert (handled.handled_by, handled.outcome) == (host, "Vu, rien à dire")
    with refused("handled"):
        reports.handle(report=first, outcome="Encore", by=host, now=NOW)


def test_a_report_is_about_one_thing_and_is_the_teams_to_handle(provider, host) -> None:
    with refused("bad_report"):
        reports.report(reason="spam", now=NOW)
    with refused("invalid_choice"):
        reports.report(provider=provider, reason="jalousie", now=NOW)
    row = reports.report(provider=provider, reason="spam", now=NOW)
    with refused("forbidden"):
        reports.handle(report=row, outcome="Rien", by=a_user(), now=NOW)
    with refused("required"):
        reports.handle(report=row, outcome=" ", by=host, now=NOW)
    assert Report.objects.filter(handled_at=None).count() == 1


# Claims


@pytest.fixture
def unowned() -> Provider:
    return a_provider("Atelier Lézat", legal_contact="patron@atelier.example")


def test_the_legal_contact_says_yes_by_a_button(unowned, host, client, done, time_machine) -> None:
    time_machine.move_to(NOW, tick=False)
    bruno = a_user("Bruno", email="bruno@example.org")
    done(claims.claim, provider=unowned, user=bruno)
    assert [letter.to for letter in mail.outbox] == [["patron@atelier.example"], [host.email]]
    path = re.search(r"(/annuaire/revendication/\S+)", str(mail.outbox[0].body))[1]
    for _scanner in range(3):
        assert "Bruno" in client.get(path).content.decode()
    assert not Ownership.objects.exists()
    client.post(path, {"answer": "yes"})
    assert Ownership.objects.get(provider=unowned).user == bruno
    assert "Merci" in client.get(path).content.decode()


def test_the_legal_contact_says_no_and_stays_with_it(unowned, done) -> None:
    row = done(claims.claim, provider=unowned, user=a_user())
    refuse = {"claim": row, "decision": ClaimDecision.REFUSED, "by": None}
    for _twice in range(2):
        done(claims.decide, **refuse)
    with refused("decided"):
        claims.decide(claim=row, decision=ClaimDecision.ACCEPTED, by=None, now=NOW)
    assert not Ownership.objects.exists()


def test_the_host_decides_where_there_is_no_contact(host, done) -> None:
    provider, bruno = a_provider(), a_user("Bruno")
    row = done(claims.claim, provider=provider, user=bruno)
    with refused("waiting"):
        claims.claim(provider=provider, user=bruno, now=NOW)
    with refused("forbidden"):
        claims.decide(claim=row, decision=ClaimDecision.ACCEPTED, by=bruno, now=NOW)
    done(claims.decide, claim=row, decision=ClaimDecision.ACCEPTED, by=host)
    with refused("already_yours"):
        claims.claim(provider=provider, user=bruno, now=NOW)
    with refused("owned"):
        claims.claim(provider=provider, user=a_user(), now=NOW)
    with refused("not_published"):
        claims.claim(provider=a_provider(state="draft"), user=bruno, now=NOW)


def test_of_two_claims_the_link_serves_the_first_only(unowned, done) -> None:
    rows = [done(claims.claim, provider=unowned, user=a_user()) for _each in range(2)]
    yes = {"decision": ClaimDecision.ACCEPTED, "by": None, "now": NOW}
    claims.decide(claim=rows[0], **yes)
    with refused("owned"):
        claims.decide(claim=rows[1], **yes)
    assert Claim.objects.filter(decision="").count() == 1
