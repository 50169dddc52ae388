"""Many providers at once, written in bulk: to count queries with twenty and two hundred."""

from itertools import count

from directory.models import Activity, Commune, Ownership, Provider, ProviderState, Skill, Trade
from members.models import User
from tests.factories import NOW

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
