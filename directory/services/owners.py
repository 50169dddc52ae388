"""Who speaks for a profile: given by the team or by a claim, given up by oneself."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.models import Ownership, Provider
from directory.services.providers import check_owner, concerned, lock
from members import audit
from members.models import Act, User


@transaction.atomic
def add_owner(*, provider: Provider, user: User, by: User, now: datetime) -> Ownership:
    """Let a person speak for a profile, by another owner or the team. Twice changes nothing.

    Raises ValidationError: `not_yours`, `inactive`.
    """
    current = lock(provider)
    check_owner(provider=current, by=by)
    return grant(provider=current, user=user, by=by, now=now)


def grant(*, provider: Provider, user: User, by: User | None, now: datetime) -> Ownership:
    """Make somebody an owner of a locked provider. Raises ValidationError `inactive`."""
    if not user.is_active:
        raise ValidationError(_("Ce compte ne sert plus."), code="inactive")
    row = Ownership.objects.filter(provider=provider, user=user).first()
    if row is not None:
        return row
    row = Ownership(provider=provider, user=user, since=now)
    row.full_clean()
    row.save()
    _note(provider, None, user, by, now)
    return row


@transaction.atomic
def remove_owner(*, provider: Provider, user: User, by: User, now: datetime) -> None:
    """End it. The last owner stays, unless the team says otherwise. Twice changes nothing.

    Raises ValidationError: `not_yours`, `last_owner`.
    """
    current = lock(provider)
    check_owner(provider=current, by=by)
    row = Ownership.objects.filter(provider=current, user=user).first()
    if row is None:
        return
    alone = not Ownership.objects.filter(provider=current).exclude(pk=row.pk).exists()
    if alone and not by.has_perm("directory.change_provider"):
        raise ValidationError(
            _("Une fiche garde un responsable : retirez-la plutôt de l’annuaire."),
            code="last_owner",
        )
    _note(current, user, None, by, now)
    row.delete()


def _note(
    provider: Provider, old: User | None, new: User | None, by: User | None, now: datetime
) -> None:
    pair = (old.pk if old else None, new.pk if new else None)
    audit.record(
        act=Act.CHANGED,
        subject=provider,
        by=by,
        now=now,
        changes={"owner": pair},
        member=concerned(provider, old or new),
    )
