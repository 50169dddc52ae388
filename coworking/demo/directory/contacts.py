"""Words to providers, and what somebody reported."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from coworking.demo.directory.agenda import Agenda
from coworking.demo.directory.locals import Locals
from coworking.demo.directory.sheets import Row, rows
from directory.models import Need, Provider
from directory.services.messages import relay, write
from directory.services.reports import handle, report
from members.models import User


@dataclass(slots=True)
class Contacts:
    """Messages of neighbours with an account, and reports: of a profile, or of a need."""

    agenda: Agenda
    locals: Locals
    host: User
    providers: dict[str, Provider]

    def plan(self) -> None:
        for row in rows("messages.csv"):
            self._plan(row, self._write)
        for row in rows("reports.csv"):
            self._plan(row, self._report)

    def _plan(self, row: Row, act: Callable[[Row, datetime], None]) -> None:
        self.agenda.plan(self.agenda.ago(float(row["weeks"])), lambda now: act(row, now))

    def _write(self, row: Row, now: datetime) -> None:
        provider = self.providers.get(row["provider"])
        if provider is None:  # a coworker who, in a short demonstration, joined later
            return
        sender = self.locals.user(row["sender"], now)
        message = write(provider=provider, text=row["text"], sender=sender, now=now)
        relay(message=message, now=now)

    def _report(self, row: Row, now: datetime) -> None:
        need = Need.objects.filter(title=row["need"]).first() if row["need"] else None
        made = report(
            reason=row["reason"],
            now=now,
            provider=self.providers.get(row["provider"]),
            need=need,
            text=row["text"],
        )
        if row["outcome"]:

            def looks_at_it(at: datetime) -> None:
                handle(report=made, outcome=row["outcome"], by=self.host, now=at)

            self.agenda.plan(self.agenda.after(now, 1), looks_at_it)
