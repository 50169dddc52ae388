"""Prices: prepared as a draft, published once, never edited afterwards."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import audit, pricing
from members.models import Act, Plan, PlanPack, PlanRate, PlanReduction, PlanVersion, User, Vat

_CHILDREN = ("rates", "packs", "reductions")

Row = PlanRate | PlanPack | PlanReduction


@transaction.atomic
def save_plan(*, plan: Plan, by: User, now: datetime) -> Plan:
    """Write a plan, new or changed: names, presentation, whether it is offered; never its prices.

    Raises ValidationError as the fields do, and `currency_fixed` for another currency once a price
    is published in this one.
    """
    adding, before = plan._state.adding, {}
    if not adding:
        stored = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        before = dict(audit.snapshot(stored))
        if plan.currency != stored.currency and stored.versions.published().exists():
            fixed = ValidationError(
                _("Des prix sont publiés dans cette monnaie : créez une autre formule."),
                code="currency_fixed",
            )
            raise ValidationError({"currency": fixed})
    plan.full_clean()
    plan.save()
    act = Act.CREATED if adding else Act.CHANGED
    audit.record(act=act, subject=plan, by=by, now=now, before=before)
    return plan


@transaction.atomic
def save_vat(*, vat: Vat, by: User, now: datetime) -> Vat:
    """Write a VAT rate, new or not in force yet; of one that holds, only its source and its end.

    Raises ValidationError as the fields do, `overlap`, and `began`.
    """
    adding, before = vat._state.adding, {}
    if not adding:
        stored = Vat.objects.get(pk=vat.pk)
        before = dict(audit.snapshot(stored))
        kept = ("code", "percent", "valid_from")
        changed = any(getattr(vat, name) != getattr(stored, name) for name in kept)
        if changed and stored.valid_from <= timezone.localdate(now):
            raise ValidationError(
                _("Ce taux est en vigueur : donnez-lui une fin, et créez le suivant."), code="began"
            )
    vat.full_clean()
    vat.save()
    act = Act.CREATED if adding else Act.CHANGED
    audit.record(act=act, subject=vat, by=by, now=now, before=before)
    return vat


@transaction.atomic
def save_draft(
    *,
    version: PlanVersion,
    by: User,
    now: datetime,
    rows: Iterable[Row] = (),
    removed: Iterable[Row] = (),
) -> PlanVersion:
    """Write a draft, with the rates, packs and reductions that were changed or taken away.

    Raises ValidationError `published`, and as the fields do.
    """
    stored = _locked(version)
    _refuse_published(stored)
    before = audit.snapshot(stored)
    children_before = {children: _in_words(stored, children) for children in _CHILDREN}
    version.full_clean()
    version.save()
    for row in removed:
        row.delete()
    for row in rows:
        row.version = version
        row.full_clean()
        row.save()
    written = PlanVersion.objects.whole().get(pk=version.pk)
    changes: dict[str, tuple[Any, Any]] = {
        children: (old, new)
        for children, old in children_before.items()
        if old != (new := _in_words(written, children))
    }
    audit.record(act=Act.CHANGED, subject=written, by=by, now=now, before=before, changes=changes)
    return written


@transaction.atomic
def delete_draft(*, version: PlanVersion, by: User, now: datetime) -> None:
    """Throw a draft away. Raises ValidationError `published`: what was published stays."""
    stored = _locked(version)
    _refuse_published(stored)
    gone = {name: (value, None) for name, value in audit.snapshot(stored).items()}
    audit.record(act=Act.CANCELLED, subject=stored, by=by, now=now, changes=gone)
    stored.delete()


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

    Raises ValidationError: `forbidden` to who may not publish; `published` already; `retroactive`
    when its day is over and somebody may have come at the prices of then; `no_vat` without a VAT
    rate on its day; `bad_tariff` when the prices make no sense together; `empty` when it sells
    nothing.
    """
    if not by.has_perm("members.publish_planversion"):
        raise ValidationError(_("Seul l’opérateur publie un tarif."), code="forbidden")
    current = _locked(version)
    _refuse_published(current)
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


def _locked(version: PlanVersion) -> PlanVersion:
    """The version as it stands, whole, behind every other writer of its plan."""
    list(Plan.objects.select_for_update(no_key=True).filter(pk=version.plan_id).order_by("pk"))
    return PlanVersion.objects.whole().get(pk=version.pk)


def _refuse_published(version: PlanVersion) -> None:
    if version.published_at is not None:
        raise ValidationError(_("Ce tarif est déjà publié."), code="published")


def _in_words(version: PlanVersion, children: str) -> list[dict[str, object]]:
    """The rows of a version as they stand in the audit."""
    rows = [dict(audit.snapshot(child)) for child in getattr(version, children).all()]
    return [{k: v for k, v in row.items() if k not in ("id", "version_id")} for row in rows]
