"""A member writes to another through the site, without seeing the other's address."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members import audit, notices
from members.models import Act, Member


def write_to_member(*, sender: Member, recipient: Member, text: str, now: datetime) -> None:
    """Relay one message by e-mail; answers go to the sender's own address.

    The audit keeps who wrote to whom and when, never the text.

    Raises ValidationError: `not_a_member` when the sender is not of the house; `not_visible` when
    the other does not want to be seen (any more); `oneself`; `not_sent` when the mail server did
    not take it: nothing was sent, and the trace says that it was tried.
    """
    taken: list[bool] = []
    with transaction.atomic():
        _check(sender, recipient)
        audit.record(
            act=Act.CREATED,
            subject=recipient,
            by=sender.user,
            now=now,
            changes={"message_from": (None, sender.pk)},
        )
        transaction.on_commit(
            lambda: taken.append(
                notices.message_from_member(sender=sender.user, to=recipient.user, text=text)
            )
        )
    if taken == [False]:
        raise ValidationError(
            _("Votre message n’a pas pu partir. Réessayez dans quelques minutes."), code="not_sent"
        )


def _check(sender: Member, recipient: Member) -> None:
    if not sender.is_inside:
        raise ValidationError(_("Seuls les membres s’écrivent ici."), code="not_a_member")
    if sender.pk == recipient.pk:
        raise ValidationError(_("Ce profil est le vôtre."), code="oneself")
    if not Member.objects.visible().filter(pk=recipient.pk, user__is_active=True).exists():
        raise ValidationError(_("Cette personne n’est plus visible."), code="not_visible")
