"""The letters that follow a step of membership. Called once it is committed.

Each is in the language of its reader, and leads to the page where one can act.
"""

from members.notices.applications import (
    application_approved,
    application_received,
    application_refused,
    application_waits,
)
from members.notices.community import (
    announcement_to,
    message_from_member,
    reader_of,
    stop_path,
)
from members.notices.imports import imported
from members.notices.invitations import invited, thought_of
from members.notices.membership import leaving, paused, plan_changed, resumed

__all__ = [
    "announcement_to",
    "application_approved",
    "application_received",
    "application_refused",
    "application_waits",
    "imported",
    "invited",
    "leaving",
    "message_from_member",
    "paused",
    "plan_changed",
    "reader_of",
    "resumed",
    "stop_path",
    "thought_of",
]
