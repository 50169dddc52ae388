"""Applications and texts in the admin: who answers, what is read only, what the services refuse."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from members.models import (
    Act,
    Application,
    AuditEntry,
    Decision,
    LegalText,
    Member,
    Role,
    State,
    Subscription,
    Use,
    User,
)
from members.services import applications, consents
from tests.booking.pages import signed_in, words
from tests.factories import MONDAY, NOW, a_member, a_plan, a_user
from tests.members.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_at_eight")]

LIST = "/admin/members/application/"
TEXTS = "/admin/members/legaltext/"
DAY = timedelta(days=1)


@pytest.fixture
def _at_eight(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def host() -> User:
    return a_user("Hugo Vuillet", role=Role.HOST, email="hugo@example.org")


@pytest.fixture
def operator() -> User:
    return a_user("Odile Paget", role=Role.OPERATOR)


def an_application(name: str = "Aline Morel", days_ago: int = 0, **fields) -> Application:
    member = a_member(name, state=State.APPLICANT)
    now = NOW - timedelta(days=days_ago)
    return applications.apply(
        member=member, plan=a_plan(), starts_on=MONDAY, now=now, accepted={}, **fields
    )


def act(client, action: str, *chosen: Application, **more):
    data = {"action": action, "_selected_action": [str(row.pk) for row in chosen], **more}
    return client.post(LIST, data, follow=True)


def page_of(application: Application) -> str:
    return reverse("admin:members_application_change", args=[application.pk])


def test_who_waits_longest_is_at_the_top(host) -> None:
    decided = an_application("Déjà Décidée", days_ago=9)
    an_application("Zoé Récente")
    an_application("Aline Ancienne", days_ago=5)
    applications.approve(application=decided, by=host, now=NOW)
    page = words(signed_in(host).get(LIST))
    assert page.index("Aline Ancienne") < page.index("Zoé Récente") < page.index("Déjà Décidée")
    assert "5 jours" in page.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("answer", "seen", "unseen"),
    [("waiting", "Zoé", "Aline"), ("approved", "Aline", "Zoé"), ("refused", "Personne", "Aline")],
)
def test_the_list_is_filtered_by_answer(host, answer, seen, unseen) -> None:
    applications.approve(application=an_application("Aline"), by=host, now=NOW)
    an_application("Zoé")
    rows = signed_in(host).get(f"{LIST}?answer={answer}").context["cl"].result_list
    names = {str(row.member) for row in rows}
    assert unseen not in names
    assert names <= {seen}


def test_the_list_asks_as_often_for_many(host, django_assert_max_num_queries) -> None:
    client = signed_in(host)
    for _row in range(3):
        an_application()
    client.get(LIST)
    with django_assert_max_num_queries(40) as few:
        client.get(LIST)
    for _row in range(27):
        an_application()
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(LIST)


def test_a_host_reads_everything_and_edits_nothing(host) -> None:
    application = an_application(message="Deux jours par semaine", profile={"trade": "Graphiste"})
    client = signed_in(host)
    page = client.get(page_of(application))
    for said in ("Deux jours par semaine", "Graphiste", "Accepter cette candidature", "Refuser…"):
        assert said in words(page)
    assert client.post(page_of(application), {"message": "Autre chose"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{application.pk}/delete/", {"post": "yes"}).status_code == 403
    application.refresh_from_db()
    assert application.message == "Deux jours par semaine"


def test_several_are_approved_at_once_and_what_is_decided_is_told(
    host, django_capture_on_commit_callbacks
) -> None:
    first, second, gone = an_application("Aline"), an_application("Zoé"), an_application("Bruno")
    applications.refuse(application=gone, by=host, now=NOW, reason="Complet")
    with django_capture_on_commit_callbacks(execute=True):
        answer = act(signed_in(host), "approve_applications", first, second, gone)
    assert "2 candidatures acceptées." in words(answer)
    assert "Bruno : Cette candidature est déjà refusée." in words(answer).replace("\xa0", " ")
    assert Subscription.objects.count() == 2
    assert set(Member.objects.values_list("state", flat=True)) == {State.ACTIVE, State.REFUSED}
    assert [m.subject for m in mail.outbox].count("Bienvenue ! Vous êtes membre") == 2
    assert AuditEntry.objects.about(first).filter(act=Act.CHANGED, by=host).exists()


def test_a_refusal_asks_why_and_the_person_reads_it(
    host, django_capture_on_commit_callbacks
) -> None:
    application, client = an_application(), signed_in(host)
    asked = act(client, "refuse_applications", application)
    assert "Aline Morel" in words(asked)
    without = act(client, "refuse_applications", application, confirm="1", reason=" ")
    assert "Dites pourquoi" in words(without)
    too_long = act(client, "refuse_applications", application, confirm="1", reason="x" * 5000)
    assert "500" in words(too_long)
    application.refresh_from_db()
    assert application.is_waiting
    with django_capture_on_commit_callbacks(execute=True):
        act(client, "refuse_applications", application, confirm="1", reason="Complet en mars")
    application.refresh_from_db()
    assert (application.decision, application.decided_by) == (Decision.REFUSED, host)
    assert "Complet en mars" in str(mail.outbox[-1].body)
    page = words(client.get(page_of(application)))
    assert "Complet en mars" in page
    assert "Accepter cette candidature" not in page


def test_not_more_than_can_be_written_to_at_once(host, monkeypatch) -> None:
    monkeypatch.setattr("members.admin.applications.AT_ONCE", 1)
    answer = act(signed_in(host), "approve_applications", an_application(), an_application())
    assert "Choisissez au plus 1 candidatures à la fois." in words(answer)
    assert Application.objects.waiting().count() == 2


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.PARTNER])
def test_nobody_else_reads_or_decides(role) -> None:
    application, client = an_application(), signed_in(a_user(role=role))
    assert client.get(page_of(application)).status_code in {302, 403}
    client.post(LIST, {"action": "approve_applications", "_selected_action": application.pk})
    application.refresh_from_db()
    assert application.is_waiting


def test_who_may_read_but_not_decide_has_no_buttons(host, monkeypatch) -> None:
    application, client = an_application(), signed_in(host)
    monkeypatch.setattr(
        "members.admin.applications.ApplicationAdmin.has_decide_permission", lambda *_: False
    )
    assert "Accepter" not in words(client.get(page_of(application)))
    act(client, "approve_applications", application)
    application.refresh_from_db()
    assert application.is_waiting


def test_the_letter_to_the_hosts_leads_to_the_application(
    host, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        application = an_application()
    [letter] = [message for message in mail.outbox if message.to == [host.email]]
    assert page_of(application) in str(letter.body)


def test_the_letter_says_the_day_of_the_space(host, django_capture_on_commit_callbacks) -> None:
    """Half past midnight in Morez is still yesterday by the clock of the server."""
    applicant = a_member(state=State.APPLICANT)
    late = NOW.replace(day=3, hour=23, minute=30)
    with django_capture_on_commit_callbacks(execute=True):
        applications.apply(
            member=applicant, plan=a_plan(), starts_on=late.date() + DAY, now=late, accepted={}
        )
    [letter] = [message for message in mail.outbox if message.to == [host.email]]
    assert "Reçue le 4 mars 2026." in str(letter.body)


# The texts


def a_draft(**fields) -> LegalText:
    values = {"use": Use.RULES, "version": "2026-03", "body": "Pas de bruit."} | fields
    return LegalText.objects.create(**values)


def text_form(**fields) -> dict[str, str]:
    return {"use": "rules", "version": "2026-03", "body": "Pas de bruit.", "body_en": ""} | fields


def test_the_operator_writes_a_draft_and_publishes_it(operator) -> None:
    client = signed_in(operator)
    client.post(f"{TEXTS}add/", text_form())
    draft = LegalText.objects.get()
    client.post(f"{TEXTS}{draft.pk}/change/", text_form(body="Le café se partage."))
    publish = {"action": "publish_texts", "_selected_action": draft.pk}
    assert "Le café se partage." in words(client.post(TEXTS, publish))
    assert consents.current_texts() == {}
    done = client.post(TEXTS, {**publish, "confirm": "1"}, follow=True)
    assert "règlement intérieur 2026-03 est en vigueur." in words(done)
    draft.refresh_from_db()
    assert (draft.published_at, draft.body) == (NOW, "Le café se partage.")
    acts = AuditEntry.objects.about(draft).values_list("act", "by")
    assert list(acts) == [(act, operator.pk) for act in ("published", "changed", "created")]


def test_a_published_text_is_read_only(operator) -> None:
    text, client = a_draft(published_at=NOW), signed_in(operator)
    page = client.get(f"{TEXTS}{text.pk}/change/")
    assert "Publier…" not in words(page)
    assert client.post(f"{TEXTS}{text.pk}/change/", text_form(body="Autre")).status_code == 403
    again = {"action": "publish_texts", "_selected_action": text.pk, "confirm": "1"}
    assert "déjà publiés" in words(client.post(TEXTS, again, follow=True))
    with refused("published"):
        consents.publish_text(text=text, by=operator, now=NOW)
    with refused("published"):
        consents.save_text(text=text, by=operator, now=NOW)


def test_a_version_exists_once(operator) -> None:
    a_draft()
    answer = signed_in(operator).post(f"{TEXTS}add/", text_form())
    assert answer.status_code == 200
    assert LegalText.objects.count() == 1


def test_a_host_publishes_nothing(host) -> None:
    draft, client = a_draft(), signed_in(host)
    assert client.get(TEXTS).status_code == 403
    with refused("forbidden"):
        consents.publish_text(text=draft, by=host, now=NOW)
    draft.refresh_from_db()
    assert draft.published_at is None
