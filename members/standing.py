"""Whether a member may come on a day: by the state, the pauses and the day of leaving.

Read by the booking rules; the words speak to the person concerned.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.models import Member, State


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
