"""A member's page: everything on one screen, and each act through its service."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.services import book
from members.models import (
    Act,
    AuditEntry,
    Document,
    Member,
    Note,
    Role,
    State,
    WelcomeDone,
    WelcomeStep,
)
from members.services.applications import apply
from members.services.files import add_document, add_note
from members.services.membership import pause
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_plan, a_space, a_user, slot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def operator():
    return a_user("Odile Paget", role=Role.OPERATOR)


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def member():
    return a_member("Camille Roux")


@pytest.fixture
def applicant():
    found = a_member("Lucie Prost", state=State.APPLICANT)
    apply(member=found, plan=a_plan(), starts_on=TUESDAY, now=NOW, accepted={})
    return found


def door(member, name):
    return f"/admin/members/member/{member.pk}/{name}/"


def read(client, member):
    answer = client.get(door(member, "change"))
    assert answer.status_code == 200
    return answer.content.decode()


def state_of(member):
    return Member.objects.get(pk=member.pk).state


def test_the_page_offers_the_moves_that_are_allowed(desk, member, applicant):
    page = read(desk, member)
    assert 'href="../pause/"' in page
    assert 'href="../depart/"' in page
    assert 'href="../accepter/"' not in page
    page = read(desk, applicant)
    assert 'href="../accepter/"' in page
    assert 'href="../pause/"' not in page


@pytest.mark.parametrize(
    ("act", "data", "state"),
    [
        ("pause", {"start": "2026-03-02", "end": "2026-03-09", "reason": "congé"}, State.PAUSED),
        ("depart", {"on": "2026-03-02", "reason": "déménage"}, State.FORMER),
    ],
)
def test_a_member_is_moved(desk, operator, member, act, data, state):
    assert desk.get(door(member, act)).status_code == 200
    assert state_of(member) == State.ACTIVE
    assert desk.post(door(member, act), data).status_code == 302
    assert state_of(member) == state
    entry = AuditEntry.objects.concerning(member).filter(act=Act.STATE).first()
    assert (entry.by, entry.reason) == (operator, data["reason"])


def test_a_pause_is_ended_and_a_departure_called_off(desk, operator, member):
    pause(member=member, start=MONDAY, end=None, by=operator, now=NOW)
    desk.post(door(member, "reprendre"), {})
    assert state_of(member) == State.ACTIVE
    desk.post(door(member, "depart"), {"on": "2026-04-01"})
    desk.post(door(member, "rester"))
    assert Member.objects.get(pk=member.pk).leaves_on is None


def test_an_application_is_accepted_or_refused_with_words(desk, applicant):
    page = desk.post(door(applicant, "refuser"), {"reason": ""})
    assert page.status_code == 200
    assert state_of(applicant) == State.APPLICANT
    desk.post(door(applicant, "refuser"), {"reason": "complet"})
    assert state_of(applicant) == State.REFUSED


def test_an_application_is_accepted(desk, applicant):
    desk.post(door(applicant, "accepter"))
    assert state_of(applicant) == State.ACTIVE


def test_a_plan_is_changed_and_a_refusal_is_read(desk, member):
    plan = a_plan()
    answer = desk.post(door(member, "formule"), {"plan": plan.pk, "on": "2026-03-01"})
    assert "Cette date est passée." in answer.content.decode()
    desk.post(door(member, "formule"), {"plan": plan.pk, "on": "2026-03-03"})
    assert member.subscriptions.get().plan == plan


@pytest.mark.parametrize("act", ["pause", "depart", "formule", "reprendre", "rester", "accepter"])
def test_what_makes_no_sense_is_refused_in_words(desk, operator, act):
    gone = a_member()
    desk.post(door(gone, "depart"), {"on": "2026-03-02"})
    data = {"start": "x", "on": "31/02/2026", "plan": "0", "end": "%00"}
    answer = desk.post(door(gone, act), data)
    assert answer.status_code == 200
    assert "desk-refusal" in answer.content.decode()


def test_a_note_a_tick_and_a_document(desk, member):
    step = WelcomeStep.objects.create(title="Remettre le badge")
    desk.post(door(member, "notes"), {"text": "Allergique aux noix"})
    desk.post(door(member, f"accueil/{step.pk}"))
    upload = SimpleUploadedFile("contrat.exe", b"%PDF-1.7 ...")
    desk.post(door(member, "documents"), {"file": upload, "title": "Contrat"})
    page = read(desk, member)
    for words in ("Allergique aux noix", "Remettre le badge", "Contrat"):
        assert words in page
    assert WelcomeDone.objects.count() == 1
    desk.post(door(member, f"accueil/{step.pk}"), {"undo": "1"})
    assert not WelcomeDone.objects.exists()


@pytest.mark.parametrize("upload", [b"MZ", b"", None])
def test_a_bad_upload_says_why(desk, member, upload):
    data = {} if upload is None else {"file": SimpleUploadedFile("a.pdf", upload)}
    answer = desk.post(door(member, "documents"), data, follow=True)
    assert answer.status_code == 200
    assert not Document.objects.exists()


def a_document(member, by):
    return add_document(
        member=member, title="Contrat", file_name='a"b.pdf', content=b"%PDF-1", by=by, now=NOW
    )


def test_a_document_is_saved_never_shown(desk, operator, member):
    document = a_document(member, operator)
    answer = desk.get(door(member, f"documents/{document.pk}"))
    assert b"".join(answer.streaming_content) == b"%PDF-1"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert desk.get(door(a_member(), f"documents/{document.pk}")).status_code == 404
    desk.post(door(member, f"documents/{document.pk}/retirer"))
    assert not Document.objects.exists()


def test_the_accountant_reads_plans_and_bookings_but_no_file(client, operator, member):
    document = a_document(member, operator)
    step = WelcomeStep.objects.create(title="Remettre le badge")
    add_note(member=member, text="Allergique aux noix", by=operator, now=NOW)
    client.force_login(a_user(role=Role.ACCOUNTANT))
    page = read(client, member)
    assert "Réservations" in page
    for words in ("Allergique", "Contrat", "Journal", "Remettre le badge", "Mettre en pause"):
        assert words not in page
    assert client.get(door(member, f"documents/{document.pk}")).status_code == 403
    for name in ("pause", "depart", "notes", "documents", f"accueil/{step.pk}"):
        assert client.post(door(member, name), {"text": "x"}).status_code == 403
    assert client.get(door(member, "history")).status_code == 403
    assert Note.objects.count() == 1


def test_the_history_of_a_member_is_the_audit_in_words(desk, member):
    desk.post(door(member, "depart"), {"on": "2026-03-02", "reason": "déménage à Lons"})
    page = desk.get(door(member, "history")).content.decode().replace("\xa0", " ")
    assert "État : de « actif » à « ancien membre »" in page
    assert "déménage à Lons" in page
    assert "Odile Paget" in page


def test_the_page_costs_the_same_for_three_as_for_thirty(desk, operator, member):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            read(desk, member)
        return len(caught)

    space, counts = a_space(desks=40), []
    read(desk, member)  # what a process remembers is asked once
    for number in (3, 27):
        for index in range(number):
            day = MONDAY + timedelta(days=1 + (number + index) % 4, weeks=(number + index) // 4)
            book(
                space=space,
                member=member,
                by=operator,
                slots=[slot(9, 12, day)],
                now=NOW,
                override_reason="essai",
            )
            add_note(member=member, text=f"Note {index}", by=operator, now=NOW)
            a_document(member, operator)
            WelcomeStep.objects.create(title=f"Étape {number} {index}")
        counts.append(queries())
    assert counts[0] == counts[1] <= 32
