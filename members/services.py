"""Every write about people: accounts, members, profiles, consent, roles."""

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from members.models import ADDRESS_TAKEN, Member, Role, User
from members.roles import STAFF_ROLES


@transaction.atomic
def register(*, user: User, now: datetime, trade: str = "", visible: bool = False) -> Member:
    """Make a member of this user, saving the user first when it is new.

    Raises ValidationError: `required` when the user has no name, `unique` when the address has an
    account or the user is a member already.
    """
    if user._state.adding:
        _save_new(user)
    _require_name(user.name)
    member = Member(
        user=user, trade=trade.strip(), joined_at=now, visible_since=now if visible else None
    )
    member.full_clean()
    member.save()
    return member


def open_account(
    *, user: User, now: datetime, as_member: bool, address_verified: bool = False
) -> User:
    """Save a new user with its address, and its member if asked: all or nothing.

    Every account is made here, whoever makes it: sign-up, admin, demo. Unless `address_verified`,
    the person proves the address by code at the first login. Raises ValidationError as `register`.
    """
    try:
        with transaction.atomic():
            if as_member:
                register(user=user, now=now)
            else:
                _save_new(user)
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
def save_account(*, user: User) -> User:
    """Save a user changed by staff. A new address replaces the old one, and is to be proved."""
    user.full_clean(exclude=["password"])
    user.save()
    addresses = EmailAddress.objects.filter(user=user)
    if not addresses.filter(email=user.email, primary=True).exists():
        addresses.delete()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user


@transaction.atomic
def update_profile(
    *,
    user: User,
    name: str,
    language: str,
    now: datetime,
    trade: str = "",
    visible: bool = False,
) -> User:
    """Write what a person says of themselves; `trade` and `visible` concern members only.

    Raises ValidationError: `required` (no name), `invalid_choice` (language), `unprintable`,
    `max_length`.
    """
    user.name, user.language = name.strip(), language
    _require_name(user.name)
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "language"])
    member = Member.objects.filter(user=user).first()
    if member is not None:
        set_trade(member=member, trade=trade)
        set_visibility(member=member, visible=visible, now=now)
    return user


@transaction.atomic
def set_trade(*, member: Member, trade: str) -> Member:
    member.trade = trade.strip()
    member.full_clean()
    member.save(update_fields=["trade"])
    return member


@transaction.atomic
def set_visibility(*, member: Member, visible: bool, now: datetime) -> Member:
    """Write the agreement to be seen by other members, or its withdrawal.

    Agreeing twice keeps the date of the first time.
    """
    if visible != member.is_visible:
        member.visible_since = now if visible else None
        member.full_clean()
        member.save(update_fields=["visible_since"])
    return member


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
def set_roles(*, user: User, roles: Collection[Role], by: User) -> User:
    """Give the user exactly these roles, and the access to the admin that they need.

    Groups that are not roles are left alone. Raises ValidationError `roles_forbidden`, `own_role`.
    """
    check_roles(user=user, roles=roles, by=by)
    others = user.groups.exclude(name__in=Role.values)
    user.groups.set([*others, *Group.objects.filter(name__in=[role.value for role in roles])])
    user.is_staff = user.is_superuser or not STAFF_ROLES.isdisjoint(roles)
    user.save(update_fields=["is_staff"])
    return user


def _save_new(user: User) -> None:
    user.full_clean(exclude=["password"])
    user.save()


def _require_name(name: str) -> None:
    if not name:
        raise ValidationError({"name": ValidationError(_("Indiquez un nom."), code="required")})
