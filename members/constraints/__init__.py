"""The rules that the database itself keeps, the same on SQLite and on PostgreSQL.

They hold against the ORM, `.update()`, bulk writes and raw SQL. A rule stands in
`Meta.constraints` of its model, with the words and the code of its refusal.
See docs/decisions/0005-invariants-by-trigger.md.
"""

from members.constraints.append_only import AppendOnly
from members.constraints.frozen import Frozen
from members.constraints.moves import AllowedMoves
from members.constraints.no_overlap import NoOverlap
from members.constraints.refusals import refusal_of, violated_by

__all__ = ["AllowedMoves", "AppendOnly", "Frozen", "NoOverlap", "refusal_of", "violated_by"]
