"""Joining: an application, its answer, the letters, and who may decide."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from members.models import (
    Act,
    Admission,
    Application,
    AuditEntry,
    Consent,
    Decision,
    LegalText,
    Member,
    Plan,
    Role,
    State,
    Subscription,
    Use,
    User,
)
from members.services import applications
from tests.factories import MONDAY, NOW, a_member, a_plan, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def applicant() -> Member:
    return a_member("Aline Morel", state=State.APPLICANT)


@pytest.fixture
def host() -> User:
    return a_user("Hugo", role=Role.HOST, email="hugo@example.org")


def apply(member: Member, plan: Plan, **more: Any) -> Application:
    return applications.apply(
        member=member, plan=plan, **({"starts_on": MONDAY, "now": NOW, "accepted": {}} | more)
    )


def test_a_host_approves_and_the_plan_begins(
    applicant, host, django_capture_on_commit_callbacks
) -> None:
    plan = a_plan()
    with django_capture_on_commit_callbacks(execute=True):
        application = apply(applicant, plan, profile={"trade": "Graphiste"}, heard="member")
    assert sorted(message.to[0] for message in mail.outbox if message.to[0] != "x") == sorted(
        [applicant.user.email, host.email, *operators()]
    )
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        applications.approve(application=application, by=host, now=NOW)
    applicant.refresh_from_db()
    assert (applicant.state, applicant.trade) == (State.ACTIVE, "Graphiste")
    subscription = Subscription.objects.get()
    assert (subscription.member, subscription.plan, subscription.start) == (applicant, plan, MONDAY)
    [letter] = mail.outbox
    assert letter.subject == "Bienvenue ! Vous êtes membre"
    acts = AuditEntry.objects.concerning(applicant).filter(act=Act.STATE)
    assert [(entry.by, entry.changes) for entry in acts] == [
        (host, {"state": ["applicant", "active"]})
    ]


def operators() -> list[str]:
    users = User.objects.filter(groups__name=Role.OPERATOR)
    return list(users.values_list("email", flat=True))


def test_an_instant_plan_admits_at_once(applicant) -> None:
    application = apply(applicant, a_plan(admission=Admission.INSTANT))
    applicant.refresh_from_db()
    assert (application.decision, application.decided_by) == (Decision.APPROVED, None)
    assert applicant.state == State.ACTIVE


def test_a_late_approval_begins_today(applicant, host) -> None:
    application = apply(applicant, a_plan())
    later = NOW + timedelta(days=9)
    applications.approve(application=application, by=host, now=later)
    assert Subscription.objects.get().start == later.date()


def test_approving_twice_changes_nothing(applicant, host) -> None:
    application = apply(applicant, a_plan())
    for _click in range(2):
        applications.approve(application=application, by=host, now=NOW)
    assert Subscription.objects.count() == 1


def test_a_refusal_says_why_and_one_may_ask_again(
    applicant, host, django_capture_on_commit_callbacks
) -> None:
    plan = a_plan()
    application = apply(applicant, plan)
    with refused("required"):
        applications.refuse(application=application, by=host, now=NOW, reason=" ")
    with django_capture_on_commit_callbacks(execute=True):
        applications.refuse(application=application, by=host, now=NOW, reason="Complet en mars")
    applicant.refresh_from_db()
    assert applicant.state == State.REFUSED
    assert "Complet en mars" in str(mail.outbox[-1].body)
    with refused("decided"):
        applications.approve(application=application, by=host, now=NOW)
    apply(applicant, plan)
    applicant.refresh_from_db()
    assert applicant.state == State.APPLICANT


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.PARTNER, None])
def test_nobody_else_decides(applicant, role) -> None:
    application, other = apply(applicant, a_plan()), a_user(role=role)
    with refused("forbidden"):
        applications.approve(application=application, by=other, now=NOW)
    with refused("forbidden"):
        applications.refuse(application=application, by=other, now=NOW, reason="Non")


def test_one_application_waits_at_a_time(applicant) -> None:
    plan = a_plan()
    apply(applicant, plan)
    with refused("waiting"):
        apply(applicant, plan)


def test_an_application_can_be_taken_back_by_its_author_only(applicant) -> None:
    application = apply(applicant, a_plan())
    with refused("not_yours"):
        applications.withdraw(application=application, by=a_member().user, now=NOW)
    applications.withdraw(application=application, by=applicant.user, now=NOW)
    assert Application.objects.get().decision == Decision.WITHDRAWN
    applicant.refresh_from_db()
    assert applicant.state == State.APPLICANT


def test_what_cannot_be_asked(applicant) -> None:
    with refused("past"):
        apply(applicant, a_plan(), starts_on=MONDAY - timedelta(days=1))
    with refused("too_far"):
        apply(applicant, a_plan(), starts_on=MONDAY + timedelta(days=400))
    with refused("not_offered"):
        apply(applicant, a_plan(is_offered=False))
    with refused("no_price"):
        plan = Plan.objects.create(code="vide", name="Vide", is_offered=True)
        apply(applicant, plan)
    with refused("unknown_category"):
        apply(applicant, a_plan(), category="etudiants")
    with refused("already_member"):
        apply(a_member(), a_plan())
    assert not Application.objects.exists()


def test_the_texts_in_force_are_accepted_in_their_version(applicant) -> None:
    plan = a_plan()
    for version, day in (("2025-01", NOW - timedelta(days=300)), ("2026-01", NOW)):
        LegalText.objects.create(use=Use.RULES, version=version, body="…", published_at=day)
    LegalText.objects.create(use=Use.RULES, version="2027-01", body="…")  # a draft
    with refused("texts"):
        apply(applicant, plan)
    with refused("texts"):
        apply(applicant, plan, accepted={Use.RULES: "2025-01"})
    apply(applicant, plan, accepted={Use.RULES: "2026-01"})
    consent = Consent.objects.get()
    assert (consent.use, consent.version, consent.given_at) == (Use.RULES, "2026-01", NOW)


def test_a_commute_is_kept_only_with_its_consent(applicant) -> None:
    commute = {"commute_km": 35, "commute_minutes": 42, "commute_means": "car"}
    apply(applicant, a_plan(), profile=commute)
    applicant.refresh_from_db()
    assert (applicant.commute_km, applicant.commute_means) == (None, "")
    other = a_member(state=State.APPLICANT)
    apply(other, a_plan(), profile=commute, consents={Use.COMMUTE: True})
    other.refresh_from_db()
    assert other.commute_km == Decimal(35)
    assert other.commute_minutes == 42


def test_hosts_are_reminded_once_of_who_waits(applicant, host) -> None:
    apply(applicant, a_plan())
    assert applications.remind(now=NOW + timedelta(days=1)) == 0
    later = NOW + timedelta(days=3)
    assert [applications.remind(now=later), applications.remind(now=later)] == [1, 0]
    assert "attend toujours : Aline Morel" in " ".join(m.subject for m in mail.outbox)
