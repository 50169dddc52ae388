"""To whom a letter goes, and in which language."""

from collections.abc import Callable

from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils import translation

from members.mail import Letter, send
from members.models import Role, User
from members.roles import RIGHTS


def hosts(right: str = "members.decide_application") -> list[User]:
    """The people of the team who hold a right through a role, and read our letters about it."""
    roles = [role.value for role in Role if right in RIGHTS[role]]
    groups = Group.objects.filter(name__in=roles)
    found = User.objects.filter(Q(groups__in=groups) | Q(is_superuser=True), is_active=True)
    return list(found.distinct().order_by("pk"))


def write_to(user: User, write: Callable[[], Letter]) -> bool:
    """Write in the language of the reader, and send."""
    with translation.override(user.language):
        return send(write(), to=user.email)
