"""The benchmark's own arithmetic and instruments. No test here measures a time."""

import uuid
from dataclasses import replace
from email.message import Message
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from booking.models import Booking, Kind, Space
from coworking.bench import ground
from coworking.bench.__main__ import write
from coworking.bench.arithmetic import computations
from coworking.bench.clients import Answer, BenchError, Client, form_with
from coworking.bench.counting import ASK, CPU_SECONDS, QUERIES, QUERY_SECONDS, CountWork
from coworking.bench.figures import PageFigures, Speed, Work, percentile, slower_by
from coworking.bench.matching import matched
from coworking.bench.pages import Page
from coworking.bench.races import Race, double_bookings, is_clean_refusal, is_success
from coworking.bench.search import SearchFigures, searched
from coworking.bench.servers import environment, web_server
from coworking.bench.table import mark, table
from coworking.bench.territory import settle
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_space, at, slot

SATURDAY = MONDAY.replace(day=7)

# ---- arithmetic


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 1), (5, 1), (50, 10), (51, 11), (95, 19), (100, 20)]
)
def test_a_percentile_is_one_of_the_values(percent, value):
    assert percentile(range(20, 0, -1), percent) == value


def test_one_value_is_all_its_percentiles():
    assert percentile([0.3], 50) == percentile([0.3], 95) == 0.3


def test_there_is_no_percentile_of_nothing():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_speed_is_told_in_milliseconds():
    assert Speed.of([0.010, 0.020, 0.030], rate=90) == Speed(p50=20, p95=30, rate=90)


def figures(*, p50=10.0, p95=20.0, queries=9, few=9, many=9):
    return PageFigures("day", Speed(p50, p95, rate=100), Work(queries, sql=1.0, cpu=5.0), few, many)


@pytest.mark.parametrize(
    ("page", "missed"),
    [
        (figures(), []),
        (figures(queries=12, few=12, many=12), []),
        (figures(queries=13, few=13, many=13), ["13 queries"]),
        (figures(few=9, many=12), ["9 queries become 12"]),
        (figures(few=9, many=1009), ["1009 queries", "9 queries become 1009"]),
        (figures(p50=25.0), ["p50"]),
        (figures(p95=60.0), ["p95"]),
    ],
)
def test_a_page_names_the_targets_it_misses(page, missed):
    assert page.missed() == missed


def test_a_page_may_have_targets_of_its_own():
    page = PageFigures(
        "simulator", Speed(14, 20, rate=400), Work(0, 0.0, 1.0), 0, 0, p50_below=15.0
    )
    assert page.missed() == []
    assert replace(page, p50_below=14.0).missed() == ["p50"]
    assert replace(page, empty_views=2.0, most_empty_views=2.0).missed() == []
    assert replace(page, empty_views=2.1, most_empty_views=2.0).missed() == ["empty views"]


def test_the_module_is_asked_many_different_questions():
    assert computations(seconds=0.01) > 0


def test_a_new_question_is_never_the_same():
    page = Page("simulator", "/simulateur/?annual_km=2", varies=True)
    assert page.next_path() != page.next_path()
    assert Page("home", "/").next_path() == "/"


def test_an_old_table_is_as_fast_by_the_clock_and_by_the_work():
    work, speed = Work(queries=8, sql=2.0, cpu=8.0), Speed(p50=10, p95=15, rate=100)
    more, slower = Work(queries=8, sql=2.0, cpu=10.5), Speed(p50=12.1, p95=15, rate=100)
    assert slower_by(Speed(p50=11.9, p95=99, rate=1), Work(8, sql=2.5, cpu=9.4), speed, work) == []
    assert slower_by(slower, work, speed, work) == ["p50"]
    assert slower_by(speed, more, speed, work) == ["SQL and CPU"]
    assert slower_by(slower, more, speed, work) == ["p50", "SQL and CPU"]


def test_of_two_passes_the_least_work_counts():
    assert Work(8, sql=2.0, cpu=9.0).least(Work(8, sql=3.0, cpu=8.0)) == Work(8, sql=2.0, cpu=8.0)


def test_a_race_is_safe_when_no_place_is_sold_twice_and_every_answer_is_clear():
    race = Race("one desk", racers=50, seconds=2.0, times=[0.1] * 50, won=1, refused=49)
    assert race.is_safe
    assert race.answers_a_second == 25
    assert race.bookings_a_second == 0.5
    assert not Race("one desk", racers=50, doubles=1).is_safe
    assert not Race("one desk", racers=50, unclean=["500 "]).is_safe


# ---- the table


def test_a_table_is_markdown_with_figures_to_the_right():
    assert table(("page", "p50", "targets"), [("day", "9.5", mark([])), ("week", "12.0", "")]) == (
        "| page |  p50 | targets |\n"
        "| ---- | ---: | ------- |\n"
        "| day  |  9.5 | met     |\n"
        "| week | 12.0 |         |"
    )


def test_what_is_missed_stands_out():
    assert mark(["p50", "p95"]) == "**not met**: p50, p95"


