"""Who does what, where: one question, the same answer on both databases. Reads only."""

from directory.search.asking import Hit, Query, Results, Wider
from directory.search.finding import find
from directory.search.reasons import Reason

__all__ = ["Hit", "Query", "Reason", "Results", "Wider", "find"]
