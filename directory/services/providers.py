"""A provider's own columns; its parts are in `profile_parts`, its state in `publishing`.

Whoever writes locks the provider's row first. A form carries the edition of the columns it was
drawn from: two people who write different parts do not disturb each other, and of two who write
the same part the second is shown what the first wrote.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.models import Ownership, Provider
from directory.services.index import reindex
from members import audit
from members.models import Act, Member, User
from members.standing import member_of

# The small forms of an owner's page, and the columns that each writes.
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "presentation": ("name", "headline", "description"),
    "place": ("commune", "mode", "range_km", "meets_at_space"),
    "price": ("price_unit", "price_low", "price_high", "currency"),
    "availability": ("available_from", "available_until"),
    "contact": ("email", "phone", "website", "address", "legal_number", "legal_contact"),
}
EDITABLE: Final = frozenset(name for names in SECTIONS.values() for name in names)
SLUG_LENGTH: Final = 60
LONGEST_PROMISE: Final = timedelta(days=367)  # a year, and the day after


def lock(provider: Provider) -> Provider:
    """The provider as it stands, behind every other writer of it. Needs a transaction."""
    rows = Provider.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("commune").get(pk=provider.pk)


def check_owner(*, provider: Provider, by: User) -> None:
    """Refuse (`not_yours`) whoever neither speaks for it nor may change providers."""
    if by.has_perm("directory.change_provider"):
        return
    if not Ownership.objects.filter(provider=provider, user=by).exists():
        raise ValidationError(_("Cette fiche n’est pas la vôtre."), code="not_yours")


def concerned(provider: Provider, by: User | None) -> Member | None:
    """The member whom a trace is about: who writes, if an owner; else the first of the owners."""
    owners = list(
        User.objects.filter(ownerships__provider=provider)
        .select_related("member")
        .order_by("ownerships__since", "pk")
    )
    mine = next((owner for owner in owners if by is not None and owner.pk == by.pk), None)
    first = mine or next(iter(owners), None)
    return member_of(first) if first is not None else None


def edition(provider: Provider, section: str) -> str:
    """A short mark of what the columns of a section hold now."""
    values = audit.snapshot(provider)
    held = [values[Provider._meta.get_field(name).attname] for name in SECTIONS[section]]  # type: ignore[union-attr]
    return mark_of(held)


def mark_of(held: object) -> str:
    """A short mark of plain values."""
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:16]


def check_seen(*, seen: str, now_holds: str) -> None:
    """Refuse (`stale`) what was typed over something that has changed since."""
    if seen and seen != now_holds:
        raise ValidationError(
            _(
                "Cette partie a changé entre-temps, peut-être depuis un autre écran. Votre saisie "
                "est gardée : enregistrez de nouveau pour remplacer ce qui a changé."
            ),
            code="stale",
        )


@transaction.atomic
def make(*, by: User, now: datetime, values: Mapping[str, Any]) -> Provider:
    """Make the draft of a profile that nobody owns yet: the team's way to enter one.

    Raises ValidationError as the fields refuse; KeyError for a column that is not `EDITABLE`.
    """
    provider = Provider(made_at=now, changed_at=now, state_since=now)
    _write(provider, values, now)
    provider.slug = _free_slug(provider.name)
    _save_new(provider)
    audit.record(act=Act.CREATED, subject=provider, by=by, now=now, before={}, member=member_of(by))
    return provider


@transaction.atomic
def change(
    *, provider: Provider, by: User, now: datetime, values: Mapping[str, Any], seen: str = ""
) -> Provider:
    """Write some columns of a profile.

    Args:
        values: columns of one section of `SECTIONS`, or any of `EDITABLE` without `seen`.
        seen: the `edition` of the section that the form was drawn from; "": not checked.

    A legal number that changes has to be checked anew. Raises ValidationError: `not_yours`,
    `stale`, `bad_legal_number`, `legal_number_taken`, `too_far` for an availability that would not
    expire, and as the fields refuse.
    """
    current = lock(provider)
    check_owner(provider=current, by=by)
    if seen:
        section = next(name for name, names in SECTIONS.items() if set(values) <= set(names))
        check_seen(seen=seen, now_holds=edition(current, section))
    before, number = audit.snapshot(current), current.legal_number
    _write(current, values, now, number=number)
    _check_end(current, values, now)
    return save(provider=current, by=by, now=now, before=before)


def save(*, provider: Provider, by: User | None, now: datetime, before: audit.Values) -> Provider:
    """Save a locked provider with its trace, if anything changed.

    Raises ValidationError `legal_number_taken` when another profile won the number meanwhile.
    """
    provider.full_clean()
    if audit.snapshot(provider) == before:
        return provider
    provider.changed_at = now
    try:
        with transaction.atomic():
            provider.save()
    except IntegrityError as error:
        raise _taken() from error
    audit.record(
        act=Act.CHANGED,
        subject=provider,
        by=by,
        now=now,
        before=before,
        member=concerned(provider, by),
    )
    reindex(provider=provider)
    return provider


def _write(provider: Provider, values: Mapping[str, Any], now: datetime, number: str = "") -> None:
    if unknown := set(values) - EDITABLE:
        raise KeyError(f"not of a profile: {sorted(unknown)}")
    for name, value in values.items():
        setattr(provider, name, value.strip() if isinstance(value, str) else value)
    if "legal_number" not in values:
        return
    provider.clean()  # puts the number in form
    if provider.legal_number != number:
        for name, value in provider.number_changed(timezone.localdate(now)).items():
            setattr(provider, name, value)


def _check_end(provider: Provider, values: Mapping[str, Any], now: datetime) -> None:
    until = provider.available_until
    if "available_until" not in values or until is None:
        return
    if until > timezone.localdate(now) + LONGEST_PROMISE:
        far = ValidationError(_("Un an au plus : dites-le de nouveau ensuite."), code="too_far")
        raise ValidationError({"available_until": far})


def _free_slug(name: str) -> str:
    base = slugify(name)[:SLUG_LENGTH].strip("-") or "fiche"
    taken = set(Provider.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    tries = (base, *(f"{base}-{number}" for number in range(2, 1000)))
    return next((slug for slug in tries if slug not in taken), f"{base}-{secrets.token_hex(4)}")


def _save_new(provider: Provider) -> None:
    provider.full_clean()
    try:
        with transaction.atomic():
            provider.save()
    except IntegrityError as error:
        # Somebody of the same name was quicker, or of the same number.
        if not Provider.objects.filter(slug=provider.slug).exists():
            raise _taken() from error
        provider.slug = f"{provider.slug[:SLUG_LENGTH]}-{secrets.token_hex(4)}"
        provider.save()


def _taken() -> ValidationError:
    words = ValidationError(_("Une fiche existe déjà pour ce numéro."), code="legal_number_taken")
    return ValidationError({"legal_number": words})
