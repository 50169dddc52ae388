"""Querysets without an order come back shuffled.

A database may answer a query without ORDER BY in any order; small tables happen to come back in
the order of insertion, so tests pass until the day the table grows. The seed is printed; set
ORDER_SEED to it to see the same order again.
"""

import os
import random
import secrets
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

VARIABLE = "ORDER_SEED"

_random = random.Random()  # noqa: S311  (shuffles rows)
_fetch_all = QuerySet._fetch_all
_iterator: Any = QuerySet._iterator


def seed() -> str:
    """The seed of this run; the processes of xdist inherit it through the environment."""
    return os.environ.setdefault(VARIABLE, str(secrets.randbelow(10_000)))


def begin(test: str) -> None:
    """Make the order depend on the seed and the test, not on the tests that ran before."""
    _random.seed(f"{seed()}:{test}")


def shuffled(rows: list[Any]) -> list[Any]:
    return _random.sample(rows, len(rows))


def has_no_order(queryset: Any) -> bool:
    # A slice was cut by the database already; shuffling cannot bring other rows.
    return not (queryset.ordered or queryset.query.is_sliced)


def fetch_all(self: Any) -> None:
    if self._result_cache is None and has_no_order(self):
        self._result_cache = shuffled(list(self._iterable_class(self)))
    _fetch_all(self)


def iterate(self: Any, *args: Any) -> Iterator[Any]:
    rows: Iterator[Any] = _iterator(self, *args)
    return iter(shuffled(list(rows))) if has_no_order(self) else rows


def install() -> None:
    QuerySet._fetch_all = fetch_all  # type: ignore[method-assign]
    QuerySet._iterator = iterate
