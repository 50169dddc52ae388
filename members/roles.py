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


def _rights(app: str, verbs: str, *models: str) -> frozenset[str]:
    """The rights of these verbs (`"view change"`) over these tables (`"member"`)."""
    return frozenset(f"{app}.{verb}_{model}" for verb in verbs.split() for model in models)


# Nobody deletes a person: who leaves is a former member, and erasing has a right of its own.
_HOST = (
    _rights("members", "view add change", "user", "member", "subscription", "invitation")
    | _rights("members", "view add change delete", "announcement")
    | _rights("members", "view", "application", "consent", "pause", "auditentry", "delivery")
    | _rights("members", "view add", "note", "welcomedone")
    | _rights("members", "view add delete", "document")
    | _rights("members", "view", "welcomestep")
    | frozenset(
        {
            "members.decide_application",
            "members.export_member",
            "members.act_as_member",
            "booking.override_rules",
            "directory.moderate_need",
            "directory.moderate_provider",
            "directory.read_figures",
            "booking.record_visit",
        }
    )
    | _rights("directory", "view", "need", "agent", "solicitation", "attachment")
    | _rights("directory", "view", "claim", "report", "message")
    | _rights("directory", "view change", "organisation")
    | _rights("directory", "view add change", "provider")
    | _rights("booking", "view", "space", "openinghours", "trialday", "series")
    | _rights("booking", "view change", "visit")
    | _rights("booking", "view add change", "device")
    | _rights("booking", "view add change", "booking")
    # Who may close days may open them again.
    | _rights("booking", "view add change delete", "closure")
    | _rights("booking", "view change", "resource")
    | _rights("directory", "view", "commune", "sector", "trade", "skill")
    | _rights("directory", "view add change delete", "synonym")
)

RIGHTS: Final[dict[Role, frozenset[str]]] = {
    Role.OPERATOR: _HOST
    | frozenset(
        {
            "members.assign_roles",
            "members.erase_member",
            "members.import_member",
            "members.publish_planversion",
        }
    )
    | _rights("members", "view add change", "plan", "vat", "legaltext", "welcomestep")
    # A draft goes away with its rows; the database keeps what is published.
    | _rights(
        "members", "view add change delete", "planversion", "planrate", "planpack", "planreduction"
    )
    | _rights("booking", "view add change delete", "space", "openinghours", "resource")
    | _rights("directory", "add change", "commune", "sector", "trade", "skill")
    # A price is never edited; a slip may be taken back on the day it was written.
    | _rights("simulator", "view add delete", "quote"),
    Role.HOST: _HOST,
    Role.ACCOUNTANT: (
        _rights("members", "view", "user", "member", "subscription", "pause", "plan", "vat")
        | _rights("members", "view", "planversion", "planrate", "planpack", "planreduction")
        | _rights("booking", "view", "space", "resource", "booking", "visit")
    ),
    # The public partner reads totals, never the admin: no right over people's data.
    Role.PARTNER: frozenset({"directory.read_figures"}),
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
