"""No page asks more than twelve questions of the database, at ten bookings as at a thousand."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import Booking, Space
from booking.slots import Period
from members.models import Member, Role
from tests.booking.pages import address, signed_in
from tests.factories import MONDAY, NOW, a_member, a_space, a_user, slot

pytestmark = pytest.mark.django_db

LIMIT = 12
PAGES = ["home", "space", "plan", "jour", "semaine", "reserver", "mine", "detail", "move", "cancel"]


@pytest.fixture(autouse=True)
def _monday_at_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def fill(space: Space, members: list[Member], days: range, desks_taken: int = 12) -> None:
    """Bookings of so many desks every day, morning and afternoon, the members in turn."""
    desks = list(space.resources.filter(kind="desk").order_by("position")[:desks_taken])
    rows = []
    for offset in days:
        day = MONDAY + timedelta(days=offset)
        for number, desk in enumerate(desks):
            member = members[(number + offset) % len(members)]
            for stay in (slot(9, 12, day), slot(14, 16, day)):
                rows.append(  # noqa: PERF401
                    Booking(
                        resource=desk,
                        member=member,
                        kind="desk",
                        start=stay.start,
                        end=stay.end,
                        made_by=member.user,
                        made_at=NOW,
                    )
                )
    Booking.objects.bulk_create(rows)


def url_of(name: str, space: Space, booking: Booking) -> str:
    return {
        "home": "/",
        "space": address(space),
        "mine": "/reservations/",
        "detail": booking.get_absolute_url(),
        "move": f"{booking.get_absolute_url()}deplacer/",
        "cancel": f"{booking.get_absolute_url()}annuler/",
    }.get(name, address(space, name))


def count(person: object, url: str) -> int:
    client = signed_in(person)  # type: ignore[arg-type]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_little_at_a_thousand_bookings_as_at_ten(name: str) -> None:
    space = a_space(desks=12)
    members = [a_member(visible=bool(number % 2)) for number in range(13)]
    fill(space, members, range(-1, 1), desks_taken=3)
    assert Booking.objects.count() == 12
    me = members[0]
    url = url_of(name, space, Booking.objects.filter(member=me).order_by("-start")[0])
    few = count(me, url)
    fill(space, members, range(-36, -1))
    fill(space, members, range(1, 9))
    assert Booking.objects.count() > 1000
    assert count(me, url) == few
    assert few <= LIMIT


@pytest.mark.parametrize("name", [name for name in PAGES if name != "reserver"])
def test_a_page_asks_little_for_the_team_too(name: str) -> None:
    space = a_space(desks=12)
    fill(space, [a_member() for _ in range(13)], range(-5, 5))
    booking = Booking.objects.order_by("-start")[0]
    assert count(a_user(role=Role.HOST), url_of(name, space, booking)) <= LIMIT


@pytest.mark.parametrize("name", ["plan", "reserver"])
@pytest.mark.parametrize("period", list(Period))
def test_the_number_does_not_hang_on_what_is_free(name: str, period: Period) -> None:
    space = a_space(desks=3)
    member = a_member()
    url = f"{address(space, name)}?date={MONDAY}&period={period}"
    empty = count(member, url)
    fill(space, [a_member() for _ in range(3)], range(1))
    assert count(member, url) == empty <= LIMIT
