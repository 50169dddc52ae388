"""What a place is called, and who may be named at it.

Names of people are for those who joined: a visitor of the site sees free and taken, a member the
names of members who agreed, the team everyone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy

from booking import rules
from booking.models import Booking, Kind, Resource
from members.models import Member, User

# In the order of the lists.
KIND_PLURALS = {
    Kind.DESK.value: gettext_lazy("Postes"),
    Kind.ROOM.value: gettext_lazy("Salles de réunion"),
    Kind.BOOTH.value: gettext_lazy("Cabines"),
    Kind.EQUIPMENT.value: gettext_lazy("Matériel"),
    Kind.SPACE.value: gettext_lazy("Espace entier"),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page of a space."""

    member: Member | None
    is_team: bool

    @classmethod
    def of(cls, user: User | AnonymousUser, member: Member | None) -> "Viewer":
        # Only the team has access to the admin: others need no question about their rights.
        return cls(
            member, bool(getattr(user, "is_staff", False)) and user.has_perm("booking.view_booking")
        )

    def holds(self, booking: Booking) -> bool:
        return self.member is not None and booking.member_id == self.member.pk

    def may_name(self, booking: Booking) -> bool:
        if self.is_team or self.holds(booking):
            return True
        return self.is_of_house and booking.member.is_visible

    @property
    def is_of_house(self) -> bool:
        """A member, not an applicant or somebody who left."""
        return self.member is not None and self.member.is_inside

    def name_of(self, booking: Booking) -> str:
        """The name of who booked; empty when it is hidden. Never an e-mail address."""
        return booking.member.user.name if self.may_name(booking) else ""

    def names_of(self, bookings: Iterable[Booking]) -> str:
        names = dict.fromkeys(self.name_of(booking) for booking in bookings)
        return ", ".join(name for name in names if name)


def place_name(resource: Resource) -> str:
    """In the reader's language."""
    return (_in_english() and resource.name_en) or resource.name


def place_note(resource: Resource) -> str:
    return (_in_english() and resource.note_en) or resource.note


def place_label(resource: Resource) -> str:
    """« Poste 4, près de la fenêtre »."""
    return ", ".join(filter(None, (place_name(resource), place_note(resource))))


def in_words(booking: Booking) -> str:
    """« Poste 4, lundi 2 mars, 08:30–12:30 », by the clock of the space."""
    space = booking.resource.space
    day = date_format(booking.slot.local_day(space.zone), "l j F")
    return ", ".join((place_name(booking.resource), day, rules.clock(space, booking.slot)))


def _in_english() -> bool:
    return (get_language() or "").startswith("en")
