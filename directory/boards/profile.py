"""A profile as the public sees it: only what its owner agreed to publish is here.

The preview of the owner is made by the same function, so it cannot show anything else.
"""

from dataclasses import dataclass
from datetime import date

from directory.models import (
    Activity,
    LegalState,
    Mode,
    Provider,
    Reference,
    Shown,
    ShownField,
    Skill,
    Speaks,
)
from members.models import User
from members.standing import member_of


@dataclass(frozen=True, slots=True)
class Profile:
    """What the template writes. What is not published is empty, whatever the row holds.

    `is_coworker`: an owner is a member inside the house who agreed to be seen. `owner_name` is
    there with consent only. `goes_out`: it travels to its clients.
    """

    provider: Provider
    activities: list[Activity]
    skills: list[Skill]
    languages: list[Speaks]
    references: list[Reference]
    email: str
    phone: str
    website: str
    address: str
    legal_number: str
    is_verified: bool
    shows_price: bool
    is_available: bool
    is_coworker: bool
    owner_name: str
    goes_out: bool

    @property
    def has_contact(self) -> bool:
        return bool(self.email or self.phone or self.website or self.address)


def profile(provider: Provider, today: date) -> Profile:
    """The public face of a provider whose commune was selected with it. Seven queries."""
    shown = set(ShownField.objects.filter(provider=provider).values_list("field", flat=True))
    owners = list(
        User.objects.filter(ownerships__provider=provider, is_active=True)
        .select_related("member")
        .order_by("ownerships__since", "pk")
    )
    references = Shown.REFERENCES in shown

    def public(field: Shown, value: str) -> str:
        return value if field in shown else ""

    return Profile(
        provider=provider,
        activities=list(provider.activities.select_related("trade")),
        skills=list(provider.skills.order_by("name", "pk")),
        languages=list(provider.spoken.all()),
        references=list(provider.references.all()) if references else [],
        email=public(Shown.EMAIL, provider.email),
        phone=public(Shown.PHONE, provider.phone),
        website=public(Shown.WEBSITE, provider.website),
        address=public(Shown.ADDRESS, provider.address),
        legal_number=public(Shown.LEGAL_NUMBER, provider.legal_number_shown),
        is_verified=provider.legal_state == LegalState.VERIFIED,
        shows_price=Shown.PRICE in shown and provider.price_low is not None,
        is_available=_is_available(provider, today),
        is_coworker=any(_is_seen(owner) for owner in owners),
        owner_name=", ".join(owner.name for owner in owners if owner.name)
        if Shown.OWNER in shown
        else "",
        goes_out=provider.mode != Mode.REMOTE,
    )


def _is_available(provider: Provider, today: date) -> bool:
    """Its word holds today, or for days that come: an old promise expires by itself."""
    return provider.available_until is not None and provider.available_until > today


def _is_seen(owner: User) -> bool:
    member = member_of(owner)
    return member is not None and member.is_visible
