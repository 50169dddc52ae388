"""A provider in a list: the name, the trades, where, and why it is among the results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from directory.models import Provider, SpokenLanguage


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
    def is_available(self) -> bool:
        start, end = self.provider.available_from, self.provider.available_until
        return start is not None and end is not None and start <= self.today < end

    @property
    def available_later(self) -> date | None:
        """The day from which, when it is still to come."""
        start = self.provider.available_from
        return start if start is not None and start > self.today else None


FRENCH = SpokenLanguage.FRENCH


def cards(providers: Iterable[Provider], today: date) -> Sequence[Card]:
    return [Card(provider, today) for provider in providers]
