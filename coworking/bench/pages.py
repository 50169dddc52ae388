"""Asking for pages: one client for how long it takes, eight for how many a second."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import count

from django.urls import reverse

from coworking.bench.clients import BenchError, Client
from coworking.bench.counting import ASK, CPU_SECONDS, QUERIES, QUERY_SECONDS
from coworking.bench.figures import P50_BELOW, Speed, Work
from coworking.bench.ground import Ground

CLIENTS = 8
COUNTED = 20  # answers of which the least time is taken
SIMULATOR_P50_BELOW = 15.0  # ms
LONGEST = 8.0  # seconds for one client and one page, however slow


@dataclass(frozen=True, slots=True)
class Page:
    """`for_strangers`: asked without a session. `varies`: each request asks something new.
    `remembers`: reads the database once a minute, so that its queries are those in between."""

    name: str
    path: str
    for_strangers: bool = False
    varies: bool = False
    remembers: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    p50_below: float = P50_BELOW
    most_empty_views: float | None = None

    def next_path(self) -> str:
        return f"{self.path}{next(_NUMBERS):05}" if self.varies else self.path


_NUMBERS = count(1)
EMPTY = Page("empty view", "/empty/", for_strangers=True)
HTMX = {"HX-Request": "true"}


def floor_plan(ground: Ground) -> Page:
    path = reverse("booking:plan", args=[ground.space.slug])
    return Page("floor plan", f"{path}?date={ground.day}&period=day")


def pages(ground: Ground) -> list[Page]:
    """The pages people open every day, at the next open day."""
    slug, date = ground.space.slug, f"?date={ground.day}"
    return [
        Page("home", reverse("home")),
        floor_plan(ground),
        Page("day", reverse("booking:day", args=[slug]) + date),
        Page("week", reverse("booking:week", args=[slug]) + date),
        Page("my bookings", reverse("booking:mine")),
        *simulator_pages(),
    ]


def simulator_pages() -> list[Page]:
    """The public simulator: the page and its update for a question of the last minute (as it is,
    a usual trip, a link that was sent), and for questions that nobody asked before."""
    home = reverse("simulator:home")
    new = f"{home}?annual_km=2"  # and five digits more
    asked = Page(
        "simulator", home, for_strangers=True, remembers=True, p50_below=SIMULATOR_P50_BELOW
    )
    known = replace(asked, most_empty_views=2.0)
    fresh = replace(asked, name="simulator, new question", path=new, varies=True)
    return [
        known,
        replace(known, name="its update", path=f"{home}?distance=60", headers=HTMX),
        fresh,
        replace(fresh, name="its update, new question", headers=HTMX),
    ]


def speed(
    port: int, cookies: Mapping[str, str], page: Page, *, requests: int, seconds: float
) -> Speed:
    """Eight clients first: they also wake every thread of the server."""
    rate = _together(port, cookies, page, seconds)
    return Speed.of(_alone(port, cookies, page, requests), rate)


def work(port: int, cookies: Mapping[str, str], page: Page, *, answers: int = COUNTED) -> Work:
    """Counted on the server's side, apart from the timing; of the times, the least."""
    with closing(Client(port, cookies)) as client:
        asked = {ASK: "yes", **page.headers}
        counted = [client.get(page.next_path(), asked).headers for _ in range(answers)]
    numbers = {int(headers[QUERIES]) for headers in counted}
    if page.remembers:
        numbers = {min(numbers)}
    if len(numbers) > 1:
        raise BenchError(f"{page.path} takes now {min(numbers)}, now {max(numbers)} queries")
    sql, cpu = (
        min(float(headers[name]) for headers in counted) for name in (QUERY_SECONDS, CPU_SECONDS)
    )
    return Work(numbers.pop(), sql * 1000, cpu * 1000)


def _alone(port: int, cookies: Mapping[str, str], page: Page, requests: int) -> list[float]:
    spent: list[float] = []
    with closing(Client(port, cookies)) as client:
        until = time.perf_counter() + LONGEST
        while len(spent) < requests and time.perf_counter() < until:
            spent.append(_seconds(client, page))
    return spent


def _together(port: int, cookies: Mapping[str, str], page: Page, seconds: float) -> float:
    """Answers per second."""
    ready = threading.Barrier(CLIENTS)

    def ask(_number: int) -> tuple[int, float, float]:
        with closing(Client(port, cookies)) as client:
            _seconds(client, page)  # connected, and awake
            ready.wait()
            began = ended = time.perf_counter()
            answers = 0
            while ended < began + seconds:
                _seconds(client, page)
                answers += 1
                ended = time.perf_counter()
        return answers, began, ended

    with ThreadPoolExecutor(CLIENTS) as pool:
        done = list(pool.map(ask, range(CLIENTS)))
    answers = sum(number for number, _, _ in done)
    return answers / (max(end for _, _, end in done) - min(begin for _, begin, _ in done))


def _seconds(client: Client, page: Page) -> float:
    path = page.next_path()
    answer = client.get(path, page.headers)
    if answer.status != 200:
        raise BenchError(f"GET {path} answered {answer.status} {answer.location}")
    return answer.seconds
