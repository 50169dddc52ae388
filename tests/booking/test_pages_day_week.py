"""The day (places by hours) and the week (days by half-days)."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client

from booking.availability import board, opening
from booking.boards.day import CellState, DayGrid, Row, day_grid
from booking.models import Closure, OpeningHours, Space
from booking.slots import day_slot
from members.models import Role
from tests.booking.pages import a_booking, address, page_of, signed_in, words
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_space, a_user, at, slot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday_at_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def the_grid(space: Space, day: date = TUESDAY) -> DayGrid:
    fresh = Space.objects.with_calendar().get(pk=space.pk)
    places = board(fresh, [day_slot(day, fresh.zone)], None)
    grid = day_grid(fresh, opening(fresh, day), places, NOW)
    assert grid is not None
    return grid


def first_row(grid: DayGrid) -> Row:
    return grid.groups[0].rows[0]


def shape(row: Row) -> list[tuple[str, int]]:
    return [(cell.state.value, cell.columns) for cell in row.cells]


def test_the_table_begins_and_ends_on_a_full_hour() -> None:
    grid = the_grid(a_space(desks=1))
    assert grid.columns == 44  # from 8 to 19, by quarters of an hour
    assert len(grid.hours) == 11
    cells = shape(first_row(grid))
    assert cells[:3] == [("closed", 2), ("free", 2), ("free", 4)]
    assert cells[-2:] == [("free", 2), ("closed", 2)]


def test_a_booking_spans_its_quarters_of_an_hour() -> None:
    space = a_space(desks=1)
    a_booking(space, a_member(), slot(10, 12, TUESDAY))
    row = first_row(the_grid(space))
    assert ("booked", 8) in shape(row)
    assert sum(cell.columns for cell in row.cells) == 44


def test_a_free_cell_is_never_too_short_to_be_booked() -> None:
    space = a_space(desks=1, shortest_minutes=60)
    a_booking(space, a_member(), slot(10, 12, TUESDAY))
    free = [cell for cell in first_row(the_grid(space)).cells if cell.state is CellState.FREE]
    assert min(cell.slot.length for cell in free) >= timedelta(hours=1)


def test_a_gap_too_short_to_be_booked_is_closed() -> None:
    space = a_space(desks=1, shortest_minutes=120)
    a_booking(space, a_member(), slot(10, 12, TUESDAY))
    cells = shape(first_row(the_grid(space)))
    assert cells[:3] == [("closed", 2), ("closed", 6), ("booked", 8)]


def test_hours_off_the_quarter_are_rounded_in_favour_of_bookings() -> None:
    space = a_space(desks=1, grid_minutes=5)
    odd = at(10, 5, TUESDAY), at(10, 40, TUESDAY)
    a_booking(space, a_member(), type(slot(1, 2))(*odd))
    row = first_row(the_grid(space))
    assert ("booked", 3) in shape(row)
    assert sum(cell.columns for cell in row.cells) == 44


def test_a_day_with_23_hours_has_23() -> None:
    space = a_space(desks=1)
    spring = date(2026, 3, 29)
    OpeningHours.objects.create(space=space, weekday=6, opens=time(0), closes=time(0))
    grid = the_grid(space, spring)
    assert len(grid.hours) == 23
    assert sum(cell.columns for cell in first_row(grid).cells) == 4 * 23


def test_the_day_shows_places_hours_and_names_of_those_who_agreed() -> None:
    space, member = a_space(desks=3), a_member()
    a_booking(space, a_member("Camille Rochat", visible=True), slot(9, 12), "P1")
    a_booking(space, a_member("Théo Secret"), slot(9, 12), "P2")
    mine = a_booking(space, member, slot(14, 16), "P3")
    page = signed_in(member).get(address(space, "jour"))
    text = words(page)
    assert "Camille Rochat , 09:00–12:00" in text
    assert "Réservé , 09:00–12:00" in text
    assert "Vous , 14:00–16:00" in text
    assert "Théo" not in text
    assert f'href="/reservations/{mine.pk}/"' in page_of(page)


def test_a_free_hour_leads_to_the_form_with_place_and_hours() -> None:
    space = a_space(desks=1, room=False)
    desk = space.resources.get()
    page = page_of(signed_in(a_member()).get(address(space, "jour")))
    hours = "period=custom&amp;from=10%3A00&amp;to=11%3A00"
    assert f"?date=2026-03-02&amp;{hours}&amp;resource={desk.pk}" in page
    assert "Réserver Poste 1, 10:00–11:00" in page


def test_what_is_over_today_leads_nowhere() -> None:
    space = a_space(desks=1, room=False)
    with time_machine.travel(at(11, 20), tick=False):
        page = page_of(signed_in(a_member()).get(address(space, "jour")))
    assert "from=10%3A" not in page
    assert "from=11%3A15" in page
    assert "passé" in page


@pytest.mark.parametrize(
    ("moment", "first"),
    [(at(8), "08:00"), (at(12, 20), "11:00"), (at(17), "13:00"), (at(23), "13:00")],
)
def test_what_is_over_leaves_room_for_what_comes(moment: datetime, first: str) -> None:
    space = a_space(desks=1, room=False)
    with time_machine.travel(moment, tick=False):
        page = page_of(signed_in(a_member()).get(address(space, "jour"), {"date": MONDAY}))
    assert re.findall(r'<time datetime="(\d\d:\d\d)">', page)[0] == first


def test_the_team_reaches_the_bookings_of_members() -> None:
    space = a_space()
    booking = a_booking(space, a_member("Théo Secret"), slot(9, 12))
    page = page_of(signed_in(a_user(role=Role.HOST)).get(address(space, "jour")))
    assert f'<a href="/reservations/{booking.pk}/">Théo Secret</a>' in page


def test_a_closed_day_says_why_and_shows_no_table() -> None:
    space = a_space()
    Closure.objects.create(space=space, starts_on=TUESDAY, ends_on=TUESDAY, reason="Peinture")
    page = signed_in(a_member()).get(address(space, "jour"), {"date": TUESDAY})
    assert "L’espace est fermé ce jour-là : Peinture." in words(page)
    assert "<table" not in page_of(page)


def test_the_week_counts_free_desks_by_half_day() -> None:
    space = a_space(desks=3)
    a_booking(space, a_member(), slot(9, 11, TUESDAY), "P1")
    text = words(signed_in(a_member()).get(address(space, "semaine")))
    assert "Du 2 mars au 8 mars 2026" in text
    assert "Matinée mardi 3 mars 2 libres" in text
    assert "Après-midi mardi 3 mars 3 libres" in text
    assert "Matinée samedi 7 mars Fermé" in text


def test_the_week_marks_my_bookings_of_any_kind_even_past_ones() -> None:
    space, member = a_space(), a_member()
    a_booking(space, member, slot(9, 11), "R1")
    with time_machine.travel(at(8, day=TUESDAY), tick=False):
        text = words(signed_in(member).get(address(space, "semaine")))
    assert "Matinée lundi 2 mars Passé Salle" in text


def test_the_week_says_why_a_day_is_closed_and_what_is_too_far() -> None:
    space = a_space()
    Closure.objects.create(space=space, starts_on=TUESDAY, ends_on=TUESDAY, reason="Peinture")
    client = signed_in(a_member())
    assert "mardi 3 mars Fermé Peinture" in words(client.get(address(space, "semaine")))
    far = client.get(address(space, "semaine"), {"date": MONDAY + timedelta(days=200)})
    assert "Trop loin" in words(far)


def test_a_half_day_leads_to_its_plan() -> None:
    space = a_space()
    page = page_of(signed_in(a_member()).get(address(space, "semaine")))
    assert f'{address(space, "plan")}?date=2026-03-03&amp;period=afternoon"' in page


@pytest.mark.parametrize("name", ["jour", "semaine"])
def test_only_who_is_signed_in_reads_the_day_and_the_week(client: Client, name: str) -> None:
    response = client.get(address(a_space(), name))
    assert response.status_code == 302
    assert response["Location"].startswith("/compte/login/?next=")


@pytest.mark.parametrize("name", ["jour", "semaine"])
def test_htmx_gets_the_fragment_only(name: str) -> None:
    space, client = a_space(), signed_in(a_member())
    part = client.get(address(space, name), headers={"HX-Request": "true"})
    assert "<html" not in page_of(part)
    assert page_of(part).strip() in page_of(client.get(address(space, name)))
