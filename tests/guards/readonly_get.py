"""A GET never writes: while a GET or HEAD is answered, a statement that writes raises.

A link can be followed twice, prefetched by a browser or crawled by a robot: what it changes is
changed behind the back of the person. Sessions and the cache keep their own books and may.
"""

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections
from django.http import HttpRequest, HttpResponse

from tests.guards import complain

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
READS = {
    "SELECT", "VALUES", "EXPLAIN", "SHOW", "PRAGMA", "SET", "DECLARE", "FETCH", "CLOSE",
    "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK",
}  # fmt: skip
WRITE = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO|MERGE\s+INTO"
    r"|TRUNCATE(?:\s+TABLE)?|(?:CREATE|ALTER|DROP)\s+\w+)\s+[\"`]?(?P<table>\w+)",
    re.IGNORECASE,
)


class GetWroteError(AssertionError):
    """A GET tried to write."""


def written_table(sql: str) -> str | None:
    """The table that a statement writes, "?" when it cannot be told, None when it only reads."""
    keyword = sql.lstrip("( \n").split(maxsplit=1)[0].upper()  # a union stands in brackets
    if keyword in READS:
        return None
    found = WRITE.search(sql)
    if keyword == "WITH" and not found:
        return None
    return found["table"] if found else "?"


def book_keeping_tables() -> set[str]:
    tables = {str(cache["LOCATION"]) for cache in settings.CACHES.values() if "LOCATION" in cache}
    return tables | {Session._meta.db_table}


class ReadOnlyGet:
    """The middleware, the first of the list in `tests/settings.py`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)

        def refuse(
            execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
        ) -> Any:
            table = written_table(str(sql))
            if table is not None and table not in book_keeping_tables():
                message = f"{request.method} {request.get_full_path()} writes {table}: {sql}"
                complain(message)
                raise GetWroteError(message)
            return execute(sql, params, many, context)

        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(refuse))
            return self.get_response(request)
