"""The floor plan: free, mine, taken, closed; what each place says and where it leads."""

import re
from collections.abc import Iterator
from datetime import time

import pytest
import time_machine
from django.test import Client

from booking.models import Closure, Kind, OpeningHours, Space
from tests.booking.pages import a_booking, address, names_of_links, page_of, signed_in, words
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_resource, a_space, at, slot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday_at_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_every_free_place_is_a_link_with_its_name_and_state(client: Client) -> None:
    space = a_space(desks=1, room=False)
    desk = space.resources.get()
    desk.note = "près de la fenêtre"
    desk.save()
    page = client.get(address(space, "plan"))
    assert "P1, Poste 1, près de la fenêtre, libre" in names_of_links(page)
    link = f'<a class="place is-free" href="{address(space, "reserver")}?'
    query = f"date=2026-03-02&amp;period=morning&amp;resource={desk.pk}"
    assert f"{link}{query}" in page_of(page)


def test_what_is_taken_is_no_link(client: Client) -> None:
    space = a_space(desks=2)
    a_booking(space, a_member(), slot(9, 13), "P2")
    page = client.get(address(space, "plan"), {"date": MONDAY, "period": "morning"})
    assert re.search(r'<g class="place is-taken" role="img"\s+aria-label="P2, ', page_of(page))
    assert "1 poste libre sur 2" in words(page)


def test_the_public_sees_taken_without_a_name_and_members_see_who_agreed(client: Client) -> None:
    space = a_space()
    a_booking(space, a_member("Camille Rochat", visible=True), slot(9, 12), "P1")
    a_booking(space, a_member("Théo Secret"), slot(9, 12), "P2")
    assert "Camille" not in words(client.get(address(space, "plan")))
    page = signed_in(a_member()).get(address(space, "plan"))
    assert "Camille Rochat" in words(page)
    assert any("P1, Poste 1, occupé, Camille Rochat" in name for name in names_of_links(page))
    assert "Théo" not in page_of(page)


def test_my_place_is_mine_and_leads_to_my_booking() -> None:
    space, member = a_space(), a_member()
    booking = a_booking(space, member, slot(9, 12))
    page = signed_in(member).get(address(space, "plan"))
    assert f'<a class="place is-mine" href="/reservations/{booking.pk}/"' in page_of(page)
    assert "P1, Poste 1, à vous" in names_of_links(page)
    assert "Réserver n’importe quel poste" not in words(page)


def test_a_place_that_is_free_in_part_says_when_and_offers_it(client: Client) -> None:
    space = a_space(desks=1)
    a_booking(space, a_member(), slot(9, 11))
    page = client.get(address(space, "plan"), {"date": MONDAY, "period": "morning"})
    assert "P1, Poste 1, occupé, libre 08:30–09:00, libre 11:00–13:00" in names_of_links(page)
    assert "period=custom&amp;from=11%3A00&amp;to=13%3A00" in page_of(page)


def test_any_desk_is_one_button(client: Client) -> None:
    space = a_space()
    page = client.get(address(space, "plan"), {"date": TUESDAY, "period": "day"})
    link = f'href="{address(space, "reserver")}?date=2026-03-03&amp;period=day"'
    assert link in page_of(page)


def test_exact_hours(client: Client) -> None:
    space = a_space(desks=1)
    a_booking(space, a_member(), slot(9, 11))
    hours = {"date": MONDAY, "period": "custom", "from": "11:00", "to": "12:15"}
    page = client.get(address(space, "plan"), hours)
    assert "Lundi 2 mars, 11:00–12:15 1 poste libre sur 1" in words(page)
    assert 'value="11:00"' in page_of(page)


