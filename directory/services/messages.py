"""A word to a provider, relayed so that nobody's address is published.

With an account it leaves at once; without, the sender is written to first, and the page behind
the link of that letter has the button that lets it leave. The owners may answer: the address of
the sender is in their letter, and nowhere on the site.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from directory.gate import SAME_WITHIN, fingerprint
from directory.models import Message, Provider
from directory.notices import providers as notices
from directory.services.providers import lock
from members.models import User

LIFE: Final = timedelta(days=3)  # to prove the address
MOST_COPIES: Final = 3  # the same words to several providers: beyond, one posts a need
_SIGNER: Final = Signer(sep=".", salt="directory.message")


def message_of(token: str, now: datetime) -> Message | None:
    """The message of a link; None for one that was altered or is too old."""
    try:
        key = _SIGNER.unsign(token)
    except BadSignature:
        return None
    rows = Message.objects.filter(key=key, made_at__gt=now - LIFE)
    return rows.select_related("provider__commune").first()


@transaction.atomic
def write(
    *,
    provider: Provider,
    text: str,
    now: datetime,
    sender: User | None = None,
    sender_name: str = "",
    sender_email: str = "",
) -> Message:
    """Keep a message; with an account it may be relayed at once, else its sender gets a letter.

    Args:
        sender: the account; its name and proved address are then the sender's.

    Raises ValidationError: `not_published`, `nobody` when there is no one to relay it to,
    `oneself`, `duplicate`, and as the fields refuse.
    """
    current = lock(provider)
    if not current.is_published:
        raise ValidationError(_("Cette fiche n’est pas publiée."), code="not_published")
    readers = notices.readers_of(current)
    if not readers:
        raise ValidationError(_("Personne ne relève encore les messages ici."), code="nobody")
    email = sender.email if sender is not None else sender_email.strip().lower()
    if sender is not None and email in {address for address, _language in readers}:
        raise ValidationError(_("Cette fiche est la vôtre."), code="oneself")
    row = Message(
        provider=current,
        sender=sender,
        sender_name=sender.name or email if sender is not None else sender_name.strip(),
        sender_email=email,
        text=text.strip(),
        key=secrets.token_urlsafe(32),
        fingerprint=fingerprint(email, text),
        made_at=now,
    )
    row.full_clean()
    _refuse_copies(row, now)
    row.save()
    if sender is None:
        token = _SIGNER.sign(row.key)
        transaction.on_commit(lambda: notices.message_to_prove(row, token), robust=True)
    return row


def relay(*, message: Message, now: datetime) -> Message:
    """Send it to the owners, once. Twice changes nothing.

    Raises ValidationError: `not_published` when the profile was hidden meanwhile; `not_sent` when
    the mail server took it for nobody: it may be tried again.
    """
    taken: list[bool] = []
    with transaction.atomic():
        provider = lock(message.provider)
        current = Message.objects.select_related("provider").get(pk=message.pk)
        if current.relayed_at is not None:
            return current
        if not provider.is_published:
            raise ValidationError(_("Cette fiche n’est plus publiée."), code="not_published")
        current.relayed_at = now
        current.full_clean()
        current.save(update_fields=["relayed_at"])
        transaction.on_commit(lambda: taken.append(notices.message_relayed(current)))
    if taken == [False]:
        Message.objects.filter(pk=current.pk).update(relayed_at=None)
        raise ValidationError(
            _("Votre message n’a pas pu partir. Réessayez dans quelques minutes."), code="not_sent"
        )
    return current


def _refuse_copies(row: Message, now: datetime) -> None:
    """The same words of the same sender within a week: once each, to few.

    What a mail server did not take is no copy: its sender tries again.
    """
    same = Message.objects.filter(fingerprint=row.fingerprint, made_at__gt=now - SAME_WITHIN)
    gone = same.filter(Q(relayed_at__isnull=False) | Q(sender=None))
    to = set(gone.values_list("provider_id", flat=True))
    if row.provider_id in to:
        raise ValidationError(
            _("Ce message est déjà écrit. S’il attend votre confirmation, relevez vos e-mails."),
            code="duplicate",
        )
    if len(to) >= MOST_COPIES:
        raise ValidationError(
            _("Vous avez écrit cela à plusieurs prestataires. Postez plutôt un besoin."),
            code="duplicate",
        )
