"""Counting the work of one answer on the server's side, when the client asks for it."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

ASK = "X-Count"
QUERIES = "X-Queries"
QUERY_SECONDS = "X-Query-Seconds"
CPU_SECONDS = "X-CPU-Seconds"


class CountWork:
    """Adds the queries, the seconds spent in them, and the seconds of processor for all of it.

    The outermost middleware. The processor's seconds hardly depend on what else the machine does.

    A request that does not ask pays for one look at its headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if ASK not in request.headers:
            return self.get_response(request)
        spent: list[float] = []

        def timed(execute: Callable[..., Any], *args: Any) -> Any:
            began = time.perf_counter()
            try:
                return execute(*args)
            finally:
                spent.append(time.perf_counter() - began)

        began = time.thread_time()
        with connection.execute_wrapper(timed):
            response = self.get_response(request)
        response[CPU_SECONDS] = f"{time.thread_time() - began:.6f}"
        response[QUERIES] = str(len(spent))
        response[QUERY_SECONDS] = f"{sum(spent):.6f}"
        return response
