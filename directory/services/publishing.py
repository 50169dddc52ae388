"""The state of a profile: what its owner and what the team may do, by the table of moves.

The first profile of somebody whom the host does not know is read before it is published. A
coworker inside the house publishes at once, and so does who took a published profile offline.
"""

from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.models import PROVIDER_MOVES, Provider, ProviderState
from directory.notices import providers as notices
from directory.services.index import reindex
from directory.services.providers import check_owner, concerned, lock
from members import audit
from members.models import Act, Member, User

MODERATE: Final = "directory.moderate_provider"


def publishes_at_once(*, provider: Provider, by: User) -> bool:
    """Whether what this owner sends need not wait for the host. One query at most."""
    if provider.first_published_at is not None and not provider.state_reason:
        return True
    return Member.objects.inside().filter(user=by).exists()


def lacks(provider: Provider) -> list[str]:
    """What a profile cannot be published without, in words. One query."""
    missing = []
    if not provider.headline:
        missing.append(_("ce que vous faites, en une phrase"))
    if not provider.activities.exists():
        missing.append(_("un métier"))
    return missing


@transaction.atomic
def publish(*, provider: Provider, by: User, now: datetime) -> Provider:
    """The owner wants it published: at once, or it waits for the host. Twice changes nothing.

    Raises ValidationError: `not_yours`, `incomplete`, `move_not_allowed` (suspended).
    """
    current = lock(provider)
    check_owner(provider=current, by=by)
    if current.state in (ProviderState.PENDING, ProviderState.PUBLISHED):
        return current
    _refuse_incomplete(current)
    if publishes_at_once(provider=current, by=by):
        return _move(current, ProviderState.PUBLISHED, by=by, now=now)
    moved = _move(current, ProviderState.PENDING, by=by, now=now)
    transaction.on_commit(lambda: notices.profile_waits(moved), robust=True)
    return moved


@transaction.atomic
def take_offline(*, provider: Provider, by: User, now: datetime) -> Provider:
    """Back to a draft, by its owner: published, or still waiting. Twice changes nothing.

    Raises ValidationError: `not_yours`, `move_not_allowed` (suspended).
    """
    current = lock(provider)
    check_owner(provider=current, by=by)
    if current.state == ProviderState.SUSPENDED and not by.has_perm(MODERATE):
        raise _not_allowed(current, ProviderState.DRAFT)
    return _move(current, ProviderState.DRAFT, by=by, now=now)


@transaction.atomic
def approve(*, provider: Provider, by: User, now: datetime) -> Provider:
    """The host publishes what waits, lifts a suspension, or publishes what the team has entered.

    The owners get a letter; the draft of an owner is the owner's to publish. Raises
    ValidationError: `forbidden`, `incomplete`, `move_not_allowed`.
    """
    current = _for_the_team(provider, by)
    if current.state == ProviderState.PUBLISHED:
        return current
    if current.state == ProviderState.DRAFT:
        if current.ownerships.exists():
            raise _not_allowed(current, ProviderState.PUBLISHED)
        _refuse_incomplete(current)
    moved = _move(current, ProviderState.PUBLISHED, by=by, now=now)
    transaction.on_commit(lambda: notices.profile_published(moved), robust=True)
    return moved


@transaction.atomic
def send_back(*, provider: Provider, by: User, now: datetime, reason: str) -> Provider:
    """Back to its owner with a word: what waits, or what was suspended and can be mended.

    Raises ValidationError: `forbidden`, `required` without a word, `move_not_allowed`.
    """
    current = _for_the_team(provider, by)
    _require(reason)
    if current.state == ProviderState.PUBLISHED:
        raise _not_allowed(current, ProviderState.DRAFT)  # that is `suspend`
    moved = _move(current, ProviderState.DRAFT, by=by, now=now, reason=reason.strip())
    transaction.on_commit(lambda: notices.profile_sent_back(moved), robust=True)
    return moved


@transaction.atomic
def suspend(*, provider: Provider, by: User, now: datetime, reason: str) -> Provider:
    """Hide a published profile from everybody but its owners and the team, who read why.

    Raises ValidationError: `forbidden`, `required` without a reason, `move_not_allowed`.
    """
    current = _for_the_team(provider, by)
    _require(reason)
    if current.state == ProviderState.SUSPENDED:
        return current
    moved = _move(current, ProviderState.SUSPENDED, by=by, now=now, reason=reason.strip())
    transaction.on_commit(lambda: notices.profile_suspended(moved), robust=True)
    return moved


def expire(*, provider: Provider, now: datetime) -> None:
    """Nobody said that it is still true: a locked, published profile goes offline, by the clock."""
    _move(provider, ProviderState.DRAFT, by=None, now=now)


def _move(
    provider: Provider, to: ProviderState, *, by: User | None, now: datetime, reason: str = ""
) -> Provider:
    old = ProviderState(provider.state)
    if old == to:
        return provider
    if (old, to) not in PROVIDER_MOVES:
        raise _not_allowed(provider, to)
    before = audit.snapshot(provider)
    provider.state, provider.state_since, provider.state_reason = to, now, reason
    if to == ProviderState.PUBLISHED:
        provider.first_published_at = provider.first_published_at or now
        provider.confirmed_at = now  # somebody has just read it
        provider.confirmation_asked_at = provider.confirmation_reminded_at = None
    provider.full_clean()
    provider.save()
    audit.record(
        act=Act.STATE,
        subject=provider,
        by=by,
        now=now,
        before=before,
        member=concerned(provider, by),
        reason=reason,
    )
    reindex(provider=provider)
    return provider


def _for_the_team(provider: Provider, by: User) -> Provider:
    if not by.has_perm(MODERATE):
        raise ValidationError(_("Seule l’équipe décide d’une fiche."), code="forbidden")
    return lock(provider)


def _refuse_incomplete(provider: Provider) -> None:
    if missing := lacks(provider):
        raise ValidationError(
            _("Il manque encore : %(what)s."),
            code="incomplete",
            params={"what": ", ".join(missing)},
        )


def _require(reason: str) -> None:
    if not reason.strip():
        missing = ValidationError(_("Dites pourquoi : la personne le lira."), code="required")
        raise ValidationError({"reason": missing})


def _not_allowed(provider: Provider, to: ProviderState) -> ValidationError:
    return ValidationError(
        _("Une fiche ne passe pas de « %(old)s » à « %(new)s »."),
        code="move_not_allowed",
        params={"old": provider.get_state_display(), "new": to.label},
    )
