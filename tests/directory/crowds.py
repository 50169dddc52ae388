"""Many providers and needs at once, written in bulk: to count queries, and to ask for long."""

import secrets
from datetime import timedelta
from itertools import count

from directory.models import (
    Activity,
    Commune,
    Need,
    NeedState,
    Organisation,
    Ownership,
    Provider,
    ProviderState,
    Skill,
    Trade,
)
from members.models import User
from tests.factories import MONDAY, NOW

_numbers = count(1)


def many_providers(
    number: int,
    *,
    trade: Trade,
    commune: Commune,
    skill: Skill | None = None,
    owner: User | None = None,
) -> list[Provider]:
    """So many published providers of a trade, all of one commune."""
    batch = next(_numbers)
    made = Provider.objects.bulk_create(
        Provider(
            name=f"Foule {batch} {index:03}",
            slug=f"foule-{batch}-{index}",
            commune=commune,
            made_at=NOW,
            changed_at=NOW,
        )
        for index in range(number)
    )
    keys = [each.pk for each in made]
    Provider.objects.filter(pk__in=keys).update(
        state=ProviderState.PUBLISHED, first_published_at=NOW
    )
    Activity.objects.bulk_create(Activity(provider=each, trade=trade) for each in made)
    if skill is not None:
        held = Provider.skills.through
        held.objects.bulk_create(held(provider=each, skill=skill) for each in made)
    if owner is not None:
        Ownership.objects.bulk_create(
            Ownership(provider=each, user=owner, since=NOW) for each in made
        )
    return list(Provider.objects.filter(pk__in=keys).order_by("pk"))


def many_needs(number: int, *, trade: Trade, organisation: Organisation) -> list[Need]:
    """So many equal needs, open since `NOW`, each with a day more to answer than the one before."""
    made = Need.objects.bulk_create(
        Need(
            organisation=organisation,
            commune=organisation.commune,
            trade=trade,
            contact_name="Odile Perrin",
            contact_email="odile@morez.example",
            key=secrets.token_urlsafe(32),
            title=f"Besoin {index:03}",
            deadline=MONDAY + timedelta(days=14 + index),
            made_at=NOW,
            fingerprint=f"{index:064}",
            state=NeedState.SUBMITTED,
        )
        for index in range(number)
    )
    keys = [each.pk for each in made]
    Need.objects.filter(pk__in=keys).update(state=NeedState.OPEN, opened_at=NOW, next_batch_at=NOW)
    return list(Need.objects.filter(pk__in=keys).order_by("pk"))
