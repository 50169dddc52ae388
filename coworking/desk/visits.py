"""When members came last and come next.

They were there as `booking.attendance` has it: visits tell since the day a space notes them, the
bookings of a space do before its first visit. Both follow an index that begins with the member: a
few rows for each, however many there are.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Exists
from django.db.models.functions import Coalesce, Greatest, NullIf
from django.utils import timezone

from booking.attendance import before_visits, days_there
from booking.models import Booking, Visit
from members.models import Member

MONTHS = 12
LONG_AGO = datetime(1900, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
SOME_DAY = datetime(2200, 1, 1, tzinfo=timezone.get_fixed_timezone(0))


def _bookings(now: datetime) -> "tuple[QuerySet[Booking], QuerySet[Booking]]":
    own = Booking.objects.confirmed().filter(member=OuterRef("pk"), guest_name="")
    return own.filter(end__lte=now).order_by("-end"), own.filter(end__gt=now).order_by("end")


def _past(now: datetime) -> "QuerySet[Booking]":
    """Bookings that are over, where they tell who was there."""
    past, _coming = _bookings(now)
    return past.filter(before_visits())


def _visits(now: datetime) -> "QuerySet[Visit]":
    own = Visit.objects.own().filter(member=OuterRef("pk"), arrived_at__lte=now)
    return own.order_by("-arrived_at")


def by_last_visit(now: datetime) -> Greatest:
    """To order by: who never came, came long ago; the same on both databases."""
    never = Value(LONG_AGO, DateTimeField())
    visit = _visits(now).annotate(last=Coalesce("left_at", "arrived_at")).values("last")[:1]
    booking = _past(now).values("end")[:1]
    return Greatest(Coalesce(Subquery(visit), never), Coalesce(Subquery(booking), never))


def last_visit(now: datetime) -> NullIf:
    """The end of the latest visit, or its beginning while it lasts; or the end of the latest
    booking, where nobody noted visits."""
    return NullIf(by_last_visit(now), Value(LONG_AGO, DateTimeField()))


def next_booking(now: datetime) -> Subquery:
    """The start of the booking under way, or of the next one."""
    _past, coming = _bookings(now)
    return Subquery(coming.values("start")[:1])


def by_next_booking(now: datetime) -> Coalesce:
    return Coalesce(next_booking(now), Value(SOME_DAY, DateTimeField()))


def comings(members: Collection[Member], now: datetime) -> dict[int, tuple[Any, Any]]:
    """Last visit and next booking by member, in two queries: for the rows of a page."""
    rows = Member.objects.filter(pk__in=[member.pk for member in members]).order_by()
    found = rows.annotate(last=last_visit(now), next=next_booking(now))
    return {pk: (last, coming) for pk, last, coming in found.values_list("pk", "last", "next")}


def absent(now: datetime, length: timedelta) -> Q:
    """Who came once, and not for so long."""
    past, visits, since = _past(now), _visits(now), now - length
    came = Q(Exists(past.filter(end__lte=since))) | Q(Exists(visits.filter(arrived_at__lte=since)))
    lately = Q(Exists(past.filter(end__gt=since)))
    # A visit that began before may have ended since.
    lately |= Q(Exists(visits.filter(Q(left_at=None) | Q(left_at__gt=since))))
    return came & ~lately


def never_came(now: datetime) -> Q:
    return ~Q(Exists(_past(now))) & ~Q(Exists(_visits(now)))


def visits_by_month(member: Member, now: datetime) -> list[tuple[date, int]]:
    """Days on which the member was there, for each of the last months, this one first."""
    today = timezone.localdate(now)
    months = [_month(today, back) for back in range(MONTHS)]
    since = timezone.make_aware(datetime.combine(months[-1], time.min))
    days = {there.day for there in days_there(member, since, now)}
    counted = Counter(day.replace(day=1) for day in days)
    return [(month, counted[month]) for month in months]


def _month(day: date, back: int) -> date:
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)
