"""The team of the demonstration, one account for each role."""

from dataclasses import dataclass
from datetime import datetime

from coworking.demo import DOMAIN
from members.models import Role, User
from members.services import open_account, set_roles


@dataclass(frozen=True, slots=True)
class Colleague:
    role: Role
    account: str
    name: str

    @property
    def email(self) -> str:
        return f"{self.account}@{DOMAIN}"


TEAM = (
    Colleague(Role.OPERATOR, "operatrice", "Sophie Ravier"),
    Colleague(Role.HOST, "hote", "Maëlle Jacquemet"),
    Colleague(Role.ACCOUNTANT, "compta", "Denis Pochard"),
    Colleague(Role.PARTNER, "partenaire", "Françoise Martelet"),
)


def hire(*, password: str, since: datetime) -> dict[Role, User]:
    """Open the account of each colleague, with this hashed password, and give the role."""
    # Roles are given by who may assign them. Nobody may yet: the person at the keyboard does.
    keyboard = User(is_superuser=True)
    return {colleague.role: _hire(colleague, password, since, keyboard) for colleague in TEAM}


def _hire(colleague: Colleague, password: str, since: datetime, by: User) -> User:
    user = User(email=colleague.email, name=colleague.name, password=password, date_joined=since)
    open_account(user=user, now=since, as_member=False, address_verified=True)
    set_roles(user=user, roles=[colleague.role], by=by, now=since)
    return User.objects.get(pk=user.pk)
