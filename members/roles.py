"""What each role may do in the admin and over the rules: one page to read, one place to change.

The rights of upper floors are named by strings, so that nothing is imported upwards. They are laid
down after every `migrate` (docs/decisions/0004-roles.md).
"""

from typing import Any, Final

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS, router

from members.models import Role

RIGHTS: Final[dict[Role, frozenset[str]]] = {
    Role.OPERATOR: frozenset(
        {
            "members.assign_roles",
            "members.view_user",
            "members.add_user",
            "members.change_user",
            "members.delete_user",
            "members.view_member",
            "members.add_member",
            "members.change_member",
            "members.delete_member",
            "booking.override_rules",
            "booking.view_space",
            "booking.add_space",
            "booking.change_space",
            "booking.delete_space",
            "booking.view_openinghours",
            "booking.add_openinghours",
            "booking.change_openinghours",
            "booking.delete_openinghours",
            "booking.view_closure",
            "booking.add_closure",
            "booking.change_closure",
            "booking.delete_closure",
            "booking.view_resource",
            "booking.add_resource",
            "booking.change_resource",
            "booking.delete_resource",
            "booking.view_booking",
            "booking.add_booking",
            "booking.change_booking",
        }
    ),
    Role.HOST: frozenset(
        {
            "members.view_user",
            "members.add_user",
            "members.change_user",
            "members.view_member",
            "members.add_member",
            "members.change_member",
            "booking.override_rules",
            "booking.view_space",
            "booking.view_openinghours",
            "booking.view_closure",
            "booking.add_closure",
            "booking.change_closure",
            "booking.view_resource",
            "booking.change_resource",
            "booking.view_booking",
            "booking.add_booking",
            "booking.change_booking",
        }
    ),
    Role.ACCOUNTANT: frozenset(
        {
            "members.view_user",
            "members.view_member",
            "booking.view_space",
            "booking.view_resource",
            "booking.view_booking",
        }
    ),
    # The public partner reads the impact report, never the admin: no right over people's data.
    Role.PARTNER: frozenset(),
}

# Roles that work in the admin.
STAFF_ROLES: Final = frozenset({Role.OPERATOR, Role.HOST, Role.ACCOUNTANT})


def lay_down_roles(
    app_config: AppConfig,
    using: str = DEFAULT_DB_ALIAS,
    apps: Any = installed_apps,
    **options: Any,
) -> None:
    """Receiver of `post_migrate`: make the groups hold exactly `RIGHTS` over this app.

    Safe to run any number of times; other groups and other apps' rights are left alone. A right
    whose permission does not exist yet (a partial migration) is given by the run that creates it.
    """
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:  # `auth` itself is not migrated yet
        return
    if not router.allow_migrate_model(using, group_model):
        return
    # Django's own receiver may come after this one.
    create_permissions(app_config, using=using, apps=apps, verbosity=0)

    groups = {
        role: group_model.objects.using(using).get_or_create(name=role.value)[0] for role in Role
    }
    label = app_config.label
    permissions = permission_model.objects.using(using).filter(content_type__app_label=label)
    ids = {f"{label}.{codename}": pk for codename, pk in permissions.values_list("codename", "pk")}
    held = set(
        group_model.permissions.through.objects.using(using)
        .filter(permission_id__in=ids.values())
        .values_list("group_id", "permission_id")
    )
    for role, group in groups.items():
        wanted = {ids[right] for right in RIGHTS[role] if right in ids}
        has = {permission for group_id, permission in held if group_id == group.pk}
        group.permissions.add(*(wanted - has))
        group.permissions.remove(*(has - wanted))
