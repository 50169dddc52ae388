"""The public page of a provider, and what a visitor sends from it."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from directory.gate import token_of
from directory.models import Claim, Message, Provider, Report, Shown, ShownField
from members.models import Role, User
from tests.booking.pages import signed_in, words
from tests.directory.rows import a_commune, a_provider, a_skill, a_trade, saved
from tests.factories import NOW, a_member, a_user

pytestmark = pytest.mark.django_db
SECRETS = {
    "email": "secret@atelier.example",
    "phone": "03 84 00 00 00",
    "website": "https://secret.example/",
    "address": "1 rue Secrète",
    "price_unit": "day",
    "price_low": "481.00",
    "legal_number": "73282932000074",
    "legal_contact": "legal@atelier.example",
}
SHOWN_AS = {
    "email": "secret@atelier.example",
    "phone": "03 84 00 00 00",
    "website": "https://secret.example/",
    "address": "1 rue Secrète",
    "price": "481",
    "legal_number": "732 829 320 00074",
    "references": "Mairie de Morez",
    "owner": "Aline Morel",
}


@pytest.fixture(autouse=True)
def _fresh_buckets() -> Any:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def owner() -> User:
    return a_user("Aline Morel", email="aline@example.org")


@pytest.fixture
def provider(owner: User) -> Provider:
    made = a_provider("Aline Web", owner=owner, trades=(a_trade("Webmestre"),), **SECRETS)
    made.references.create(client="Mairie de Morez", what="Site", year=2024)
    return made


def agree(provider: Provider, *fields: str) -> None:
    for field in fields:
        saved(ShownField(provider=provider, field=field, since=NOW))


def path_of(provider: Provider, page: str = "") -> str:
    return provider.get_absolute_url() + (f"{page}/" if page else "")


def data_in(page: str) -> Any:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])


def test_nothing_is_shown_without_its_consent_not_even_to_machines(client, provider) -> None:
    page = client.get(path_of(provider)).content.decode()
    for secret in (*SHOWN_AS.values(), "legal@atelier.example", "aline@example.org"):
        assert secret not in page, secret
    assert (
        set(data_in(page)) & {"email", "telephone", "sameAs", "identifier", "priceRange"} == set()
    )


@pytest.mark.parametrize("field", Shown.values)
def test_a_consent_shows_its_own_field_and_no_other(client, provider, field) -> None:
    agree(provider, field)
    page = client.get(path_of(provider)).content.decode().replace("\xa0", " ")
    assert {name for name, text in SHOWN_AS.items() if text in page} == {field}


@pytest.mark.parametrize("state", ["draft", "pending", "suspended"])
def test_what_is_not_published_is_there_for_its_owner_and_the_team_only(state, owner) -> None:
    provider = a_provider(owner=owner, state=state)
    readers = {
        None: 404,
        a_user(): 404,
        a_member().user: 404,
        a_user(role=Role.ACCOUNTANT): 404,
        owner: 200,
        a_user(role=Role.HOST): 200,
    }
    for reader, status in readers.items():
        client = signed_in(reader) if reader else Client()
        assert client.get(path_of(provider)).status_code == status
    for page in ("ecrire", "signaler", "revendiquer"):
        assert signed_in(owner).get(path_of(provider, page)).status_code == 404


def test_a_name_cannot_break_out_of_the_page(client) -> None:
    evil = "</script><script>alert(1)</script>"
    provider = a_provider(evil, headline=f"“{evil}", description=f"{evil}\n\n<img src=x>")
    provider.skills.add(a_skill(f"</ScRiPt>{evil}"[:100]))
    page = client.get(path_of(provider)).content.decode()
    assert "alert(1)</script>" not in page
    assert "<img src=x" not in page
    assert data_in(page)["name"] == evil


def test_search_engines_read_the_same_as_people(client, provider, settings) -> None:
    agree(provider, "website", "price")
    answer = client.get(path_of(provider))
    page, address = answer.content.decode(), f"{settings.SITE_URL}{path_of(provider)}"
    told = data_in(page)
    assert (told["@type"], told["url"], told["sameAs"]) == (
        "LocalBusiness",
        address,
        "https://secret.example/",
    )
    assert told["makesOffer"][0]["itemOffered"]["name"] == "Webmestre"
    assert told["areaServed"]["geoRadius"] == 30_000
    assert f'<link rel="canonical" href="{address}">' in page
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]


def test_a_door_at_home_is_not_on_the_map_of_machines(client) -> None:
    provider = a_provider(latitude="46.50001", longitude="6.00001", commune=a_commune())
    page = client.get(path_of(provider)).content.decode()
    assert "46.50001" not in page
    assert data_in(page)["areaServed"]["geoMidpoint"]["latitude"] == 46.5228


def test_an_old_promise_is_not_shown(client) -> None:
    today = timezone.localdate()
    old = a_provider(available_from=today - timedelta(days=9), available_until=today)
    assert "Disponible" not in words(client.get(path_of(old)))
    good = a_provider(available_from=today, available_until=today + timedelta(days=1))
    assert "Disponible en ce moment" in words(client.get(path_of(good)))
    later = today + timedelta(days=5)
    soon = a_provider(available_from=later, available_until=later + timedelta(days=9))
    assert "Disponible à partir du" in words(client.get(path_of(soon)))


@pytest.mark.parametrize(("visible", "seen"), [(True, True), (False, False)])
def test_a_coworker_who_agreed_to_be_seen_has_the_badge(client, visible, seen) -> None:
    member = a_member(visible=visible)
    page = words(client.get(path_of(a_provider(owner=member.user))))
    assert ("Coworker de l’espace" in page) is seen


def test_a_full_profile_costs_what_an_empty_one_costs(
    client, provider, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    client.get(path_of(provider))  # what a process remembers is asked once
    with django_assert_max_num_queries(16) as few:
        client.get(path_of(provider))
    provider.skills.set([a_skill() for _each in range(20)])
    for number in range(12):
        provider.references.create(client=f"Client {number}", what="Site", year=2024)
        provider.activities.create(trade=a_trade())
    agree(provider, "references")
    with django_assert_num_queries(len(few.captured_queries) + 1):  # the references, agreed to
        client.get(path_of(provider))


def test_there_is_no_button_where_nobody_reads(client, provider) -> None:
    assert "Écrire un message" in words(client.get(path_of(provider)))
    page = words(client.get(path_of(a_provider())))
    assert "Écrire un message" not in page
    assert "Personne ne relève encore" in page


# Messages, reports, claims


@pytest.fixture
def send(django_capture_on_commit_callbacks: Any) -> Any:
    """Send a form that was read for a minute."""

    def send(client: Client, path: str, action: str = "directory_message", **data: str) -> Any:
        drawn = timezone.now() - timedelta(minutes=1)
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, {"gate_token": token_of(action, drawn), **data})

    return send


VISITOR = {"sender_name": "Jean", "sender_email": "jean@boulangerie.example", "text": "Un devis ?"}


def test_a_visitors_message_leaves_when_the_button_is_pressed(client, provider, send) -> None:
    answer = send(client, path_of(provider, "ecrire"), **VISITOR)
    assert "relevez vos e-mails" in words(answer)
    path = re.search(r"(/annuaire/message/\S+)", str(mail.outbox[0].body))[1]
    for _scanner in range(3):
        assert "Un devis ?" in words(client.get(path))
    assert len(mail.outbox) == 1
    for _twice in range(2):
        assert "Votre message est parti" in words(send(client, path))
    assert [letter.to for letter in mail.outbox[1:]] == [["aline@example.org"]]
    assert mail.outbox[1].extra_headers["Reply-To"] == VISITOR["sender_email"]


def test_somebody_with_an_account_writes_at_once(provider, send) -> None:
    client = signed_in(a_user("Bruno", email="bruno@example.org"))
    page = client.get(path_of(provider, "ecrire")).content.decode()
    assert "sender_email" not in page
    answer = send(client, path_of(provider, "ecrire"), text="Bonjour", sender_email="x@y.example")
    assert answer.status_code == 302
    [letter] = mail.outbox
    assert letter.extra_headers["Reply-To"] == "bruno@example.org"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": ""}, "obligatoire"),
        ({"text": "x" * 5000}, "2000"),
        ({"sender_email": "jean"}, "valide"),
        ({"sender_name": "a\nBcc: b"}, "retour à la ligne"),
        ({"gate_trap": "x"}, "n’a pas pu partir"),
        ({"gate_token": "1"}, "pas complète"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, provider, send, data, said) -> None:
    answer = send(client, path_of(provider, "ecrire"), **(VISITOR | data))
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Message.objects.exists()
    assert mail.outbox == []


def test_who_writes_much_is_slowed_down(client, provider, send, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"directory_message": "2/h/ip"}
    codes = [
        send(client, path_of(provider, "ecrire"), **(VISITOR | {"text": f"n° {n}"})).status_code
        for n in range(3)
    ]
    assert codes == [200, 200, 422]
    assert Message.objects.count() == 2


def test_reporting_is_one_choice_and_one_button(client, provider, send) -> None:
    path = path_of(provider, "signaler")
    assert path in client.get(path_of(provider)).content.decode()
    assert send(client, path, "directory_report").status_code == 422
    assert send(client, path, "directory_report", reason="spam").status_code == 302
    assert Report.objects.get().provider == provider


def test_an_unowned_profile_is_claimed_with_an_account(provider, send) -> None:
    unowned, client = a_provider(), signed_in(a_user())
    assert "C’est ma fiche" in words(client.get(path_of(unowned)))
    assert "C’est ma fiche" not in words(client.get(path_of(provider)))
    assert send(client, path_of(unowned, "revendiquer"), message="C’est moi").status_code == 302
    assert Claim.objects.get().provider == unowned
    assert send(client, path_of(provider, "revendiquer")).status_code == 422


@pytest.mark.parametrize("page", ["message", "revendication"])
def test_an_altered_link_leads_nowhere(client, page) -> None:
    answer = client.get(f"/annuaire/{page}/alteree.x/")
    assert answer.status_code == 404
    assert "Ce lien n’est plus valable" in words(answer)
