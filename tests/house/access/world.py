"""The people of the access table, and one object of each kind, all of them the owner's."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from booking.models import Booking, Closure, Device, Space, Visit, Wait
from booking.services import book, kiosk, open_feed
from booking.services.visits import check_in
from directory.models import Claim, Provider
from directory.services import claims, confirmations, messages, reports
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
from tests.directory.rows import a_provider, a_skill, a_trade
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
from tests.house.addresses import Address

PROVIDER_PAGES = {
    f"directory:{name}"
    for name in (
        "claim", "claim_answer", "confirm", "confirm_mine", "edit", "edit_part", "preview",
        "provider", "publish", "remove_line", "report", "send_message", "take_offline", "write",
    )
}  # fmt: skip

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
    device: Device
    device_token: str
    invitation: Invitation
    provider: Provider

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
        device=device,
        device_token=device_token,
        invitation=invited[0],
        provider=a_directory(owner),
    )


def a_directory(owner: Member) -> Provider:
    """The owner's profile, and what was sent to it; another has no owner and is claimed."""
    trade = a_trade("Webmestre")
    trade.synonyms.create(word="site", folded="site")
    provider = a_provider(owner=owner.user, trades=(trade,), skills=(a_skill("WordPress"),))
    provider.references.create(client="Mairie", what="Site", year=2025)
    claims.claim(provider=a_provider(), user=owner.user, now=timezone.now())
    who = {"sender_name": "Jean", "sender_email": "jean@example.org"}
    messages.write(provider=provider, text="Un devis ?", now=timezone.now(), **who)
    reports.report(provider=provider, reason="wrong", now=timezone.now())
    return provider


def of_the_provider(world: World, address: Address) -> dict[str, Any]:
    """What leads to the owner's profile and to what was sent to it."""
    provider = world.provider
    own: dict[str, Any] = {
        "slug": provider.slug,
        "pk": provider.pk,
        "part": "references",
        "line": provider.references.get().pk,
        "token": {
            "directory:send_message": lambda: messages.token_of(provider.messages.get()),
            "directory:claim_answer": lambda: claims.token_of(Claim.objects.get()),
            "directory:confirm": lambda: confirmations.token_of(provider.ownerships.get()),
        }.get(address.name, str)(),
    }
    return {name: own[name] for name in set(address.arguments) & set(own)}


def arguments(world: World, address: Address) -> dict[str, Any]:
    """The arguments that lead to what is the owner's, in place of the samples."""
    names = set(address.arguments)
    model = next((m for code, m in registered().items() if f":{code}_" in address.name), None)
    if address.name == "admin:auth_user_password_change":
        return {"id": world.owner.user_id}
    if address.name == "members:act_as":
        return {"pk": world.owner.pk}
    if address.name == "members:legal":
        return {"use": Use.RULES.value, "version": "2026-01"}
    if address.name in PROVIDER_PAGES:
        return of_the_provider(world, address)
    if found := of_presence(world, address.name):
        return found
    if address.name.startswith("mfa_"):
        return {}  # a passkey is its owner's alone: another's is not there
    if address.name == "members:invitation_revoke":
        return {"pk": world.invitation.pk}
    if address.name == "members:invitation":
        return {"token": invitations.token_of(world.invitation)}
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


def of_presence(world: World, name: str) -> dict[str, Any]:
    """The arguments of what is about being there; none for another page."""
    visit, wait = {"pk": world.visit.pk}, {"pk": world.wait.pk}
    return {
        "booking:set_up_kiosk": {"token": world.device_token},
        "booking:scanned": {"token": kiosk.picture_token(world.device)},
        "booking:leave": visit,
        "booking:confirm_visit": visit,
        "booking:departure": {"slug": world.space.slug, **visit},
        "booking:take": wait,
        "booking:give_up": wait,
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
