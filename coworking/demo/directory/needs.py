"""Needs, from the first line to what became of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from coworking.demo.directory.agenda import Act, Agenda
from coworking.demo.directory.answers import Answers
from coworking.demo.directory.locals import Locals, address_of
from coworking.demo.directory.sheets import Row, rows, several, some
from directory.models import Commune, Need, NeedState, Organisation, Skill, Trade
from directory.services.needs import confirm, expire_due, open_need, post, reject, withdraw
from directory.services.outcome import tell_outcome
from members.folding import fold
from members.models import User

READ = timedelta(minutes=20)  # the letter that confirms


@dataclass(slots=True)
class Needs:
    """The needs of the organisations, each on its way."""

    agenda: Agenda
    locals: Locals
    host: User
    communes: dict[str, Commune]
    trades: dict[str, Trade]
    answers: Answers
    _organisations: dict[str, Row] = field(default_factory=dict)

    def plan(self) -> None:
        self._organisations = {row["name"]: row for row in rows("organisations.csv")}
        for row in rows("needs.csv"):
            story = Story(self, row, self._organisations[row["organisation"]])
            self.agenda.plan(self.agenda.ago(int(row["weeks"])), story.post)


@dataclass(slots=True)
class Story:
    """One need. `row` says where it ends: it goes no further than that."""

    needs: Needs
    row: Row
    organisation: Row
    need: Need = field(init=False)
    by: User | None = None

    def post(self, now: datetime) -> None:
        contact = self.organisation["contact"]
        if self.organisation["account"]:
            self.by = self.needs.locals.user(contact, now)
        need = Need(
            **some(self.row, "kind", "title", "description", "mode", "radius_km", "budget"),
            trade=self.needs.trades.get(self.row["trade"]),
            commune=self.needs.communes[self.organisation["commune"]],
            contact_name=contact,
            contact_email=address_of(contact),
            is_anonymous=bool(self.row["is_anonymous"]),
            **self._dates(now),
        )
        self.need = post(
            need=need,
            organisation=self._known() or self._new(),
            by=self.by,
            now=now,
            skills_must=_skills(self.row["skills_must"]),
            skills_nice=_skills(self.row["skills_nice"]),
        )
        if self._ends(NeedState.DRAFT):
            return
        if self.need.state == NeedState.DRAFT:
            self._plan(now + READ, self._confirm)
        else:
            self._submitted(now)

    def _confirm(self, now: datetime) -> None:
        self.need = confirm(need=self.need, by=self.by, now=now)
        self._submitted(now)

    def _submitted(self, now: datetime) -> None:
        if self._ends(NeedState.SUBMITTED):
            return
        if self.need.state == NeedState.OPEN:  # the host knows this address
            self._opened(now)
        else:
            self._plan(self._later(now, 0.5), self._read)

    def _read(self, now: datetime) -> None:
        if self._ends(NeedState.REJECTED):
            host, why = self.needs.host, self.row["words"]
            self.need = reject(need=self.need, by=host, now=now, reason=why)
            return
        self.need = open_need(need=self.need, by=self.needs.host, now=now)
        self._opened(now)

    def _opened(self, now: datetime) -> None:
        self.needs.answers.begin(self.need, self.row, now)
        days = (self.need.deadline - timezone.localdate(now)).days
        over = now + timedelta(days=days + 1)
        if self._ends(NeedState.WITHDRAWN):
            self._plan(self._later(now, 5), self._withdraw)
        elif self._ends(NeedState.AWARDED_LOCAL):
            self._plan(self._later(now, days * 0.6), self._award)
            self._plan(self._later(over, 4), self._tell)
        elif not self._ends(NeedState.OPEN):
            self._plan(over, _expire)
            if not self._ends(NeedState.EXPIRED):
                self._plan(self._later(over, 4), self._tell)

    def _award(self, now: datetime) -> None:
        self.needs.answers.award(self.need, by=self.by, now=now)

    def _withdraw(self, now: datetime) -> None:
        self.need = withdraw(need=self.need, by=self.by, now=now)

    def _tell(self, now: datetime) -> None:
        self.need = tell_outcome(
            need=self.need,
            to=NeedState(self.row["state"]),
            by=self.by,
            now=now,
            **some(self.row, "outside_reason", "amount", "otherwise", "words"),
        )

    def _known(self) -> Organisation | None:
        """The organisation that this account acts for already."""
        if self.by is None:
            return None
        mine = Organisation.objects.acted_for_by(self.by)
        return mine.filter(name=self.organisation["name"]).first()

    def _new(self) -> Organisation:
        return Organisation(
            **some(self.organisation, "name", "kind", "legal_number"),
            commune=self.needs.communes[self.organisation["commune"]],
        )

    def _dates(self, now: datetime) -> dict[str, Any]:
        deadline = timezone.localdate(now) + timedelta(days=int(self.row["days_open"]))
        if self.needs.agenda.rng.random() < 0.4:
            return {"deadline": deadline}
        begins = deadline + timedelta(days=self.needs.agenda.rng.randint(5, 40))
        return {"deadline": deadline, "starts_on": begins}

    def _ends(self, state: NeedState) -> bool:
        return self.row["state"] == state

    def _plan(self, at: datetime, act: Act) -> None:
        self.needs.agenda.plan(at, act)

    def _later(self, now: datetime, days: float) -> datetime:
        return self.needs.agenda.after(now, days)


def _expire(now: datetime) -> None:
    expire_due(now=now)


def _skills(cell: str) -> list[Skill]:
    folded = [fold(word) for word in several(cell)]
    return list(Skill.objects.filter(folded__in=folded).order_by("folded"))
