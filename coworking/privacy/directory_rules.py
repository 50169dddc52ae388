"""How long the directory keeps anything."""

from datetime import datetime
from typing import Any, Final

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from coworking.privacy.rule import DELETED, EMPTIED, Rule
from directory.models import (
    CLOSED,
    Agent,
    Claim,
    Found,
    Message,
    Missed,
    Need,
    NeedState,
    Organisation,
    OrganisationKind,
    Provider,
    ProviderState,
    Report,
    Solicitation,
)
from directory.services import emptying


def unconfirmed(before: datetime) -> models.QuerySet[Need]:
    return Need.objects.filter(state=NeedState.DRAFT, made_at__lt=before)


def orderless(before: datetime) -> models.QuerySet[Organisation]:
    """Order givers of nothing but needs that were never confirmed, for whom nobody acts."""
    here = {"organisation": OuterRef("pk")}
    agents = Agent.objects.filter(**here)
    needs = Need.objects.filter(**here).exclude(pk__in=unconfirmed(before))
    return Organisation.objects.filter(~Exists(agents), ~Exists(needs), made_at__lt=before)


def ended(before: datetime) -> models.QuerySet[Need]:
    over = Need.objects.filter(state__in=(*CLOSED, NeedState.EXPIRED), state_since__lt=before)
    return over.exclude(contact_email=emptying.NO_ADDRESS)


def empty_ended(keys: list[Any], now: datetime) -> int:
    """A firm or a town hall keeps its name; a person who ordered keeps none."""
    done = emptying.empty_needs(keys=keys, now=now)
    people = Organisation.objects.filter(needs__in=keys, kind=OrganisationKind.PERSON).distinct()
    left = emptying.nameless(people).values_list("pk", flat=True)
    emptying.empty_organisations(keys=list(left))
    return done


def unused(before: datetime) -> models.QuerySet[Provider]:
    """Profiles that are not online and that nobody touched."""
    return Provider.objects.filter(
        state=ProviderState.DRAFT, changed_at__lt=before, state_since__lt=before
    )


def never_asked(before: datetime) -> models.QuerySet[Provider]:
    asked = Solicitation.objects.filter(provider=OuterRef("pk"))
    awarded = Need.objects.filter(awarded_to=OuterRef("pk"))
    return unused(before).filter(~Exists(asked), ~Exists(awarded))


def once_asked(before: datetime) -> models.QuerySet[Provider]:
    rest = unused(before).exclude(pk__in=never_asked(before))
    return rest.exclude(name=emptying.PROVIDER_NAME)


DIRECTORY_RULES: Final = (
    Rule(
        "unconfirmed",
        "needs that were never confirmed, with their files",
        0,
        emptying.DRAFT_DAYS,
        "perhaps not the person's address",
        DELETED,
        unconfirmed,
    ),
    Rule(
        "orderless",
        "order givers without a need or a person",
        0,
        emptying.DRAFT_DAYS,
        "made with a need that was never confirmed",
        DELETED,
        orderless,
    ),
    Rule(
        "needs",
        "words, contacts and files of needs that have ended",
        emptying.CONTACT_MONTHS,
        0,
        "what is counted is their trade, place, bands and outcome",
        EMPTIED,
        ended,
        empty_ended,
    ),
    Rule(
        "unproved",
        "messages whose sender never proved the address",
        0,
        7,
        "perhaps not the person's address",
        DELETED,
        lambda before: Message.objects.filter(relayed_at=None, made_at__lt=before),
    ),
    Rule(
        "messages",
        "messages to providers",
        12,
        0,
        "the provider has the letter",
        DELETED,
        lambda before: Message.objects.filter(relayed_at__isnull=False, made_at__lt=before),
    ),
    Rule(
        "reports",
        "reports that were handled",
        12,
        0,
        "time to see an abuse come back",
        DELETED,
        lambda before: Report.objects.filter(handled_at__lt=before),
    ),
    Rule(
        "claims",
        "claims of a profile that were decided",
        12,
        0,
        "time to contest",
        DELETED,
        lambda before: Claim.objects.filter(decided_at__lt=before),
    ),
    Rule(
        "found",
        "searches in which a profile was found",
        36,
        0,
        "three years show where demand goes",
        DELETED,
        lambda before: Found.objects.filter(day__lt=timezone.localdate(before)),
    ),
    Rule(
        "missed",
        "searches that found nobody",
        36,
        0,
        "as those that found somebody",
        DELETED,
        lambda before: Missed.objects.filter(day__lt=timezone.localdate(before)),
    ),
    Rule(
        "profiles",
        "profiles offline, untouched and never asked",
        12,
        0,
        "its owner has given it up",
        DELETED,
        never_asked,
    ),
    Rule(
        "offline",
        "profiles offline and untouched, that were asked once",
        12,
        0,
        "what they were asked is counted",
        EMPTIED,
        once_asked,
        lambda keys, now: emptying.empty_providers(keys=keys, now=now),
    ),
)
