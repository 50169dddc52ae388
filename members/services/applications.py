"""Asking to join, and the answer: at once where the plan says so, else by a host."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import audit, notices
from members.models import (
    Act,
    Admission,
    Application,
    Decision,
    LegalText,
    Member,
    Plan,
    State,
    Use,
    User,
)
from members.services.consents import agree, current_texts
from members.services.membership import lock, move_state
from members.services.profiles import change_profile
from members.services.subscriptions import check_offer, start_plan

FURTHEST_DAYS = 366
REMIND_AFTER = timedelta(days=2)


@transaction.atomic
def apply(
    *,
    member: Member,
    plan: Plan,
    starts_on: date,
    now: datetime,
    accepted: Mapping[Use, str],
    profile: Mapping[str, Any] | None = None,
    consents: Mapping[Use, bool] | None = None,
    category: str = "",
    heard: str = "",
    message: str = "",
) -> Application:
    """Ask to join on a plan.

    Args:
        accepted: for each text that has a published version, the version that was read.
        profile: trade, company, commute… as `change_profile` takes them.
        consents: the free ones.

    Raises ValidationError: `already_member`, `waiting`, `not_offered`, `no_price`,
    `unknown_category`, `past`, `too_far`, and as the fields refuse; `texts` for each text that was
    not accepted in its present version, with its use in `params["use"]`.
    """
    current = lock(member)
    if current.state in (State.ACTIVE, State.PAUSED):
        raise ValidationError(_("Vous êtes déjà membre."), code="already_member")
    today = timezone.localdate(now)
    if starts_on < today:
        raise ValidationError({"starts_on": ValidationError(_("Cette date est passée."), "past")})
    if starts_on > today + timedelta(days=FURTHEST_DAYS):
        far = ValidationError(_("Cette date est trop lointaine."), "too_far")
        raise ValidationError({"starts_on": far})
    if not plan.is_offered:
        raise ValidationError(_("Cette formule n’est pas proposée."), code="not_offered")
    check_offer(plan=plan, start=starts_on, category=category)
    _accept(current.user, accepted, now)
    if current.state != State.APPLICANT:
        move_state(member=current, to=State.APPLICANT, by=current.user, now=now)
    if profile or consents:
        change_profile(
            member=current, now=now, by=current.user, values=profile or {}, consents=consents
        )
    application = Application(
        member=current,
        plan=plan,
        starts_on=starts_on,
        category=category,
        heard=heard,
        message=message.strip(),
        submitted_at=now,
    )
    application.full_clean()
    application.save()
    audit.record(act=Act.CREATED, subject=application, by=current.user, now=now, before={})
    if plan.admission == Admission.INSTANT:
        _admit(application, current, by=None, now=now)
    else:
        transaction.on_commit(lambda: notices.application_received(application), robust=True)
        transaction.on_commit(lambda: notices.application_waits(application), robust=True)
    return application


@transaction.atomic
def approve(*, application: Application, by: User, now: datetime) -> Application:
    """Make the applicant a member, on the plan asked for, from the day asked for or today.

    Approving twice changes nothing. Raises ValidationError: `decided` otherwise, `forbidden`, and
    as `start_plan`.
    """
    current, member = _to_decide(application, by)
    if current.decision == Decision.APPROVED:
        return current
    _refuse_decided(current)
    return _admit(current, member, by=by, now=now)


@transaction.atomic
def refuse(*, application: Application, by: User, now: datetime, reason: str) -> Application:
    """Refuse, with the reason that the person will read.

    Raises ValidationError: `required` without a reason, `decided`, `forbidden`.
    """
    current, member = _to_decide(application, by)
    if not reason.strip():
        missing = ValidationError(_("Dites pourquoi : la personne le lira."), code="required")
        raise ValidationError({"reason": missing})
    _refuse_decided(current)
    _decide(current, Decision.REFUSED, by=by, now=now, reason=reason.strip())
    move_state(member=member, to=State.REFUSED, by=by, now=now, reason=reason.strip())
    transaction.on_commit(lambda: notices.application_refused(current), robust=True)
    return current


@transaction.atomic
def withdraw(*, application: Application, by: User, now: datetime) -> Application:
    """The applicant takes it back; an applicant one stays. Raises ValidationError `decided`."""
    lock(application.member)
    current = Application.objects.select_related("member__user", "plan").get(pk=application.pk)
    if by.pk != current.member.user_id:
        raise ValidationError(_("Cette candidature n’est pas la vôtre."), code="not_yours")
    _refuse_decided(current)
    return _decide(current, Decision.WITHDRAWN, by=by, now=now)


def remind(*, now: datetime) -> int:
    """Write once to the hosts about each application that has waited too long. Returns how many.

    Safe to run twice or in two places: whoever marks the row writes the letter.
    """
    late = Application.objects.waiting().filter(
        submitted_at__lte=now - REMIND_AFTER, reminded_at__isnull=True
    )
    sent = 0
    for application in late.select_related("member__user", "plan"):
        mine = Application.objects.filter(
            pk=application.pk, reminded_at__isnull=True, decided_at__isnull=True
        ).update(reminded_at=now)
        if mine:
            notices.application_waits(application, again=True)
            sent += 1
    return sent


def _accept(user: User, accepted: Mapping[Use, str], now: datetime) -> None:
    texts = current_texts()
    if missing := [
        _not_accepted(text, accepted.get(use, ""))
        for use, text in texts.items()
        if accepted.get(use) != text.version
    ]:
        raise ValidationError(missing)
    for use, text in texts.items():
        agree(user=user, use=use, version=text.version, now=now, by=user)


def _not_accepted(text: LegalText, read: str) -> ValidationError:
    """Why: it was not accepted, or a newer version was published while an old one was read."""
    words = (
        _(
            "Une nouvelle version vient d’être publiée pendant que vous remplissiez la page : "
            "%(text)s, version %(version)s. Lisez-la, puis acceptez-la."
        )
        if read
        else _("Lisez et acceptez : %(text)s.")
    )
    params = {"text": text.get_use_display(), "version": text.version, "use": text.use}
    return ValidationError(words, code="texts", params=params)


def _to_decide(application: Application, by: User) -> tuple[Application, Member]:
    if not by.has_perm("members.decide_application"):
        raise ValidationError(_("Seule l’équipe décide d’une candidature."), code="forbidden")
    member = lock(application.member)
    rows = Application.objects.select_related("member__user", "plan")
    return rows.get(pk=application.pk), member


def _refuse_decided(application: Application) -> None:
    if not application.is_waiting:
        raise ValidationError(
            _("Cette candidature est déjà %(decision)s."),
            code="decided",
            params={"decision": application.get_decision_display()},
        )


def _admit(
    application: Application, member: Member, *, by: User | None, now: datetime
) -> Application:
    _decide(application, Decision.APPROVED, by=by, now=now)
    move_state(member=member, to=State.ACTIVE, by=by, now=now)
    start_plan(
        member=member,
        plan=application.plan,
        start=max(application.starts_on, timezone.localdate(now)),
        by=by or member.user,
        now=now,
        category=application.category,
    )
    transaction.on_commit(lambda: notices.application_approved(application), robust=True)
    return application


def _decide(
    application: Application,
    decision: Decision,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> Application:
    before = audit.snapshot(application)
    application.decision, application.decided_at = decision, now
    application.decided_by, application.reason = by, reason
    application.full_clean()
    application.save(update_fields=["decision", "decided_at", "decided_by", "reason"])
    audit.record(act=Act.CHANGED, subject=application, by=by, now=now, before=before, reason=reason)
    return application
