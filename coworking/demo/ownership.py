"""Which rows are the demonstration's, what else there is, and how the demonstration goes away."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from booking.models import Booking, Device, Resource, Space, TrialDay, Visit, Wait
from coworking.demo import DOMAIN
from coworking.demo.directory.removal import demo_needs, demo_providers, remove_directory
from directory.models import Need, Provider
from members import audit
from members.models import (
    Announcement,
    Application,
    AuditEntry,
    Consent,
    Delivery,
    Document,
    Invitation,
    Member,
    Note,
    Pause,
    Subscription,
    User,
    WelcomeDone,
)

OURS = Q(email__endswith=f"@{DOMAIN}")


def demo_users() -> QuerySet[User]:
    return User.objects.filter(OURS).order_by("pk")


def demo_spaces() -> QuerySet[Space]:
    return Space.objects.filter(OURS).order_by("pk")


def demo_exists() -> bool:
    return demo_users().exists() or demo_spaces().exists()


def real_data() -> dict[str, int]:
    """How many rows are not the demonstration's, by what they are; empty when there are none."""
    counts = {
        "spaces": Space.objects.exclude(OURS).count(),
        "accounts": User.objects.exclude(OURS).count(),
        "providers": Provider.objects.exclude(pk__in=demo_providers()).count(),
        "needs": Need.objects.exclude(pk__in=demo_needs()).count(),
    }
    return {what: count for what, count in counts.items() if count}


@transaction.atomic
def remove_demo() -> None:
    """Remove the demonstration, and what could not stay without it.

    That is every booking and visit in its spaces, also of real people who tried it out, and every
    one that its people hold, made or cancelled elsewhere; in the directory, what its people and
    firms wrote, were asked and decided. Other accounts and spaces stay.
    """
    users, spaces = demo_users(), demo_spaces()
    bookings = Booking.objects.filter(
        Q(resource__space__in=spaces)
        | Q(member__user__in=users)
        | Q(made_by__in=users)
        | Q(cancelled_by__in=users)
    )
    for visits_or_waits in (Visit.objects.all(), Wait.objects.all()):
        visits_or_waits.filter(Q(space__in=spaces) | Q(member__user__in=users)).delete()
    # A real person's, of a booking that a colleague of the demonstration made.
    Visit.objects.filter(booking__in=bookings).delete()
    Wait.objects.filter(offer__in=bookings).delete()
    Device.objects.filter(Q(space__in=spaces) | Q(made_by__in=users)).delete()
    bookings.delete()
    Resource.objects.filter(space__in=spaces).delete()
    TrialDay.objects.filter(Q(space__in=spaces) | Q(member__user__in=users)).delete()
    spaces.delete()
    remove_directory(users)
    _remove_people(users)


def _remove_people(users: QuerySet[User]) -> None:
    """Everything that protects a person, then the person. Prices stay: they are never deleted."""
    members = Member.objects.filter(user__in=users)
    concerning = AuditEntry.objects.filter(Q(by__in=users) | Q(member__in=members))
    audit.purge(concerning, now=timezone.now())
    for rows in (
        Delivery.objects.filter(Q(member__in=members) | Q(announcement__author__in=users)),
        Announcement.objects.filter(author__in=users),
        Invitation.objects.filter(Q(accepted_by__in=members) | Q(invited_by__in=users)),
        Application.objects.filter(Q(member__in=members) | Q(decided_by__in=users)),
        Subscription.objects.filter(Q(member__in=members) | Q(made_by__in=users)),
        Pause.objects.filter(member__in=members),
        Note.objects.filter(Q(member__in=members) | Q(author__in=users)),
        Document.objects.filter(Q(member__in=members) | Q(added_by__in=users)),
        WelcomeDone.objects.filter(Q(member__in=members) | Q(done_by__in=users)),
        Consent.objects.filter(user__in=users),
        members,
        users,
    ):
        rows.delete()
