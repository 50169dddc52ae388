"""The author of a need chooses an answer: the order stays here."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.models import NeedState, Solicitation
from directory.notices import solicitations as letters
from directory.services.moves import lock_need, move_need
from members import audit
from members.models import Act, User


@transaction.atomic
def award(*, solicitation: Solicitation, by: User | None, now: datetime) -> Solicitation:
    """Choose this answer, before or after the last day. Choosing it twice changes nothing.

    Both get each other's contact details by mail; the others who answered read that it is settled.

    Raises ValidationError: `not_answered`, `already_awarded`, `move_not_allowed` for a need that
    is over otherwise.
    """
    need = lock_need(solicitation.need)
    rows = Solicitation.objects.select_for_update(no_key=True, of=("self",))
    current = rows.select_related("provider__commune").get(pk=solicitation.pk)
    current.need = need
    if current.awarded_at is not None:
        return current
    if current.answered_at is None:
        raise ValidationError(_("On retient une réponse."), code="not_answered")
    if need.state == NeedState.AWARDED_LOCAL:
        raise ValidationError(_("Ce besoin est déjà attribué."), code="already_awarded")
    move_need(
        need=need,
        to=NeedState.AWARDED_LOCAL,
        by=by,
        now=now,
        awarded_to=current.provider,
        next_batch_at=None,
    )
    current.awarded_at = now
    current.full_clean()
    current.save(update_fields=["awarded_at"])
    audit.record(
        act=Act.CHANGED,
        subject=current,
        by=by,
        now=now,
        changes={"awarded_at": (None, now.isoformat())},
    )
    others = list(
        Solicitation.objects.with_both()
        .answered()
        .filter(need=need)
        .exclude(pk=current.pk)
        .order_by("pk")
    )
    transaction.on_commit(lambda: letters.chosen(current), robust=True)
    transaction.on_commit(lambda: letters.chosen_by_you(current), robust=True)
    for other in others:
        transaction.on_commit(lambda other=other: letters.not_chosen(other), robust=True)  # type: ignore[misc]
    return current
