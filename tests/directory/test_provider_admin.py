"""The host's side: what waits is first, decided by buttons, with a trace."""

from typing import Any

import pytest

from directory.models import Claim, Message, Provider, Report
from directory.services import claims, messages, reports
from members.models import Role, User
from tests.booking.pages import signed_in, words
from tests.directory.rows import a_commune, a_provider, a_trade
from tests.factories import NOW, a_user

pytestmark = pytest.mark.django_db
LIST = "/admin/directory/provider/"


@pytest.fixture
def host() -> User:
    return a_user("Hugo", role=Role.HOST)


@pytest.fixture
def desk(host: User) -> Any:
    return signed_in(host)


def press(desk: Any, row: Any, button: str, **data: Any) -> str:
    """Open the page of a button, then press it."""
    path = f"/admin/directory/{row._meta.model_name}/{row.pk}/{button}/"
    assert desk.get(path).status_code == 200
    answer = words(desk.post(path, data, follow=True))
    row.refresh_from_db()
    return answer


def test_what_waits_is_at_the_top(desk) -> None:
    a_provider("Publiée")
    a_provider("En attente", state="pending", owner=a_user())
    page = words(desk.get(LIST))
    assert page.index("En attente") < page.index("Publiée")


def test_the_host_publishes_sends_back_and_suspends(desk) -> None:
    rows = [a_provider(state="pending", owner=a_user()) for _each in range(2)]
    assert "est publiée" in press(desk, rows[0], "publier")
    assert rows[0].is_published
    assert "obligatoire" in press(desk, rows[1], "renvoyer")
    press(desk, rows[1], "renvoyer", reason="Dites le prix")
    assert (rows[1].state, rows[1].state_reason) == ("draft", "Dites le prix")
    press(desk, rows[0], "suspendre", reason="Signalée")
    assert rows[0].state == "suspended"
    assert "ne passe pas" in press(desk, rows[1], "publier")


def test_a_number_is_looked_up(desk) -> None:
    provider = a_provider(legal_number="73282932000074")
    press(desk, provider, "numero", state="verified", on="2026-03-02")
    assert (provider.legal_state, str(provider.legal_checked_on)) == ("verified", "2026-03-02")


def test_the_team_enters_a_profile_and_gives_it_an_owner(desk) -> None:
    data = {"name": "Atelier Lézat", "headline": "Bois", "commune": a_commune().pk}
    desk.post(f"{LIST}add/", data | {"legal_contact": "patron@atelier.example"})
    provider = Provider.objects.get()
    assert (provider.state, provider.slug) == ("draft", "atelier-lezat")
    assert "Aucun compte" in press(desk, provider, "responsable", email="rien@example.org")
    press(desk, provider, "responsable", email=a_user(email="bruno@example.org").email)
    assert provider.ownerships.get().user.email == "bruno@example.org"
    assert desk.get(f"{LIST}{provider.pk}/modifier/")["Location"] == f"/mes-fiches/{provider.pk}/"
    taken = desk.post(f"{LIST}add/", data | {"legal_number": "123"})
    assert "vérifiez-le" in words(taken)


def test_a_page_has_the_buttons_of_its_state_and_everything_on_it(desk) -> None:
    provider = a_provider(owner=a_user("Aline Morel"), trades=(a_trade("Menuisier"),))
    page = words(desk.get(f"{LIST}{provider.pk}/change/"))
    assert "Suspendre…" in page
    assert "Publier…" not in page
    for said in ("Menuisier", "Aline Morel"):
        assert said in page


def test_claims_and_reports_are_answered(desk) -> None:
    provider = a_provider()
    yes, no = (claims.claim(provider=provider, user=a_user(), now=NOW) for _each in range(2))
    press(desk, yes, "accepter")
    press(desk, no, "refuser")
    assert list(Claim.objects.order_by("pk").values_list("decision", flat=True)) == [
        "accepted",
        "refused",
    ]
    report = reports.report(provider=provider, reason="spam", now=NOW)
    press(desk, report, "traiter", outcome="Vu")
    assert Report.objects.get().outcome == "Vu"


def test_no_list_has_the_address_of_who_writes(desk) -> None:
    provider = a_provider(owner=a_user())
    who = {"sender_name": "Jean", "sender_email": "jean@boulangerie.example"}
    row = messages.write(provider=provider, text="Bonjour", now=NOW, **who)
    page = words(desk.get("/admin/directory/message/"))
    assert "Jean" in page
    assert "jean@" not in page
    assert "jean@" in words(desk.get(f"/admin/directory/message/{row.pk}/change/"))
    assert Message.objects.count() == 1


def test_nobody_else_reads_or_decides() -> None:
    provider = a_provider(state="pending")
    for role in (Role.ACCOUNTANT, Role.PARTNER):
        client = signed_in(a_user(role=role))
        assert client.get(LIST).status_code in {302, 403}
        assert client.post(f"{LIST}{provider.pk}/publier/").status_code in {302, 403}
    provider.refresh_from_db()
    assert provider.state == "pending"


def test_the_list_of_many_costs_what_that_of_few_costs(
    desk, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    for _each in range(3):
        a_provider()
    with django_assert_max_num_queries(20) as few:
        desk.get(LIST)
    for _each in range(30):
        a_provider()
    with django_assert_num_queries(len(few.captured_queries)):
        desk.get(LIST)