def test_the_figures_replace_those_before_and_nothing_else(tmp_path: Path):
    document = tmp_path / "performance.md"
    document.write_text("above\n<!-- measured -->\nold\n<!-- end of measured -->\nbelow\n")
    write(document, r"new \1")
    write(document, r"new \1")
    assert document.read_text() == (
        "above\n<!-- measured -->\n\nnew \\1\n<!-- end of measured -->\nbelow\n"
    )


def test_a_document_without_a_place_for_the_figures_is_left_alone(tmp_path: Path):
    document = tmp_path / "performance.md"
    document.write_text("prose")
    with pytest.raises(ValueError, match="no place marked"):
        write(document, "new")
    assert document.read_text() == "prose"


# ---- the instruments


@pytest.mark.urls("coworking.bench.urls")
@pytest.mark.django_db
def test_the_empty_view_is_open_to_all_and_asks_the_database_nothing(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = client.get("/empty/")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.urls("coworking.bench.urls")
def test_the_platform_stands_beside_the_empty_view():
    assert reverse("booking:mine") == "/reservations/"


@pytest.mark.django_db
def test_the_work_is_counted_for_who_asks(rf):
    def two_queries(request):
        Space.objects.count()
        Booking.objects.exists()
        return HttpResponse()

    counted = CountWork(two_queries)(rf.get("/", headers={ASK: "yes"}))
    assert counted[QUERIES] == "2"
    assert float(counted[QUERY_SECONDS]) > 0
    assert float(counted[CPU_SECONDS]) > 0
    assert QUERIES not in CountWork(two_queries)(rf.get("/"))


def test_a_form_is_read_as_a_browser_sends_it():
    html = """
        <form><input type="hidden" name="token" value="other"></form>
        <form>
          <input type="hidden" name="token" value="mine"><input type="text" name="note">
          <input type="checkbox" name="days" value="2026-03-03">
          <select name="resource"><option value="1"></select>
        </form>
        <input type="hidden" name="outside" value="x">
    """
    assert form_with("resource", html) == {"token": "mine", "note": ""}
    assert form_with("token", html) == {"token": "other"}
    with pytest.raises(BenchError, match="No form with the field outside"):
        form_with("outside", html)


def test_the_web_server_answers_and_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in environment(f"sqlite:///{tmp_path / 'none.sqlite3'}", str(tmp_path)).items():
        monkeypatch.setenv(name, value)
    with web_server() as port:
        client = Client(port)
        assert client.page("/empty/") == ""
        assert client.get("/empty/", {ASK: "yes"}).headers[QUERIES] == "0"
        with pytest.raises(BenchError, match="answered 302 /compte/login/"):
            client.page("/reservations/")
        client.close()
    with pytest.raises(ConnectionRefusedError):
        Client(port).get("/empty/")


# ---- the data


def book_directly(member, resource, hours, **fields):
    return Booking.objects.create(
        member=member,
        resource=resource,
        kind=resource.kind,
        start=hours.start,
        end=hours.end,
        made_by=member.user,
        made_at=NOW,
        **fields,
    )


def let_places_be_booked_twice():
    """Until the end of the test: both databases undo it with the transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER booking_no_overlap_insert")
        else:
            cursor.execute("ALTER TABLE booking_booking DROP CONSTRAINT booking_no_overlap")


@pytest.mark.django_db
def test_double_bookings_are_found():
    let_places_be_booked_twice()
    space = a_space(desks=2)
    one, two = space.resources.filter(kind=Kind.DESK).order_by("position")
    book_directly(a_member(), one, slot(9, 18))
    book_directly(a_member(), two, slot(9, 18))
    book_directly(a_member(), one, slot(9, 18, day=TUESDAY))
    assert double_bookings() == 0
    book_directly(a_member(), two, slot(18, 19))  # touches, and is no clash
    assert double_bookings() == 0
    book_directly(a_member(), one, slot(10, 11))
    book_directly(a_member(), one, slot(12, 13))  # its neighbour is over, the long one is not
    assert double_bookings() == 2


@pytest.mark.django_db
def test_a_cancelled_booking_is_in_nobodys_way():
    let_places_be_booked_twice()
    desk, member = a_space().resources.get(code="P1"), a_member()
    book_directly(member, desk, slot(9, 18))
    book_directly(
        a_member(),
        desk,
        slot(9, 18),
        status="cancelled",
        cancelled_at=NOW,
        cancelled_by=member.user,
    )
    assert double_bookings() == 0


@pytest.mark.django_db
def test_the_racers_come_logged_in():
    [member], [cookies] = ground.racers(1, NOW)
    browser = Browser()
    for name, value in cookies.items():
        browser.cookies[name] = value
    answer = browser.get(reverse("members:account"))
    assert answer.status_code == 200
    assert answer.wsgi_request.user == member.user


@pytest.fixture
def laid():
    """A space where two members come on Monday and one of them all week."""
    space, regular, other = a_space(), a_member(), a_member()
    first, second = space.resources.filter(kind=Kind.DESK).order_by("position")[:2]
    book_directly(other, second, slot(9, 12))
    for day in range(5):
        book_directly(regular, first, slot(9, 12, day=MONDAY.replace(day=MONDAY.day + day)))
    return ground.Ground(space, MONDAY, regular)


@pytest.mark.django_db
def test_the_regular_is_who_comes_most_often(laid):
    assert ground.regular_of(laid.space, MONDAY) == laid.regular


@pytest.mark.django_db
def test_nobody_is_regular_on_an_empty_day(laid):
    with pytest.raises(BenchError, match="Nobody of the demo comes on 2026-03-07"):
        ground.regular_of(laid.space, SATURDAY)


@pytest.mark.django_db(transaction=True)  # VACUUM runs outside of transactions
def test_the_bookings_nearest_to_the_day_are_kept_and_the_regular_keeps_a_past_one(laid):
    past = Booking.objects.get(start=at(9, day=MONDAY), member=laid.regular)
    next_one = Booking.objects.get(start=at(9, day=TUESDAY))
    on_tuesday = ground.Ground(laid.space, TUESDAY, laid.regular)
    assert ground.keep_nearest(3, on_tuesday) == 3
    kept = set(Booking.objects.values_list("pk", flat=True))
    assert {past.pk, next_one.pk} < kept
    assert ground.keep_nearest(2, on_tuesday) == 2
    assert set(Booking.objects.values_list("pk", flat=True)) == {past.pk, next_one.pk}


@pytest.mark.django_db(transaction=True)
def test_what_is_old_is_forgotten(laid):
    assert ground.forget_before(at(0, day=TUESDAY)) == 4
    assert not Booking.objects.filter(start__lt=at(0, day=TUESDAY)).exists()


# ---- who won


def answer_of(response) -> Answer:
    headers = Message()
    for name, value in response.headers.items():
        headers[name] = value
    return Answer(response.status_code, headers, response.content.decode(), seconds=0.1)


@pytest.fixture
def sent(time_machine):
    """What comes back when a new member sends the booking form for P1 on Monday morning."""
    time_machine.move_to(NOW, tick=False)
    space = a_space(desks=2)

    def send(**fields) -> Answer:
        browser = Browser()
        browser.force_login(a_member().user)
        wish = {
            "date": MONDAY.isoformat(),
            "period": "morning",
            "resource": str(space.resources.get(code="P1").pk),
            "request_key": str(uuid.uuid4()),
        }
        return answer_of(browser.post(reverse("booking:book", args=[space.slug]), wish | fields))

    return send


@pytest.mark.django_db
def test_a_winner_and_a_loser_are_told_apart(sent):
    winner, loser = sent(), sent()
    assert is_success(winner)
    assert not is_clean_refusal(winner)
    assert is_clean_refusal(loser)
    assert not is_success(loser)


@pytest.mark.django_db
def test_who_finds_every_desk_taken_is_refused_cleanly(sent):
    assert is_success(sent(resource=""))
    assert is_success(sent(resource=""))
    assert is_clean_refusal(sent(resource=""))


@pytest.mark.django_db
def test_a_refusal_for_another_reason_is_not_what_a_race_should_give(sent):
    for nonsense in ({"date": "2026-02-30"}, {"resource": "0"}, {"request_key": "no key"}):
        answer = sent(**nonsense)
        assert not is_clean_refusal(answer)
        assert not is_success(answer)


def test_an_error_and_a_way_to_the_login_are_neither():
    for status, location in ((500, ""), (503, ""), (302, "/compte/login/?next=/")):
        headers = Message()
        headers["Location"] = location
        answer = Answer(status, headers, "", seconds=0.1)
        assert not is_success(answer)
        assert not is_clean_refusal(answer)


@pytest.mark.django_db
def test_each_question_to_the_directory_is_asked():
    found = {one.name: one for one in searched(60, 1, NOW).questions}
    assert found["no word"].found == 60
    assert found["a rare word"].found > 0
    assert found["nobody's words"].found == 0
    assert all(0 < one.p50 <= one.p95 and one.queries > 0 for one in found.values())


def test_a_question_names_the_targets_it_misses():
    assert SearchFigures("a typo", found=1, queries=8, p50=10, p95=49.9).missed() == []
    assert SearchFigures("a typo", found=1, queries=13, p50=10, p95=50).missed() == [
        *("queries", "p95")
    ]


# ---- matching


@pytest.mark.django_db
def test_needs_are_matched_among_providers_in_bulk():
    settle(60, NOW)
    found = {row.name: row for row in matched(1, NOW)}
    assert len(found) == 5
    assert found["a trade of 5 % of all, anywhere"].found >= found["a trade of 5 % of all"].found
    assert all(row.queries <= 10 for row in found.values())
    assert replace(found["a trade"], p95=1000.0).missed() == ["p95"]
    assert replace(found["a trade"], p95=999.0).missed() == []
