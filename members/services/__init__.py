"""Every write about people, one module for each subject.

A refusal is a `ValidationError` with a code; each service says which. Each leaves its trace in the
audit (`members.audit`), in the same transaction.
"""

from members.services.accounts import (
    check_roles,
    open_account,
    register,
    save_account,
    set_roles,
)
from members.services.profiles import change_profile, update_account

__all__ = [
    "change_profile",
    "check_roles",
    "open_account",
    "register",
    "save_account",
    "set_roles",
    "update_account",
]
