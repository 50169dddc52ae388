"""Asking providers about a need: small batches, each of them once, in turn, and one reminder.

The need's row is locked first, then the providers', in the order of their keys.
"""

import secrets
from datetime import date, datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.matching import candidates, score_of
from directory.models import Need, NeedState, Origin, Ownership, Provider, Solicitation
from directory.notices import solicitations as letters
from directory.scoring import Score
from directory.services.moves import lock_need
from members import audit
from members.models import Act, User

BATCH: Final = 10
WAIT: Final = timedelta(hours=48)  # from one batch to the next
WEEK: Final = timedelta(days=7)
MOST_A_WEEK: Final = 3  # requests to one provider
REMIND_AFTER: Final = timedelta(days=3)
TOO_LATE_TO_REMIND: Final = timedelta(hours=12)  # before the end
# Nobody asks to be written to by volunteering.
WRITTEN_TO: Final = (Origin.MATCHED, Origin.HOST)


@transaction.atomic
def ask_next(*, need: Need, now: datetime) -> list[Solicitation]:
    """Ask the next providers, if it is time to and answers are missing. Returns whom it asked.

    Safe to run twice or in two places: the second finds that the next batch is not due yet. It
    matches anew each time, and adds to those who were asked before.
    """
    current = lock_need(need)
    if not takes_answers(current, now):
        return []
    if current.next_batch_at is None or current.next_batch_at > now:
        return []
    made: list[Solicitation] = []
    if current.solicitations.answered().count() < current.answers_wanted:
        last = current.solicitations.aggregate(last=Max("batch"))["last"]
        batch = 1 + (last or 0)
        made = [
            _make(current, provider, Origin.MATCHED, now, found=found, batch=batch)
            for provider, found in _chosen(current, now)
        ]
        current.next_batch_at = now + WAIT
    else:
        current.next_batch_at = None
    current.full_clean()
    current.save(update_fields=["next_batch_at"])
    return made


def ask_due(*, now: datetime) -> int:
    """Ask about every need whose next batch is due. Returns how many providers were asked."""
    due = Need.objects.open(timezone.localdate(now)).filter(next_batch_at__lte=now)
    return sum(len(ask_next(need=need, now=now)) for need in due.order_by("next_batch_at", "pk"))


@transaction.atomic
def introduce(*, need: Need, provider: Provider, by: User, now: datetime) -> Solicitation:
    """The host asks one provider, found by the directory or not.

    Raises ValidationError: `forbidden`, `closed`, `not_published`, `no_owner`, `own_need`,
    `unique` when it was asked before.
    """
    if not by.has_perm("directory.moderate_need"):
        raise ValidationError(_("Seule l’équipe présente un prestataire."), code="forbidden")
    current, chosen = _to_meet(need, provider, now)
    if not Ownership.objects.filter(provider=chosen, user__is_active=True).exists():
        raise ValidationError(
            _("Personne ne gère cette fiche : il n’y a pas à qui écrire."), code="no_owner"
        )
    found = score_of(need=current, provider=chosen, now=now)
    return _make(current, chosen, Origin.HOST, now, found=found, by=by)


@transaction.atomic
def volunteer(*, need: Need, provider: Provider, by: User, now: datetime) -> Solicitation:
    """The owner of a profile comes forward; the request counts as read.

    Raises ValidationError: `not_yours`, `closed`, `enough` when all answers wanted are there,
    `not_published`, `own_need`, `unique` when it was asked already.
    """
    if not Ownership.objects.filter(provider=provider, user=by).exists():
        raise ValidationError(_("Cette fiche n’est pas la vôtre."), code="not_yours")
    current, chosen = _to_meet(need, provider, now)
    if current.solicitations.answered().count() >= current.answers_wanted:
        raise ValidationError(_("Ce besoin a déjà reçu les réponses souhaitées."), code="enough")
    found = score_of(need=current, provider=chosen, now=now)
    return _make(current, chosen, Origin.VOLUNTEER, now, found=found, by=by)


def remind_due(*, now: datetime) -> int:
    """Recall each request once that waits, while there is time and answers are missing.

    Returns how many. Safe to run twice or in two places: whoever marks the row writes.
    """
    late = (
        Solicitation.objects.waiting()
        .filter(sent_at__lte=now - REMIND_AFTER, reminded_at=None, origin__in=WRITTEN_TO)
        .filter(need__state=NeedState.OPEN, need__deadline__gte=_last_day_to_remind(now))
        .annotate(answers=_answers())
        .filter(answers__lt=F("need__answers_wanted"))
    )
    return sum(_remind(key, now) for key in late.order_by("pk").values_list("pk", flat=True))


def takes_answers(need: Need, now: datetime) -> bool:
    """Open, and its last day is not over."""
    return need.state == NeedState.OPEN and need.deadline >= timezone.localdate(now)


