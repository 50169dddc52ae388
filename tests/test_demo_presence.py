"""Who came in the demonstration: as in real life, over by the evening, and alive today."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from booking.attendance import days_there
from booking.boards.sheet import day_sheet
from booking.models import Booking, Device, Kind, Space, Status, Visit, Way
from coworking.demo.build import Size, build
from coworking.demo.ownership import remove_demo
from coworking.demo.people import MEMBER
from members.models import Member, Use, User

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)  # a Tuesday: it is full
MIDNIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)  # of that day, in Morez
THREE = datetime(2026, 11, 24, 14, tzinfo=UTC)
WEEKS = 3  # some of them written at one go, the last ones lived


def built(until: datetime | None = None, seed: int = 1) -> Space:
    size = Size(weeks=WEEKS, directory=False)
    return build(today=TODAY, rng=Random(seed), size=size, reset=True, until=until)  # noqa: S311


def told() -> list[tuple[object, ...]]:
    """All that the visits say, but for their keys."""
    rows = Visit.objects.order_by("arrived_at").values_list(
        "arrived_at",
        "left_at",
        "member__user__email",
        "guest_name",
        "booking__start",
        "booking__end",
        "booking__resource__code",
        "arrived_by",
        "left_by",
        "waits_for_word",
        "confirmed_at",
    )
    return sorted(rows, key=str)


def test_the_past_is_over_and_said_but_for_a_visit_of_the_member_and_those_of_yesterday():
    space = built()
    assert not Visit.objects.open().exists()
    assert not Visit.objects.filter(arrived_at__gte=MIDNIGHT).exists()
    yesterday = MIDNIGHT - timedelta(days=1)
    waiting = Visit.objects.to_confirm().filter(arrived_at__lt=yesterday).get()
    assert waiting.member.user.email == MEMBER.email
    confirmed = Visit.objects.filter(confirmed_at__isnull=False)
    assert confirmed.count() >= 2
    for visit in confirmed:
        assert visit.left_by == Way.RULE
        assert visit.left_at < visit.confirmed_at < MIDNIGHT
    assert set(Visit.objects.order_by("pk").values_list("arrived_by", flat=True)) == {
        Way.PHONE,
        Way.KIOSK,
        Way.HOST,
    }
    assert Visit.objects.exclude(guest_name="").exists()
    assert Visit.objects.filter(booking__made_at__gte=MIDNIGHT - timedelta(days=9)).exists()
    assert space.no_show_minutes == 60
    assert Device.objects.get(revoked_at=None).space == space
    assert User.objects.filter(consents__use=Use.PRESENCE).distinct().count() > 15


def test_almost_every_desk_of_the_past_was_taken():
    """So that days there, savings and reports tell of the demonstration since its beginning."""
    built()
    desks = Booking.objects.filter(kind=Kind.DESK, end__lte=MIDNIGHT, guest_name="")
    taken = desks.confirmed().filter(visits__isnull=False).distinct().count()
    freed = desks.filter(status=Status.NO_SHOW)
    assert taken > 60
    assert 1 <= freed.count() < taken / 10
    assert not freed.filter(visits__isnull=False).exists()
    for booking in freed:
        assert booking.cancelled_at > booking.start + timedelta(hours=1)
    first = Booking.objects.confirmed().filter(kind=Kind.DESK).earliest("start").start
    assert Visit.objects.earliest("arrived_at").arrived_at - first < timedelta(hours=3)
    member = Member.objects.get(user__email=MEMBER.email)
    assert days_there(member, MIDNIGHT - timedelta(weeks=WEEKS + 1), MIDNIGHT)


def test_today_people_are_there_when_it_is_built_during_opening_hours():
    space = built(THREE)
    sheet = day_sheet(space, TODAY, THREE)
    assert len(sheet.present) >= 4
    assert sheet.gone
    for visit in Visit.objects.open():
        assert MIDNIGHT < visit.arrived_at <= THREE
    assert not Visit.objects.filter(left_at__gt=THREE).exists()


def test_the_same_seed_day_and_hour_give_the_same_visits():
    built(THREE)
    first = told()
    built(THREE)
    assert told() == first
    built(THREE, seed=2)
    assert told() != first


def test_it_goes_away_with_the_demonstration():
    built(THREE)
    remove_demo()
    assert not Visit.objects.exists()
    assert not Device.objects.exists()
    assert not Space.objects.exists()
