"""The one door through which a need changes its state, and the lock before it."""

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.models import NEED_MOVES, Need, NeedState
from members import audit
from members.models import Act, User

_ALWAYS: Final = ("state", "state_since", "state_reason")


def lock_need(need: Need, *, skip_locked: bool = False) -> Need:
    """The need as it stands, behind every other writer of it. Needs a transaction.

    A need comes before its solicitations: lock in that order. Raises Need.DoesNotExist when
    another holds it and `skip_locked` is asked for.
    """
    rows = Need.objects.select_for_update(no_key=True, of=("self",), skip_locked=skip_locked)
    return rows.select_related("organisation", "commune", "trade", "author").get(pk=need.pk)


def move_need(
    *, need: Need, to: NeedState, by: User | None, now: datetime, reason: str = "", **columns: Any
) -> Need:
    """Write one move of a locked need, with the columns that go with it, and its audit.

    Args:
        by: None for a job, or whoever holds the key of the need and has no account.

    Raises ValidationError `move_not_allowed`, and as the fields refuse.
    """
    if (NeedState(need.state), to) not in NEED_MOVES:
        raise ValidationError(
            _("Ce besoin est « %(old)s » : il ne devient pas « %(new)s »."),
            code="move_not_allowed",
            params={"old": NeedState(need.state).label, "new": to.label},
        )
    before = audit.snapshot(need)
    need.state, need.state_since, need.state_reason = to, now, reason
    for name, value in columns.items():
        setattr(need, name, value)
    need.full_clean()
    need.save(update_fields=[*_ALWAYS, *columns])
    audit.record(act=Act.STATE, subject=need, by=by, now=now, before=before, reason=reason)
    return need
