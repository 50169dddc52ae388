"""Nothing in the admin bypasses the services: what it writes of people and places has its trace.

While a POST to the admin is answered, a statement that writes one of the tables below must come
with an insert into the audit in the same request, or the test fails. What is rolled back because a
service refused counts too: a service writes its trace with the change, or nothing.
"""

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

from django.db import connections
from django.http import HttpRequest, HttpResponse

from tests.guards import complain
from tests.guards.readonly_get import written_table

AUDIT: Final = "members_auditentry"
TABLES: Final = re.compile(
    r"members_(member|plan|planversion|subscription|pause|application|note|document|welcomedone"
    r"|consent|user_groups)|booking_(booking|trialday|visit|device)"
    r"|directory_(provider|activity|shownfield|ownership|claim|need|organisation|agent|solicitation"
    r"|report|commune|sector|trade|synonym|skill)"
)


class Audited:
    """The middleware, beside `ReadOnlyGet` in `tests/settings.py`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.path.startswith("/admin/"):
            return self.get_response(request)
        written: set[str] = set()

        def watch(
            execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
        ) -> Any:
            answer = execute(sql, params, many, context)
            if table := written_table(str(sql)):
                written.add(table)
            return answer

        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(watch))
            response = self.get_response(request)
        silent = sorted(table for table in written if TABLES.fullmatch(table))
        if silent and AUDIT not in written:
            complain(f"POST {request.path} writes {', '.join(silent)} without a trace in the audit")
        return response
