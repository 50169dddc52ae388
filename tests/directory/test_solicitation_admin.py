"""Solicitations in the admin, and the host who introduces somebody for a need."""

from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.models import NeedState, Origin, Solicitation, Trade
from members.models import Role, User
from tests.directory.crowds import many_providers
from tests.directory.rows import a_commune, a_need, a_provider, a_solicitation, a_trade
from tests.factories import NOW, a_user, freshly

pytestmark = pytest.mark.django_db

LIST = "/admin/directory/solicitation/"


@pytest.fixture(autouse=True)
def _that_week():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client: Client, host: User) -> Client:
    return freshly(client, host)


@pytest.fixture
def joiner() -> Trade:
    return a_trade("Menuisier")


def page_for(need: Any) -> str:
    return f"/admin/directory/need/{need.pk}/presenter/"


def test_the_list_tells_how_far_each_went(desk: Client) -> None:
    read = {"opened_at": NOW}
    said = read | {"answered_at": NOW}
    dates = {
        "sent": {},
        "opened": read,
        "answered": said,
        "declined": read | {"declined_at": NOW, "decline_reason": "no_time"},
        "awarded": said | {"awarded_at": NOW},
    }
    rows = {
        step: a_solicitation(a_need(), a_provider(), breakdown=[["trade", 40]], **fields)
        for step, fields in dates.items()
    }
    assert len(desk.get(LIST).context["cl"].result_list) == 5
    for step, row in rows.items():
        assert list(desk.get(f"{LIST}?step={step}").context["cl"].result_list) == [row]
    page = desk.get(f"{LIST}{row.pk}/change/").content.decode()
    assert "le métier demandé" in page
    assert row.key not in page
    assert 'name="_save"' not in page


def test_the_host_introduces_one_of_those_the_directory_finds(
    desk: Client, committed: Any, joiner: Trade
) -> None:
    need = a_need(trade=joiner)
    best = a_provider("Atelier Morel", trades=(joiner,), owner=a_user(), commune=need.commune)
    a_provider("Sans responsable", trades=(joiner,))
    a_solicitation(need, a_provider("Déjà", trades=(joiner,)))
    a_provider("Plombière", trades=(a_trade(),), owner=a_user())
    answer = desk.get(page_for(need))
    page = answer.content.decode()
    names = [each.provider.name for each in answer.context["possible"]]
    assert names == ["Atelier Morel", "Sans responsable"]
    assert "le métier demandé" in page
    assert "fiche sans responsable" in page
    with committed():
        desk.post(page_for(need), {"provider": best.pk})
    row = best.solicitations.get()
    assert (row.need, row.origin) == (need, Origin.HOST)
    assert len(mail.outbox) == 1


def test_the_host_may_have_somebody_else_in_mind(desk: Client, joiner: Trade) -> None:
    need = a_need(trade=joiner)
    other = a_provider("Chloé Élan", trades=(a_trade(),), owner=a_user())
    a_provider("Menuiserie", trades=(joiner,), owner=a_user())
    answer = desk.get(f"{page_for(need)}?q=elan")
    assert [each.provider for each in answer.context["possible"]] == [other]
    assert "rien de ce que le besoin nomme" in answer.content.decode()
    assert "Personne de ce nom" in desk.get(f"{page_for(need)}?q=zz").content.decode()


def test_what_is_refused_is_said(desk: Client, joiner: Trade) -> None:
    need = a_need(trade=joiner, state=NeedState.EXPIRED)
    provider = a_provider(trades=(joiner,), owner=a_user())
    page = desk.post(page_for(need), {"provider": provider.pk}, follow=True).content.decode()
    assert "Ce besoin n’attend plus de réponse." in page
    for key in ("", "abc", 10**12, "²"):
        assert desk.post(page_for(need), {"provider": key}).status_code == 404
    assert not Solicitation.objects.exists()


def test_others_do_not_introduce(client: Client, joiner: Trade) -> None:
    need = a_need(trade=joiner)
    provider = a_provider(trades=(joiner,), owner=a_user())
    freshly(client, a_user(role=Role.ACCOUNTANT))
    assert client.post(page_for(need), {"provider": provider.pk}).status_code in (302, 403)
    assert not Solicitation.objects.exists()


def test_the_page_costs_the_same_with_20_and_200(desk: Client, joiner: Trade) -> None:
    need, commune, owner = a_need(trade=joiner), a_commune(), a_user()

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(page_for(need)).status_code == 200
        return len(caught)

    many_providers(20, trade=joiner, commune=commune, owner=owner)
    few = queries()
    many_providers(180, trade=joiner, commune=commune, owner=owner)
    assert queries() == few
