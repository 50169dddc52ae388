"""Invitations: who may write to whom, what each learns, and the account that an address opens."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from members.models import Act, AuditEntry, Invitation, Member, Role, Standing, State, User
from members.services import invitations
from members.services.invitations import LIFE, MOST_OPEN, token_of
from tests.factories import NOW, a_member, a_plan, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

FRIEND = "bruno@morez.example"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def host() -> User:
    return a_user("Hugo", role=Role.HOST)


@pytest.fixture
def member() -> Member:
    return a_member("Aline Morel")


@pytest.fixture
def invite(django_capture_on_commit_callbacks: Any) -> Any:
    """Invite, and let the letter leave."""

    def invite(by: User, email: str = FRIEND, **more: Any) -> Invitation:
        with django_capture_on_commit_callbacks(execute=True):
            return invitations.invite(email=email, by=by, **({"now": NOW} | more))

    return invite


def accept(invitation: Invitation, name: str = "Bruno Lacroix", **more: Any) -> Member:
    return invitations.accept(
        invitation=invitation, user=User(name=name, password="!"), **({"now": NOW} | more)
    )


def test_the_team_invites_anybody(host, invite) -> None:
    plan = a_plan(name="Résident")
    invitation = invite(host, " Bruno@Morez.example ", name="Bruno", plan=plan, message="Venez !")
    assert (invitation.email, invitation.expires_at) == (FRIEND, NOW + LIFE)
    [letter] = mail.outbox
    assert letter.to == [FRIEND]
    for words in ("Bonjour Bruno", "Hugo vous invite", "Venez !", "Résident", "16 mars 2026"):
        assert words in str(letter.body)
    assert token_of(invitation) in str(letter.body)
    entry = AuditEntry.objects.about(invitation).get()
    assert (entry.act, entry.by) == (Act.CREATED, host)
    assert "key" not in entry.changes


def test_the_letter_speaks_the_inviters_language_and_says_in_the_other_what_it_is(invite) -> None:
    john = a_member("John Smith", language="en")
    invite(john.user)
    assert "En français : John Smith vous invite" in str(mail.outbox[0].body)
    aline = a_member("Aline Morel")
    invite(aline.user)
    assert "In English: Aline Morel invites you" in str(mail.outbox[1].body)


@pytest.mark.parametrize("state", [State.APPLICANT, State.PAUSED])
def test_only_an_active_member_refers(state, invite) -> None:
    member = a_member(state=State.ACTIVE if state == State.PAUSED else state)
    if state == State.PAUSED:
        Member.objects.filter(pk=member.pk).update(state=state)
    with refused("not_a_member"):
        invite(member.user)


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.PARTNER, None])
def test_nobody_else_invites(role, invite) -> None:
    with refused("not_a_member"):
        invite(a_user(role=role))


def test_a_member_has_ten_open_invitations_at_most(member, invite) -> None:
    sent = [invite(member.user, f"ami{number}@morez.example") for number in range(MOST_OPEN)]
    with refused("too_many"):
        invite(member.user, "un-de-trop@morez.example")
    invitations.revoke(invitation=sent[0], by=member.user, now=NOW)
    invite(member.user, "un-de-trop@morez.example")
    invite(member.user, "plus-tard@morez.example", now=NOW + LIFE)


def test_the_team_is_told_who_has_an_account_and_who_was_invited(host, member, invite) -> None:
    with refused("already_member"):
        invite(host, member.user.email)
    invite(member.user)
    with refused("open"):
        invite(host)
    invite(host, now=NOW + LIFE)


def test_a_member_cannot_learn_who_has_an_account(member, host, invite) -> None:
    """The same row, one letter, no refusal: the page can say nothing else."""
    other = a_member("Bruno Lacroix", email=FRIEND)
    invitation = invite(member.user)
    assert invitation.standing(NOW) == Standing.OPEN
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([other.user.email], "Aline Morel a pensé à vous")
    assert token_of(invitation) not in str(letter.body)


def test_a_member_cannot_learn_whom_others_have_invited(member, host, invite) -> None:
    invite(host)
    assert invite(member.user).standing(NOW) == Standing.OPEN
    assert len(mail.outbox) == 2
    with refused("open"):  # what one has done oneself is no secret
        invite(member.user)


def test_a_member_does_not_invite_oneself(member, invite) -> None:
    with refused("already_member"):
        invite(member.user, member.user.email.upper())


@pytest.mark.parametrize("words", ["Voyez https://ailleurs.example", "WWW.ailleurs.example"])
def test_a_members_words_lead_nowhere_else(member, host, words, invite) -> None:
    with refused("no_links"):
        invite(member.user, message=words)
    invite(host, message=words)


def test_only_a_plan_on_offer_is_proposed(host, invite) -> None:
    with refused("not_offered"):
        invite(host, plan=a_plan(is_offered=False))


@pytest.mark.parametrize("email", ["", "bruno", "bruno@", "a\0@morez.example", "a b@c.example"])
def test_an_address_is_an_address(host, email, invite) -> None:
    with refused("blank" if not email else "invalid"):
        invite(host, email)


def test_accepting_opens_an_account_whose_address_is_proved(member, invite) -> None:
    invitation = invite(member.user)
    bruno = accept(invitation, now=LATER)
    assert (bruno.user.email, bruno.state) == (FRIEND, State.APPLICANT)
    assert bruno.user.emailaddress_set.get().verified
    assert (bruno.invitation, bruno.invitation.invited_by) == (invitation, member.user)
    assert bruno.invitation.accepted_at == LATER
    assert AuditEntry.objects.about(invitation).first().by == bruno.user


def test_it_serves_once(member, invite) -> None:
    invitation = invite(member.user)
    accept(invitation)
    with refused("used"):
        accept(invitation)
    with refused("used"):
        invitations.revoke(invitation=invitation, by=member.user, now=NOW)


def test_it_expires(member, invite) -> None:
    invitation = invite(member.user)
    with refused("expired"):
        accept(invitation, now=NOW + LIFE)
    accept(invitation, now=NOW + LIFE - timedelta(seconds=1))


def test_a_revoked_one_opens_nothing(member, invite) -> None:
    invitation = invite(member.user)
    for _click in range(2):
        invitations.revoke(invitation=invitation, by=member.user, now=NOW)
    with refused("revoked"):
        accept(invitation)
    acts = AuditEntry.objects.about(invitation).values_list("act", flat=True)
    assert list(acts) == [Act.CANCELLED, Act.CREATED]


def test_the_address_was_taken_meanwhile(member, invite) -> None:
    invitation = invite(member.user)
    a_member(email=FRIEND)
    with refused("already_member"):
        accept(invitation)


def test_one_revokes_ones_own_and_the_team_any(member, host, invite) -> None:
    invitation = invite(member.user)
    with refused("not_yours"):
        invitations.revoke(invitation=invitation, by=a_member().user, now=NOW)
    invitations.revoke(invitation=invitation, by=host, now=NOW)


def test_sent_again_it_has_a_new_link_and_a_new_end_and_the_old_link_dies(
    member, host, invite, django_capture_on_commit_callbacks
) -> None:
    old = invite(member.user)
    with refused("forbidden"):
        invitations.send_again(invitation=old, by=member.user, now=LATER)
    with django_capture_on_commit_callbacks(execute=True):
        new = invitations.send_again(invitation=old, by=host, now=LATER)
    assert new.expires_at == LATER + LIFE
    assert invitations.invitation_of(token_of(old)) is None
    assert invitations.invitation_of(token_of(new)) == new
    with refused("expired"):
        accept(old)
    assert token_of(new) in str(mail.outbox[-1].body)


def test_what_is_closed_for_good_is_not_sent_again(member, host, invite) -> None:
    taken, used, revoked = (invite(member.user, f"{n}@morez.example") for n in "abc")
    a_member(email=taken.email)
    accept(used)
    invitations.revoke(invitation=revoked, by=host, now=NOW)
    for invitation, code in ((taken, "already_member"), (used, "used"), (revoked, "revoked")):
        with refused(code):
            invitations.send_again(invitation=invitation, by=host, now=NOW)


def test_a_link_is_not_guessed_nor_altered(member, invite) -> None:
    invitation = invite(member.user)
    token = token_of(invitation)
    assert re.fullmatch(r"[\w-]{43}\.[\w-]+", token)
    for altered in (invitation.key, token[1:], token[:-1], f"{'x' * 43}.{token[44:]}", "", "."):
        assert invitations.invitation_of(altered) is None
