"""Prices: prepared as a draft, published once, never edited afterwards."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import audit, pricing
from members.models import Act, Plan, PlanVersion, User

_CHILDREN = ("rates", "packs", "reductions")


@transaction.atomic
def draft_version(*, plan: Plan, valid_from: date, by: User, now: datetime) -> PlanVersion:
    """A draft from a day on: a copy of the version that holds then, or an empty one.

    Raises ValidationError `unique` when the plan has a version from that very day.
    """
    model = pricing.version_on(plan, valid_from)
    draft = PlanVersion(plan=plan, valid_from=valid_from)
    if model is not None:
        for name in (
            "fee",
            "fee_every",
            "fixed_desk",
            "commitment_months",
            "notice_days",
            "midday",
            "vat_code",
        ):
            setattr(draft, name, getattr(model, name))
    draft.full_clean()
    draft.save()
    for children in _CHILDREN if model is not None else ():
        for child in getattr(model, children).all():
            child.pk, child._state.adding, child.version = None, True, draft
            child.full_clean()
            child.save()
    audit.record(act=Act.CREATED, subject=draft, by=by, now=now, before={})
    return draft


@transaction.atomic
def publish_version(*, version: PlanVersion, by: User, now: datetime) -> PlanVersion:
    """From now on these prices hold from their day on, and nobody changes them.

    Raises ValidationError: `published` already; `retroactive` when its day is over and somebody
    may have come at the prices of then; `no_vat` without a VAT rate on its day; `bad_tariff` when
    the prices make no sense together; `empty` when it sells nothing.
    """
    list(Plan.objects.select_for_update(no_key=True).filter(pk=version.plan_id).order_by("pk"))
    current = PlanVersion.objects.whole().get(pk=version.pk)
    if current.published_at is not None:
        raise ValidationError(_("Ce tarif est déjà publié."), code="published")
    others = current.plan.versions.published()
    if current.valid_from < timezone.localdate(now) and others.exists():
        raise ValidationError(
            _("Un nouveau tarif ne vaut pas pour le passé : choisissez aujourd’hui ou plus tard."),
            code="retroactive",
        )
    check_version(current)
    before = audit.snapshot(current)
    current.published_at = now
    current.full_clean()
    current.save(update_fields=["published_at"])
    changes = {children: (None, _in_words(current, children)) for children in _CHILDREN}
    audit.record(act=Act.PUBLISHED, subject=current, by=by, now=now, before=before, changes=changes)
    return current


def check_version(version: PlanVersion) -> None:
    """Refuse prices that make no sense: `no_vat`, `bad_tariff`, `empty`."""
    rates = pricing.vat_rates(version.vat_code)
    if not any(rate.holds_on(version.valid_from) for rate in rates):
        raise ValidationError(
            _("Aucun taux de TVA « %(code)s » n’est en vigueur le %(day)s."),
            code="no_vat",
            params={"code": version.vat_code, "day": f"{version.valid_from:%d/%m/%Y}"},
        )
    try:
        tariff = pricing.tariff_of(version, rates)
    except ValueError as problem:
        raise ValidationError(
            _("Ces prix ne vont pas ensemble : %(problem)s"),
            code="bad_tariff",
            params={"problem": str(problem)},
        ) from problem
    if not (tariff.fee or tariff.rates or tariff.packs):
        raise ValidationError(_("Ce tarif ne vend rien."), code="empty")


def _in_words(version: PlanVersion, children: str) -> list[dict[str, object]]:
    """The rows of a version as they stand in the audit."""
    rows = [dict(audit.snapshot(child)) for child in getattr(version, children).all()]
    return [{k: v for k, v in row.items() if k not in ("id", "version_id")} for row in rows]
