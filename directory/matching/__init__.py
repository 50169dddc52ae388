"""Which providers a need is for, the best first, and why, in words. Reads only.

`candidates` sieves in the database (`sieve`), then `directory.scoring` gives the points; a need
without a trade is understood by its words (`guess`); `why` says a breakdown in words.
"""

from directory.matching.reasons import why
from directory.matching.sieve import candidates, score_of, wanted_by

__all__ = ["candidates", "score_of", "wanted_by", "why"]
