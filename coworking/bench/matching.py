"""The needs that are matched against many providers, and what one may cost."""

import os
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from coworking.bench.figures import percentile
from directory.matching import candidates
from directory.models import (
    Commune,
    Mode,
    Need,
    NeedState,
    Organisation,
    OrganisationKind,
    Ownership,
    Provider,
    Skill,
    Solicitation,
    Trade,
)
from members.models import User

P95_BELOW: Final = 1000.0  # milliseconds
PAST_NEEDS: Final = 100  # and as many requests about each
BATCH: Final = 2000
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MatchFigures:
    """Milliseconds of `candidates` alone: by the clock, and of processor, here and in the database.

    `server` is 0 on SQLite, whose work is done here.
    """

    name: str
    found: int
    queries: int
    p50: float
    p95: float
    cpu: float
    server: float

    def missed(self) -> list[str]:
        return ["p95"] if self.p95 >= P95_BELOW else []


def matched(times: int, now: datetime) -> list[MatchFigures]:
    """Match each need so many times, among the providers that `territory.settle` has made."""
    with transaction.atomic():
        needs = _needs(now)
        _past(now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [_match(name, need, times, now) for name, need in needs.items()]


def _needs(now: datetime) -> dict[str, Need]:
    """The first is what the demo and the pages ask; the last ones are as wide as one may ask."""
    commune = Commune.objects.filter(slug__startswith="bench-").order_by("pk")[0]
    popular = Trade.objects.get(slug="menuisier")
    other = Trade.objects.exclude(pk=popular.pk).order_by("pk")[0]
    on_site: dict[str, Any] = {"mode": Mode.ON_SITE, "radius_km": 30}
    wide: dict[str, Any] = {"mode": Mode.BOTH, "radius_km": 500}
    skilled = _need(commune, now, trade=other, **on_site)
    skilled.skills_must.set(Skill.objects.order_by("pk")[:1])
    english = {"language": "en", "budget": "to_2000"}
    return {
        "a trade": _need(commune, now, trade=other, **on_site),
        "a trade and a skill that must be": skilled,
        "words for a trade": _need(commune, now, title="Un menuisier pour l’escalier", **on_site),
        "a trade of 5 % of all": _need(commune, now, trade=popular, **on_site),
        "a trade of 5 % of all, anywhere": _need(commune, now, trade=popular, **wide, **english),
    }


def _need(commune: Commune, now: datetime, **fields: Any) -> Need:
    organisation, _made = Organisation.objects.get_or_create(
        name="Bench", kind=OrganisationKind.BUSINESS, commune=commune
    )
    values: dict[str, Any] = {
        "organisation": organisation,
        "commune": commune,
        "contact_name": "Bench",
        "contact_email": "bench@bench.example",
        "key": secrets.token_urlsafe(32),
        "title": "Bench",
        "deadline": now.date() + 14 * DAY,
        "made_at": now,
        "fingerprint": secrets.token_hex(32),
        "state": NeedState.SUBMITTED,
    }
    return Need.objects.create(**(values | fields))


def _past(now: datetime) -> None:
    """Everybody has an owner; and a year of requests, half of which were answered."""
    owner = User.objects.create_user("owner@bench.example", name="Owner")
    keys = list(Provider.objects.published().order_by("pk").values_list("pk", flat=True))
    Ownership.objects.bulk_create(
        (Ownership(provider_id=key, user=owner, since=now) for key in keys), batch_size=BATCH
    )
    commune = Commune.objects.filter(slug__startswith="bench-").order_by("pk")[0]
    turn = cycle(keys)
    for number in range(PAST_NEEDS):
        need, sent = _need(commune, now - 300 * DAY), now - (20 + number) * DAY
        Solicitation.objects.bulk_create(
            Solicitation(
                need=need,
                provider_id=key,
                key=secrets.token_urlsafe(32),
                sent_at=sent,
                opened_at=sent if index % 2 else None,
                answered_at=sent if index % 2 else None,
            )
            for index, key in enumerate(islice(turn, min(PAST_NEEDS, len(keys))))
        )


def _match(name: str, need: Need, times: int, now: datetime) -> MatchFigures:
    with CaptureQueriesContext(connection) as asked:
        found = len(candidates(need=need, now=now))
    seconds, began_cpu, began_server = [], time.process_time(), _server_seconds()
    for _time in range(times):
        began = time.perf_counter()
        candidates(need=need, now=now)
        seconds.append(time.perf_counter() - began)
    cpu = (time.process_time() - began_cpu) / times
    server = (_server_seconds() - began_server) / times
    return MatchFigures(
        name,
        found,
        len(asked),
        percentile(seconds, 50) * 1000,
        percentile(seconds, 95) * 1000,
        cpu * 1000,
        server * 1000,
    )


def _server_seconds() -> float:
    """Processor time of the process of PostgreSQL that serves us, on this machine; else 0."""
    if connection.vendor != "postgresql":
        return 0.0
    pid = connection.connection.info.backend_pid
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
