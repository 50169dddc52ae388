"""The accounts of those who are not coworkers: firms and order givers of the neighbourhood."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.text import slugify

from coworking.demo import DOMAIN
from coworking.demo.people import Coworker
from members.models import User
from members.services import open_account

# Whom the command names: a translator with requests to answer, a business with needs under way.
PROVIDER: Final = "Heike Lindner"
CLIENT: Final = "Arnaud Jobez-Vidal"


def address_of(name: str) -> str:
    """« Hervé Malfroy » → herve.malfroy@…"""
    return f"{'.'.join(slugify(part) for part in name.split())}@{DOMAIN}"


@dataclass(slots=True)
class Locals:
    """People by name: the coworkers, and whoever opens an account on the way."""

    password: str
    coworkers: Sequence[Coworker]
    _users: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._users = {one.member.user.name: one.member.user for one in self.coworkers}

    def user(self, name: str, now: datetime) -> User:
        """The account of this person, opened at this moment if there is none yet."""
        if name not in self._users:
            user = User(email=address_of(name), name=name, password=self.password, date_joined=now)
            open_account(user=user, now=now, as_member=False, address_verified=True)
            self._users[name] = user
        return self._users[name]

    def since(self, name: str) -> datetime | None:
        """When this person became a coworker."""
        return next((one.since for one in self.coworkers if one.member.user.name == name), None)
