"""What somebody of the team found when looking a legal number up."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.models import LegalState, Provider
from directory.services.providers import lock, save
from directory.services.publishing import MODERATE
from members import audit
from members.models import User

LOOKED_UP = (LegalState.VERIFIED, LegalState.CLOSED, LegalState.NOT_FOUND)


@transaction.atomic
def record_check(
    *, provider: Provider, state: LegalState, on: date, by: User, now: datetime
) -> Provider:
    """Write what the register said on a day.

    Raises ValidationError: `forbidden`, `no_legal_number`, `unknown_state` for what no register
    says, `future`.
    """
    if not by.has_perm(MODERATE):
        raise ValidationError(_("Seule l’équipe vérifie un numéro."), code="forbidden")
    current = lock(provider)
    if not current.legal_number:
        raise ValidationError(_("On ne vérifie qu’un numéro donné."), code="no_legal_number")
    if state not in LOOKED_UP:
        raise ValidationError(_("État inconnu."), code="unknown_state")
    if on > now.date():
        raise ValidationError({"on": ValidationError(_("Ce jour est à venir."), code="future")})
    before = audit.snapshot(current)
    current.legal_state, current.legal_checked_on = state, on
    return save(provider=current, by=by, now=now, before=before)
