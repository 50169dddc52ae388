"""What left the house as a file: who took it, of which table, how many rows, which columns."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from members import audit
from members.models import Act, User


@transaction.atomic
def record_export(
    *, table: str, rows: int, columns: Sequence[str], by: User, now: datetime
) -> None:
    """Write it into the audit, at whoever took it: before the file leaves."""
    audit.record(
        act=Act.EXPORTED,
        subject=by,
        by=by,
        now=now,
        changes={
            "table": (None, table),
            "rows": (None, rows),
            "columns": (None, list(columns)),
        },
    )
