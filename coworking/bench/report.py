"""The words and tables in which the figures of one database are told."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coworking.bench import desk, search
from coworking.bench.arithmetic import AT_LEAST
from coworking.bench.arrivals import A_MINUTE
from coworking.bench.figures import (
    MOST_QUERIES,
    P50_BELOW,
    P95_BELOW,
    Speed,
    Work,
    slower_by,
)
from coworking.bench.table import mark, table

if TYPE_CHECKING:
    from coworking.bench.arrivals import Arrivals
    from coworking.bench.desk import DeskFigures
    from coworking.bench.figures import PageFigures
    from coworking.bench.measure import Aged, Measured
    from coworking.bench.races import Race
    from coworking.bench.search import SearchFigures

# One client, eight clients, and how many empty views one answer costs eight clients.
SPEED_HEAD = ("SQL, ms", "CPU, ms", "p50, ms", "p95, ms", "answers/s", "empty views")


def report(measured: "Measured") -> str:
    """Markdown: six tables under the name of the database."""
    return "\n\n".join(
        [
            f"### {measured.database}",
            f"Pages, with the demo’s {thousands(measured.bookings)} bookings:",
            _pages(measured),
            "The floor plan of one day, by the age of the table:",
            _ages(measured.aged, measured.empty),
            f"{_racers(measured.races)} members send the booking form at once:",
            _races(measured.races),
            _arrivals(measured.arrivals),
            _presence(measured.presence, measured.empty),
            f"The operator’s desk, with {thousands(measured.crowd[0])} more members and "
            f"{thousands(measured.crowd[1])} more bookings:",
            _desk(measured.desk, measured.empty),
            f"Search at {thousands(measured.searched.providers)} providers, `find` alone, in one "
            "process:",
            _search(measured.searched.questions),
            _arithmetic(measured.computations),
        ]
    )


def _arrivals(found: "Arrivals") -> str:
    return (
        f"Arrivals: {thousands(found.wanted)} people, {found.processes} processes, in "
        f"{found.seconds:.1f} s: {thousands(int(found.a_minute))} a minute "
        f"({thousands(int(A_MINUTE))} wanted), {found.lost} lost: {mark(found.missed())}."
    )


def _presence(page: "PageFigures", empty: Speed) -> str:
    """The page of presence of one member, at five years of visits."""
    head = ("page", "without visits", "with 1,000", "queries", *SPEED_HEAD, "targets")
    cells = _speed(page.speed, page.work, empty)
    return table(head, [(page.name, str(page.few), str(page.many), *cells, mark(page.missed()))])


def _arithmetic(computations: float) -> str:
    missed = [] if computations >= AT_LEAST else ["computations"]
    return (
        f"`savings` alone, in one process: {thousands(int(computations))} computations a second, "
        f"{thousands(AT_LEAST)} wanted: {mark(missed)}."
    )


def _pages(measured: "Measured") -> str:
    few, many = thousands(measured.few), thousands(measured.many)
    head = ("page", f"with {few}", f"with {many}", "queries", *SPEED_HEAD, "targets")
    empty = ("empty view", "", "", *_speed(measured.empty, measured.empty_work, measured.empty))
    rows = [
        (
            *(page.name, str(page.few), str(page.many)),
            *_speed(page.speed, page.work, measured.empty),
            mark(page.missed()),
        )
        for page in measured.pages
    ]
    targets = (
        *("*target*", "same", "same", f"≤ {MOST_QUERIES}", "", ""),
        *(f"< {P50_BELOW:.0f}", f"< {P95_BELOW:.0f}", "", "", ""),
    )
    return table(head, [(*empty, ""), *rows, targets])


def _desk(found: Sequence["DeskFigures"], empty: Speed) -> str:
    rows = [(one.name, *_speed(one.speed, one.work, empty), mark(one.missed())) for one in found]
    target = (
        "*target*",
        f"≤ {desk.MOST_QUERIES}",
        "",
        "",
        "",
        f"< {desk.P95_BELOW:.0f}",
        "",
        "",
        "",
    )
    return table(("page", "queries", *SPEED_HEAD, "targets"), [*rows, target])


def _search(found: Sequence["SearchFigures"]) -> str:
    rows = [
        (
            *(one.name, thousands(one.found), str(one.queries)),
            *(f"{one.p50:.1f}", f"{one.p95:.1f}", mark(one.missed())),
        )
        for one in found
    ]
    target = ("*target*", "", f"≤ {search.MOST_QUERIES}", "", f"< {search.P95_BELOW:.0f}", "")
    return table(("question", "found", "queries", "p50, ms", "p95, ms", "targets"), [*rows, target])


def _ages(aged: Sequence["Aged"], empty: Speed) -> str:
    """The first is the young table, which the others are held against."""
    young, *older = aged
    verdicts = [mark(slower_by(one.speed, one.work, young.speed, young.work)) for one in older]
    rows = [
        (one.age, thousands(one.bookings), *_speed(one.speed, one.work, empty), verdict)
        for one, verdict in zip(aged, ["", *verdicts], strict=True)
    ]
    return table(("age", "bookings", "queries", *SPEED_HEAD, "as fast"), rows)


def _races(races: Sequence["Race"]) -> str:
    head = (
        *("wanted", "places", "booked", "refused", "bookings/s", "answers/s", "p95, ms"),
        *("booked twice", "unclean answers", "targets"),
    )
    return table(head, [_race(race) for race in races])


def _race(race: "Race") -> tuple[str, ...]:
    missed = {
        "booked twice": race.doubles > 0,
        "unclean answers": bool(race.unclean),
        "places left free": race.won < race.places,
    }
    return (
        *(race.name, str(race.places), str(race.won), str(race.refused)),
        *(f"{race.bookings_a_second:.0f}", f"{race.answers_a_second:.0f}", f"{race.p95:.0f}"),
        *(str(race.doubles), str(len(race.unclean))),
        mark([words for words, is_missed in missed.items() if is_missed]),
    )


def _racers(races: Sequence["Race"]) -> int:
    return races[0].racers


def _speed(speed: Speed, work: Work, empty: Speed) -> tuple[str, ...]:
    """The cells under `SPEED_HEAD`, the queries before them."""
    return (
        *(str(work.queries), f"{work.sql:.1f}", f"{work.cpu:.1f}"),
        *(f"{speed.p50:.1f}", f"{speed.p95:.1f}", f"{speed.rate:.0f}"),
        f"{empty.rate / speed.rate:.1f}",
    )


def thousands(number: int) -> str:
    return f"{number:,}"
