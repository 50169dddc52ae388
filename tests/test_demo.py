"""The demonstration: the same for a seed and a day, apart from real data, and like real life."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from statistics import mean

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Q
from django.urls import reverse

from booking.availability import opening
from booking.models import Booking, Kind, Space, Status
from booking.services import book
from coworking.demo import DOMAIN, build, network
from coworking.demo.build import PASSWORD
from coworking.demo.people import MEMBER
from coworking.demo.staff import TEAM
from members.models import Member, Role, User
from members.roles import STAFF_ROLES
from tests.factories import NOW, a_member, a_space, slot

TODAY = date(2026, 11, 23)  # a Monday
MIDNIGHT = datetime(2026, 11, 22, 23, tzinfo=UTC)  # of that day, in Morez


def demo(**options) -> str:
    """Run the command, unless told otherwise with this week and the coming ones only, and without
    the directory: that is tested in test_demo_directory."""
    out = StringIO()
    short = {"today": TODAY, "weeks": 0, "no_directory": True}
    call_command("demo", **(short | {"stdout": out, "stderr": out} | options))
    return out.getvalue()


def diary() -> list[tuple[object, ...]]:
    """All that the bookings say, but for their keys."""
    rows = Booking.objects.order_by("start").values_list(
        "start",
        "end",
        "resource__space__slug",
        "resource__code",
        "member__user__email",
        "status",
        "made_at",
        "made_by__email",
        "cancelled_at",
        "override_reason",
        "sequence",
    )
    return sorted(rows, key=str)


# The same again


def test_the_same_seed_and_day_give_the_same_data(db):
    demo()
    first, people = diary(), list(Member.objects.order_by("joined_at", "user__email").values_list())
    demo(reset=True)
    again = list(Member.objects.order_by("joined_at", "user__email").values_list())
    assert diary() == first
    assert [row[2:] for row in again] == [row[2:] for row in people]  # but for the keys
    assert len(first) > 100


def test_another_seed_or_another_day_give_other_data(db):
    demo()
    first = diary()
    demo(reset=True, seed=2)
    assert diary() != first
    demo(reset=True, today=TODAY + timedelta(days=1))
    assert diary() != first


def test_it_stays_as_it_is_when_it_is_there_already(db):
    demo()
    keys = set(Booking.objects.values_list("pk", flat=True).order_by("pk"))
    printed = demo()
    assert set(Booking.objects.values_list("pk", flat=True).order_by("pk")) == keys
    assert "there already" in printed
    assert PASSWORD in printed


# Apart from real data


def test_it_refuses_to_stand_beside_a_real_account(db):
    a_member()
    with pytest.raises(CommandError, match="1 accounts"):
        demo()
    assert not Space.objects.exists()
    assert User.objects.count() == 1


def test_it_refuses_to_stand_beside_a_real_space(db):
    a_space()
    with pytest.raises(CommandError, match="1 spaces"):
        demo(reset=True)
    assert Space.objects.count() == 1


def test_reset_too_refuses_beside_real_data(db):
    demo()
    a_member()
    with pytest.raises(CommandError):
        demo(reset=True)
    assert Booking.objects.exists()


def test_force_builds_beside_real_data_and_warns(db):
    member = a_member()
    printed = demo(force=True)
    assert "Beside real data (1 accounts)" in printed
    assert Member.objects.filter(pk=member.pk).exists()
    assert Space.objects.get().slug == "morez"


def test_reset_takes_away_the_demonstration_and_nothing_else(db):
    real_space, real_member = a_space(), a_member()
    mine = {"member": real_member, "by": real_member.user, "now": NOW}
    [kept] = book(space=real_space, slots=[slot(9, 12)], **mine)
    demo(force=True)
    old_space = Space.objects.get(slug="morez")
    tomorrow = opening(old_space, TODAY + timedelta(days=5)).slots
    [tried] = book(space=old_space, slots=tomorrow, **(mine | {"now": MIDNIGHT}))

    demo(reset=True, force=True)
    assert Booking.objects.filter(pk=kept.pk).exists()
    assert not Booking.objects.filter(pk=tried.pk).exists()
    assert not Space.objects.filter(pk=old_space.pk).exists()
    assert set(Space.objects.values_list("slug", flat=True).order_by("pk")) == {
        real_space.slug,
        "morez",
    }
    assert User.objects.exclude(email__endswith=f"@{DOMAIN}").get() == real_member.user


def test_a_real_space_of_the_same_name_is_not_touched(db):
    a_space(slug="morez", name="Morez pour de vrai")
    with pytest.raises(CommandError, match="Nothing was built"):
        demo(force=True)
    assert Space.objects.get().name == "Morez pour de vrai"
    assert not User.objects.exists()


def test_a_run_that_dies_on_the_way_leaves_what_was_there(db, monkeypatch):
    demo()
    before = diary()

    def dies(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "open_network", dies)
    with pytest.raises(KeyboardInterrupt):
        demo(reset=True, seed=2)
    assert diary() == before


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_an_email():
    demo()
    assert Booking.objects.exists()
    assert mail.outbox == []


# The accounts


def test_the_printed_accounts_log_in_and_the_team_enters_the_admin(client, db, settings):
    settings.STAFF_SECOND_FACTOR = False  # as `make demo` has it: passwords are all that is printed
    printed = demo()
    roles: dict[str, Role | None] = {colleague.email: colleague.role for colleague in TEAM}
    roles[MEMBER.email] = None
    for email, role in roles.items():
        assert email in printed
        answer = client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
        assert (answer.status_code, answer.url) == (302, reverse("home"))
        assert (client.get("/admin/").status_code == 200) is (role in STAFF_ROLES)
        client.logout()
    team = User.objects.exclude(groups=None).order_by("pk")
    assert {user.email: groups(user) for user in team} == {
        colleague.email: [colleague.role] for colleague in TEAM
    }
    assert not User.objects.filter(is_superuser=True).exists()


def groups(user: User) -> list[str]:
    return list(user.groups.order_by("name").values_list("name", flat=True))


# Like real life


def test_six_months_look_like_a_rural_space(db):
    demo(weeks=26)
    space = Space.objects.with_calendar().get()
    kinds = list(space.resources.order_by("position").values_list("kind", flat=True))
    assert kinds == [Kind.DESK] * 12 + [Kind.ROOM, Kind.BOOTH]
    assert Member.objects.count() == 33  # two of them ask to join
    assert 0.6 < Member.objects.visible().count() / 33 < 0.75
    assert User.objects.filter(language="en").count() >= 3

    taken = desks_taken(space)
    weekdays = {day: [n for when, n in taken.items() if when.weekday() == day] for day in range(5)}
    quiet = max(mean(weekdays[day]) for day in (0, 2, 4))
    assert min(mean(weekdays[day]) for day in (1, 3)) > 1.3 * quiet
    august = mean(n for when, n in taken.items() if when.month == 8 and when.day <= 24)
    autumn = mean(n for when, n in taken.items() if when.month in (9, 10))
    assert august < 0.6 * autumn
    full = sum(1 for n in taken.values() if n == 12)
    assert 3 <= full <= len(taken) / 5

    bookings = Booking.objects.filter(resource__space=space)
    assert 1000 < bookings.count() < 2000
    assert bookings.filter(start__lt=MIDNIGHT - timedelta(weeks=25)).exists()
    assert bookings.filter(start__gt=MIDNIGHT + timedelta(weeks=3)).count() > 10
    assert 0.03 < bookings.filter(status=Status.CANCELLED).count() / bookings.count() < 0.12
    assert bookings.confirmed().filter(sequence__gt=0).count() > 10
    for kind in (Kind.ROOM, Kind.BOOTH):
        assert bookings.confirmed().filter(kind=kind).count() > 50
    assert usual_share("marion.chevassu", "P6") > 0.7
    assert bookings.coming(MIDNIGHT).filter(member__user__email=MEMBER.email).exists()
    check_the_rules(space)


def desks_taken(space: Space) -> dict[date, int]:
    """How many desks were taken on each day of the past on which somebody came on a weekday."""
    desks = defaultdict(set)
    bookings = Booking.objects.confirmed().filter(kind=Kind.DESK, end__lt=MIDNIGHT)
    for booking in bookings.order_by("start"):
        day = booking.slot.local_day(space.zone)
        if day.weekday() < 5:
            desks[day].add(booking.resource_id)
    return {day: len(found) for day, found in desks.items()}


def usual_share(account: str, code: str) -> float:
    mine = Booking.objects.filter(kind=Kind.DESK, member__user__email=f"{account}@{DOMAIN}")
    return mine.filter(resource__code=code).count() / mine.count()


def check_the_rules(space: Space) -> None:
    """What the rules of the space promise, asked of the rows themselves."""
    walked_in = Q(made_at__gte=F("start"), visits__isnull=False)  # sat down, and booked by that
    assert 0 < Booking.objects.filter(walked_in).count() < 15
    for booking in Booking.objects.exclude(walked_in).select_related("member").order_by("start"):
        assert booking.member.joined_at <= booking.made_at < booking.start
        assert booking.made_at < MIDNIGHT
        day = opening(space, booking.slot.local_day(space.zone))
        assert day.covers(booking.slot) is not bool(booking.override_reason)
        if booking.cancelled_at:
            assert booking.made_at <= booking.cancelled_at < MIDNIGHT
    assert overlaps("resource_id") == 0
    assert overlaps("member_id", OWN_DESKS) == 0


OWN_DESKS = "AND a.kind = 'desk' AND b.kind = 'desk' AND a.guest_name = '' AND b.guest_name = ''"


def overlaps(same: str, more: str = "") -> int:
    """Pairs of confirmed bookings that share an instant, counted by the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT COUNT(*) FROM booking_booking a JOIN booking_booking b
            ON a.{same} = b.{same} AND a.id < b.id AND a.start < b."end" AND b.start < a."end"
            WHERE a.status = 'confirmed' AND b.status = 'confirmed' {more}
            """  # noqa: S608 (words of this file)
        )
        row = cursor.fetchone()
    return int(row[0])


def test_years_go_further_back(db):
    demo(years=1)
    assert Booking.objects.earliest("start").start < datetime(2025, 12, 1, tzinfo=UTC)
    assert Booking.objects.count() > 1000
    assert overlaps("resource_id") == 0
    assert overlaps("member_id", OWN_DESKS) == 0


def test_a_network_has_further_spaces_with_bookings(db):
    demo(network=2)
    spaces = Space.objects.exclude(slug="morez").order_by("pk")
    assert [space.commune for space in spaces] == list(network.COMMUNES[:2])
    for space in spaces:
        assert Booking.objects.filter(resource__space=space).count() > 10
    demo(reset=True)
    assert Space.objects.count() == 1
