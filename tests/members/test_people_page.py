"""The members' page: who is seen, by whom, how they are found, and one message to them."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.boards.people import PER_PAGE, people
from members.folding import fold
from members.models import AuditEntry, Member, Role, State
from members.services import change_profile
from members.services.messages import write_to_member
from tests.factories import NOW, a_member, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

PAGE = "/membres/"
EVIL = "<script>alert(1)</script>"


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(getattr(person, "user", person))
    return client


def a_visible(name: str, **values: str) -> Member:
    member = a_member(name, visible=True)
    return change_profile(member=member, now=NOW, by=member.user, values=values)


def names(page: Any) -> list[str]:
    found = re.findall(r'<h2 class="card-title"><a[^>]*>([^<]*)</a>', page.content.decode())
    return [unescape(name) for name in found]


def page_of(member: Member) -> str:
    return reverse("members:person", args=[member.pk])


def write(sender: Any, recipient: Member, text: str = "Bonjour, un café ?") -> Any:
    return signed_in(sender).post(f"{page_of(recipient)}ecrire/", {"text": text})


# Who is seen, and by whom


def test_a_member_sees_those_who_agreed_and_nobody_else() -> None:
    a_visible("Camille Rochat", trade="Graphiste", company="Atelier du Risoux")
    a_member("Théo Secret")
    page = signed_in(a_member()).get(PAGE)
    assert names(page) == ["Camille Rochat"]
    assert "Graphiste · Atelier du Risoux" in page.content.decode()


def test_who_withdraws_is_gone_at_once() -> None:
    camille = a_visible("Camille Rochat")
    signed_in(camille).post("/compte/", {"name": "Camille Rochat", "language": "fr"})
    me = signed_in(a_member())
    assert names(me.get(PAGE)) == []
    assert me.get(page_of(camille)).status_code == 404


@pytest.mark.parametrize("state", [State.FORMER, State.REFUSED, State.APPLICANT])
def test_who_agreed_once_and_is_not_of_the_house_is_not_shown(state: State) -> None:
    first = State.APPLICANT if state != State.FORMER else State.ACTIVE
    other = a_member("Camille Rochat", visible=True, state=first)
    Member.objects.exclude(state=state).filter(pk=other.pk).update(state=state)
    me = signed_in(a_member())
    assert names(me.get(PAGE)) == []
    assert me.get(page_of(other)).status_code == 404


@pytest.mark.parametrize("role", [Role.HOST, Role.OPERATOR])
def test_the_team_sees_the_page_but_writes_from_elsewhere(role: Role) -> None:
    camille = a_visible("Camille Rochat")
    team = a_user(role=role)
    assert names(signed_in(team).get(PAGE)) == ["Camille Rochat"]
    page = signed_in(team).get(page_of(camille))
    assert "Écrire à" not in page.content.decode()
    assert write(team, camille).status_code == 403
    assert mail.outbox == []


def test_a_paused_member_still_belongs() -> None:
    me = a_member()
    Member.objects.filter(pk=me.pk).update(state=State.PAUSED)
    assert signed_in(me).get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.APPLICANT, "dès que votre adhésion sera confirmée"),
        (State.FORMER, "Vous n’êtes plus membre"),
    ],
)
@pytest.mark.parametrize("path", [PAGE, "/membres/1/", "/annonces/"])
def test_who_is_not_of_the_house_reads_why(state: State, words: str, path: str) -> None:
    camille = a_visible("Camille Rochat")
    me = a_member(state=State.APPLICANT)
    Member.objects.exclude(state=state).filter(pk=me.pk).update(state=state)
    page = signed_in(me).get(path.replace("1", str(camille.pk)))
    assert page.status_code == 403
    assert words in page.content.decode()
    assert "Camille" not in page.content.decode()


def test_a_stranger_logs_in_first_and_the_partner_reads_no_name(client: Client) -> None:
    camille = a_visible("Camille Rochat")
    assert client.get(PAGE).status_code == 302
    assert client.get(page_of(camille)).status_code == 302
    partner = signed_in(a_user(role=Role.PARTNER)).get(PAGE)
    assert partner.status_code == 403
    assert "Camille" not in partner.content.decode()


def test_the_navigation_leads_there_for_those_of_the_house_only() -> None:
    a_visible("Camille Rochat")
    readers = {
        "member": (a_member(), True),
        "host": (a_user(role=Role.HOST), True),
        "applicant": (a_member(state=State.APPLICANT), False),
        "partner": (a_user(role=Role.PARTNER), False),
    }
    shown = {
        name: f'href="{PAGE}"' in signed_in(reader).get("/compte/").content.decode()
        for name, (reader, _expected) in readers.items()
    }
    assert shown == {name: expected for name, (_reader, expected) in readers.items()}


def test_no_address_is_ever_shown() -> None:
    camille = a_visible("Camille Rochat")
    me = signed_in(a_member())
    for path in (PAGE, page_of(camille)):
        assert camille.user.email not in me.get(path).content.decode()


# Finding


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Éloïse Œuvrard", "Zoé Hätti"]),
        ("eloise", ["Éloïse Œuvrard"]),
        ("OEUVRARD", ["Éloïse Œuvrard"]),
        ("horlogère", ["Éloïse Œuvrard"]),
        ("horlogere", ["Éloïse Œuvrard"]),
        ("hatti", ["Zoé Hätti"]),
        ("comptabilité zoe", ["Zoé Hätti"]),
        ("comptabilite eloise", []),
        ("covoiturage", ["Éloïse Œuvrard", "Zoé Hätti"]),
        ("l'été", ["Zoé Hätti"]),
        ("%", []),
        ("_", []),
        ("\x00", []),
        ("' OR 1=1 --", []),
        ("x" * 10_000, []),
        (EVIL, []),
    ],
)
def test_words_are_found_wherever_they_stand_with_or_without_accents(
    query: str, found: list[str]
) -> None:
    a_visible("Zoé Hätti", trade="Traductrice", skills="Comptabilité", looks_for="covoiturage")
    a_visible("Éloïse Œuvrard", trade="Horlogère", can_help_with="Covoiturage le mardi")
    Member.objects.filter(user__name="Zoé Hätti").update(can_help_with="les jours d’été : l’été")
    page = signed_in(a_member()).get(PAGE, {"q": query})
    assert page.status_code == 200
    assert names(page) == found
    assert EVIL not in page.content.decode()


def test_what_a_member_hides_is_not_found_either() -> None:
    hidden = a_member("Théo Secret")
    change_profile(member=hidden, now=NOW, by=hidden.user, values={"trade": "Espion"})
    page = signed_in(a_member()).get(PAGE, {"q": "espion"})
    assert names(page) == []
    assert "Théo" not in page.content.decode()


def test_a_chip_filters_by_trade_and_keeps_the_search() -> None:
    a_visible("Aline", trade="Graphiste", skills="affiches")
    a_visible("Bruno", trade="graphiste", skills="logos")
    a_visible("Chloé", trade="Juriste", skills="affiches")
    a_visible("Dora", trade="Juriste", skills="affiches")
    me = signed_in(a_member())
    page = me.get(PAGE, {"q": "affiches"})
    assert names(page) == ["Aline", "Chloé", "Dora"]
    assert "?q=affiches&amp;trade=Juriste" in page.content.decode()
    assert names(me.get(PAGE, {"trade": "GRAPHISTE"})) == ["Aline", "Bruno"]
    assert names(me.get(PAGE, {"q": "affiches", "trade": "Graphiste"})) == ["Aline"]


def test_a_chip_is_for_a_trade_that_people_share_and_the_search_finds_the_others() -> None:
    a_visible("Aline", trade="Graphiste")
    a_visible("Bruno", trade="graphiste")
    a_visible("Chloé", trade="Juriste")
    a_visible("Dora")
    me = signed_in(a_member())
    assert [(trade.label, trade.count) for trade in people("", "", None).trades] == [
        ("Graphiste", 2)
    ]
    assert "trade=Juriste" not in me.get(PAGE).content.decode()
    assert names(me.get(PAGE, {"q": "juriste"})) == ["Chloé"]
    chosen = people("", "juriste", None).trades[0]
    assert (chosen.label, chosen.is_chosen) == ("Juriste", True)


@pytest.mark.parametrize("trade", ["Astronaute", EVIL, "\x00", "x" * 5000, "é" * 200])
def test_an_unknown_trade_finds_nobody_and_can_be_taken_away(trade: str) -> None:
    a_visible("Aline", trade="Graphiste")
    page = signed_in(a_member()).get(PAGE, {"trade": trade})
    assert page.status_code == 200
    assert names(page) == []
    assert EVIL not in page.content.decode()
    assert "retirer ce filtre" in page.content.decode() or not fold(trade)


def test_pages_of_a_long_list_keep_what_was_asked() -> None:
    for number in range(PER_PAGE + 2):
        a_visible(f"Membre {number:03}", trade="Scieur")
    me = signed_in(a_member())
    first = me.get(PAGE, {"q": "membre"})
    assert len(names(first)) == PER_PAGE
    assert 'href="?page=2&amp;q=membre"' in first.content.decode()
    assert names(me.get(PAGE, {"q": "membre", "page": "2"})) == [
        f"Membre {PER_PAGE:03}",
        f"Membre {PER_PAGE + 1:03}",
    ]


@pytest.mark.parametrize("page", ["0", "-1", "abc", "999999999999999999999", "\x00", ""])
def test_a_page_that_is_no_page_is_one_that_is(page: str) -> None:
    a_visible("Aline")
    assert names(signed_in(a_member()).get(PAGE, {"page": page})) == ["Aline"]


def test_htmx_gets_the_list_alone() -> None:
    a_visible("Aline")
    page = signed_in(a_member()).get(PAGE, headers={"HX-Request": "true"})
    assert names(page) == ["Aline"]
    assert "<html" not in page.content.decode()
    assert "HX-Request" in page["Vary"]


def test_when_nobody_agreed_the_page_invites_to_begin() -> None:
    page = signed_in(a_member()).get(PAGE).content.decode()
    assert "Personne n’a encore accepté d’être vu" in page
    assert "Compléter mon profil" in page


def test_who_is_not_seen_is_told_so() -> None:
    a_visible("Aline")
    assert "ne vous voient pas ici" in signed_in(a_member()).get(PAGE).content.decode()
    assert "ne vous voient pas ici" not in signed_in(a_visible("Zoé")).get(PAGE).content.decode()


def test_everything_that_people_type_is_escaped() -> None:
    fields = ("trade", "company", "skills", "can_help_with", "looks_for")
    evil = a_visible(f"Zoé {EVIL}", **dict.fromkeys(fields, EVIL))
    me = signed_in(a_member())
    for path in (PAGE, page_of(evil), f"{PAGE}?trade={EVIL}"):
        assert EVIL not in me.get(path).content.decode()


def test_the_number_of_queries_does_not_grow() -> None:
    me = signed_in(a_visible("Moi"))

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            me.get(PAGE, {"q": "membre"})
        return len(asked)

    for number in range(3):
        a_visible(f"Membre {number}", trade=f"Métier {number}")
    few = count()
    for number in range(3, 30):
        a_visible(f"Membre {number}", trade=f"Métier {number}")
    assert count() == few <= 10


def test_the_board_itself_asks_twice(django_assert_num_queries: Callable[[int], Any]) -> None:
    for number in range(5):
        a_visible(f"Membre {number}")
    with django_assert_num_queries(2):
        people("membre", "", None)


# One member


def test_a_page_of_ones_own_says_how_to_change_it() -> None:
    me = a_visible("Aline Morel", skills="Affiches\nLogos")
    page = signed_in(me).get(page_of(me)).content.decode()
    assert "Affiches<br>Logos" in page
    assert "Modifier mon profil" in page
    assert "Écrire à" not in page


@pytest.mark.parametrize("number", ["0", "99999999999999999999999", "9223372036854775808"])
def test_a_member_who_does_not_exist_is_not_there(number: str) -> None:
    me = signed_in(a_member())
    assert me.get(f"{PAGE}{number}/").status_code == 404
    assert me.post(f"{PAGE}{number}/ecrire/", {"text": "Bonjour"}).status_code == 404


# Writing


def test_the_page_says_what_the_other_will_know() -> None:
    me, camille = a_member("Aline Morel"), a_visible("Camille Rochat")
    page = signed_in(me).get(page_of(camille)).content.decode()
    assert f"voie votre nom et votre adresse {me.user.email}" in page


def test_a_message_is_relayed_with_the_address_of_the_sender_alone(
    django_capture_on_commit_callbacks: Any,
) -> None:
    me, camille = a_member("Aline Morel"), a_visible("Camille Rochat")
    with django_capture_on_commit_callbacks(execute=True):
        answer = write(me, camille, f"Un café ? {EVIL}\n.\nAline")
    assert answer["Location"] == page_of(camille)
    [letter] = mail.outbox
    assert (letter.to, letter.extra_headers["Reply-To"]) == ([camille.user.email], me.user.email)
    assert letter.subject == "Aline Morel vous écrit"
    assert f"Un café ? {EVIL}\n.\nAline" in str(letter.body)
    [(html, _kind)] = letter.alternatives
    assert EVIL not in str(html)
    assert camille.user.email not in str(letter.body)


def test_the_audit_says_who_wrote_to_whom_and_never_what() -> None:
    me, camille = a_member(), a_visible("Camille Rochat")
    write(me, camille, "Un secret entre nous")
    entry = AuditEntry.objects.about(camille)[0]
    assert (entry.by, entry.member, entry.changes) == (
        me.user,
        camille,
        {"message_from": [None, me.pk]},
    )
    assert not AuditEntry.objects.filter(changes__icontains="secret").exists()


def test_the_letter_is_in_the_language_of_its_reader(
    django_capture_on_commit_callbacks: Any,
) -> None:
    me = a_member("Aline Morel")
    john = a_member("John Hall", visible=True, language="en")
    with django_capture_on_commit_callbacks(execute=True):
        write(me, john)
    assert "Hello John," in str(mail.outbox[0].body)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "x" * 2001, "a\u202eb"])
def test_nonsense_is_explained_and_nothing_leaves(text: str) -> None:
    me, camille = a_member(), a_visible("Camille Rochat")
    page = write(me, camille, text)
    assert page.status_code == 422
    assert page.context["form"].errors["text"]
    assert mail.outbox == []
    assert not AuditEntry.objects.about(camille).filter(by=me.user).exists()


def test_a_name_with_a_line_end_cannot_add_a_header(
    django_capture_on_commit_callbacks: Any,
) -> None:
    me, camille = a_member("Aline"), a_visible("Camille Rochat")
    me.user.name = "Aline\r\nBcc: tous@example.org"
    with django_capture_on_commit_callbacks(execute=True):
        write_to_member(sender=me, recipient=camille, text="Bonjour", now=NOW)
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == [camille.user.email]


def test_who_hides_gets_no_message_though_one_knows_the_address() -> None:
    me, theo = a_member(), a_member("Théo Secret")
    assert write(me, theo).status_code == 404
    with refused("not_visible"):
        write_to_member(sender=me, recipient=theo, text="Bonjour", now=NOW)


def test_an_applicant_writes_to_nobody_and_nobody_to_oneself() -> None:
    camille = a_visible("Camille Rochat")
    applicant = a_member(state=State.APPLICANT)
    assert write(applicant, camille).status_code == 403
    with refused("not_a_member"):
        write_to_member(sender=applicant, recipient=camille, text="Bonjour", now=NOW)
    page = write(camille, camille)
    assert page.status_code == 422
    assert mail.outbox == []


def test_too_many_messages_wait_and_the_text_is_kept() -> None:
    me, camille = a_member(), a_visible("Camille Rochat")
    statuses = [write(me, camille).status_code for _ in range(10)]
    assert statuses == [302] * 10
    page = write(me, camille, "Encore un mot")
    assert page.status_code == 422
    assert "Laissez passer une heure" in page.content.decode()
    assert "Encore un mot" in page.content.decode()
    assert write(a_member(), camille).status_code == 302  # another is not held back


def test_a_mail_server_that_is_away_is_told_to_the_sender(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr("members.notices.message_from_member", lambda **_letter: False)
    me, camille = a_member(), a_visible("Camille Rochat")
    monkeypatch.setattr(
        "members.services.messages.transaction.on_commit", lambda function: function()
    )
    page = write(me, camille, "Un café ?")
    assert page.status_code == 422
    assert "n’a pas pu partir" in page.content.decode()
    assert "Un café ?" in page.content.decode()


def test_a_get_writes_to_nobody() -> None:
    me, camille = a_member(), a_visible("Camille Rochat")
    assert signed_in(me).get(f"{page_of(camille)}ecrire/").status_code == 405


def test_a_post_from_another_site_is_refused() -> None:
    me, camille = a_member(), a_visible("Camille Rochat")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(me.user)
    answer = strict.post(f"{page_of(camille)}ecrire/", {"text": "Bonjour"})
    assert answer.status_code == 403
