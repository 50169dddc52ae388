"""People, spaces and moments of the tests, made the way the application makes them.

The story of most tests: it is Monday 2 March 2026, 8 o'clock in Morez; the space is open on
weekdays from 8:30 to 18:30 and has three desks and a meeting room.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.test import Client

from booking.models import Kind, OpeningHours, Resource, Space
from booking.slots import Slot
from members.models import Member, Plan, PlanRate, PlanVersion, Role, State, Use, User
from members.roles import STAFF_ROLES
from members.services import open_account
from members.services.consents import agree
from members.services.plans import publish_version

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)
NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 8:00 in Morez

_numbers = count(1)


def a_user(name: str = "", *, role: Role | None = None, **fields: Any) -> User:
    """A person with a proved address; staff when given a role."""
    number = next(_numbers)
    user = User(
        email=fields.pop("email", f"person{number}@example.org"),
        name=name or f"Personne {number}",
        is_staff=role in STAFF_ROLES,
        **fields,
    )
    user.set_password("haut-jura-2026")
    open_account(user=user, now=NOW, as_member=False, address_verified=True)
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    if role in STAFF_ROLES:
        protect(user)
    return User.objects.get(pk=user.pk)


APP_SECRET = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U"


def protect(user: User) -> User:
    """Give the second factor without which the admin does not open: an app, and recovery codes."""
    totp = Authenticator.Type.TOTP
    Authenticator.objects.create(user=user, type=totp, data={"secret": APP_SECRET})
    RecoveryCodes.activate(user)
    return user


def freshly(client: Client, user: User) -> Client:
    """Log in as somebody who has just given the password, noted the way allauth notes it."""
    client.force_login(user)
    request = HttpRequest()
    request.session, request.user = client.session, user
    record_authentication(request, user, method="password", reauthenticated=True)
    request.session.save()
    return client


def a_member(
    name: str = "", *, visible: bool = False, state: State = State.ACTIVE, **fields: Any
) -> Member:
    number = next(_numbers)
    user = User(
        email=fields.pop("email", f"member{number}@example.org"),
        name=name or f"Membre {number}",
        **fields,
    )
    user.set_password("haut-jura-2026")
    open_account(user=user, now=NOW, as_member=True, state=state, address_verified=True)
    if visible:
        agree(user=user, use=Use.DIRECTORY, now=NOW, by=user)
    return Member.objects.select_related("user").get(user=user)


def a_plan(code: str = "", **fields: Any) -> Plan:
    """A plan on offer, approved by a host, at the published prices of 2018 (docs/tariffs.md).

    Fields of `PlanVersion` go to its version, which is published and holds since 2018.
    """
    number = next(_numbers)
    version = {
        name: fields.pop(name)
        for name in ("fee", "fee_every", "commitment_months", "notice_days")
        if name in fields
    }
    values: dict[str, Any] = {"name": f"Formule {number}", "is_offered": True}
    plan = Plan(code=code or f"formule-{number}", **(values | fields))
    plan.full_clean()
    plan.save()
    prices: dict[str, Any] = {"fee": Decimal("29.00"), "fee_every": "year"}
    draft = PlanVersion(plan=plan, valid_from=date(2018, 1, 1), **(prices | version))
    draft.full_clean()
    draft.save()
    for kind, hour, cap in (("desk", "3.00", Decimal("270.00")), ("guest", "5.00", None)):
        PlanRate.objects.create(
            version=draft, kind=kind, hour=Decimal(hour), monthly_cap=cap, step=1
        )
    publish_version(version=draft, by=a_user(role=Role.OPERATOR), now=NOW)
    return plan


def a_space(*, desks: int = 3, room: bool = True, **fields: Any) -> Space:
    """Open on weekdays from 8:30 to 18:30, with desks P1, P2… and the meeting room R1."""
    number = next(_numbers)
    values: dict[str, Any] = {"name": "Morez", "slug": f"morez-{number}", "commune": "Morez"}
    space = Space(**(values | fields))
    space.full_clean()
    space.save()
    OpeningHours.objects.bulk_create(
        OpeningHours(space=space, weekday=weekday, opens=time(8, 30), closes=time(18, 30))
        for weekday in range(5)
    )
    for index in range(1, desks + 1):
        a_resource(space, code=f"P{index}", name=f"Poste {index}", position=index)
    if room:
        a_resource(space, code="R1", name="Salle", kind=Kind.ROOM, position=90, capacity=6)
    return space


def a_resource(space: Space, **fields: Any) -> Resource:
    number = next(_numbers)
    values = {"name": f"Poste {number}", "code": f"X{number}"}
    resource = Resource(space=space, **(values | fields))
    resource.full_clean()
    resource.save()
    return resource


def at(hour: int, minute: int = 0, day: date = MONDAY, zone: ZoneInfo = PARIS) -> datetime:
    """An instant by the clock on the wall of the space."""
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def slot(start: int, end: int, day: date = MONDAY) -> Slot:
    """From one full hour to another, by the clock of the space."""
    return Slot(at(start, day=day), at(end, day=day))
