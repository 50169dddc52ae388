"""What those who are asked do: read, answer, decline, or nothing."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from coworking.demo.directory.agenda import Act, Agenda
from coworking.demo.directory.locals import Locals
from coworking.demo.directory.sheets import Row, rows, several
from directory.models import AmountBand, Need, Provider, Solicitation
from directory.services.answering import answer, decline, open_request
from directory.services.awards import award
from directory.services.solicitations import ask_next, introduce, takes_answers, volunteer
from members.models import User

ASKED_AT: Final = (timedelta(minutes=5), timedelta(days=2, hours=1))
ANSWERS: Final = "answers"
READS: Final = 0.5  # of those who say nothing
PRICES: Final = {
    AmountBand.UNDER_500: (120, 480),
    AmountBand.TO_2000: (600, 1900),
    AmountBand.TO_10000: (2400, 8800),
    AmountBand.TO_40000: (11000, 36000),
}


@dataclass(slots=True)
class Answers:
    """Who answers what, out of those whom the directory asks."""

    agenda: Agenda
    locals: Locals
    host: User
    providers: dict[str, Provider]
    _texts: list[str] = field(default_factory=lambda: [row["text"] for row in rows("answers.csv")])

    def begin(self, need: Need, row: Row, opened: datetime) -> None:
        """Ask in small batches from now on, and have the first ones do what the row says."""
        words = deque([ANSWERS] * int(row["answers"] or 0) + several(row["declines"]))
        for wait in ASKED_AT:
            self.agenda.plan(opened + wait, lambda now: self._ask(need, words, now))
        if row["introduced"]:
            self._plan_later(opened, lambda now: self._introduce(need, row["introduced"], now))
        if row["volunteer"]:
            self._plan_later(opened, lambda now: self._volunteer(need, row["volunteer"], now))

    def award(self, need: Need, *, by: User | None, now: datetime) -> None:
        """The best placed of those who answered gets it.

        In a short demonstration the coworkers, who joined with it, answered nobody before that.
        """
        answered = Solicitation.objects.answered().filter(need=need)
        first = answered.order_by("-score", "pk").first()
        if first is not None:
            award(solicitation=first, by=by, now=now)

    def _ask(self, need: Need, words: deque[str], now: datetime) -> None:
        for solicitation in ask_next(need=need, now=now):
            if words:
                self._plan_word(solicitation, words.popleft(), now)
            elif self.agenda.rng.random() < READS:
                self._plan_later(now, partial(self._open, solicitation))

    def _plan_word(self, solicitation: Solicitation, word: str, now: datetime) -> None:
        def reads(at: datetime) -> None:
            if not self._open(solicitation, at):
                return
            later = at + timedelta(minutes=self.agenda.rng.randint(10, 900))
            self.agenda.plan(later, lambda then: self._say(solicitation, word, then))

        self._plan_later(now, reads)

    def _open(self, solicitation: Solicitation, now: datetime) -> bool:
        if not _waits(solicitation, now):
            return False
        open_request(solicitation=solicitation, by=_owner(solicitation), now=now)
        return True

    def _say(self, solicitation: Solicitation, word: str, now: datetime) -> None:
        if not _waits(solicitation, now):
            return
        by = _owner(solicitation)
        if word != ANSWERS:
            decline(solicitation=solicitation, reason=word, by=by, now=now)
            return
        answer(
            solicitation=solicitation,
            text=self.agenda.rng.choice(self._texts),
            price=self._price(solicitation.need),
            currency=solicitation.provider.currency,
            starts_on=solicitation.need.starts_on,
            by=by,
            now=now,
        )

    def _price(self, need: Need) -> Decimal | None:
        if not need.budget:
            return None
        low, high = PRICES[AmountBand(need.budget)]
        return Decimal(self.agenda.rng.randrange(low, high, 20))

    def _introduce(self, need: Need, name: str, now: datetime) -> None:
        if not _was_asked(need, self.providers[name]):
            introduce(need=need, provider=self.providers[name], by=self.host, now=now)

    def _volunteer(self, need: Need, name: str, now: datetime) -> None:
        provider = self.providers[name]
        if _was_asked(need, provider):
            return
        by = self.locals.user(name, now)
        came = volunteer(need=need, provider=provider, by=by, now=now)
        self.agenda.plan(now + timedelta(minutes=15), lambda at: self._say(came, ANSWERS, at))

    def _plan_later(self, now: datetime, act: Act) -> None:
        hours = self.agenda.rng.uniform(2, 30)
        self.agenda.plan(now + timedelta(hours=hours), act)


def _waits(solicitation: Solicitation, now: datetime) -> bool:
    """Whether a word may still be said."""
    return takes_answers(Need.objects.get(pk=solicitation.need_id), now)


def _was_asked(need: Need, provider: Provider) -> bool:
    return Solicitation.objects.filter(need=need, provider=provider).exists()


def _owner(solicitation: Solicitation) -> User | None:
    found = solicitation.provider.ownerships.select_related("user").order_by("pk").first()
    return found.user if found else None
