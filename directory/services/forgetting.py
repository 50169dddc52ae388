"""What is kept of a need, and for how long: the page where one posts says the same."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from directory.models import CLOSED, Agent, Attachment, Need, NeedState, Organisation
from members import audit
from members.models import Act

DRAFT_LIFE: Final = timedelta(days=14)  # never confirmed
CONTACT_LIFE: Final = timedelta(days=365)  # after its end
NOBODY: Final = "efface@example.invalid"  # never delivered (RFC 2606)
NO_NAME: Final = _("effacé")


def forget_drafts(*, now: datetime) -> int:
    """Delete what was never confirmed, with the order giver made for it. Returns how many."""
    old, gone = Need.objects.filter(state=NeedState.DRAFT, made_at__lte=now - DRAFT_LIFE), 0
    for key in list(old.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Need.objects.select_for_update(skip_locked=True)
            need = rows.filter(pk=key, state=NeedState.DRAFT).first()
            if need is None:  # confirmed meanwhile, or in another worker's hands
                continue
            audit.record(act=Act.ERASED, subject=need, by=None, now=now)
            organisation = need.organisation_id
            need.delete()
            _forget_organisation(organisation)
            gone += 1
    return gone


def forget_contacts(*, now: datetime) -> int:
    """A year after its end a need has no name, no address and no file; the numbers stay."""
    over = Need.objects.filter(
        state__in=(*CLOSED, NeedState.EXPIRED), state_since__lte=now - CONTACT_LIFE
    ).exclude(contact_email=NOBODY)
    gone = 0
    for key in list(over.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Need.objects.select_for_update(no_key=True, skip_locked=True)
            need = rows.filter(pk=key).exclude(contact_email=NOBODY).first()
            if need is None:
                continue
            need.contact_name, need.contact_email, need.contact_phone = str(NO_NAME), NOBODY, ""
            need.full_clean()
            need.save(update_fields=["contact_name", "contact_email", "contact_phone"])
            Attachment.objects.filter(need=need).delete()
            audit.record(act=Act.ERASED, subject=need, by=None, now=now)
            gone += 1
    return gone


def _forget_organisation(key: int) -> None:
    needs = Need.objects.filter(organisation=OuterRef("pk"))
    agents = Agent.objects.filter(organisation=OuterRef("pk"))
    Organisation.objects.filter(~Exists(needs), ~Exists(agents), pk=key).delete()
