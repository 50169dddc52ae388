"""The answers to a need side by side, who was asked, and how far each request went.

For the author's page: a constant number of queries, however many were asked.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from directory.geography import distance_km
from directory.matching import why
from directory.models import Need, NeedState, Ownership, Provider, Solicitation, Step
from members.models import State


@dataclass(frozen=True, slots=True)
class Asked:
    """A provider who was asked. `km`: from the need, as the crow flies; None: not known."""

    solicitation: Solicitation
    provider: Provider
    languages: list[str]
    km: int | None
    is_coworker: bool
    reasons: list[str]

    @property
    def step(self) -> Step:
        return self.solicitation.step


@dataclass(frozen=True, slots=True)
class Answers:
    """`answered`: the chosen one, then the cheapest first, those without a price last.

    `waiting`: neither answered nor declined.
    """

    need: Need
    answered: list[Asked]
    declined: list[Asked]
    waiting: list[Asked]
    may_award: bool

    @property
    def asked(self) -> int:
        return len(self.answered) + len(self.declined) + len(self.waiting)

    @property
    def read(self) -> int:
        """How many of those who wait have read it."""
        return Counter(each.step for each in self.waiting)[Step.OPENED]

    @property
    def next_batch_at(self) -> datetime | None:
        """When more will be asked; None: nobody more is."""
        return self.need.next_batch_at if self.need.state == NeedState.OPEN else None


def answers_of(need: Need) -> Answers:
    """Who was asked about a need (selected with its commune), and what each said."""
    rows = (
        Solicitation.objects.filter(need=need)
        .select_related("provider__commune")
        .prefetch_related("provider__spoken")
        .order_by("answered_at", "-score", "pk")
    )
    coworkers = set(
        Ownership.objects.filter(
            provider__solicitations__need=need, user__member__state=State.ACTIVE
        ).values_list("provider", flat=True)
    )
    found = [_asked(row, need, row.provider_id in coworkers) for row in rows]
    answered = [each for each in found if each.solicitation.answered_at]
    return Answers(
        need=need,
        answered=sorted(answered, key=_turn),
        declined=[each for each in found if each.solicitation.declined_at],
        waiting=[each for each in found if each.step in (Step.SENT, Step.OPENED)],
        may_award=need.state in (NeedState.OPEN, NeedState.EXPIRED),
    )


def _turn(each: Asked) -> tuple[bool, bool, Decimal]:
    said = each.solicitation
    return (said.awarded_at is None, said.price is None, said.price or Decimal(0))


def _asked(row: Solicitation, need: Need, is_coworker: bool) -> Asked:
    provider = row.provider
    here, there = need.commune.point, provider.point
    return Asked(
        solicitation=row,
        provider=provider,
        languages=[str(each) for each in provider.spoken.all()],
        km=round(distance_km(here, there)) if here and there else None,
        is_coworker=is_coworker,
        reasons=why(row.breakdown),
    )
