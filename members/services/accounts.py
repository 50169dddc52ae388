"""Accounts and roles: who may log in, and as what."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from members import audit
from members.models import ADDRESS_TAKEN, Act, Member, Role, State, User
from members.roles import STAFF_ROLES


@transaction.atomic
def register(
    *,
    user: User,
    now: datetime,
    by: User | None = None,
    state: State = State.APPLICANT,
    profile: Mapping[str, Any] | None = None,
) -> Member:
    """Make a member of this user, saving the user first when it is new.

    Args:
        by: who does it; None: the person, by signing up.
        state: an applicant, or a member at once when staff says so.
        profile: trade and company, when they are known from the first.

    Raises ValidationError: `required` when the user has no name, `unique` when the address has an
    account or the user is a member already, `move_not_allowed` for another state.
    """
    if user._state.adding:
        _save_new(user)
    require_name(user.name)
    member = Member(user=user, joined_at=now, state=state, state_since=now, **(profile or {}))
    member.full_clean()
    member.save()
    audit.record(act=Act.CREATED, subject=member, by=by or user, now=now, before={})
    return member


def open_account(
    *,
    user: User,
    now: datetime,
    as_member: bool,
    by: User | None = None,
    state: State = State.APPLICANT,
    address_verified: bool = False,
    profile: Mapping[str, Any] | None = None,
) -> User:
    """Save a new user with its address, and its member if asked: all or nothing.

    Every account is made here, whoever makes it: sign-up, invitation, import, admin, demo. Unless
    `address_verified`, the person proves the address by code at the first login. Raises
    ValidationError as `register`.
    """
    try:
        with transaction.atomic():
            if as_member:
                register(user=user, now=now, by=by, state=state, profile=profile)
            else:
                _save_new(user)
                audit.record(act=Act.CREATED, subject=user, by=by or user, now=now)
            EmailAddress.objects.create(
                user=user, email=user.email, primary=True, verified=address_verified
            )
    except IntegrityError as error:
        # Between our check and our insert, another sign-up may have won the address.
        if not User.objects.filter(email=user.email).exists():
            raise
        raise ValidationError({"email": ValidationError(ADDRESS_TAKEN, code="unique")}) from error
    return user


@transaction.atomic
def save_account(*, user: User, by: User, now: datetime) -> User:
    """Save a user changed by staff. A new address replaces the old one, and is to be proved."""
    before = audit.snapshot(User.objects.get(pk=user.pk))
    user.full_clean(exclude=["password"])
    user.save()
    audit.record(
        act=Act.CHANGED, subject=user, by=by, now=now, before=before, member=member_of(user)
    )
    addresses = EmailAddress.objects.filter(user=user)
    if not addresses.filter(email=user.email, primary=True).exists():
        addresses.delete()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user


def check_roles(*, user: User, roles: Collection[Role], by: User) -> None:
    """Refuse what `set_roles` refuses, without writing."""
    if not by.has_perm("members.assign_roles") or (user.is_superuser and not by.is_superuser):
        raise ValidationError(
            _("Seul un opérateur peut attribuer les rôles."), code="roles_forbidden"
        )
    if user == by and not by.is_superuser and Role.OPERATOR not in roles:
        # Else the last operator could lock everyone out, with no one left to repair it.
        raise ValidationError(
            _("Vous ne pouvez pas vous retirer le rôle d’opérateur."), code="own_role"
        )


@transaction.atomic
def set_roles(*, user: User, roles: Collection[Role], by: User, now: datetime) -> User:
    """Give the user exactly these roles, and the access to the admin that they need.

    Groups that are not roles are left alone. Raises ValidationError `roles_forbidden`, `own_role`.
    """
    check_roles(user=user, roles=roles, by=by)
    held = sorted(user.groups.filter(name__in=Role.values).values_list("name", flat=True))
    wanted = sorted(role.value for role in roles)
    others = user.groups.exclude(name__in=Role.values)
    user.groups.set([*others, *Group.objects.filter(name__in=[role.value for role in roles])])
    user.is_staff = user.is_superuser or not STAFF_ROLES.isdisjoint(roles)
    user.save(update_fields=["is_staff"])
    if held != wanted:
        audit.record(
            act=Act.ROLES,
            subject=user,
            by=by,
            now=now,
            changes={"roles": (held, wanted)},
            member=member_of(user),
        )
    return user


def member_of(user: User) -> Member | None:
    return Member.objects.filter(user=user).first()


def _save_new(user: User) -> None:
    user.full_clean(exclude=["password"])
    user.save()


def require_name(name: str) -> None:
    if not name:
        raise ValidationError({"name": ValidationError(_("Indiquez un nom."), code="required")})
