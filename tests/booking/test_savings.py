"""What a member's days at the space spared this year, beside the promise of the simulator."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.boards.savings import Missing, Savings, savings_of
from booking.models import Booking, Status
from members.models import Means, Member, Role, Use
from members.services.consents import agree, withdraw
from tests.factories import MONDAY, NOW, a_member, a_space, a_user, at

pytestmark = pytest.mark.django_db
JUNE = datetime(2026, 6, 30, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def aline() -> Member:
    """35 km and 42 minutes by car, agreed."""
    member = a_member("Aline")
    Member.objects.filter(pk=member.pk).update(
        commute_km=Decimal(35), commute_minutes=42, commute_means=Means.CAR
    )
    agree(user=member.user, use=Use.COMMUTE, now=NOW, by=member.user)
    return Member.objects.get(pk=member.pk)


def came(member: Member, *days: date, hours: tuple[int, int] = (9, 12), **fields) -> None:
    """Bookings as they stand in the table, in a space of the member's own."""
    space = a_space(desks=1)
    desk = space.resources.get(code="P1")
    for day in days:
        Booking.objects.create(
            member=member,
            resource=desk,
            kind=desk.kind,
            start=at(hours[0], day=day),
            end=at(hours[1], day=day),
            made_by=member.user,
            made_at=NOW,
            **fields,
        )


def week_days(count: int) -> list[date]:
    return [MONDAY + DAY * offset for offset in range(count)]


def found(member: Member, now: datetime = JUNE) -> Savings:
    told = savings_of(member, now)
    assert isinstance(told, Savings)
    return told


def test_ten_days_spare_what_the_module_says(aline: Member) -> None:
    came(aline, *week_days(10))
    told = found(aline)
    lines = {line.name: (plain(line.real), plain(line.promised)) for line in told.lines}
    assert told.days == 10
    assert lines["Kilomètres évités"] == ("640 km", "5 888 km")  # 10 × (70 − 6)
    assert lines["Heures de route évitées"] == ("12 h", "110 h")
    assert lines["CO₂ évité"] == ("113 kg", "1 042 kg")
    # 16 100 km a year, 5 CV, both ends above 5 000 km: 0.357 a km.
    assert lines["Argent de la route"] == ("228 €", "2 102 €")
    assert plain(told.promised_days) == "92 jours"
    assert [line.part for line in told.lines] == [108] * 4


def test_two_bookings_of_one_day_are_one_day(aline: Member) -> None:
    came(aline, MONDAY)
    came(aline, MONDAY, hours=(14, 18))
    assert found(aline).days == 1


def test_only_days_that_were_come_to_this_year_count(aline: Member) -> None:
    came(aline, MONDAY)
    came(aline, JUNE.date() + DAY)  # still to come
    came(aline, date(2025, 12, 31), date(2026, 1, 1), hours=(8, 18))
    cancelled = {"status": Status.CANCELLED, "cancelled_at": NOW, "cancelled_by": aline.user}
    came(aline, MONDAY + DAY, **cancelled)
    came(a_member("Bruno"), MONDAY + 2 * DAY)
    assert found(aline).days == 2


def test_new_year_is_that_of_the_clock_on_the_wall(aline: Member) -> None:
    came(aline, date(2026, 1, 1), hours=(0, 2))  # 23:00 of the 31st by the clock of the database
    assert found(aline, datetime(2026, 1, 1, 12, tzinfo=UTC)).days == 1


def test_who_has_not_come_yet_reads_the_promise(aline: Member) -> None:
    told = found(aline)
    assert (told.days, plain(told.lines[0].real)) == (0, "0 km")


def test_who_comes_more_often_than_promised_sees_a_full_bar(aline: Member) -> None:
    came(aline, *[date(2026, 1, 1) + DAY * offset for offset in range(120)])
    told = found(aline)
    assert told.days == 120
    assert {line.part for line in told.lines} == {1000}


def test_a_train_spares_road_and_time_and_no_money_of_a_car(aline: Member) -> None:
    aline.commute_means = Means.TRAIN
    aline.save(update_fields=["commute_means"])
    told = found(aline)
    assert [line.name for line in told.lines] == ["Kilomètres évités", "Heures de route évitées"]
    assert told.method == ""


def test_nothing_is_counted_without_consent_nor_after_it(aline: Member) -> None:
    assert savings_of(a_member("Bruno"), JUNE) is Missing.CONSENT
    withdraw(user=aline.user, use=Use.COMMUTE, now=JUNE, by=aline.user)
    assert savings_of(aline, JUNE) is Missing.CONSENT


def test_a_commute_that_is_not_said_or_too_long_is_told_so(aline: Member) -> None:
    aline.commute_minutes = 400
    assert savings_of(aline, JUNE) is Missing.TOO_FAR
    aline.commute_means = ""
    assert savings_of(aline, JUNE) is Missing.COMMUTE


def test_the_page_asks_as_many_queries_for_one_day_as_for_thirty(
    client, aline, django_assert_num_queries, time_machine
) -> None:
    time_machine.move_to(JUNE)
    client.force_login(aline.user)
    came(aline, MONDAY)
    client.get(reverse("booking:savings"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("booking:savings"))
    assert len(few) <= 12
    came(aline, *week_days(30)[1:])
    with django_assert_num_queries(len(few)):
        page = client.get(reverse("booking:savings"))
    assert "30 jours à l’espace en 2026" in plain(page.content.decode())


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("aline", "Il manque"),
        ("other", "n’est pas compté"),
        ("host", "n’est pas celui d’un membre"),
    ],
)
def test_the_page_says_what_is_missing(client, aline, who, words, time_machine) -> None:
    time_machine.move_to(JUNE)
    Member.objects.filter(pk=aline.pk).update(commute_km=None)
    people = {"aline": aline.user, "other": a_member().user, "host": a_user(role=Role.HOST)}
    client.force_login(people[who])
    page = client.get(reverse("booking:savings"))
    assert page.status_code == 200
    assert words in page.content.decode()
