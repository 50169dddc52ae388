"""Spaces in the admin: hours, resources, the floor plan."""

import html
import json
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from booking.models import Closure, Kind, Resource, Space
from booking.services import book
from booking.services.spaces import save_resource
from members.models import Role
from tests.factories import NOW, TUESDAY, a_member, a_space, a_user, slot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]

ADD_CLOSURE = "/admin/booking/closure/add/"
WEDNESDAY = date(2026, 3, 4)
THURSDAY = date(2026, 3, 5)


@pytest.fixture
def at_eight(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def space():
    return a_space(name="La Cordée de Morez")


@pytest.fixture
def admin(client):
    """The admin as the operator sees it."""
    client.force_login(a_user(role=Role.OPERATOR))
    return client


def page_of(thing: Space | Resource | Closure) -> str:
    return reverse(f"admin:booking_{thing._meta.model_name}_change", args=[thing.pk])


def booked(space, name="Camille Roux", *slots, code="P1"):
    member, place = a_member(name), space.resources.get(code=code)
    more = {"slots": slots or [slot(9, 12, TUESDAY)], "resource": place, "now": NOW}
    return book(space=space, member=member, by=member.user, **more)


def sent(page: str) -> dict[str, str]:
    """What the form of a page would send as it stands."""
    values = {}
    for tag in re.findall(r"<input [^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = attributes.get("type")
        if "name" not in attributes or (kind == "checkbox" and " checked" not in tag):
            continue
        if kind not in {"submit", "button"}:
            values[attributes["name"]] = attributes.get("value", "on" if kind == "checkbox" else "")
    for name, body in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', page, re.S):
        if chosen := re.search(r'<option value="([^"]*)" selected', body):
            values[name] = chosen[1]
    for name, body in re.findall(r'<textarea name="([^"]*)".*?>(.*?)</textarea>', page, re.S):
        values[name] = body.strip()
    kept = {name: value for name, value in values.items() if "__prefix__" not in name}
    return {name: html.unescape(value) for name, value in kept.items()}


def form_of(client, thing: Space | Resource) -> dict[str, str]:
    return sent(client.get(page_of(thing)).content.decode())


def errors_on(response) -> str:
    page = response.content.decode()
    refusals = re.findall(r'<(ul|div) class="(?:errorlist|errornote)[^>]*>(.*?)</\1>', page, re.S)
    return " ".join(words for _tag, words in refusals)


# Closures are written on a page of their own (test_closures)


def test_closures_are_read_on_the_page_of_the_space_and_written_on_their_own(admin, space):
    closure = Closure.objects.create(
        space=space, starts_on=TUESDAY, ends_on=TUESDAY, reason="Inventaire"
    )
    asked = form_of(admin, space) | {"closures-0-DELETE": "on", "closures-0-reason": "Autre"}
    assert admin.post(page_of(space), asked).status_code == 302
    assert Closure.objects.get(pk=closure.pk).reason == "Inventaire"
    assert page_of(closure) in admin.get(page_of(space)).content.decode()


# Spaces


def test_a_space_is_saved_as_it_stands(admin, space):
    before = Space.objects.values().get(pk=space.pk)
    assert admin.post(page_of(space), form_of(admin, space)).status_code == 302
    assert Space.objects.values().get(pk=space.pk) == before
    assert space.opening_hours.count() == 5


def test_a_new_space_gets_its_hours_and_resources_in_one_go(admin):
    page = admin.get("/admin/booking/space/add/").content.decode()
    asked = sent(page) | {
        "name": "Saint-Claude",
        "slug": "saint-claude",
        "commune": "Saint-Claude",
        "opening_hours-TOTAL_FORMS": "1",
        "opening_hours-0-weekday": "0",
        "opening_hours-0-opens": "08:00",
        "opening_hours-0-closes": "18:00",
        "resources-TOTAL_FORMS": "1",
        "resources-0-kind": "room",
        "resources-0-name": "Salle",
        "resources-0-code": "R1",
        "resources-0-capacity": "6",
        "resources-0-position": "1",
    }
    assert admin.post("/admin/booking/space/add/", asked).status_code == 302
    space = Space.objects.get(slug="saint-claude")
    assert space.opening_hours.get().opens.hour == 8
    assert space.resources.get().kind == Kind.ROOM


def test_hours_that_close_before_they_open_are_refused(admin, space):
    asked = form_of(admin, space) | {"opening_hours-0-closes": "07:00"}
    response = admin.post(page_of(space), asked)
    assert "L’heure de fermeture doit suivre l’ouverture." in errors_on(response)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("{", "JSON valide"),
        ("[1]", "Plan illisible"),
        ('{"width": 0, "height": 5}', "Plan illisible"),
        ('{"width": 5, "height": 5, "features": [{"kind": "moat"}]}', "features[0]"),
    ],
)
def test_a_floor_plan_that_cannot_be_drawn_is_refused_with_its_place(admin, space, plan, words):
    response = admin.post(page_of(space), form_of(admin, space) | {"floor_plan": plan})
    assert words in errors_on(response)


