"""One invitation, two people who accept it at the same instant: one account."""

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.models import Invitation, Member, User
from members.services import invitations
from tests.factories import a_member
from tests.members.refusals import codes_of
from tests.members.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invitation() -> Invitation:
    inviter = a_member("Aline Morel")
    return invitations.invite(email="bruno@morez.example", by=inviter.user, now=timezone.now())


def accept(invitation: Invitation, name: str) -> str:
    mine = Invitation.objects.get(pk=invitation.pk)
    try:
        invitations.accept(invitation=mine, user=User(name=name, password="!"), now=timezone.now())
    except ValidationError as refusal:
        return codes_of(refusal).pop()
    return "accepted"


def both_accept(invitation: Invitation) -> list[str]:
    answers = at_once(lambda: accept(invitation, "Bruno"), lambda: accept(invitation, "Bruna"))
    return sorted(answers)


def test_two_who_accept_at_once_make_one_account(invitation: Invitation) -> None:
    assert both_accept(invitation) == ["accepted", "used"]
    assert Member.objects.filter(user__email=invitation.email).count() == 1
    invitation.refresh_from_db()
    assert invitation.accepted_by.user.email == invitation.email


@pytest.fixture
def _no_unique_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each opens an account at an address of its own: only the lock is left to stop the second."""
    open_account = invitations.open_account

    def elsewhere(*, user: User, **arguments: Any) -> User:
        user.email = f"{user.name.lower()}@morez.example"
        return open_account(user=user, **arguments)

    monkeypatch.setattr(invitations, "open_account", elsewhere)


@pytest.mark.usefixtures("_no_unique_address")
def test_the_lock_alone_lets_one_through(invitation: Invitation) -> None:
    Invitation.objects.update(email="personne@morez.example")
    assert both_accept(invitation) == ["accepted", "used"]


@pytest.mark.usefixtures("_no_unique_address")
def test_negative_control_without_the_lock_one_invitation_opens_two_accounts(
    invitation: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    Invitation.objects.update(email="personne@morez.example")
    gate = threading.Barrier(2, timeout=10)
    accept_now = invitations.accept

    def after_the_other(**arguments: Any) -> Member:
        gate.wait()  # both have read the row; neither has written
        return accept_now(**arguments)

    monkeypatch.setattr(invitations, "_lock", lambda row: row)
    monkeypatch.setattr(invitations, "accept", after_the_other)
    assert both_accept(invitation) == ["accepted", "accepted"]
    assert Member.objects.filter(user__name__in=("Bruno", "Bruna")).count() == 2
