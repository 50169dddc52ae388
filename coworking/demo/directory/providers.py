"""Profiles: written by their owners, read by the host, confirmed now and then."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.text import slugify

from coworking.demo import DOMAIN
from coworking.demo.directory.agenda import Agenda
from coworking.demo.directory.locals import Locals, address_of
from coworking.demo.directory.sheets import Row, rows, several, some
from directory.models import Commune, Provider, ProviderState, Shown, Trade
from directory.services.claims import claim
from directory.services.confirmations import confirm
from directory.services.new_profiles import create
from directory.services.profile_parts import (
    save_activity,
    save_reference,
    set_languages,
    set_skills,
)
from directory.services.providers import make
from directory.services.publishing import approve, publish, send_back, suspend
from members.models import User

UNCLAIMED: Final = "unclaimed"  # entered by the host; somebody may say that it is theirs
SENT_BACK: Final = "sent_back"
CLAIMED: Final = "Carrelages Bonnefoy-Claudet"
CONFIRMED_WITHIN: Final = 26  # weeks
FORGETS: Final = 9  # every ninth owner does not confirm

WHY_SENT_BACK: Final = (
    "Dites ce que vous faites vous-même, et retirez « prix cassés » : l’annuaire n’est pas un "
    "tract."
)
WHY_SUSPENDED: Final = "L’activité est en pause : à remettre en ligne quand elle reprend."
CLAIM: Final = "C’est mon entreprise, je voudrais compléter la fiche et répondre aux demandes."


@dataclass(slots=True)
class Profiles:
    """The providers by name, as they come to be."""

    agenda: Agenda
    locals: Locals
    host: User
    communes: dict[str, Commune]
    trades: dict[str, Trade]
    made: dict[str, Provider] = field(default_factory=dict)

    def plan(self) -> None:
        for number, row in enumerate(rows("providers.csv")):
            self._plan(number, row)

    def _plan(self, number: int, row: Row) -> None:
        agenda, weeks = self.agenda, int(row["weeks"])
        at = agenda.ago(weeks)
        joined = self.locals.since(owner_of(row))
        if joined is not None and at <= joined:
            at = agenda.after(joined, 3)
        agenda.plan(at, lambda now: self._begin(row, now))
        recent = agenda.ago(agenda.rng.uniform(1, CONFIRMED_WITHIN - 4))
        if recent > at + timedelta(weeks=4) and number % FORGETS:
            agenda.plan(recent, lambda now: self._confirm(row, now))

    def _begin(self, row: Row, now: datetime) -> None:
        by_host = row["state"] == UNCLAIMED
        owner = self.host if by_host else self.locals.user(owner_of(row), now)
        provider = self._made_by_host(row, now) if by_host else self._made(row, owner, now)
        self.made[row["name"]] = provider
        self._details(row, provider, owner, now)
        if row["state"] == ProviderState.DRAFT:
            return
        sent = publish(provider=provider, by=owner, now=now)
        if sent.state == ProviderState.PENDING and row["state"] != ProviderState.PENDING:
            self.agenda.plan(self.agenda.after(now, 1), lambda at: self._decide(row, at))

    def _made(self, row: Row, owner: User, now: datetime) -> Provider:
        return create(
            by=owner,
            now=now,
            values=self._values(row) | self._free(row),
            trades=[self.trades[slug] for slug, _details in trades_of(row)],
            skills=several(row["skills"]),
            languages=several(row["languages"]),
            shown=several(row["shown"]),
        )

    def _made_by_host(self, row: Row, now: datetime) -> Provider:
        """The host knows what stands on the sign; what may be published, the owner alone says."""
        by = self.host
        values = self._values(row) | {"legal_contact": address_of(row["contact"]), "email": ""}
        provider = make(by=by, now=now, values=values)
        for slug, _details in trades_of(row):
            save_activity(provider=provider, trade=self.trades[slug], by=by, now=now)
        set_skills(provider=provider, words=several(row["skills"]), by=by, now=now)
        set_languages(provider=provider, languages=several(row["languages"]), by=by, now=now)
        if row["name"] == CLAIMED:
            self.agenda.plan(self.agenda.ago(0), lambda at: self._claim(row, at))
        return provider

    def _details(self, row: Row, provider: Provider, owner: User, now: datetime) -> None:
        for slug, details in trades_of(row):
            if details:
                trade = self.trades[slug]
                save_activity(provider=provider, trade=trade, by=owner, now=now, details=details)
        for reference in several(row["references"]):
            client, what, year = reference.split("@")
            values = {"client": client, "what": what, "year": int(year)}
            save_reference(provider=provider, by=owner, now=now, values=values)

    def _decide(self, row: Row, now: datetime) -> None:
        provider = self.made[row["name"]]
        if row["state"] == SENT_BACK:
            send_back(provider=provider, by=self.host, now=now, reason=WHY_SENT_BACK)
            return
        approve(provider=provider, by=self.host, now=now)
        if row["state"] == ProviderState.SUSPENDED:
            self.agenda.plan(self.agenda.after(now, 60), lambda at: self._suspend(row, at))

    def _suspend(self, row: Row, now: datetime) -> None:
        suspend(provider=self.made[row["name"]], by=self.host, now=now, reason=WHY_SUSPENDED)

    def _claim(self, row: Row, now: datetime) -> None:
        user = self.locals.user(row["contact"], now)
        claim(provider=self.made[row["name"]], user=user, now=now, message=CLAIM)

    def _confirm(self, row: Row, now: datetime) -> None:
        provider = Provider.objects.get(pk=self.made[row["name"]].pk)
        if provider.is_published and row["state"] == ProviderState.PUBLISHED:
            confirm(provider=provider, by=self.locals.user(owner_of(row), now), now=now)

    def _values(self, row: Row) -> dict[str, Any]:
        slug = slugify(row["name"])
        found = some(
            row,
            *("name", "headline", "description", "mode", "range_km", "phone", "legal_number"),
            *("price_unit", "price_low", "price_high", "currency"),
        )
        found["commune"] = commune = self.communes[row["commune"]]
        found["email"] = f"{slug}@{DOMAIN}"
        found["meets_at_space"] = bool(row["meets"])
        if Shown.WEBSITE in several(row["shown"]):
            found["website"] = f"https://{slug}.{DOMAIN}/"
        if Shown.ADDRESS in several(row["shown"]):
            number = self.agenda.rng.randint(2, 90)
            found["address"] = f"{number} route des Essais, {commune.postcode} {commune.name}"
        return found

    def _free(self, row: Row) -> dict[str, Any]:
        """From when to when it has time, told in weeks from today."""
        if not row["free"]:
            return {}
        today = timezone.localdate(self.agenda.now)
        first, last = (int(weeks) for weeks in row["free"].split(".."))
        return {
            "available_from": today + timedelta(weeks=first),
            "available_until": today + timedelta(weeks=last),
        }


def owner_of(row: Row) -> str:
    """The person behind a profile: a coworker's is in their own name."""
    return row["contact"] or row["name"]


def trades_of(row: Row) -> list[tuple[str, str]]:
    """The slug of each trade, with its details."""
    return [
        (slug, details)
        for slug, _sign, details in (cell.partition("=") for cell in several(row["trades"]))
    ]