@transaction.atomic
def _remind(key: int, now: datetime) -> int:
    rows = Solicitation.objects.waiting().filter(pk=key, reminded_at=None)
    if not rows.update(reminded_at=now):
        return 0
    solicitation = Solicitation.objects.with_both().get(pk=key)
    audit.record(
        act=Act.CHANGED,
        subject=solicitation,
        by=None,
        now=now,
        changes={"reminded_at": (None, now.isoformat())},
    )
    transaction.on_commit(lambda: letters.reminded(solicitation), robust=True)
    return 1


def _last_day_to_remind(now: datetime) -> date:
    """A need that ends on this day or later is far enough from its end, midnight after it."""
    return timezone.localdate(now + TOO_LATE_TO_REMIND)


def _answers() -> Count:
    return Count("need__solicitations", filter=Q(need__solicitations__answered_at__isnull=False))


def _chosen(need: Need, now: datetime) -> list[tuple[Provider, Score]]:
    """The next few, locked. Whoever another worker asked meanwhile about another need up to the
    cap is left out: the batch is a little smaller then."""
    ranking = candidates(need=need, now=now, among=_askable(need, now))[:BATCH]
    by_key = {found.candidate.id: found for found in ranking}
    rows = Provider.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=by_key)
    locked = list(rows.published().select_related("commune").order_by("pk"))
    full = set(_full(now).filter(provider__in=locked).values_list("provider", flat=True))
    free = {provider.pk: provider for provider in locked if provider.pk not in full}
    return [(free[key], found) for key, found in by_key.items() if key in free]


def _askable(need: Need, now: datetime) -> QuerySet[Provider]:
    """Those with somebody to write to, not asked yet about it, and with room in their week."""
    owners = Ownership.objects.filter(provider=OuterRef("pk"), user__is_active=True)
    asked = Solicitation.objects.filter(provider=OuterRef("pk"), need=need)
    return (
        Provider.objects.filter(Exists(owners), ~Exists(asked))
        .exclude(pk__in=_full(now).values("provider"))
        .exclude(pk__in=_authors_own(need))
    )


def _full(now: datetime) -> QuerySet[Solicitation, dict[str, int]]:
    """The providers who were written to as often as a week allows, as {"provider": …}."""
    recent = Solicitation.objects.filter(sent_at__gt=now - WEEK, origin__in=WRITTEN_TO)
    counted = recent.order_by().values("provider").annotate(times=Count("pk"))
    return counted.filter(times__gte=MOST_A_WEEK)  # type: ignore[return-value]


def _authors_own(need: Need) -> QuerySet[Ownership, dict[str, int]]:
    """The profiles of whoever posted the need, or acts for whom it is posted."""
    people = (
        Q(user=need.author_id)
        | Q(user__email=need.contact_email)
        | Q(user__agencies__organisation=need.organisation_id)
    )
    return Ownership.objects.filter(people).values("provider")  # type: ignore[return-value]


def _to_meet(need: Need, provider: Provider, now: datetime) -> tuple[Need, Provider]:
    """Both locked, if they may meet."""
    current = lock_need(need)
    if not takes_answers(current, now):
        raise ValidationError(_("Ce besoin n’attend plus de réponse."), code="closed")
    rows = Provider.objects.select_for_update(no_key=True, of=("self",))
    chosen = rows.select_related("commune").get(pk=provider.pk)
    if not chosen.is_published:
        raise ValidationError(_("Cette fiche n’est pas publiée."), code="not_published")
    if _authors_own(current).filter(provider=chosen).exists():
        raise ValidationError(_("Ce besoin est celui de la même personne."), code="own_need")
    return current, chosen


def _make(
    need: Need,
    provider: Provider,
    origin: Origin,
    now: datetime,
    *,
    found: Score | None,
    batch: int = 0,
    by: User | None = None,
) -> Solicitation:
    row = Solicitation(
        need=need,
        provider=provider,
        origin=origin,
        batch=batch,
        score=found.total if found else 0,
        breakdown=[list(part) for part in found.breakdown] if found else [],
        key=secrets.token_urlsafe(32),
        sent_at=now,
        opened_at=now if origin == Origin.VOLUNTEER else None,
    )
    row.full_clean()
    row.save()
    changes = {"need_id": (None, need.pk), "provider_id": (None, provider.pk)}
    audit.record(
        act=Act.CREATED,
        subject=row,
        by=by,
        now=now,
        changes=changes | {"origin": (None, str(origin)), "score": (None, row.score)},
    )
    if origin in WRITTEN_TO:
        Provider.objects.filter(pk=provider.pk).update(last_solicited_at=now)
        transaction.on_commit(lambda: letters.asked(row), robust=True)
    return row
