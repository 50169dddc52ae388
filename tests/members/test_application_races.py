"""Two hosts decide one application at the same instant: one decision, one clean refusal."""

from copy import copy
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from members.models import Act, Application, AuditEntry, Decision, Member, Role, State, Subscription
from members.services import applications
from tests.factories import MONDAY, NOW, a_member, a_plan, a_user
from tests.members.refusals import codes_of
from tests.members.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def an_application() -> Application:
    member = a_member("Aline Morel", state=State.APPLICANT)
    return applications.apply(member=member, plan=a_plan(), starts_on=MONDAY, now=NOW, accepted={})


def answer(decide) -> str:
    """`done`, the code of the refusal, or the error that a host would meet."""
    try:
        decide()
    except ValidationError as refusal:
        return " ".join(sorted(codes_of(refusal)))
    except IntegrityError as error:
        return type(error).__name__
    return "done"


def both_decide(application: Application) -> list[str]:
    hosts = [a_user(role=Role.HOST) for _ in range(2)]
    one, other = (Application.objects.get(pk=application.pk) for _ in hosts)
    approve = partial(applications.approve, application=one, by=hosts[0], now=NOW)
    refuse = partial(
        applications.refuse, application=other, by=hosts[1], now=NOW, reason="Complet en mars"
    )
    return at_once(partial(answer, approve), partial(answer, refuse))


def test_approved_and_refused_at_once_is_decided_once() -> None:
    application = an_application()
    answers = both_decide(application)
    assert sorted(answers) == ["decided", "done"]
    application.refresh_from_db()
    member = Member.objects.get()
    approved = answers[0] == "done"
    assert application.decision == (Decision.APPROVED if approved else Decision.REFUSED)
    assert member.state == (State.ACTIVE if approved else State.REFUSED)
    assert Subscription.objects.count() == approved
    assert AuditEntry.objects.about(application).filter(act=Act.CHANGED).count() == 1


def test_approved_by_two_at_once_begins_one_plan() -> None:
    application = an_application()
    hosts = [a_user(role=Role.HOST) for _ in range(2)]
    clicks = [partial(applications.approve, application=application, by=h, now=NOW) for h in hosts]
    assert at_once(*[partial(answer, click) for click in clicks]) == ["done", "done"]
    assert Subscription.objects.count() == 1


def test_sent_twice_at_once_is_one_application() -> None:
    member, plan = a_member(state=State.APPLICANT), a_plan()
    send = partial(
        applications.apply, member=member, plan=plan, starts_on=MONDAY, now=NOW, accepted={}
    )
    clicks = [partial(answer, send) for _ in range(2)]
    assert sorted(at_once(*clicks)) == ["done", "waiting"]
    assert Application.objects.count() == 1


def test_negative_control_without_looking_behind_the_lock_the_loser_meets_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each host decides on what the page showed; only the database still refuses."""
    application = an_application()
    seen = Application.objects.select_related("member__user", "plan").get()
    monkeypatch.setattr(Member, "full_clean", lambda member: None)
    monkeypatch.setattr(applications, "_to_decide", lambda row, by: (copy(seen), copy(seen.member)))
    assert sorted(both_decide(application)) == ["IntegrityError", "done"]
