"""The host's desk of needs: what waits first, opened or refused through the services."""

import pytest
import time_machine
from django.core import mail

from directory.models import NeedState, Organisation
from directory.services import needs
from members.models import Role
from tests.directory.rows import a_need, a_provider, a_solicitation, an_organisation
from tests.factories import NOW, a_user, freshly

pytestmark = pytest.mark.django_db

LIST = "/admin/directory/need/"


@pytest.fixture(autouse=True)
def _that_week():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client, host):
    return freshly(client, host)


def titles(desk, query: str = "") -> list[str]:
    answer = desk.get(f"{LIST}{query}")
    assert answer.status_code == 200
    return [need.title for need in answer.context["cl"].result_list]


def test_what_waits_comes_first(desk) -> None:
    for title, state in (("Clos", "unfilled"), ("Attend", "submitted"), ("Ouvert", "open")):
        a_need(title, state=state)
    assert titles(desk) == ["Attend", "Ouvert", "Clos"]


def test_needs_that_found_nobody_here(desk) -> None:
    a_need("Ouvert")
    a_need("Ailleurs", state=NeedState.AWARDED_OUTSIDE)
    a_need("Ici", state=NeedState.AWARDED_LOCAL)
    a_need("Sans suite", state=NeedState.UNFILLED)
    a_need("Muet", state=NeedState.EXPIRED)
    answered = a_need("Répondu", state=NeedState.EXPIRED)
    a_solicitation(answered, a_provider(), opened_at=NOW, answered_at=NOW)
    assert set(titles(desk, "?unmet=yes")) == {"Ailleurs", "Sans suite", "Muet"}


def test_a_need_is_opened_by_its_button(desk, committed) -> None:
    need = a_need("Une vitrine", state=NeedState.SUBMITTED)
    page = desk.get(f"{LIST}{need.pk}/change/").content.decode()
    assert f"{LIST}{need.pk}/ouvrir/" in page
    form = desk.get(f"{LIST}{need.pk}/ouvrir/").content.decode()
    assert need.fingerprint in form
    with committed():
        desk.post(f"{LIST}{need.pk}/ouvrir/", {"seen": need.fingerprint})
    need.refresh_from_db()
    assert need.state == NeedState.OPEN
    assert [letter.to for letter in mail.outbox] == [[need.contact_email]]
    assert f"{LIST}{need.pk}/ouvrir/" not in desk.get(f"{LIST}{need.pk}/change/").content.decode()


def test_what_was_rewritten_meanwhile_is_read_again(desk) -> None:
    need = a_need(state=NeedState.SUBMITTED)
    needs.edit(need=need, values={"title": "Autre chose"}, by=None, now=NOW)
    answer = desk.post(f"{LIST}{need.pk}/ouvrir/", {"seen": need.fingerprint})
    assert "relisez-le" in answer.content.decode()
    need.refresh_from_db()
    assert need.state == NeedState.SUBMITTED


def test_a_refusal_needs_its_reason(desk) -> None:
    need = a_need()
    assert desk.post(f"{LIST}{need.pk}/refuser/", {"reason": ""}).status_code == 200
    desk.post(f"{LIST}{need.pk}/refuser/", {"reason": "Une arnaque."})
    need.refresh_from_db()
    assert (need.state, need.state_reason) == (NeedState.REJECTED, "Une arnaque.")


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.PARTNER])
def test_nobody_else_opens_or_reads(client, role) -> None:
    need = a_need(state=NeedState.SUBMITTED)
    freshly(client, a_user(role=role))
    for path in (LIST, f"{LIST}{need.pk}/change/"):
        assert client.get(path).status_code in (302, 403)
    client.post(f"{LIST}{need.pk}/ouvrir/", {"seen": ""})
    need.refresh_from_db()
    assert need.state == NeedState.SUBMITTED


def test_the_page_shows_the_funnel(desk) -> None:
    need = a_need()
    a_solicitation(need, a_provider("Menuiserie Grenier"), opened_at=NOW)
    page = desk.get(f"{LIST}{need.pk}/change/").content.decode()
    assert "Menuiserie Grenier" in page


@pytest.mark.parametrize("many", [10, 40])
def test_the_list_asks_the_database_as_often_whatever_there_is(
    desk, many, django_assert_max_num_queries
) -> None:
    for _number in range(many):
        a_solicitation(a_need(state=NeedState.SUBMITTED), a_provider())
    titles(desk)
    with django_assert_max_num_queries(14):
        titles(desk)


def test_two_order_givers_are_merged_by_a_button(desk) -> None:
    keep, other = an_organisation("Mairie de Morez"), an_organisation("Mairie")
    a_need(organisation=other)
    path = f"/admin/directory/organisation/{keep.pk}/"
    assert f"{path}reunir/" in desk.get(f"{path}change/").content.decode()
    assert "Mairie" in desk.get(f"{path}reunir/").content.decode()
    assert desk.post(f"{path}reunir/", {"other": keep.pk}).status_code == 200
    desk.post(f"{path}reunir/", {"other": other.pk})
    assert Organisation.objects.get() == keep
    assert desk.get("/admin/directory/organisation/").status_code == 200
