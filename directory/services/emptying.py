"""Emptying rows of the directory of every word and address; what happened to them stays.

A need keeps its trade, its place, its bands, its dates and its outcome: what the figures count. A
solicitation keeps its dates. Called when a person is erased, and when the time to keep is over.
"""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from directory.models import (
    Agent,
    Attachment,
    Claim,
    Found,
    LegalState,
    Message,
    Need,
    NeedState,
    Organisation,
    Provider,
    ProviderState,
    Report,
    Solicitation,
)
from directory.services.index import forget_words, reindex_those
from members.services.erasure import ERASED_DOMAIN, ERASED_NAME

# Stored, not translated: these are their names from then on.
PROVIDER_NAME: Final = "Fiche effacée"
ORGANISATION_NAME: Final = "Donneur d’ordre effacé"
NEED_TITLE: Final = "Besoin effacé"
# What the page where one posts promises; applied by `manage.py retention`.
DRAFT_DAYS: Final = 7  # of a need that is never confirmed
CONTACT_MONTHS: Final = 24  # after the end of a need
NO_ADDRESS: Final = f"efface@{ERASED_DOMAIN}"

_TEXTS: Final = (
    "headline",
    "description",
    "price_unit",
    "email",
    "phone",
    "website",
    "address",
    "legal_contact",
    "legal_number",
    "state_reason",
)
_VALUES: Final = (
    "latitude",
    "longitude",
    "price_low",
    "price_high",
    "available_from",
    "available_until",
    "legal_checked_on",
)


@transaction.atomic
def empty_providers(*, keys: Collection[int], now: datetime) -> int:
    """Take profiles offline, and leave of each its commune and what it was asked. Returns how many.

    Nobody speaks for them any more, and the links of old letters lead nowhere. The search forgets
    them, and the words that were theirs alone.
    """
    if not keys:
        return 0
    providers = Provider.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    for provider in providers:
        for name in _TEXTS:
            setattr(provider, name, "")
        for name in _VALUES:
            setattr(provider, name, None)
        provider.name, provider.slug = PROVIDER_NAME, f"fiche-effacee-{provider.pk}"
        provider.legal_state, provider.meets_at_space = LegalState.UNCHECKED, False
        if provider.state != ProviderState.DRAFT:
            provider.state, provider.state_since = ProviderState.DRAFT, now
        provider.changed_at = now
        provider.full_clean()
        provider.save()
        provider.skills.clear()
    for relation in ("activities", "spoken", "references", "shown_fields", "ownerships"):
        _children(relation).filter(provider__in=keys).delete()
    for model in (Claim, Found, Message, Report):
        model._default_manager.filter(provider__in=keys).delete()
    _empty_answers(Solicitation.objects.filter(provider__in=keys))
    reindex_those(providers=Provider.objects.filter(pk__in=keys))
    forget_words()
    return len(providers)


def _children(relation: str) -> "models.QuerySet[Any]":
    model: type[models.Model] = Provider._meta.get_field(relation).related_model  # type: ignore[assignment]
    return model._default_manager.order_by()


@transaction.atomic
def empty_needs(*, keys: Collection[int], now: datetime) -> int:
    """Leave of needs what the figures count. One that was never opened is withdrawn. How many."""
    needs = list(
        Need.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys).order_by("pk")
    )
    rows = Need.objects.filter(pk__in=[need.pk for need in needs])
    rows.filter(state__in=(NeedState.DRAFT, NeedState.SUBMITTED)).update(
        state=NeedState.WITHDRAWN, state_since=now
    )
    rows.update(
        contact_name=ERASED_NAME,
        contact_email=NO_ADDRESS,
        contact_phone="",
        title=NEED_TITLE,
        description="",
        state_reason="",
        outcome_words="",
        fingerprint="0" * 64,
        next_batch_at=None,
    )
    # No letter asks nobody.
    rows.filter(outcome_asked_at=None).update(outcome_asked_at=now)
    rows.filter(outcome_reminded_at=None).update(outcome_reminded_at=now)
    _change_keys(rows)
    Attachment.objects.filter(need__in=rows).delete()
    Report.objects.filter(need__in=rows).delete()
    _empty_answers(Solicitation.objects.filter(need__in=rows))
    return len(needs)


def _empty_answers(rows: "models.QuerySet[Solicitation]") -> None:
    rows.update(answer="", price=None, starts_on=None)
    _change_keys(rows)


def _change_keys(rows: "models.QuerySet[Any]") -> None:
    """Whoever holds the link of an old letter is nobody from now on."""
    changed = list(rows.only("pk").order_by("pk"))
    for row in changed:
        row.key = secrets.token_urlsafe(32)
    rows.model._default_manager.bulk_update(changed, ["key"], batch_size=200)


def nameless(organisations: "models.QuerySet[Organisation]") -> "models.QuerySet[Organisation]":
    """Of these, those for which nobody acts and whose needs are all emptied."""
    agents = Agent.objects.filter(organisation=OuterRef("pk"))
    speaking = Need.objects.filter(organisation=OuterRef("pk")).exclude(contact_email=NO_ADDRESS)
    return organisations.filter(~Exists(agents), ~Exists(speaking)).exclude(name=ORGANISATION_NAME)


@transaction.atomic
def empty_organisations(*, keys: Collection[int]) -> int:
    """Leave of order givers their kind and their commune. Returns how many."""
    return Organisation.objects.filter(pk__in=keys).update(
        name=ORGANISATION_NAME,
        legal_number="",
        legal_state=LegalState.UNCHECKED,
        legal_checked_on=None,
    )
