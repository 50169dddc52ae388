"""Roles: what each may do, and who may give them."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Value
from django.db.models.functions import Concat

from members import services
from members.models import Role, User
from members.roles import RIGHTS, lay_down_roles
from tests.members.conftest import NOW, MakeUser

pytestmark = pytest.mark.django_db

LABEL = Concat("content_type__app_label", Value("."), "codename")


def rights_of(name: str) -> set[str]:
    held = Permission.objects.filter(group__name=name).annotate(label=LABEL)
    return set(held.values_list("label", flat=True))


def lay_down_everywhere() -> None:
    for app_config in apps.get_app_configs():
        lay_down_roles(app_config)


@pytest.mark.parametrize("role", Role)
def test_after_migrate_a_role_holds_exactly_its_rights(role: Role) -> None:
    """Also proves that every right of the table names a permission that exists."""
    assert rights_of(role.value) == RIGHTS[role]


@pytest.mark.parametrize(
    ("person", "may_override"),
    [
        ("operator", True),
        ("host", True),
        ("accountant", False),
        ("partner", False),
        ("coworker", False),
    ],
    indirect=["person"],
)
def test_operator_and_host_may_pass_over_the_rules_of_booking(
    person: User, may_override: bool
) -> None:
    assert person.has_perm("booking.override_rules") is may_override


@pytest.mark.parametrize(
    ("person", "enters"),
    [
        ("operator", True),
        ("host", True),
        ("accountant", True),
        ("partner", False),
        ("coworker", False),
    ],
    indirect=["person"],
)
def test_roles_that_work_in_the_admin_enter_it(person: User, enters: bool) -> None:
    assert person.is_staff is enters


def test_only_the_operator_gives_roles_among_the_roles() -> None:
    givers = [role for role in Role if "members.assign_roles" in RIGHTS[role]]
    assert givers == [Role.OPERATOR]


def test_the_public_partner_sees_nobody() -> None:
    assert RIGHTS[Role.PARTNER] == {"directory.read_figures"}  # totals, and nobody


def test_nobody_deletes_bookings_not_even_the_operator() -> None:
    assert not any("booking.delete_booking" in rights for rights in RIGHTS.values())


def test_a_right_given_by_hand_is_taken_back_by_the_next_migrate() -> None:
    partner = Group.objects.get(name=Role.PARTNER)
    partner.permissions.add(Permission.objects.get(codename="view_member"))
    lay_down_everywhere()
    assert rights_of(Role.PARTNER) == RIGHTS[Role.PARTNER]


def test_a_right_that_was_lost_comes_back() -> None:
    Group.objects.get(name=Role.HOST).permissions.clear()
    lay_down_everywhere()
    assert rights_of(Role.HOST) == RIGHTS[Role.HOST]


def test_a_permission_that_comes_with_a_later_migration_is_made_and_given() -> None:
    """The receiver may run before Django's own, which makes the permissions."""
    Permission.objects.filter(codename="override_rules").delete()
    lay_down_roles(apps.get_app_config("booking"))
    assert "booking.override_rules" in rights_of(Role.OPERATOR)


def test_groups_made_by_hand_are_left_alone() -> None:
    friends = Group.objects.create(name="amis")
    friends.permissions.add(Permission.objects.get(codename="view_member"))
    lay_down_everywhere()
    assert rights_of("amis") == {"members.view_member"}


@pytest.mark.django_db(transaction=True)
def test_the_roles_survive_the_emptying_of_the_tables() -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert {role.value for role in Role} == set(Group.objects.values_list("name", flat=True))
    assert rights_of(Role.OPERATOR) == RIGHTS[Role.OPERATOR]


# Who gives roles


def test_the_operator_makes_a_host_who_then_enters_the_admin(
    operator: User, coworker: User
) -> None:
    services.set_roles(user=coworker, roles=[Role.HOST], by=operator, now=NOW)
    user = User.objects.get(pk=coworker.pk)
    assert user.is_staff
    assert user.has_perm("booking.override_rules")


def test_losing_the_last_role_closes_the_admin(operator: User, host: User) -> None:
    services.set_roles(user=host, roles=[], by=operator, now=NOW)
    user = User.objects.get(pk=host.pk)
    assert not user.is_staff
    assert not user.has_perm("booking.override_rules")


def test_other_groups_of_a_person_stay(operator: User, coworker: User) -> None:
    coworker.groups.add(Group.objects.create(name="amis"))
    services.set_roles(user=coworker, roles=[Role.PARTNER], by=operator, now=NOW)
    assert set(coworker.groups.values_list("name", flat=True)) == {"amis", "partner"}


@pytest.mark.parametrize("person", ["host", "accountant", "partner", "coworker"], indirect=True)
def test_nobody_else_gives_roles_not_even_to_themselves(person: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.set_roles(user=person, roles=[Role.OPERATOR], by=person, now=NOW)
    assert refusal.value.code == "roles_forbidden"
    assert not person.groups.filter(name=Role.OPERATOR).exists()


def test_the_operator_cannot_touch_the_roles_of_a_superuser(
    operator: User, superuser: User
) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.set_roles(user=superuser, roles=[], by=operator, now=NOW)
    assert refusal.value.code == "roles_forbidden"


def test_an_operator_cannot_drop_the_own_role(operator: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.set_roles(user=operator, roles=[Role.HOST], by=operator, now=NOW)
    assert refusal.value.code == "own_role"
    assert operator.groups.filter(name=Role.OPERATOR).exists()


def test_a_superuser_stays_in_the_admin_without_a_role(superuser: User) -> None:
    services.set_roles(user=superuser, roles=[], by=superuser, now=NOW)
    assert User.objects.get(pk=superuser.pk).is_staff


def test_a_role_ends_with_the_account(make_user: MakeUser) -> None:
    gone = make_user("parti@morez.example", roles=[Role.OPERATOR], member=False)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    assert not User.objects.get(pk=gone.pk).has_perm("members.assign_roles")