def test_a_floor_plan_is_shown_on_several_lines(admin, space):
    plan = {"width": 1000, "height": 800, "features": [{"kind": "wall", "label": "Mur né"}]}
    Space.objects.filter(pk=space.pk).update(floor_plan=plan)
    shown = form_of(admin, space)["floor_plan"]
    assert json.loads(shown) == plan
    assert len(shown.splitlines()) > 5
    assert "né" in shown


# Resources


def test_a_booked_resource_keeps_its_kind_and_its_space(admin, space):
    [booking] = booked(space)
    elsewhere = a_space()
    asked = form_of(admin, booking.resource) | {
        "name": "Le poste du fond",
        "kind": "room",
        "space": str(elsewhere.pk),
    }
    assert admin.post(page_of(booking.resource), asked).status_code == 302
    desk = Resource.objects.get(pk=booking.resource.pk)
    assert (desk.name, desk.kind, desk.space) == ("Le poste du fond", Kind.DESK, space)


def test_a_resource_without_bookings_changes_its_kind(admin, space):
    desk = space.resources.get(code="P2")
    asked = {**form_of(admin, desk), "kind": "booth"}
    assert admin.post(page_of(desk), asked).status_code == 302
    assert space.resources.get(code="P2").kind == Kind.BOOTH


def test_the_kind_is_fixed_on_the_page_of_the_space_too(admin, space):
    booked(space)
    asked = {**form_of(admin, space), "resources-0-kind": "room", "resources-1-kind": "booth"}
    assert admin.post(page_of(space), asked).status_code == 302
    kinds = space.resources.order_by("position").values_list("kind", flat=True)
    assert list(kinds)[:2] == [Kind.DESK, Kind.BOOTH]


@pytest.mark.parametrize("change", ["kind", "space"])
def test_the_service_refuses_it_whoever_asks(space, change):
    [booking] = booked(space)
    resource = booking.resource
    if change == "kind":
        resource.kind = Kind.ROOM
    else:
        resource.space = a_space()
    with pytest.raises(ValidationError) as refused:
        save_resource(resource=resource)
    assert refused.value.code == "booked"


def test_a_booking_made_while_the_form_was_open_is_a_refusal_not_a_fault(admin, space, monkeypatch):
    """The form offered the kind, because nothing was booked when it asked."""
    [booking] = booked(space)
    asked = {**form_of(admin, booking.resource), "kind": "room", "space": str(space.pk)}
    monkeypatch.setattr("booking.admin.spaces._with_bookings", lambda resources: resources)
    response = admin.post(page_of(booking.resource), asked)
    assert "a des réservations : son genre et son espace ne changent plus" in errors_on(response)
    assert Resource.objects.get(pk=booking.resource.pk).kind == Kind.DESK


def test_a_booked_resource_is_not_deleted(admin, space):
    [booking] = booked(space)
    address = reverse("admin:booking_resource_delete", args=[booking.resource.pk])
    admin.post(address, {"post": "yes"})
    assert Resource.objects.filter(pk=booking.resource.pk).exists()


# Speed and rights


@pytest.mark.parametrize(("model", "queries"), [("space", 8), ("resource", 9), ("closure", 11)])
def test_lists_cost_the_same_whatever_their_length(
    admin, model, queries, django_assert_num_queries
):
    for _turn in range(2):
        for day in (TUESDAY, WEDNESDAY, THURSDAY):
            Closure.objects.create(space=a_space(), starts_on=day, ends_on=day, reason="x")
        with django_assert_num_queries(queries):
            assert admin.get(f"/admin/booking/{model}/").status_code == 200


def test_the_page_of_a_space_costs_the_same_with_3_or_30_desks(admin, django_assert_num_queries):
    for desks in (3, 30):
        space = a_space(desks=desks)
        with django_assert_num_queries(9):
            admin.get(page_of(space))


@pytest.mark.parametrize(
    ("role", "reads", "adds_closures", "changes_space"),
    [
        (Role.OPERATOR, True, True, True),
        (Role.HOST, True, True, False),
        (Role.ACCOUNTANT, True, False, False),
        (Role.PARTNER, False, False, False),
    ],
)
def test_each_role_has_its_rights(client, space, role, reads, adds_closures, changes_space):
    client.force_login(a_user(role=role))
    outside = 302 if role is Role.PARTNER else 403  # who has no admin is led to its login
    for thing in (space, space.resources.get(code="P1")):
        assert client.get(page_of(thing)).status_code == (200 if reads else outside)
    days = {"starts_on": TUESDAY.isoformat(), "ends_on": TUESDAY.isoformat()}
    client.post(ADD_CLOSURE, {"space": space.pk, "reason": "Inventaire", **days})
    assert space.closures.exists() == adds_closures
    saved = client.post(page_of(space), {"name": ""}).status_code
    assert saved == (200 if changes_space else outside)


def test_the_secret_of_a_calendar_is_not_in_the_admin(admin):
    assert "calendarfeed" not in admin.get("/admin/").content.decode()
