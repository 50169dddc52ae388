"""« Signaler » : anybody says what is wrong with a profile or a need, the team looks at it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.models import Need, Provider, Report
from directory.notices import providers as notices
from directory.services.publishing import MODERATE
from members import audit
from members.models import Act, User


@transaction.atomic
def report(
    *,
    reason: str,
    now: datetime,
    provider: Provider | None = None,
    need: Need | None = None,
    text: str = "",
) -> Report:
    """Note it, without its author; the hosts get one letter for what nobody has looked at yet.

    Raises ValidationError: `bad_report` unless it is about one of both, `invalid_choice`.
    """
    row = Report(provider=provider, need=need, reason=reason, text=text.strip(), made_at=now)
    row.full_clean()
    waiting = Report.objects.filter(provider=provider, need=need, handled_at=None)
    is_first = not waiting.exists()
    row.save()
    if is_first:
        transaction.on_commit(lambda: notices.report_waits(row), robust=True)
    return row


@transaction.atomic
def handle(*, report: Report, outcome: str, by: User, now: datetime) -> Report:
    """Say what was done about it. Raises ValidationError: `forbidden`, `handled`, `required`."""
    if not by.has_perm(MODERATE):
        raise ValidationError(_("Seule l’équipe traite un signalement."), code="forbidden")
    current = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    if current.handled_at is not None:
        raise ValidationError(_("Ce signalement est déjà traité."), code="handled")
    if not outcome.strip():
        missing = ValidationError(_("Dites ce qui a été fait."), code="required")
        raise ValidationError({"outcome": missing})
    before = audit.snapshot(current)
    current.handled_at, current.handled_by, current.outcome = now, by, outcome.strip()
    current.full_clean()
    current.save(update_fields=["handled_at", "handled_by", "outcome"])
    audit.record(act=Act.CHANGED, subject=current, by=by, now=now, before=before)
    return current
