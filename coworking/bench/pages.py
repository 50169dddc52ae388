"""Asking for pages: one client for how long it takes, eight for how many a second."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from django.urls import reverse

from coworking.bench.clients import BenchError, Client
from coworking.bench.counting import ASK, CPU_SECONDS, QUERIES, QUERY_SECONDS
from coworking.bench.figures import Speed, Work
from coworking.bench.ground import Ground

CLIENTS = 8
COUNTED = 20  # answers of which the least time is taken
LONGEST = 8.0  # seconds for one client and one page, however slow


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    path: str


EMPTY = Page("empty view", "/empty/")


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
    ]


def speed(
    port: int, cookies: Mapping[str, str], page: Page, *, requests: int, seconds: float
) -> Speed:
    """Eight clients first: they also wake every thread of the server."""
    rate = _together(port, cookies, page.path, seconds)
    return Speed.of(_alone(port, cookies, page.path, requests), rate)


def work(port: int, cookies: Mapping[str, str], page: Page, *, answers: int = COUNTED) -> Work:
    """Counted on the server's side, apart from the timing; of the times, the least."""
    with closing(Client(port, cookies)) as client:
        counted = [client.get(page.path, {ASK: "yes"}).headers for _ in range(answers)]
    numbers = {int(headers[QUERIES]) for headers in counted}
    if len(numbers) > 1:
        raise BenchError(f"{page.path} takes now {min(numbers)}, now {max(numbers)} queries")
    sql, cpu = (
        min(float(headers[name]) for headers in counted) for name in (QUERY_SECONDS, CPU_SECONDS)
    )
    return Work(numbers.pop(), sql * 1000, cpu * 1000)


def _alone(port: int, cookies: Mapping[str, str], path: str, requests: int) -> list[float]:
    spent: list[float] = []
    with closing(Client(port, cookies)) as client:
        until = time.perf_counter() + LONGEST
        while len(spent) < requests and time.perf_counter() < until:
            spent.append(_seconds(client, path))
    return spent


def _together(port: int, cookies: Mapping[str, str], path: str, seconds: float) -> float:
    """Answers per second."""
    ready = threading.Barrier(CLIENTS)

    def ask(_number: int) -> tuple[int, float, float]:
        with closing(Client(port, cookies)) as client:
            _seconds(client, path)  # connected, and awake
            ready.wait()
            began = ended = time.perf_counter()
            answers = 0
            while ended < began + seconds:
                _seconds(client, path)
                answers += 1
                ended = time.perf_counter()
        return answers, began, ended

    with ThreadPoolExecutor(CLIENTS) as pool:
        done = list(pool.map(ask, range(CLIENTS)))
    answers = sum(number for number, _, _ in done)
    return answers / (max(end for _, _, end in done) - min(begin for _, begin, _ in done))


def _seconds(client: Client, path: str) -> float:
    answer = client.get(path)
    if answer.status != 200:
        raise BenchError(f"GET {path} answered {answer.status} {answer.location}")
    return answer.seconds
