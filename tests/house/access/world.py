"""The people of the access table, and one object of each kind, all of them the owner's."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from booking.models import Booking, Closure, Device, Series, Space, Visit, Wait
from booking.services import book, kiosk, open_feed
from booking.services.series import make
from booking.services.series_days import rule_of
from booking.services.visits import check_in
from members.models import (
    Announcement,
    Document,
    Invitation,
    LegalText,
    Member,
    Role,
    State,
    Use,
    User,
    WelcomeStep,
)
from members.notices import stop_path
from members.services import applications, invitations, membership
from members.services.announcements import publish, save_announcement
from members.services.consents import agree
from members.services.files import add_document
from members.services.subscriptions import subscribe
from simulator.models import Kind, Quote
from tests.factories import (
    MONDAY,
    NOW,
    TUESDAY,
    a_member,
    a_plan,
    a_space,
    a_user,
    at,
    freshly,
    slot,
)
from tests.house.access import orders
from tests.house.addresses import Address

# In the order of the columns.
READERS = (
    "stranger",
    "applicant",
    "owner",  # a member, whose objects they are
    "other",  # the near miss: also a member, with objects of the same kinds
    "former",
    "partner",
    "accountant",
    "host",
    "operator",
)


@dataclass(frozen=True, slots=True)
class World:
    """Everybody, and what the owner has."""

    users: dict[str, User]
    space: Space
    owner: Member
    booking: Booking
    visit: Visit
    wait: Wait
    series: Series
    device: Device
    device_token: str
    invitation: Invitation
    orders: orders.Orders

    def client(self, reader: str) -> Client:
        client = Client()
        if user := self.users.get(reader):
            freshly(client, user)  # the table is about who, not about how long ago
        return client


def build() -> World:
    space, plan = a_space(), a_plan()
    WelcomeStep.objects.create(title="Remettre le badge")
    owner, other = a_member("Aline", visible=True), a_member("Bruno", visible=True)
    former = a_member("Chloé")
    applicant = a_member("Denis", state=State.APPLICANT)
    users = {role.value: a_user(role.value, role=role) for role in Role}
    host = users[Role.HOST]
    add_document(
        member=owner, title="Bail", file_name="bail.pdf", content=b"%PDF-1.7", by=host, now=NOW
    )
    bookings = [
        book(space=space, member=who, by=who.user, slots=[slot(9, 12, TUESDAY)], now=NOW)[0]
        for who in (owner, other, former)
    ]
    open_feed(member=owner, now=NOW)
    visit = check_in(space=space, member=owner, by=owner.user, now=at(9, day=TUESDAY))
    moment = {"start": at(14, day=TUESDAY), "end": at(16, day=TUESDAY)}
    wait = Wait.objects.create(space=space, member=owner, made_at=NOW, **moment)
    every_week = rule_of(
        weekdays=[3], start=time(9), end=time(12), first_day=TUESDAY, last_day=date(2026, 3, 31)
    )
    series, *_of_others = (
        make(space=space, member=who, rule=every_week, by=who.user, now=NOW)
        for who in (owner, other)
    )
    device, device_token = kiosk.add_device(space=space, name="Entrée", by=host, now=NOW)
    for who in (owner, other):
        subscribe(member=who, plan=plan, start=MONDAY, by=who.user, now=NOW)
    membership.leave(member=former, by=host, now=NOW, on=MONDAY)
    applications.apply(member=applicant, plan=plan, starts_on=TUESDAY, now=NOW, accepted={})
    book(space=space, member=applicant, by=applicant.user, slots=[slot(9, 12)], now=NOW)
    agree(user=owner.user, use=Use.NEWS, now=NOW, by=owner.user)
    draft = Announcement(title="Travaux", body="Mardi.", by_email=True)
    save_announcement(announcement=draft, by=host, now=NOW)
    publish(announcement=draft, by=host, now=NOW)
    Closure.objects.create(space=space, starts_on=TUESDAY, ends_on=TUESDAY, reason="Travaux")
    LegalText.objects.create(use=Use.RULES, version="2026-01", body="…", published_at=NOW)
    Quote.objects.create(
        kind=Kind.RATE, day=MONDAY, value=Decimal("0.93"), source="BCE", recorded_at=NOW
    )
    people = {"applicant": applicant, "owner": owner, "other": other, "former": former}
    users |= {name: member.user for name, member in people.items()}
    invited = [
        invitations.invite(email=f"{who.pk}@example.org", by=who.user, now=timezone.now())
        for who in (owner, other)
    ]
    return World(
        users=users,
        space=space,
        owner=owner,
        booking=bookings[0],
        visit=visit,
        wait=wait,
        series=series,
        device=device,
        device_token=device_token,
        invitation=invited[0],
        orders=orders.build(owner, other),
    )


def arguments(world: World, address: Address) -> dict[str, Any]:
    """The arguments that lead to what is the owner's, in place of the samples."""
    names = set(address.arguments)
    model = next((m for code, m in registered().items() if f":{code}_" in address.name), None)
    if address.name.startswith("directory:"):
        return orders.arguments(world.orders, address)
    if found := by_name(world, address.name):
        return found
    if address.name.startswith("mfa_"):
        return {}  # a passkey is its owner's alone: another's is not there
    if model is not None and "object_id" in names:
        parts = {"step": WelcomeStep, "document": Document}
        within = {name: of_model(world, parts[name]) for name in names & set(parts)}
        return {"object_id": of_model(world, model), **within}
    own = {
        "slug": world.space.slug,
        "pk": world.booking.pk,
        "token": world.owner.calendar_feed.token,
        "member_id": world.owner.pk,
        "signed": stop_path(world.owner.user).rstrip("/").rpartition("/")[2],
    }
    return {name: own[name] for name in names & set(own)}


def by_name(world: World, name: str) -> dict[str, Any]:
    """The arguments of pages whose kind of object the name of the argument does not tell."""
    visit, wait = {"pk": world.visit.pk}, {"pk": world.wait.pk}
    series = {"pk": world.series.pk}
    return {
        "admin:auth_user_password_change": {"id": world.owner.user_id},
        "booking:departure": {"slug": world.space.slug, **visit},
        "booking:confirm_visit": visit,
        "booking:give_up": wait,
        "booking:leave": visit,
        "booking:scanned": {"token": kiosk.picture_token(world.device)},
        "booking:series": series,
        "booking:series_cancel": series,
        "booking:series_change": series,
        "booking:set_up_kiosk": {"token": world.device_token},
        "booking:take": wait,
        "members:act_as": {"pk": world.owner.pk},
        "members:invitation": {"token": invitations.token_of(world.invitation)},
        "members:invitation_revoke": {"pk": world.invitation.pk},
        "members:legal": {"use": Use.RULES.value, "version": "2026-01"},
        "sitemap_section": {"section": "metiers"},
    }.get(name, {})


def of_model(world: World, model: type[Model]) -> Any:
    """The key of an object of this table that is the owner's, or the first there is."""
    if model is User:
        return world.owner.user_id
    if model is Member:
        return world.owner.pk
    first = model._default_manager.order_by("pk").first()
    assert first is not None, f"{model.__name__}: make one in tests/house/access/world.py"
    return first.pk


def registered() -> dict[str, type[Model]]:
    """`app_model` of the admin's addresses → the model."""
    return {f"{m._meta.app_label}_{m._meta.model_name}": m for m in admin.site._registry}
