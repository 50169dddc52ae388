"""Users, members and their roles."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Personnes")

    def ready(self) -> None:
        from members.roles import lay_down_roles  # needs the models, which are loaded by now

        # The one signal of this project. Django makes the permissions of an app in its own
        # `post_migrate` receiver, so no migration of ours can find them on a fresh database.
        post_migrate.connect(lay_down_roles, dispatch_uid="members.roles.lay_down_roles")
