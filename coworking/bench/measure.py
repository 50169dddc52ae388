"""Measures one database, that of DATABASE_URL: pages, the age of the table, races."""

import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.urls import reverse

from booking.models import Booking, Kind
from coworking.bench import crowd, ground, pages
from coworking.bench.arithmetic import computations
from coworking.bench.arrivals import Arrivals, arrivals
from coworking.bench.clients import Client, log_in
from coworking.bench.desk import DeskFigures, desk_pages
from coworking.bench.effort import Effort
from coworking.bench.figures import PageFigures, Speed, Work
from coworking.bench.races import Race, race
from coworking.bench.search import Searched, searched
from coworking.bench.servers import web_server
from coworking.bench.years_of_visits import add_years_of_visits, presence_page

RACERS = 50
HALF_YEAR = timedelta(days=183)
MONTH = timedelta(days=30)
MANY, FEW = 1000, 10
STARTED = time.perf_counter()


@dataclass(frozen=True, slots=True)
class Aged:
    """The floor plan of one day, in a table with that many bookings."""

    age: str
    bookings: int
    speed: Speed
    work: Work


@dataclass
class Measured:
    """`many`, `few`: how many bookings there were when the queries were counted."""

    database: str
    empty: Speed
    empty_work: Work
    bookings: int
    many: int
    few: int
    pages: list[PageFigures]
    aged: list[Aged]
    races: list[Race]
    crowd: tuple[int, int]
    desk: list[DeskFigures]
    presence: PageFigures
    arrivals: Arrivals
    computations: float
    searched: Searched

    @property
    def is_safe(self) -> bool:
        return self.arrivals.is_safe and all(one.is_safe for one in self.races)


class Bench:
    """One running server and the visitors that ask it."""

    def __init__(self, port: int, laid: ground.Ground, effort: Effort) -> None:
        self.port = port
        self.laid = laid
        self.effort = effort
        with closing(Client(port)) as client:
            email = laid.regular.user.email
            log_in(client, reverse("account_login"), email, ground.PASSWORD)
            self.cookies = client.cookies

    def speed(self, page: pages.Page) -> Speed:
        say(f"{page.name}…")
        requests, seconds = self.effort.requests, self.effort.seconds
        cookies = self._cookies_for(page)
        return pages.speed(self.port, cookies, page, requests=requests, seconds=seconds)

    def work(self, page: pages.Page) -> Work:
        return pages.work(self.port, self._cookies_for(page), page)

    def _cookies_for(self, page: pages.Page) -> dict[str, str]:
        """Of some pages a stranger asks: knowing who asks costs two queries."""
        return {} if page.for_strangers else self.cookies

    def works(self) -> dict[str, Work]:
        return {page.name: self.work(page) for page in pages.pages(self.laid)}

    def queries(self) -> dict[str, int]:
        found = pages.pages(self.laid)
        return {
            page.name: pages.work(self.port, self._cookies_for(page), page, answers=6).queries
            for page in found
        }

    def aged(self, age: str) -> Aged:
        """Worked out twice, some seconds apart: two ages are compared by the work they ask for."""
        page = pages.floor_plan(self.laid)
        say(f"{age}:")
        before, speed, after = self.work(page), self.speed(page), self.work(page)
        return Aged(age, Booking.objects.count(), speed, before.least(after))

    def desk(self, now: datetime) -> list[DeskFigures]:
        """The pages of the operator, with many members and many more bookings."""
        members, bookings = self.effort.crowd
        say(f"{members} members and {bookings} bookings…")
        gathered = crowd.gather(members=members, bookings=bookings, now=now)
        ground.tidy()
        self.cookies = ground.cookies_of(gathered.operator)
        found = desk_pages(gathered)
        return [DeskFigures(page.name, self.speed(page), self.work(page)) for page in found]

    def presence(self, now: datetime) -> PageFigures:
        """The page of a member, without visits and with five years of them."""
        page, laid = presence_page(), self.laid
        few = self.work(page).queries
        add_years_of_visits(laid.regular, laid.space, now)
        ground.tidy()
        speed, work = self.speed(page), self.work(page)
        return PageFigures(page.name, speed, work, few, work.queries)

    def races(self, now: datetime) -> list[Race]:
        """With all the demo's bookings in the table; those of the racers are gone afterwards."""
        say(f"{RACERS} members race…")
        space = self.laid.space
        desks = list(space.resources.bookable().of_kind(Kind.DESK).order_by("position", "pk"))
        members, browsers = ground.racers(RACERS, now)
        run = [
            race(
                name,
                port=self.port,
                space=space,
                browsers=browsers,
                rounds=self.effort.rounds,
                now=now,
                desk=wish,
            )
            for name, wish in (("any of the desks", None), ("one desk", desks[0]))
        ]
        Booking.objects.filter(member__in=members).delete()
        return run


def measure(effort: Effort, now: datetime) -> Measured:
    """From years of bookings down to ten bookings, so that one demo serves for all."""
    say(f"the demo, {effort.years} years of it…")
    laid = ground.prepare(weeks=effort.weeks, years=effort.years, now=now)
    with web_server() as port:
        bench = Bench(port, laid, effort)
        empty, empty_work = bench.speed(pages.EMPTY), bench.work(pages.EMPTY)
        old = bench.aged(f"{effort.years} years")
        raced = bench.races(now)

        bookings = ground.forget_before(now - HALF_YEAR)
        say(f"{bookings} bookings:")
        speeds = {page.name: bench.speed(page) for page in pages.pages(laid)}
        works = bench.works()

        many = ground.keep_nearest(MANY, laid)
        with_many = bench.queries()
        ground.forget_before(now - MONTH)
        month = bench.aged("1 month")
        few = ground.keep_nearest(FEW, laid)
        with_few = bench.queries()
        presence = bench.presence(now)
        desk = bench.desk(now)
    say("a thousand arrivals…")
    arrived = arrivals(now)
    figures = [
        PageFigures(
            page.name,
            speeds[page.name],
            works[page.name],
            with_few[page.name],
            with_many[page.name],
            p50_below=page.p50_below,
            empty_views=empty.rate / speeds[page.name].rate,
            most_empty_views=page.most_empty_views,
        )
        for page in pages.pages(laid)
    ]
    return Measured(
        database=database(),
        empty=empty,
        empty_work=empty_work,
        bookings=bookings,
        many=many,
        few=few,
        pages=figures,
        aged=[month, old],
        races=raced,
        crowd=effort.crowd,
        desk=desk,
        presence=presence,
        arrivals=arrived,
        computations=computations(),
        searched=_searched(effort, now),
    )


def _searched(effort: Effort, now: datetime) -> Searched:
    providers = effort.providers[connection.vendor]
    say(f"{providers} providers to search among…")
    return searched(providers, effort.searches, now)


def database() -> str:
    """Name and version of the database."""
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [version] = cursor.fetchone()
    return f"PostgreSQL {version.split()[0]}"


def say(words: str) -> None:
    """To whoever waits; the tables go to the standard output."""
    sys.stderr.write(f"{time.perf_counter() - STARTED:5.0f} s  {words}\n")
    sys.stderr.flush()
