"""When members came last and come next, by their bookings, as long as nobody signs in at the door.

Both follow the index of bookings on (member, end): a few rows for each member, however many
bookings there are.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Exists
from django.db.models.functions import Coalesce
from django.utils import timezone

from booking.models import Booking
from members.models import Member

MONTHS = 12
LONG_AGO = datetime(1900, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
SOME_DAY = datetime(2200, 1, 1, tzinfo=timezone.get_fixed_timezone(0))


def _bookings(now: datetime) -> "tuple[QuerySet[Booking], QuerySet[Booking]]":
    own = Booking.objects.confirmed().filter(member=OuterRef("pk"))
    return own.filter(end__lte=now).order_by("-end"), own.filter(end__gt=now).order_by("end")


def last_visit(now: datetime) -> Subquery:
    """The end of the latest booking that is over."""
    past, _coming = _bookings(now)
    return Subquery(past.values("end")[:1])


def next_booking(now: datetime) -> Subquery:
    """The start of the booking under way, or of the next one."""
    _past, coming = _bookings(now)
    return Subquery(coming.values("start")[:1])


def by_last_visit(now: datetime) -> Coalesce:
    """To order by: who never came, came long ago; the same on both databases."""
    return Coalesce(last_visit(now), Value(LONG_AGO, DateTimeField()))


def by_next_booking(now: datetime) -> Coalesce:
    return Coalesce(next_booking(now), Value(SOME_DAY, DateTimeField()))


def comings(members: Collection[Member], now: datetime) -> dict[int, tuple[Any, Any]]:
    """Last visit and next booking by member, in one query: for the rows of a page."""
    rows = Member.objects.filter(pk__in=[member.pk for member in members]).order_by()
    found = rows.annotate(last=last_visit(now), next=next_booking(now))
    return {pk: (last, coming) for pk, last, coming in found.values_list("pk", "last", "next")}


def absent(now: datetime, length: timedelta) -> Q:
    """Who came once, and not for so long."""
    past, _coming = _bookings(now)
    since = now - length
    return Q(Exists(past.filter(end__lte=since))) & ~Q(Exists(past.filter(end__gt=since)))


def never_came(now: datetime) -> Q:
    past, _coming = _bookings(now)
    return ~Q(Exists(past))


def visits_by_month(member: Member, now: datetime) -> list[tuple[date, int]]:
    """Days with a booking that took place, for each of the last months, this one first."""
    today = timezone.localdate(now)
    months = [_month(today, back) for back in range(MONTHS)]
    since = timezone.make_aware(datetime.combine(months[-1], datetime.min.time()))
    past = Booking.objects.confirmed().filter(member=member, end__lte=now, end__gt=since)
    days = {timezone.localdate(start) for start in past.order_by().values_list("start", flat=True)}
    counted = Counter(day.replace(day=1) for day in days)
    return [(month, counted[month]) for month in months]


def _month(day: date, back: int) -> date:
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)
