"""What people say of themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from members import audit
from members.models import Act, Member, Use, User
from members.services.accounts import member_of, require_name
from members.services.consents import set_consents
from members.services.membership import lock

# What a member may write about oneself; `change_profile` takes any of them.
PROFILE: Final = ("trade", "company", "skills", "can_help_with", "looks_for")
COMMUTE: Final = ("commute_km", "commute_minutes", "commute_means")


@transaction.atomic
def update_account(*, user: User, name: str, language: str, now: datetime, by: User) -> User:
    """Write the name and the language of a person.

    Raises ValidationError: `required` (no name), `invalid_choice` (language), `unprintable`,
    `max_length`.
    """
    before = audit.snapshot(User.objects.get(pk=user.pk))
    user.name, user.language = name.strip(), language
    require_name(user.name)
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "language"])
    audit.record(
        act=Act.CHANGED, subject=user, by=by, now=now, before=before, member=member_of(user)
    )
    return user


@transaction.atomic
def change_profile(
    *,
    member: Member,
    now: datetime,
    by: User,
    values: Mapping[str, Any],
    consents: Mapping[Use, bool] | None = None,
) -> Member:
    """Write some of `PROFILE` and `COMMUTE`, and consents with them.

    The commute is kept only while its consent holds: withdrawing it empties the three fields.
    Raises ValidationError as the fields of `Member` do; KeyError for another field.
    """
    if unknown := set(values) - {*PROFILE, *COMMUTE}:
        raise KeyError(f"not of a profile: {sorted(unknown)}")
    current = lock(member)  # before the consents lock the user: the order of every other writer
    if consents is not None:
        set_consents(user=current.user, uses=consents, now=now, by=by)
        current.refresh_from_db(fields=["visible_since"])
    before = audit.snapshot(current)
    for name, value in values.items():
        setattr(current, name, value.strip() if isinstance(value, str) else value)
    if not current.user.consents.standing().filter(use=Use.COMMUTE).exists():
        current.commute_km, current.commute_minutes, current.commute_means = None, None, ""
    current.full_clean()
    current.save(update_fields=[*PROFILE, *COMMUTE])
    audit.record(act=Act.CHANGED, subject=current, by=by, now=now, before=before)
    return current


def keep_commute(*, member: Member, values: Mapping[str, Any], by: User, now: datetime) -> Member:
    """Write the commute of somebody who agrees, by this, that it is kept and counted."""
    return change_profile(
        member=member, values=values, consents={Use.COMMUTE: True}, by=by, now=now
    )


def check_profile(values: Mapping[str, Any]) -> None:
    """Refuse what `change_profile` refuses, without writing: for an import's dry run."""
    fields = {name: Member._meta.get_field(name) for name in values}
    problems: dict[str, ValidationError] = {}
    for name, field in fields.items():
        try:
            field.clean(values[name], None)  # type: ignore[union-attr]
        except ValidationError as problem:
            problems[name] = problem
    if problems:
        raise ValidationError(problems)
