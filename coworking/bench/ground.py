"""The data that is measured: the demo, made thinner step by step, and who asks for it."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import import_module
from io import StringIO

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection
from django.db.models import Count

from booking.availability import next_open_day
from booking.models import Booking, Space, Visit
from coworking.bench.clients import BenchError
from members.models import Member, State, User
from members.services import open_account

PASSWORD = secrets.token_urlsafe(16)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """The space, its next open day, and a regular who has booked a place on that day."""

    space: Space
    day: date
    regular: Member

    @property
    def midnight(self) -> datetime:
        """When the day begins."""
        return datetime.combine(self.day, time.min, self.space.zone)


def prepare(*, weeks: int, years: int, now: datetime) -> Ground:
    """A fresh database with the demo: so many weeks of bookings, and years before them."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", seed=1, weeks=weeks, years=years, no_directory=True, stdout=StringIO())
    space = Space.objects.active().with_calendar().get()
    opening = next_open_day(space, now)
    if opening is None:
        raise BenchError("The demo space does not open within its horizon")
    tidy()
    return Ground(space, opening.day, regular_of(space, opening.day))


def regular_of(space: Space, day: date) -> Member:
    """Of those who come that day, the member with the most bookings; may log in with PASSWORD."""
    midnight = datetime.combine(day, time.min, space.zone)
    there = Booking.objects.confirmed().filter(start__gte=midnight, start__lt=midnight + DAY)
    members = Member.objects.filter(pk__in=there.values("member")).select_related("user")
    regular = members.annotate(times=Count("bookings")).order_by("-times", "pk").first()
    if regular is None:
        raise BenchError(f"Nobody of the demo comes on {day}")
    regular.user.set_password(PASSWORD)
    regular.user.save(update_fields=["password"])
    return regular


def forget_before(moment: datetime) -> int:
    """Delete what began before; return how many bookings are left."""
    Visit.objects.filter(booking__start__lt=moment).delete()
    Booking.objects.filter(start__lt=moment).delete()
    tidy()
    return Booking.objects.count()


def keep_nearest(number: int, ground: Ground) -> int:
    """Delete all but the bookings nearest to the day; return how many are left.

    The regular keeps a past and a coming one, so that no list of theirs is empty.
    """
    midnight = ground.midnight
    own = ground.regular.bookings
    kept = [
        own.filter(end__lte=midnight).order_by("-start").values_list("pk", flat=True).first(),
        own.filter(start__gte=midnight).order_by("start").values_list("pk", flat=True).first(),
    ]
    rows = Booking.objects.order_by("start", "pk").values_list("pk", "start")
    kept += [key for key, start in sorted(rows, key=lambda row: abs(row[1] - midnight))]
    nearest = [key for key in dict.fromkeys(kept) if key is not None][:number]
    Visit.objects.exclude(booking__in=nearest).delete()
    Booking.objects.exclude(pk__in=nearest).delete()
    tidy()
    return Booking.objects.count()


def tidy() -> None:
    """Leave no holes of deleted rows, and fresh statistics where the database keeps some."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "VACUUM")


def racers(number: int, now: datetime) -> tuple[list[Member], list[dict[str, str]]]:
    """New members, and for each the cookies of a browser that is logged in."""
    members = [_racer(index, now) for index in range(1, number + 1)]
    return members, [cookies_of(member.user) for member in members]


def _racer(index: int, now: datetime) -> Member:
    user = User(email=f"racer{index}@bench.example", name=f"Racer {index}")
    user.set_unusable_password()
    open_account(user=user, now=now, as_member=True, state=State.ACTIVE, address_verified=True)
    return Member.objects.select_related("user").get(user=user)


def cookies_of(user: User) -> dict[str, str]:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: session.session_key}
