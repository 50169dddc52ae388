"""From the simulator to the application by way of the trial day: what is carried, and kept."""

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from members.models import Means, State, Use
from members.services.applications import apply
from tests.booking.pages import address, asked, page_of, signed_in, words
from tests.factories import MONDAY, NOW, a_member, a_plan, a_space

pytestmark = pytest.mark.django_db

CARRIED = {"km": "60.5", "minutes": "70", "means": "car"}


@pytest.fixture(autouse=True)
def _monday_at_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def newcomer():
    return a_member(state=State.APPLICANT)


def commute_of(member):
    member.refresh_from_db()
    return member.commute_km, member.commute_minutes, member.commute_means


def agrees(member):
    return member.user.consents.standing().filter(use=Use.COMMUTE).exists()


def test_the_page_offers_to_keep_what_was_said_and_keeps_nothing_by_itself(newcomer) -> None:
    page = signed_in(newcomer).get(address(a_space(), "reserver"), CARRIED)
    assert "60,5 km et 70 min à l’aller" in words(page)
    assert 'name="km" value="60.5"' in page_of(page)
    assert "checked" not in page_of(page).partition('name="keep"')[2].partition(">")[0]
    assert commute_of(newcomer) == (None, None, "")


def test_who_agrees_finds_it_in_the_application(newcomer) -> None:
    space, client = a_space(), signed_in(newcomer)
    a_plan()
    client.post(address(space, "reserver"), asked(**CARRIED, keep="on"))
    assert newcomer.bookings.count() == 1
    assert commute_of(newcomer) == (60.5, 70, Means.CAR)
    assert agrees(newcomer)
    application = page_of(client.get(reverse("members:apply")))
    assert 'value="60.5"' in application
    assert 'value="70"' in application


def test_who_does_not_agree_leaves_nothing(newcomer) -> None:
    signed_in(newcomer).post(address(a_space(), "reserver"), asked(**CARRIED))
    assert newcomer.bookings.count() == 1
    assert commute_of(newcomer) == (None, None, "")
    assert not agrees(newcomer)


def test_a_day_that_is_refused_keeps_the_box_and_nothing_else(newcomer) -> None:
    client, sent = signed_in(newcomer), asked(**CARRIED, keep="on", date="2001-01-01")
    page = client.post(address(a_space(), "reserver"), sent)
    assert page.status_code == 422
    assert "checked" in page_of(page).partition('name="keep"')[2].partition(">")[0]
    assert commute_of(newcomer) == (None, None, "")


@pytest.mark.parametrize(
    "carried",
    [{}, {"km": "60"}, CARRIED | {"km": "-3"}, CARRIED | {"means": "rocket"}],
)
def test_half_a_commute_or_nonsense_is_not_offered(newcomer, carried) -> None:
    page = signed_in(newcomer).get(address(a_space(), "reserver"), carried)
    assert page.status_code == 200
    assert 'name="keep"' not in page_of(page)


def test_who_has_applied_is_asked_nothing_here(newcomer) -> None:
    apply(
        member=newcomer,
        plan=a_plan(),
        starts_on=MONDAY,
        now=NOW,
        accepted={},
        profile={},
        consents={},
    )
    page = signed_in(newcomer).get(address(a_space(), "reserver"), CARRIED)
    assert page.status_code == 200
    assert 'name="keep"' not in page_of(page)


def test_a_member_is_asked_nothing_here() -> None:
    member = a_member()
    client, space = signed_in(member), a_space()
    assert 'name="keep"' not in page_of(client.get(address(space, "reserver"), CARRIED))
    client.post(address(space, "reserver"), asked(**CARRIED, keep="on"))
    assert commute_of(member) == (None, None, "")
