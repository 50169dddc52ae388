"""The house rules and the terms: published once, never edited afterwards."""

from datetime import datetime

from django.db import transaction

from members import audit
from members.models import Act, LegalText, Use, User


@transaction.atomic
def publish_text(
    *, use: Use, version: str, body: str, by: User, now: datetime, body_en: str = ""
) -> LegalText:
    """From now on who joins accepts this version. Publishing one that is there changes nothing.

    Raises ValidationError as the fields do.
    """
    known = LegalText.objects.filter(use=use, version=version, published_at__isnull=False).first()
    if known is not None:
        return known
    text = LegalText(use=use, version=version, body=body, body_en=body_en, published_at=now)
    text.full_clean()
    text.save()
    changes = {"use": (None, str(use)), "version": (None, version)}
    audit.record(act=Act.PUBLISHED, subject=text, by=by, now=now, changes=changes)
    return text
