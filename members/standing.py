"""Where a person stands: whether of the house, and whether a member may come on a day.

The second, by the state, the pauses and the day of leaving, is read by the booking rules; its
words speak to the person concerned.
"""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.models import Member, State, User


def member_of(user: User | AnonymousUser) -> Member | None:
    """This user as a member; one query for each user object, however often it is asked."""
    return getattr(user, "member", None)


def is_inside(user: User | AnonymousUser) -> bool:
    """Whether the pages of members are this user's: active and paused members, and the team."""
    member = member_of(user)
    return (member is not None and member.is_inside) or user.has_perm("members.view_member")


def refusals(member: Member, days: Iterable[date]) -> list[ValidationError]:
    """Why the member may not come on each of the days; empty when he may. One query at most.

    Codes: `applicant` (not a member yet), `paused`, `former`, `refused`, `leaving`.
    """
    asked = sorted(set(days))
    if member.state == State.APPLICANT:
        return [
            ValidationError(
                _("Votre adhésion n’est pas encore confirmée : elle ouvre la réservation."),
                code="applicant",
            )
        ]
    if member.state in (State.FORMER, State.REFUSED):
        words = (
            _("Vous n’êtes plus membre : revenez quand vous voulez, depuis votre compte.")
            if member.state == State.FORMER
            else _("Votre candidature n’a pas été retenue.")
        )
        return [ValidationError(words, code=str(member.state))]
    found = [_leaving(member.leaves_on)] if _is_gone(member, asked) and member.leaves_on else []
    pauses = list(member.pauses.all())
    for day in asked:
        if any(p.start <= day and (p.end is None or day < p.end) for p in pauses):
            found.append(
                ValidationError(
                    _("Vous êtes en pause le %(day)s."),
                    code="paused",
                    params={"day": date_format(day, "j F Y")},
                )
            )
            break
    return found


def _is_gone(member: Member, days: list[date]) -> bool:
    return member.leaves_on is not None and any(day >= member.leaves_on for day in days)


def _leaving(on: date) -> ValidationError:
    return ValidationError(
        _("Votre adhésion prend fin le %(day)s."),
        code="leaving",
        params={"day": date_format(on, "j F Y")},
    )
