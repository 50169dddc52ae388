"""Providers, order givers and needs of the tests, as rows: what the services do is tested apart."""

import secrets
from datetime import date, timedelta
from itertools import count
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.text import slugify

from directory.models import (
    Activity,
    Commune,
    CommuneKind,
    Need,
    NeedState,
    Organisation,
    OrganisationKind,
    Ownership,
    Provider,
    ProviderState,
    Sector,
    Skill,
    Solicitation,
    Trade,
)
from members.models import User
from tests.factories import MONDAY, NOW

MOREZ = {"latitude": "46.5228", "longitude": "6.0231"}

Row = TypeVar("Row", bound=Model)
_numbers = count(1)


def a_commune(name: str = "", **fields: Any) -> Commune:
    """A commune of the territory, at the place of Morez unless told otherwise."""
    number = next(_numbers)
    name = name or f"Commune {number}"
    values: dict[str, Any] = {
        "code": f"{39000 + number}",
        "kind": CommuneKind.COM,
        "name": name,
        "slug": f"{slugify(name)}-{number}",
        "in_territory": True,
        **MOREZ,
    }
    return saved(Commune(**(values | fields)))


def a_trade(name: str = "", *, sector: Sector | None = None, **fields: Any) -> Trade:
    number = next(_numbers)
    name = name or f"Métier {number}"
    family = sector or saved(Sector(name=f"Secteur {number}", slug=f"secteur-{number}"))
    return saved(Trade(sector=family, name=name, slug=f"{slugify(name)}-{number}", **fields))


def a_skill(name: str = "") -> Skill:
    skill = Skill(name=name or f"Compétence {next(_numbers)}")
    skill.clean()
    return saved(skill)


def a_provider(
    name: str = "",
    *,
    owner: User | None = None,
    trades: tuple[Trade, ...] = (),
    skills: tuple[Skill, ...] = (),
    state: str = ProviderState.PUBLISHED,
    **fields: Any,
) -> Provider:
    """A provider, published since `NOW`; by the table of moves when another state is asked for."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": name or f"Prestataire {number}",
        "slug": f"prestataire-{number}",
        "headline": "Fait ce qu’il dit",
        "made_at": NOW,
        "changed_at": NOW,
    }
    if "commune" not in fields:
        values["commune"] = a_commune()
    provider = saved(Provider(**(values | fields)))
    for trade in trades:
        saved(Activity(provider=provider, trade=trade))
    provider.skills.set(skills)
    if owner is not None:
        saved(Ownership(provider=provider, user=owner, since=NOW))
    way = {
        ProviderState.DRAFT: (),
        ProviderState.PENDING: (ProviderState.PENDING,),
        ProviderState.PUBLISHED: (ProviderState.PUBLISHED,),
        ProviderState.SUSPENDED: (ProviderState.PUBLISHED, ProviderState.SUSPENDED),
    }
    for step in way[ProviderState(state)]:
        provider.state, provider.state_since = step, NOW
        provider.first_published_at = NOW if step != ProviderState.PENDING else None
        provider.confirmed_at = provider.first_published_at
        saved(provider)
    return provider


def an_organisation(name: str = "", **fields: Any) -> Organisation:
    values: dict[str, Any] = {
        "name": name or f"Boulangerie {next(_numbers)}",
        "kind": OrganisationKind.BUSINESS,
        "made_at": NOW,
    }
    if "commune" not in fields:
        values["commune"] = a_commune()
    return saved(Organisation(**(values | fields)))


def a_need(title: str = "", *, state: str = NeedState.OPEN, **fields: Any) -> Need:
    """A need, open since `NOW` with two weeks to answer; by the table of moves otherwise."""
    number = next(_numbers)
    organisation = fields.pop("organisation", None) or an_organisation()
    values: dict[str, Any] = {
        "organisation": organisation,
        "commune": organisation.commune,
        "contact_name": f"Contact {number}",
        "contact_email": f"contact{number}@example.org",
        "key": secrets.token_urlsafe(32),
        "title": title or f"Besoin {number}",
        "description": "De quoi il s’agit.",
        "deadline": MONDAY + timedelta(days=14),
        "made_at": NOW,
        "fingerprint": f"{number:064}",
    }
    need = saved(Need(**(values | fields)))
    opened = (NeedState.SUBMITTED, NeedState.OPEN)
    way: dict[str, tuple[str, ...]] = {
        NeedState.DRAFT: (),
        NeedState.SUBMITTED: (NeedState.SUBMITTED,),
        NeedState.REJECTED: (NeedState.SUBMITTED, NeedState.REJECTED),
        NeedState.OPEN: opened,
    }
    for step in way.get(state, (*opened, state)):
        need.state, need.state_since = step, NOW
        if step == NeedState.OPEN:
            need.opened_at = need.next_batch_at = NOW
        if step == NeedState.AWARDED_OUTSIDE:
            need.outside_reason = "no_skill"
        saved(need)
    return need


def a_solicitation(need: Need, provider: Provider, **fields: Any) -> Solicitation:
    """A provider was asked at `NOW`."""
    values: dict[str, Any] = {
        "need": need,
        "provider": provider,
        "key": secrets.token_urlsafe(32),
        "sent_at": NOW,
    }
    return saved(Solicitation(**(values | fields)))


def in_two_weeks() -> date:
    return MONDAY + timedelta(days=14)


def saved(row: Row) -> Row:
    row.full_clean()
    row.save()
    return row
