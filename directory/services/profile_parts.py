"""The rows of a profile: trades, skills, languages, references, and what of it is published."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from directory.models import Activity, Provider, Reference, Shown, ShownField, Skill, Speaks, Trade
from directory.services.index import reindex
from directory.services.providers import check_owner, check_seen, concerned, lock, mark_of
from directory.services.skills import skills_of
from members import audit
from members.models import Act, User

Row = TypeVar("Row", bound=models.Model)

MOST_ACTIVITIES: Final = 8
MOST_SKILLS: Final = 30
MOST_REFERENCES: Final = 12


@transaction.atomic
def save_activity(
    *,
    provider: Provider,
    trade: Trade,
    by: User,
    now: datetime,
    details: str = "",
    mode: str = "",
    range_km: int | None = None,
) -> Activity:
    """Put a trade on the profile, or write its details anew.

    Raises ValidationError: `not_yours`, `not_offered`, `too_many`, and as the fields refuse.
    """
    current = _locked(provider, by)
    row = Activity.objects.filter(provider=current, trade=trade).first()
    if row is None:
        if not trade.is_active:
            raise ValidationError(_("Ce métier n’est plus proposé."), code="not_offered")
        _check_count(current.activities.count(), MOST_ACTIVITIES)
        row = Activity(provider=current, trade=trade)
    before = {} if row._state.adding else audit.snapshot(row)
    row.details, row.mode, row.range_km = details.strip(), mode, range_km
    return _save_row(row, current, before, by, now)


@transaction.atomic
def save_reference(
    *,
    provider: Provider,
    by: User,
    now: datetime,
    values: dict[str, Any],
    reference: Reference | None = None,
) -> Reference:
    """Add a reference, or write one anew.

    Args:
        values: client, what, year, url.

    Raises ValidationError: `not_yours`, `gone`, `too_many`, and as the fields refuse.
    """
    current = _locked(provider, by)
    if reference is None:
        _check_count(current.references.count(), MOST_REFERENCES)
        row = Reference(provider=current)
    else:
        row = _own(current.references.filter(pk=reference.pk))
    before = {} if row._state.adding else audit.snapshot(row)
    for name in ("client", "what", "year", "url"):
        value = values.get(name, "")
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    return _save_row(row, current, before, by, now)


@transaction.atomic
def remove(*, provider: Provider, row: Activity | Reference, by: User, now: datetime) -> None:
    """Take a trade or a reference off the profile. Raises ValidationError: `not_yours`, `gone`."""
    current = _locked(provider, by)
    found = _own(type(row)._default_manager.filter(provider=current, pk=row.pk))
    gone = {name: (value, None) for name, value in audit.snapshot(found).items()}
    found_key = found.pk
    found.delete()
    found.pk = found_key
    audit.record(
        act=Act.ENDED,
        subject=found,
        by=by,
        now=now,
        changes=gone,
        member=concerned(current, by),
    )
    touch(current, now)


@transaction.atomic
def set_skills(
    *, provider: Provider, words: Sequence[str], by: User, now: datetime, seen: str = ""
) -> list[Skill]:
    """Make the skills of the profile those that were typed, each as its one row.

    « Wordpress » and « WORDPRESS » are one skill; another word for a skill stands for it. Raises
    ValidationError: `not_yours`, `stale`, `too_many`, and as a skill's name refuses.
    """
    current = _locked(provider, by)
    old = list(current.skills.order_by("folded"))
    check_seen(seen=seen, now_holds=mark_of([skill.folded for skill in old]))
    new = skills_of(words)
    if len(new) > MOST_SKILLS:
        raise _too_many(MOST_SKILLS)
    chosen = sorted(new, key=lambda skill: skill.folded)
    if chosen != old:
        current.skills.set(chosen)
        _note(current, by, now, "skills", [s.name for s in old], [s.name for s in chosen])
    return chosen


def skills_edition(provider: Provider) -> str:
    """The mark of the skills that a form was drawn from."""
    return mark_of(list(provider.skills.order_by("folded").values_list("folded", flat=True)))


@transaction.atomic
def set_languages(
    *, provider: Provider, languages: Collection[str], by: User, now: datetime
) -> None:
    """Make the languages of the profile these. Raises ValidationError: `not_yours`, `invalid`."""
    current = _locked(provider, by)
    old, new = set(current.spoken.values_list("language", flat=True)), set(languages)
    current.spoken.filter(language__in=old - new).delete()
    for language in sorted(new - old):
        _clean_save(Speaks(provider=current, language=language))
    if old != new:
        _note(current, by, now, "languages", sorted(old), sorted(new))


@transaction.atomic
def set_shown(*, provider: Provider, shown: Collection[str], by: User, now: datetime) -> None:
    """Write which fields the owner agrees to publish: a row for each consent, and its trace.

    A consent that stands keeps its date. The team may end a consent, never give one. Raises
    ValidationError: `not_yours`, `consent`, `invalid_choice`.
    """
    current = _locked(provider, by)
    standing = {row.field: row for row in current.shown_fields.all()}
    wanted = set(shown)
    if wanted - standing.keys() and not current.ownerships.filter(user=by).exists():
        raise ValidationError(
            _("Seul le responsable de la fiche accepte qu’un champ soit publié."), code="consent"
        )
    changes: dict[str, tuple[Any, Any]] = {}
    for field in sorted(standing.keys() - wanted):
        changes[f"shown.{field}"] = (standing[field].since.isoformat(), None)
        standing[field].delete()
    for field in sorted(wanted - standing.keys()):
        _clean_save(ShownField(provider=current, field=field, since=now))
        changes[f"shown.{Shown(field)}"] = (None, now.isoformat())
    if changes:
        audit.record(
            act=Act.CHANGED,
            subject=current,
            by=by,
            now=now,
            changes=changes,
            member=concerned(current, by),
        )
        touch(current, now)


def touch(provider: Provider, now: datetime) -> None:
    """A part of a locked profile was written: the profile has changed."""
    provider.changed_at = now
    provider.save(update_fields=["changed_at"])
    reindex(provider=provider)


def _locked(provider: Provider, by: User) -> Provider:
    current = lock(provider)
    check_owner(provider=current, by=by)
    return current


def _save_row(row: Row, provider: Provider, before: audit.Values, by: User, now: datetime) -> Row:
    is_new = row._state.adding
    _clean_save(row)
    act = Act.CREATED if is_new else Act.CHANGED
    if audit.record(
        act=act, subject=row, by=by, now=now, before=before, member=concerned(provider, by)
    ):
        touch(provider, now)
    return row


def _clean_save(row: models.Model) -> None:
    row.full_clean()
    row.save()


def _own(rows: "models.QuerySet[Row]") -> Row:
    row = rows.first()
    if row is None:
        raise ValidationError(_("Cette ligne n’est plus sur la fiche."), code="gone")
    return row


def _check_count(count: int, most: int) -> None:
    if count >= most:
        raise _too_many(most)


def _too_many(most: int) -> ValidationError:
    return ValidationError(_("%(most)d au plus."), code="too_many", params={"most": most})


def _note(
    provider: Provider, by: User, now: datetime, name: str, old: list[str], new: list[str]
) -> None:
    audit.record(
        act=Act.CHANGED,
        subject=provider,
        by=by,
        now=now,
        changes={name: (old, new)},
        member=concerned(provider, by),
    )
    touch(provider, now)
