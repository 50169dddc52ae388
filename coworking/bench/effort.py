"""How long to measure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    weeks: int  # of the demo, made through the services
    years: int  # before them
    requests: int  # by one client, for each page
    seconds: float  # of eight clients, for each page
    rounds: int  # of each race
    crowd: tuple[int, int]  # members and bookings that the operator's desk must bear
    providers: dict[str, int]  # of the directory, by database
    searches: int  # of each kind


FULL = Effort(
    weeks=26,
    years=10,
    requests=100,
    seconds=1.5,
    rounds=3,
    crowd=(10_000, 200_000),
    providers={"sqlite": 5_000, "postgresql": 100_000},
    searches=40,
)
QUICK = Effort(
    weeks=2,
    years=2,
    requests=40,
    seconds=0.5,
    rounds=1,
    crowd=(1_000, 5_000),
    providers={"sqlite": 500, "postgresql": 2_000},
    searches=20,
)
