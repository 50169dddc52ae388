"""Fifty members at once on the same places: who gets one, how fast, and is any place sold twice.

Each round all of them have opened the booking form, wait for each other and send it together.
"""

import html
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPException
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

from booking import rules
from booking.availability import slots_for
from booking.models import Booking, Kind, Resource, Space
from booking.slots import Period
from coworking.bench.clients import Answer, BenchError, Client, form_with
from coworking.bench.figures import percentile

HALVES = (Period.MORNING, Period.AFTERNOON)

# Of confirmed bookings of one place, by start: those that begin before an earlier one is over.
DOUBLE = """
SELECT COUNT(*) FROM (
    SELECT start, MAX("end") OVER (
        PARTITION BY resource_id ORDER BY start, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS busy_until
    FROM booking_booking WHERE status = 'confirmed'
) AS in_order WHERE start < busy_until
"""


def double_bookings() -> int:
    """How many confirmed bookings overlap an earlier one of their place, in the whole table."""
    with connection.cursor() as cursor:
        cursor.execute(DOUBLE)
        [number] = cursor.fetchone()
    return int(number)


@dataclass
class Race:
    """What came of all rounds. `places`: how many bookings there was room for."""

    name: str
    racers: int
    places: int = 0
    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    won: int = 0
    refused: int = 0
    unclean: list[str] = field(default_factory=list)
    doubles: int = 0

    @property
    def is_safe(self) -> bool:
        return not self.doubles and not self.unclean

    @property
    def answers_a_second(self) -> float:
        return len(self.times) / self.seconds

    @property
    def bookings_a_second(self) -> float:
        return self.won / self.seconds

    @property
    def p95(self) -> float:
        """Milliseconds from sending the form to the answer."""
        return percentile(self.times, 95) * 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    began: float
    ended: float
    answer: Answer | None
    broke: str = ""


def race(
    name: str,
    *,
    port: int,
    space: Space,
    browsers: Sequence[dict[str, str]],
    rounds: int,
    now: datetime,
    desk: Resource | None,
) -> Race:
    """Race for this desk, or for any desk of the space, for as many half-days as rounds."""
    result = Race(name, len(browsers))
    desks = 1 if desk else space.resources.bookable().of_kind(Kind.DESK).count()
    path = reverse("booking:book", args=[space.slug])
    moments = _empty_halves(space, rounds, now)
    before = Booking.objects.confirmed().count()
    for moment in moments:
        wish = moment | ({"resource": str(desk.pk)} if desk else {})
        outcomes = _together(port, browsers, path, wish)
        result.places += desks
        result.seconds += max(o.ended for o in outcomes) - min(o.began for o in outcomes)
        for outcome in outcomes:
            _judge(result, outcome)
    made = Booking.objects.confirmed().count() - before
    if made != result.won:
        result.unclean.append(f"{result.won} were told of a booking, {made} were written")
    result.doubles = double_bookings()
    return result


def _empty_halves(space: Space, number: int, now: datetime) -> list[dict[str, str]]:
    """Half-days at the far end of what can be booked, emptied, as the form names them."""
    found: list[dict[str, str]] = []
    last = now.astimezone(space.zone).date() + timedelta(days=space.horizon_days)
    for back in range(space.horizon_days):
        day = last - timedelta(days=back)
        for period in HALVES:
            for slot in slots_for(space, day, period, now):
                Booking.objects.filter(resource__space=space).overlapping(slot).delete()
                found.append({"date": day.isoformat(), "period": period.value})
        if len(found) >= number:
            return found[:number]
    raise BenchError(f"The space has no {number} half-days to race for")


def _together(
    port: int, browsers: Sequence[dict[str, str]], path: str, wish: dict[str, str]
) -> list[Outcome]:
    ready = threading.Barrier(len(browsers))

    def book(cookies: dict[str, str]) -> Outcome:
        with closing(Client(port, cookies)) as client:
            try:
                form = form_with("request_key", client.page(f"{path}?{urlencode(wish)}"))
            except BaseException:  # whatever it was: the others do not wait for this one
                ready.abort()
                raise
            ready.wait()
            began = time.perf_counter()
            try:
                answer = client.post(path, {**form, **wish})
            except (OSError, HTTPException) as error:
                return Outcome(began, time.perf_counter(), None, repr(error))
            return Outcome(began, time.perf_counter(), answer)

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(book, browsers))


def _judge(race: Race, outcome: Outcome) -> None:
    race.times.append(outcome.ended - outcome.began)
    answer = outcome.answer
    if answer is None:
        race.unclean.append(outcome.broke)
    elif is_success(answer):
        race.won += 1
    elif is_clean_refusal(answer):
        race.refused += 1
    else:
        race.unclean.append(f"{answer.status} {answer.location}")
    if race.unclean:
        sys.stderr.write(f"{race.name}: {race.unclean[-1]}\n")


def is_success(answer: Answer) -> bool:
    """Sent on to the page of the booking."""
    return answer.status == 302 and answer.location.startswith(reverse("booking:mine"))


def is_clean_refusal(answer: Answer) -> bool:
    """The form again, with the words for a place that somebody else was faster to take."""
    refusals = [rules.full(), rules.taken([]), rules.taken([Resource()])]
    words = [refusal.message.partition("%(")[0] for refusal in refusals]
    return answer.status == 422 and any(said in html.unescape(answer.body) for said in words)
