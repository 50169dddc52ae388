"""A provider in a list: the name, the trades, where, and why it is among the results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from directory.models import Provider, SpokenLanguage

FRENCH: Final = SpokenLanguage.FRENCH
NEAR_KM: Final = 0.1


@dataclass(frozen=True, slots=True)
class Card:
    """`provider` as `Provider.objects.for_cards()` reads it; `km` as the crow flies, from where one
    searches; `reasons` in words."""

    provider: Provider
    today: date
    km: float | None = None
    reasons: tuple[str, ...] = ()

    @property
    def trades(self) -> list[str]:
        return [str(activity.trade) for activity in self.provider.activities.all()]

    @property
    def skills(self) -> list[str]:
        return [str(skill) for skill in self.provider.skills.all()]

    @property
    def languages(self) -> list[str]:
        """Those besides French, which everybody here expects."""
        spoken = self.provider.spoken.all()
        return [row.get_language_display() for row in spoken if row.language != FRENCH]

    @property
    def available_to(self) -> date | None:
        """The last day of an availability that holds today."""
        start, end = self.provider.available_from, self.provider.available_until
        if start is None or end is None or not start <= self.today < end:
            return None
        return end - timedelta(days=1)

    @property
    def is_elsewhere(self) -> bool:
        """Far enough from where one searches for the distance to say something."""
        return self.km is not None and self.km >= NEAR_KM

    @property
    def available_later(self) -> date | None:
        """The day from which, when it is still to come."""
        start = self.provider.available_from
        return start if start is not None and start > self.today else None


def cards(providers: Iterable[Provider], today: date) -> Sequence[Card]:
    return [Card(provider, today) for provider in providers]
