"""Taking away a second factor from somebody who lost it."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members import audit
from members.models import Act, User
from members.notices.safety import second_factor_removed
from members.services.accounts import member_of


@transaction.atomic
def remove_second_factor(*, user: User, by: User | None, now: datetime) -> None:
    """Remove apps, passkeys and recovery codes, log the person out everywhere, and write to them.

    `by` is None for whoever sits at the keyboard of the server. Raises ValidationError
    `no_second_factor`.
    """
    factors = Authenticator.objects.filter(user=user)
    kinds = sorted(factors.values_list("type", flat=True))
    if not kinds:
        raise ValidationError(_("Ce compte n’a pas de second facteur."), code="no_second_factor")
    factors.delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    changes = {"second_factor": (", ".join(kinds), "")}
    audit.record(
        act=Act.CHANGED, subject=user, by=by, now=now, changes=changes, member=member_of(user)
    )
    transaction.on_commit(lambda: second_factor_removed(user))
