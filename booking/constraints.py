"""Where `NoOverlap` stood when the first migration was released, which still names it here.

A released migration is never edited. Everything else imports from `members.constraints`.
"""

from members.constraints import NoOverlap

__all__ = ["NoOverlap"]