def test_a_closed_moment_closes_every_place_and_says_why(client: Client) -> None:
    space = a_space(desks=1, room=False)
    Closure.objects.create(space=space, starts_on=TUESDAY, ends_on=TUESDAY, reason="Peinture")
    page = client.get(address(space, "plan"), {"date": TUESDAY})
    assert "P1, Poste 1, fermé" in names_of_links(page)
    assert "L’espace est fermé ce jour-là : Peinture." in words(page)
    assert "?date=2026-03-03&amp;period=morning&amp;resource" not in page_of(page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"date": "2026-03-07"}, "L’espace est fermé ce jour-là."),
        ({"date": "2026-03-01", "period": "day"}, "L’espace est fermé ce jour-là."),
        ({"date": "2026-02-27", "period": "day"}, "Ce moment est déjà passé."),
        ({"date": "2026-09-01", "period": "day"}, "On réserve au plus 90 jours à l’avance."),
        (
            {"date": "2026-03-03", "period": "custom", "from": "07:00", "to": "10:00"},
            "Horaires du jour : 08:30–18:30",
        ),
        (
            {"date": "2026-03-03", "period": "custom", "from": "09:00", "to": "09:10"},
            "Le début et la fin tombent toutes les 15 minutes.",
        ),
    ],
)
def test_why_a_moment_cannot_be_booked(client: Client, query: dict[str, str], said: str) -> None:
    page = client.get(address(a_space(), "plan"), query)
    assert said in words(page)
    assert "is-free" not in re.sub(r"plan-legend.*?</ul>", "", page_of(page), flags=re.S)


def test_a_half_day_when_the_space_is_closed(client: Client) -> None:
    space = a_space()
    OpeningHours.objects.filter(space=space).update(closes=time(12))
    page = client.get(address(space, "plan"), {"date": MONDAY, "period": "afternoon"})
    assert "L’espace est fermé à ce moment-là." in words(page)


def test_the_picker_goes_to_the_days_before_and_after_at_the_same_hours(client: Client) -> None:
    hours = {"date": MONDAY, "period": "custom", "from": "11:00", "to": "12:15"}
    page = page_of(client.get(address(a_space(), "plan"), hours))
    same = "period=custom&amp;from=11%3A00&amp;to=12%3A15"
    assert f"?date=2026-03-01&amp;{same}" in page
    assert f"?date=2026-03-03&amp;{same}" in page


def test_htmx_gets_the_fragment_only_and_caches_know(client: Client) -> None:
    space = a_space()
    whole = client.get(address(space, "plan"))
    part = client.get(address(space, "plan"), headers={"HX-Request": "true"})
    assert "<!doctype html>" in page_of(whole)
    assert "<html" not in page_of(part)
    assert page_of(part).strip() in page_of(whole)
    assert "HX-Request" in part["Vary"]


def test_numbers_of_the_drawing_are_written_for_machines_in_french_too(client: Client) -> None:
    space = a_space(desks=0, room=False)
    Space.objects.filter(pk=space.pk).update(floor_plan={"width": 12345, "height": 999})
    a_resource(space, code="P9", x=1201, y=33, width=121, height=71, rotation=90)
    page = page_of(client.get(address(space, "plan")))
    drawing = page[page.index('<svg class="plan"') :]
    drawing = drawing[: drawing.index("</svg>")]
    numbers = re.findall(r'\b(?:viewBox|x|y|cx|cy|r|width|height|transform)="([^"]*)"', drawing)
    assert len(numbers) > 20
    assert all(re.fullmatch(r"[-\d .a-z()]+", number) for number in numbers)
    assert 'viewBox="-10 -10 12365 1019"' in drawing


def test_equipment_is_in_the_list_but_not_on_the_drawing(client: Client) -> None:
    space = a_space(desks=0, room=False)
    a_resource(space, code="V1", name="Projecteur", kind=Kind.EQUIPMENT)
    page = client.get(address(space, "plan"))
    assert "Projecteur" in words(page)
    assert "V1," not in " ".join(names_of_links(page))


def test_a_space_without_places_is_calm(client: Client) -> None:
    page = client.get(address(a_space(desks=0, room=False), "plan"))
    assert "Cet espace n’a pas encore de place à réserver." in words(page)


def test_at_lunch_the_afternoon_is_shown(client: Client) -> None:
    space = a_space()
    with time_machine.travel(at(12, 45), tick=False):
        assert "Lundi 2 mars, après-midi" in words(client.get(address(space, "plan")))
