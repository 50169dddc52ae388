"""The locks of a booking, always in one order, and clean words for whoever loses a race."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, OperationalError

from booking.models import Booking, Space
from members.constraints import refusal_of
from members.models import Member

DEADLOCK = "40P01"

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Locked:
    """The rows as they stand now that nobody else writes them."""

    spaces: dict[int, Space]
    member: Member


def lock(spaces: Iterable[Space], member: Member) -> Locked:
    """Queue behind other writers of these spaces, then of this member. Needs a transaction.

    `NO KEY` lets rows that only refer to them be written meanwhile. On SQLite the transaction
    itself is the lock (BEGIN IMMEDIATE). Returns the spaces by id as they stand now, with their
    calendars, and the member: rules, closures and a state may have changed since the caller read
    them.
    """
    wanted = {space.pk for space in spaces}
    locked_spaces = Space.objects.select_for_update(no_key=True).filter(pk__in=wanted)
    current = {space.pk: space for space in locked_spaces.with_calendar().order_by("pk")}
    locked_member = Member.objects.select_for_update(no_key=True, of=("self",))
    return Locked(current, locked_member.select_related("user").get(pk=member.pk))


def refusing_cleanly(service: Callable[P, R]) -> Callable[P, R]:
    """Turn a constraint of `Booking` that the database holds into the refusal a person reads.

    The services look first and lock, so this speaks only for a writer that went around them.
    A deadlock that such a writer causes is tried once more: PostgreSQL has undone our side.
    """

    @functools.wraps(service)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            try:
                return service(*args, **kwargs)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != DEADLOCK:
                    raise
                return service(*args, **kwargs)
        except ValidationError as error:
            # `full_clean` files what concerns the whole row under a field of that name.
            if list(getattr(error, "error_dict", {})) == [NON_FIELD_ERRORS]:
                raise ValidationError(error.error_dict[NON_FIELD_ERRORS]) from error
            raise
        except IntegrityError as error:
            if refusal := refusal_of(error, Booking):
                raise refusal from error
            raise

    return wrapper
