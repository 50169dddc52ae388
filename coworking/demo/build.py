"""The whole demonstration, in one transaction: a run that is killed leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from booking.models import Space
from booking.slots import to_instant
from coworking.demo.diary import Diary
from coworking.demo.directory.story import PAST, tell_directory
from coworking.demo.door import tell_presence
from coworking.demo.history import wishes
from coworking.demo.memberships import ask_to_join, begin_plans, come_and_go
from coworking.demo.network import open_network, roaming
from coworking.demo.ownership import remove_demo
from coworking.demo.people import Coworker, welcome
from coworking.demo.plans import lay_down_plans
from coworking.demo.space import open_morez
from coworking.demo.staff import hire
from coworking.demo.texts import publish_texts, write_steps
from coworking.demo.years import bookings_before
from members.models import Role

# Everybody knows it: it is printed, and it opens invented accounts only.
PASSWORD = "sapins-de-morez"  # noqa: S105

WEEKS = 26


@dataclass(frozen=True, slots=True)
class Size:
    """How much to build: weeks of bookings, years before them, further spaces, the directory."""

    weeks: int = WEEKS
    years: int = 0
    network: int = 0
    directory: bool = True


def build(
    *, today: date, rng: Random, size: Size, reset: bool, until: datetime | None = None
) -> Space:
    """Build the demonstration as of the first minute of `today`, without a single e-mail.

    Args:
        until: a moment of today up to which people come to the space; None: the first minute.

    Raises ValidationError where a service refuses, for instance when a real space has its slug.
    """
    with _without_query_log(), transaction.atomic():
        if reset:
            remove_demo()
        space = _build(today, rng, size, until)
        # Mail waits for the commit. That to invented people is not even written.
        transaction.get_connection().run_on_commit.clear()
    return space


def _build(today: date, rng: Random, size: Size, until: datetime | None) -> Space:
    monday = today - timedelta(days=today.weekday())
    recent = monday - timedelta(weeks=size.weeks)
    first = recent - timedelta(days=365 * size.years)
    space = open_morez(first_day=first, today=today)
    now = to_instant(today, time.min, space.zone)
    beginning = to_instant(first - timedelta(days=60), time(9), space.zone)

    password = make_password(PASSWORD)
    # The directory is older than the bookings that are told here: its host has been there longer.
    team = hire(password=password, since=min(beginning, now - PAST))
    publish_texts(by=team[Role.OPERATOR], now=beginning)
    write_steps(by=team[Role.OPERATOR], now=beginning)
    offer = lay_down_plans(by=team[Role.OPERATOR])
    desks = {desk.code: desk for desk in space.resources.order_by("pk")}
    coworkers = welcome(password=password, beginning=beginning, today=now, desks=desks)
    begin_plans(coworkers, offer, now)

    # Old bookings first: each new row is checked against those that come after it.
    bookings_before(space, coworkers, first, recent - timedelta(days=1), rng)
    horizon = today + timedelta(days=space.horizon_days)
    diary = Diary(space, team[Role.HOST], now, rng)
    diary.play(wishes(space, coworkers, recent, horizon, rng))
    _build_network(size.network, coworkers, today, diary)
    tell_presence(
        space=space,
        coworkers=coworkers,
        team=(team[Role.OPERATOR], team[Role.HOST]),
        today=now,
        until=until or now,
        rng=_aside(rng),
    )
    ask_to_join(offer, password, now)
    if size.directory:
        tell_directory(
            coworkers=coworkers,
            host=team[Role.HOST],
            password=password,
            zone=space.zone,
            now=now,
            rng=rng,
        )
    come_and_go(coworkers, team[Role.HOST], now)
    return space


def _build_network(number: int, coworkers: list[Coworker], today: date, morez: Diary) -> None:
    for space in open_network(number):
        Diary(space, morez.host, morez.now, morez.rng).play(
            roaming(space, coworkers, today, morez.rng)
        )


def _aside(rng: Random) -> Random:
    """Another one in the same state: what is drawn from it changes nothing of what comes after."""
    other = Random()  # noqa: S311 - a demonstration
    other.setstate(rng.getstate())
    return other


@contextmanager
def _without_query_log() -> Iterator[None]:
    """With DEBUG, Django keeps the words of every statement: a third of the time spent here."""
    debug, settings.DEBUG = settings.DEBUG, False
    try:
        yield
    finally:
        settings.DEBUG = debug
